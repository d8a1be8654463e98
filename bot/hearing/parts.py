"""The parts that many updates share: people, places, reactions."""

from __future__ import annotations

from typing import Any

from models.domain.hearing.facts import Person, Place
from models.tables.base import word_of
from models.tables.community import ChatKind

# Fakes that Telegram puts into `from` beside the real sender_chat; never people.
# Service notifications and automatic forwards, anonymous group admins, channels as senders.
FAKE_SENDERS = frozenset({777000, 1087968824, 136817688})


class NotUnderstood(ValueError):
    """An update lacks what its kind cannot be without; the text names fields, never what members wrote."""


def person(raw: dict[str, Any] | None) -> Person | None:
    """A User as a person; None for none and for Telegram's fakes."""
    if raw is None or raw["id"] in FAKE_SENDERS:
        return None
    name = " ".join(part for part in (raw.get("first_name"), raw.get("last_name")) if part) or "?"
    return Person(number(raw["id"]), name, raw.get("username"), raw.get("language_code"), bool(raw.get("is_bot")))


def place(raw: dict[str, Any]) -> Place:
    """A Chat as a place; a private chat is titled by its person."""
    title = raw.get("title") or raw.get("first_name")
    kind = word_of(ChatKind, str(raw["type"])[:64])
    return Place(number(raw["id"]), kind, title, raw.get("username"), bool(raw.get("is_forum")))


def reaction_names(reactions: list[dict[str, Any]]) -> set[str]:
    """Reactions by name: the emoji itself, custom:<id>, paid, or a kind of the future by its type."""
    return {_reaction_name(reaction) for reaction in reactions}


def _reaction_name(reaction: dict[str, Any]) -> str:
    if reaction["type"] == "emoji":
        return str(reaction["emoji"])
    if reaction["type"] == "custom_emoji":
        return f"custom:{reaction['custom_emoji_id']}"
    return str(reaction["type"])[:64]


def number(value: Any) -> int:
    """A whole number that fits a column: SQLite would keep anything else as it came. Raises ValueError."""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise ValueError("not a 64-bit number")
    return value
