"""What a digest is made of: candidates, what is known about them, reasons, and the items chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from models.domain.conversations.description import Conversation
from models.domain.listings.cards import ListingView
from models.domain.sending.addresses import Address
from models.reading.fields import Field
from models.tables.member import Member
from models.tables.recommendation import Source


class Section(StrEnum):
    """Where in a digest something stands; in this order."""

    # A question that the reader can likely answer.
    HELP = "help"
    # What somebody offers, in a field that the reader asked about.
    OFFER = "offer"
    # Something with an answer or a piece of news in it.
    READ = "read"
    # Events.
    COMING = "coming"


@dataclass(frozen=True)
class Bearing:
    """What follows from a reason besides its sentence.

    `can_help`: its reader likely knows the answer. `is_for_anybody`: it holds for whoever reads. `is_own_event`: an event of
    the reader's own, no news.
    """

    can_help: bool = False
    is_for_anybody: bool = False
    is_own_event: bool = False


# Every reason of a digest, the strongest first. The texts word each as digests.reason.KEY, and as digests.data.KEY from what it
# is taken.
REASONS: Mapping[str, Bearing] = {
    "field_answered": Bearing(can_help=True),
    "you_answered": Bearing(can_help=True),
    "field_raised": Bearing(can_help=True),
    "field_told": Bearing(can_help=True),
    "you_asked": Bearing(),
    "you_wrote": Bearing(can_help=True),
    "field_joined": Bearing(can_help=True),
    "field_liked": Bearing(),
    "popular": Bearing(is_for_anybody=True),
    "unanswered": Bearing(can_help=True, is_for_anybody=True),
    "you_go": Bearing(is_own_event=True),
    "friends_go": Bearing(),
    "many_go": Bearing(is_for_anybody=True),
}


@dataclass(frozen=True)
class Reason:
    """Why, as data: a sentence's key and its values, and what it is `about` (kind:target of a Mute).

    Raises ValueError for a key that REASONS lacks: nobody would know what follows from it.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    about: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.key not in REASONS:
            raise ValueError(f"{self.key!r} is no reason of a digest yet: add it to REASONS in {__name__}.")

    @property
    def bearing(self) -> Bearing:
        """What follows from it."""
        return REASONS[self.key]

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return list(REASONS).index(self.key)

    def as_json(self) -> dict[str, Any]:
        """The shape kept in rows, and the one deliveries.queue() reads `about` from."""
        return {"key": self.key, "values": dict(self.values), "about": list(self.about)}


@dataclass(frozen=True)
class Gist:
    """The best answer in one sentence of its own, and whose it is."""

    text: str
    author_id: int
    author_name: str


@dataclass(frozen=True)
class Earlier:
    """Nearly the same question as it was asked before, and its best answer, which others agreed to or its asker thanked for."""

    talk: Conversation
    gist: Gist


@dataclass(frozen=True)
class ThreadFacts:
    """A live thread as it may be told; `terms` say what it is about: {key: as written}, `rare` are those few members use.

    `fields`: the one or two of a founder's work that it surely belongs to, if any.
    """

    talk: Conversation
    title: str
    author_name: str
    address: Address
    terms: Mapping[str, str]
    fields: frozenset[Field] = frozenset()
    rare: frozenset[str] = frozenset()
    gist: Gist | None = None
    # Of what is in Latin letters, where it is sure.
    language: str | None = None
    # Of what is asked or offered until a day that it names.
    last_day: date | None = None
    # Of what one must be there to have: the time zones where it is; None: it can be had from anywhere.
    zones: frozenset[str] | None = None
    # Earlier threads that asked nearly the same, whoever did.
    asked_before: frozenset[int] = frozenset()
    # The best that was answered then, for a question that nobody has answered now.
    earlier: Earlier | None = None

    kind = "thread"

    @property
    def id(self) -> int:
        """Row of the thread."""
        return self.talk.thread_id

    @property
    def author_id(self) -> int:
        """Who wrote what it is about."""
        return self.talk.author_id

    @property
    def n_answers(self) -> int:
        """People who surely answered; there may be more where `talk.may_be_answered`."""
        return len(self.talk.answers)

    @property
    def words(self) -> str:
        """What a reader has to understand."""
        return f"{self.title} {self.gist.text}" if self.gist else self.title

    @property
    def subject(self) -> str:
        """What diversity counts: one topic must not fill a digest."""
        return next(iter(self.terms), f"thread:{self.id}")


