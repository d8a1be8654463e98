"""What speaks for somebody's knowing something: answers, messages that say something, events they held, what they confirmed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations.own_fields import tells_of
from models.domain.conversations.own_messages import OwnMessage
from models.domain.profiles import profiles
from models.domain.profiles.field_choices import fields_meant
from models.reading.courtesies import courtesy, is_small_talk
from models.reading.fields import Field, fields_of
from models.reading.gists import sentences, telling_words
from models.reading.text_kinds import TextKind, is_offer, kind
from models.tables.event import Event, EventStatus
from models.tables.profile import ProfileKind

# What somebody said says at least so much of what was asked, weighed by rarity (0 to 1).
ENOUGH = 0.33
# In a field alone somebody is found from so many answers on.
FEW_ANSWERS = 2
# Looked through; and, where fields are compared, read.
MOST_FOUND_IN, MOST_READ = 2_500, 800
EVENT_LOOK_BACK = timedelta(days=365)


class Trace(StrEnum):
    """What somebody did that says it."""

    ANSWERED = "answered"
    HOSTED = "hosted"
    # They confirmed it of themselves.
    CONFIRMED = "confirmed"
    WROTE = "wrote"


# What each is worth beside an answer.
WORTH = {Trace.ANSWERED: 1.0, Trace.HOSTED: 0.8, Trace.CONFIRMED: 0.7, Trace.WROTE: 0.5}


@dataclass(frozen=True)
class Evidence:
    """One message, event or confirmed line of one member; `talk` tells answers in one conversation from others.

    Of a line `talk` is its row, and `fields` are what it says of its fields of work.
    """

    member_id: int
    text: str
    at: datetime
    talk: int
    # The question of somebody else that it answers.
    question: str | None = None
    is_event: bool = False
    is_line: bool = False
    fields: frozenset[Field] = frozenset()

    @property
    def speaks(self) -> bool:
        """Whether it surely is about knowing something, and no remark."""
        return self.is_event or self.is_line or self.question is not None

    @property
    def words(self) -> str:
        """What it can be found by."""
        return self.text if self.question is None else f"{self.question}\n{self.text}"

    @property
    def trace(self) -> Trace | None:
        """What they did; None for questions, thanks and the like, which speak for nothing."""
        if self.is_event or self.is_line:
            return Trace.HOSTED if self.is_event else Trace.CONFIRMED
        what = kind(self.text)
        if what is TextKind.QUESTION or not what.says_something:
            return None
        return Trace.WROTE if self.question is None else Trace.ANSWERED


def of_messages(messages: Mapping[int, Sequence[OwnMessage]], willing: Collection[int]) -> Iterable[Evidence]:
    """All they wrote; what of it speaks for something is only asked of what is found."""
    for who in willing:
        for one in messages.get(who, ()):
            question = one.answers if one.answers is not None and _answers(one.text, one.answers) else None
            yield Evidence(who, one.text, one.at, one.talk, question)


def _answers(text: str, question: str) -> bool:
    """Whether it tells something to a question: a welcome answers no introduction, nor "Me!" an offer of places."""
    is_answer = tells_of(text, question) and not is_offer(question) and not is_small_talk(text)
    begins_kindly = courtesy(next(iter(sentences(text)), text)) is not None
    return is_answer and not (begins_kindly and telling_words(text).isdisjoint(telling_words(question)))


def best(stock: Iterable[Evidence]) -> list[Evidence]:
    """Events and answers before messages that stand alone, the newest first, as many as are read within a second."""
    return sorted(stock, key=lambda one: (one.speaks, one.at), reverse=True)[:MOST_FOUND_IN]


async def of_events(
    session: AsyncSession, community_id: int, willing: Collection[int], now: datetime
) -> list[Evidence]:
    """Events they held within a year, by their titles and descriptions."""
    query = select(Event).where(
        Event.community_id == community_id,
        Event.status == EventStatus.PUBLISHED,
        Event.starts_at > now - EVENT_LOOK_BACK,
        Event.starts_at <= now,
        is_one_of(Event.host_id, willing),
    )
    return [
        Evidence(one.host_id, f"{one.title}\n{one.description or ''}", one.starts_at, one.id, is_event=True)
        for one in await session.scalars(query.order_by(Event.id))
        if one.host_id is not None
    ]


async def of_profiles(session: AsyncSession, community_id: int, willing: Collection[int]) -> list[Evidence]:
    """What they confirmed of their work; where they are and what they read says nothing of what they know."""
    facts = await profiles.standing(session, community_id, willing)
    return [
        Evidence(who, one.words, one.decided_at, one.id, is_line=True, fields=fields_meant(one))
        for who, of_one in facts.items()
        for one in of_one
        if one.kind in (ProfileKind.PROJECT, ProfileKind.FIELD) and one.words and one.decided_at
    ]


Hits = dict[int, list[tuple[Evidence, Trace, float]]]


def say_it(question: str, stock: Sequence[Evidence]) -> Hits:
    """What says it in the words asked for, by member, the best first, each with how much of the question it says."""
    from models.learning.search import SearchIndex  # a host that starts does without

    index = SearchIndex(dict(enumerate(one.words for one in stock)))
    hits: Hits = defaultdict(list)
    for hit in index.find(question, most=len(stock), least_share=ENOUGH):
        one = stock[hit.key]
        if (trace := one.trace) is not None:
            hits[one.member_id].append((one, trace, hit.share))
    return dict(hits)


def are_of_its_field(question: str, stock: Sequence[Evidence]) -> Hits:
    """Where nobody said just that: who answers questions of its field, or held an event on it, of late."""
    asked, hits = fields_of(question), defaultdict(list)
    speaking = [one for one in stock if one.speaks] if asked else []
    for one in sorted(speaking, key=lambda one: one.at, reverse=True)[:MOST_READ]:
        about = one.fields if one.is_line else fields_of(one.words)
        if asked & about and (trace := one.trace) is not None:
            hits[one.member_id].append((one, trace, ENOUGH))
    return {who: of_one for who, of_one in hits.items() if _is_enough([one for one, _, _ in of_one])}


def _is_enough(of_one: Sequence[Evidence]) -> bool:
    """A field that they call theirs, or so many answers in it."""
    return any(one.is_line for one in of_one) or len({one.talk for one in of_one}) >= FEW_ANSWERS
