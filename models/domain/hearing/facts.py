"""What was heard, in our words: the facts of one update, of an export or of the playground.

They carry Telegram's ids because only recording turns those into rows; nothing after recording sees them.
What is vague was told second hand (a service message, an export): it fills gaps and never changes what is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from models.tables.community import ChatKind
from models.tables.member import Standing
from models.tables.message import Origin, Sender


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
    kind: ChatKind
    title: str | None = None
    handle: str | None = None
    is_forum: bool = False
    # An export's title may be an old one.
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """What every fact says: where, who did it or is it about, and when. None: nobody in particular, or Telegram does not say."""

    place: Place | None
    actor: Person | None
    at: datetime | None
    # True where the actor did it there themselves, and so was there then.
    shows_presence: ClassVar[bool] = False

    @property
    def people(self) -> Iterator[Person]:
        """Everybody it names."""
        if self.actor is not None:
            yield self.actor


@dataclass(frozen=True, slots=True)
class HeardMessage(Fact):
    """A message, post or service message; with `edited_at` set, its new wording."""

    place: Place
    at: datetime
    shows_presence: ClassVar[bool] = True
    _: KW_ONLY
    telegram_message_id: int
    sender: Sender
    kind: str
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
    source: Origin = Origin.LIVE

    @property
    def people(self) -> Iterator[Person]:
        """Whoever is answered, the author, and those the text names."""
        yield from (who for who in (self.reply_to_author, self.actor, *self.mentioned_people) if who is not None)


@dataclass(frozen=True, slots=True)
class HeardReaction(Fact):
    """What one person added to and took from a message: a delta, never a total."""

    place: Place
    actor: Person
    at: datetime
    shows_presence: ClassVar[bool] = True
    _: KW_ONLY
    telegram_message_id: int
    new_emoji: tuple[str, ...] = ()
    old_emoji: tuple[str, ...] = ()
    # An export tells of what stood then, without its history.
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class HeardReactionCount(Fact):
    """Anonymous reactions as counted by Telegram: all of them, with the totals."""

    place: Place
    at: datetime
    _: KW_ONLY
    telegram_message_id: int
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeardStanding(Fact):
    """Someone's new status in a chat. They are the actor."""

    place: Place
    actor: Person
    at: datetime
    _: KW_ONLY
    status: Standing
    # A service message tells of joins and leaves only; it must not turn an administrator into a member.
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class HeardAdmins(Fact):
    """Who administers a chat, all of them, as Telegram says when asked; besides bots. Whoever is not listed does not."""

    place: Place
    at: datetime
    _: KW_ONLY
    telegram_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class HeardOwnStanding(Fact):
    """Our own new status in a chat, brought about by the actor; in a private chat it tells whether we can be read."""

    place: Place
    at: datetime
    _: KW_ONLY
    status: Standing


@dataclass(frozen=True, slots=True)
class HeardPollAnswer(Fact):
    """One person's whole answer to a poll of ours; no options: retracted. Telegram tells neither chat nor date."""

    actor: Person
    _: KW_ONLY
    telegram_poll_id: str
    options: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HeardPress(Fact):
    """A person pressed a button in a chat: they are there, though they may never have written. Telegram tells no date."""

    place: Place
    actor: Person
    shows_presence: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class HeardMigration(Fact):
    """A basic group became a supergroup with another id."""

    place: Place
    at: datetime
    _: KW_ONLY
    new_telegram_id: int


@dataclass(frozen=True, slots=True)
class HeardTopic(Fact):
    """A topic was created, renamed, closed or reopened; None: unchanged."""

    place: Place
    _: KW_ONLY
    telegram_thread_id: int
    name: str | None = None
    is_closed: bool | None = None


@dataclass(frozen=True, slots=True)
class HeardPin(Fact):
    """A message was pinned."""

    place: Place
    at: datetime
    _: KW_ONLY
    telegram_message_id: int
