"""A private invitation: the event, why this member, and every way to answer or to have fewer of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.callbacks import EventButton
from bot.messages import controls
from bot.messages.events import about, answer_row
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Safe, Voice
from models.domain.events.cards import EventView


def invitation(
    voice: Voice,
    view: EventView,
    *,
    community: str,
    reasons: Sequence[Mapping[str, Any]],
    recommendation_id: int,
) -> Outgoing:
    """`reasons` are rows of (key, values); there is at least one."""
    told = [Safe(f"• {reason(voice, one)}") for one in reasons]
    text = lines(
        voice.say("invitations.hello", community=community),
        "",
        *about(voice, view),
        "",
        _seats(voice, view),
        "",
        voice.say("invitations.why"),
        *told,
    )
    not_for_me = Button(voice.plain("invitations.not_for_me"), data=EventButton("not_for_me", view.id).pack())
    rows = [answer_row(voice, view.id), [not_for_me], controls.last_row(voice, recommendation_id)]
    return Outgoing(text, rows)


def reason(voice: Voice, one: Mapping[str, Any]) -> Safe:
    """One reason as a sentence."""
    return voice.say(f"invitations.reason.{one['key']}", **one["values"])


def _seats(voice: Voice, view: EventView) -> Safe:
    key = "events.list_item_going" if view.n_free is None else "events.list_item_seats"
    return Safe(f"✅ {voice.say(key, n=view.n_going if view.n_free is None else view.n_free)}")
