"""What was heard, in our words: the facts of one update, of an export or of the playground.

They carry Telegram's ids because only recording turns those into rows; nothing after recording sees them.
What is vague was told second hand (a service message, an export): it fills gaps and never changes what is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    """A sender, reactor, joiner: never one of Telegram's fake senders."""

    telegram_id: int
    name: str
    handle: str | None = None
    language: str | None = None
    is_bot: bool = False
    # An export tells a name only.
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A chat as the update describes it."""

    telegram_id: int
    kind: str
    title: str | None = None
    handle: str | None = None
    is_forum: bool = False
    # An export's title may be an old one.
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class HeardMessage:
    """A message, post or service message; with `edited_at` set, its new wording."""

    place: Place
    telegram_message_id: int
    sent_at: datetime
    sender: str
    kind: str
    author: Person | None = None
    text: str | None = None
    edited_at: datetime | None = None
    telegram_thread_id: int | None = None
    reply_to_telegram_id: int | None = None
    reply_to_author: Person | None = None
    is_forward: bool = False
    n_links: int = 0
    mentioned_handles: tuple[str, ...] = ()
    mentioned_people: tuple[Person, ...] = ()
    details: dict[str, Any] | None = None
    source: str = "live"


@dataclass(frozen=True, slots=True)
class HeardReaction:
    """What one person added to and took from a message: a delta, never a total."""

    place: Place
    telegram_message_id: int
    person: Person
    at: datetime
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    # An export tells of what stood then, without its history.
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class HeardReactionCount:
    """Anonymous reactions as counted by Telegram: all of them, with the totals."""

    place: Place
    telegram_message_id: int
    at: datetime
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeardStanding:
    """Someone's new status in a chat: creator, administrator, member, restricted, left, kicked."""

    place: Place
    person: Person
    status: str
    at: datetime
    # A service message tells of joins and leaves only; it must not turn an administrator into a member.
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class HeardOwnStanding:
    """Our own new status in a chat; in a private chat it tells whether we can be read."""

    place: Place
    by: Person | None
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HeardPollAnswer:
    """One person's whole answer to a poll of ours; no options: retracted."""

    telegram_poll_id: str
    person: Person
    options: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class HeardPress:
    """A person pressed a button in a chat: they are there, though they may never have written. Telegram tells no date."""

    place: Place
    person: Person


@dataclass(frozen=True, slots=True)
class HeardMigration:
    """A basic group became a supergroup with another id."""

    place: Place
    new_telegram_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class HeardTopic:
    """A topic was created, renamed, closed or reopened; None: unchanged."""

    place: Place
    telegram_thread_id: int
    name: str | None = None
    is_closed: bool | None = None


@dataclass(frozen=True, slots=True)
class HeardPin:
    """A message was pinned."""

    place: Place
    telegram_message_id: int
    at: datetime


Fact = (
    HeardMessage
    | HeardReaction
    | HeardReactionCount
    | HeardStanding
    | HeardOwnStanding
    | HeardPollAnswer
    | HeardPress
    | HeardMigration
    | HeardTopic
    | HeardPin
)
