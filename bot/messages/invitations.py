"""A private invitation: the event, why this member, and every way to answer or to have fewer of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.callbacks import EventButton
from bot.messages import controls
from bot.messages.events import about, answer_row
from bot.messages.outgoing import Button, Outgoing, lines
from bot.texts import Safe, Texts
from models.domain.events.cards import EventView


def invitation(
    texts: Texts,
    language: str,
    view: EventView,
    *,
    community: str,
    reasons: Sequence[Mapping[str, Any]],
    recommendation_id: int,
) -> Outgoing:
    """`reasons` are rows of (key, values); there is at least one."""
    told = [Safe(f"• {reason(texts, language, one)}") for one in reasons]
    text = lines(
        texts.say(language, "invitations.hello", community=community),
        "",
        *about(texts, language, view),
        "",
        _seats(texts, language, view),
        "",
        texts.say(language, "invitations.why"),
        *told,
    )
    not_for_me = Button(texts.plain(language, "invitations.not_for_me"), data=EventButton("not_for_me", view.id).pack())
    rows = [answer_row(texts, language, view.id), [not_for_me], controls.last_row(texts, language, recommendation_id)]
    return Outgoing(text, rows)


def reason(texts: Texts, language: str, one: Mapping[str, Any]) -> Safe:
    """One reason as a sentence."""
    return texts.say(language, f"invitations.reason.{one['key']}", **one["values"])


def _seats(texts: Texts, language: str, view: EventView) -> Safe:
    key = "events.list_item_going" if view.n_free is None else "events.list_item_seats"
    return Safe(f"✅ {texts.say(language, key, n=view.n_going if view.n_free is None else view.n_free)}")
