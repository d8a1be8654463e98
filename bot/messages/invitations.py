"""A private invitation: the event, why this member, and every way to answer or to have fewer of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.callbacks import EventButton
from bot.messages import controls
from bot.messages.events import about, answer_row
from bot.messages.outgoing import Button, Outgoing, lines
from bot.messages.reasons import reason
from bot.texts import Voice
from models.domain.events.cards import EventView
from models.domain.invitations.neighbours import Neighbour


def invitation(
    voice: Voice,
    view: EventView,
    *,
    community: str,
    reasons: Sequence[Mapping[str, Any]],
    recommendation_id: int,
    neighbour: Neighbour | None = None,
    now: datetime,
) -> Outgoing:
    """The event first, then why it is for the reader; `reasons` are rows of (key, values), at least one.

    `neighbour` is what else of theirs lies at that time.
    How many seats are left is as it was then: whoever sends it later looks again.
    """
    sentences = [reason(voice, one, section="invitations", now=now) for one in reasons]
    text = lines(
        voice.say("invitations.hello", community=community),
        "",
        *about(voice, view),
        voice.say("invitations.seats_left", n=view.n_free) if view.n_free else None,
        voice.say(f"invitations.same_{neighbour.how}", title=neighbour.event.title) if neighbour else None,
        "",
        *(voice.say("invitations.because", reason=one) for one in sentences),
    )
    not_for_me = Button(voice.plain("invitations.not_for_me"), data=EventButton("not_for_me", view.id).pack())
    rows = [answer_row(voice, view.id), [not_for_me], controls.last_row(voice, recommendation_id)]
    return Outgoing(text, rows)
