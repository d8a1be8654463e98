"""What speaks for somebody's knowing something: answers, messages that say something by themselves, events they held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations.own_messages import OwnMessage
from models.reading.fields import fields_of
from models.reading.text_kinds import TextKind, kind
from models.tables.event import Event, EventStatus

# What somebody said says at least so much of what was asked, weighed by rarity (0 to 1).
ENOUGH = 0.4
# In a field alone somebody is found from so many answers on.
FEW_ANSWERS = 2
EVENT_LOOK_BACK = timedelta(days=365)


class Trace(StrEnum):
    """What somebody did that says it."""

    ANSWERED = "answered"
    HOSTED = "hosted"
    WROTE = "wrote"


# What each is worth beside an answer.
WORTH = {Trace.ANSWERED: 1.0, Trace.HOSTED: 0.8, Trace.WROTE: 0.5}


@dataclass(frozen=True)
class Evidence:
    """One answer, event or message of one member; `talk` tells answers in one conversation from others."""

    member_id: int
    trace: Trace
    text: str
    at: datetime
    talk: int


def of_messages(messages: Mapping[int, Sequence[OwnMessage]], willing: Collection[int]) -> Iterable[Evidence]:
    """Answers with what they answer, and what says something by itself; no questions."""
    for who in willing:
        for one in messages.get(who, ()):
            what = kind(one.text)
            if what is TextKind.QUESTION or not what.says_something:
                continue
            is_answer = one.answers is not None and kind(one.answers) is TextKind.QUESTION
            text = f"{one.answers}\n{one.text}" if is_answer else one.text
            yield Evidence(who, Trace.ANSWERED if is_answer else Trace.WROTE, text, one.at, one.talk)


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
        Evidence(one.host_id, Trace.HOSTED, f"{one.title}\n{one.description or ''}", one.starts_at, one.id)
        for one in await session.scalars(query.order_by(Event.id))
        if one.host_id is not None
    ]


Hits = dict[int, list[tuple[Evidence, float]]]


def say_it(question: str, stock: Sequence[Evidence]) -> Hits:
    """What says it in the words asked for, by member, the best first."""
    from models.learning.search import SearchIndex  # a host that starts does without

    index = SearchIndex(dict(enumerate(one.text for one in stock)))
    hits: Hits = defaultdict(list)
    for hit in index.find(question, most=len(stock), least_share=ENOUGH):
        hits[stock[hit.key].member_id].append((stock[hit.key], hit.share))
    return dict(hits)


def are_of_its_field(question: str, stock: Sequence[Evidence]) -> Hits:
    """Where nobody said just that: who answers questions of its field, or held an event on it."""
    asked, hits = fields_of(question), defaultdict(list)
    for one in stock:
        if one.trace != Trace.WROTE and asked & fields_of(one.text):
            hits[one.member_id].append((one, ENOUGH))
    return {who: of_one for who, of_one in hits.items() if len({one.talk for one, _ in of_one}) >= FEW_ANSWERS}
