"""What a digest is made of: candidates, what is known about them, reasons, and the items chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.tables.member import Member


@dataclass(frozen=True)
class Reason:
    """Why, as data: a sentence's key and its values, what it is `about` (kind:target of a Mute), what data it is from.

    `moved_by` are the features it stands for; reasons are told in the order of their shares.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    moved_by: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The shape kept in rows, and the one deliveries.queue() reads `about` from."""
        return {"key": self.key, "values": dict(self.values), "about": list(self.about)}


@dataclass(frozen=True)
class Address:
    """Where something stands in Telegram; without a message id it was never posted."""

    chat_title: str
    telegram_chat_id: int
    telegram_message_id: int | None
    handle: str | None = None


@dataclass(frozen=True)
class ThreadFacts:
    """A live thread whose opener may be quoted; `participants` are learners, `n_members` counts everybody of the week."""

    id: int
    chat_id: int
    author_id: int
    author_name: str
    text: str
    address: Address
    keywords: tuple[str, ...]
    is_question: bool
    is_answered: bool
    n_members: int
    participants: frozenset[int]

    kind = "thread"

    @property
    def subject(self) -> str:
        """What diversity counts: one topic must not fill a digest."""
        return self.keywords[0].casefold() if self.keywords else f"thread:{self.id}"


@dataclass(frozen=True)
class EventFacts:
    """An event to come; `going` are learners whose answer is public."""

    id: int
    author_id: int | None
    author_name: str | None
    text: str
    address: Address | None
    place: str | None
    starts_at: datetime
    time_zone: str
    going: frozenset[int]

    kind = "event"

    @property
    def subject(self) -> str:
        """Every event is its own subject."""
        return f"event:{self.id}"


Facts = ThreadFacts | EventFacts


@dataclass(frozen=True)
class Personal:
    """A member's own visible history: whom they answered and who answered them lately, and what they wrote."""

    answered: Mapping[int, int] = field(default_factory=dict)
    answered_by: Mapping[int, int] = field(default_factory=dict)
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class Item:
    """One thing for one member, with at least one reason; `propensity` is 1.0 unless chance had a say."""

    facts: Facts
    reasons: tuple[Reason, ...]
    source: str
    score: float
    propensity: float = 1.0


@dataclass(frozen=True)
class Digest:
    """What one member gets; `is_cold`: too little is known of them, so it is what is popular and soon."""

    member: Member
    community_id: int
    items: tuple[Item, ...]
    is_cold: bool
    model_id: int | None = None