@dataclass(frozen=True)
class EventFacts:
    """An event to come; `going` are learners whose answer is public, `is_online`: it can be joined from anywhere."""

    id: int
    author_id: int | None
    author_name: str | None
    title: str
    address: Address | None
    place: str | None
    starts_at: datetime
    time_zone: str
    going: frozenset[int]
    terms: Mapping[str, str]
    fields: frozenset[Field] = frozenset()
    is_online: bool = False
    ends_at: datetime | None = None
    # Nobody else can come: its day to answer by has passed, or no seat is free.
    is_closed: bool = False
    language: str | None = None
    # That it takes place as its host said then (events/validity.py), for the door.
    claim: str | None = None

    kind = "event"

    @property
    def words(self) -> str:
        """What a reader has to understand."""
        return self.title

    @property
    def subject(self) -> str:
        """Every event is its own subject."""
        return f"event:{self.id}"


@dataclass(frozen=True)
class ListingFacts:
    """An open need or offer whose card stands in a group; `terms`, `fields`, `rare` and `zones` as of a thread."""

    view: ListingView
    author_id: int
    address: Address
    chat_id: int
    posted_at: datetime
    terms: Mapping[str, str]
    fields: frozenset[Field] = frozenset()
    rare: frozenset[str] = frozenset()
    language: str | None = None
    zones: frozenset[str] | None = None
    # The thread of the message whose words these are.
    thread_id: int | None = None

    kind = "listing"

    @property
    def id(self) -> int:
        """Row of the listing."""
        return self.view.id

    @property
    def author_name(self) -> str:
        """Who needs or offers it."""
        return self.view.author

    @property
    def title(self) -> str:
        """What is needed or offered."""
        return self.view.text

    @property
    def words(self) -> str:
        """What a reader has to understand."""
        return f"{self.view.text} {self.view.audience or ''}".strip()

    @property
    def subject(self) -> str:
        """Needs and offers of one topic must not fill a digest either."""
        return next(iter(self.terms), f"listing:{self.id}")


Facts = ThreadFacts | EventFacts | ListingFacts


@dataclass(frozen=True)
class Item:
    """One thing for one member, with at least one reason; `propensity` is 1.0 unless chance had a say.

    `is_last_chance`: what it asks or offers holds until today, and it is theirs.
    """

    facts: Facts
    section: Section
    reasons: tuple[Reason, ...]
    source: Source
    score: float
    propensity: float = 1.0
    is_last_chance: bool = False


@dataclass(frozen=True)
class Digest:
    """What one member gets, in the order it is read.

    `is_cold`: their interests are hardly known, so that what many talk about fills it up. `is_of_a_day`: it looks back a day,
    not a week.
    """

    member: Member
    community_id: int
    items: tuple[Item, ...]
    is_cold: bool
    model_id: int | None = None
    is_of_a_day: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether anything in it stands there for something its reader did."""
        return any(
            not item.reasons[0].bearing.is_for_anybody for item in self.items if item.section is not Section.COMING
        )

    @property
    def is_worth_it(self) -> bool:
        """Whether to interrupt anybody with it: something they can help with, or that ends today, or two other pieces of news.

        What the reader goes to anyhow is a reminder and no news.
        """
        n_new = sum(not item.reasons[0].bearing.is_own_event for item in self.items)
        can_help = any(
            item.section is Section.HELP and not item.reasons[0].bearing.is_for_anybody for item in self.items
        )
        return can_help or any(item.is_last_chance for item in self.items) or n_new >= FEWEST_NEWS


# Fewer other news are not worth an interruption.
FEWEST_NEWS = 2
