"""Whether what pushes say of events, and of who goes, still holds when they leave: the checks this room offers the door."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.events.engagements import is_free
from models.domain.events.series import SAID_BY_HOST
from models.domain.members.learners import learners
from models.domain.sending.checks import Checks, by_place
from models.tables.event import Event, EventStatus, Rsvp, RsvpStatus

# Whatever of it a message may tell: when, and what its host says.
_TOLD = ("host_id", "starts_at", "ends_at", "time_zone", "rsvp_until", *SAID_BY_HOST)


def on(event: Event) -> str:
    """The claim that the event takes place as it stands now."""
    return f"on:{event.id}:{_words_of(event)}"


def goes(event_id: int, member_id: int) -> str:
    """The claim that a member goes there for all to see, and may be named."""
    return f"goes:{event_id}:{member_id}"


def _words_of(event: Event) -> str:
    """Another one for any other words: what a message told of it need not be kept."""
    words = repr([str(getattr(event, name)) for name in _TOLD])
    return blake2b(words.encode(), digest_size=8).hexdigest()


async def take_place(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each EVENT:WORDS is still to come, as its host said then."""
    told = {int(event_id): words for event_id, _, words in (target.partition(":") for target in targets)}
    query = select(Event).where(is_one_of(Event.id, told), Event.status == EventStatus.PUBLISHED, Event.starts_at > now)
    events = await session.scalars(query.execution_options(populate_existing=True))
    return {event.id: _words_of(event) for event in events} == told


async def all_go(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each EVENT:MEMBER goes there for all to see, and may be learned from: else nobody is told of it."""
    wanted = by_place(targets)
    query = (
        select(Rsvp.event_id, Rsvp.member_id, Event.community_id)
        .join(Event, Event.id == Rsvp.event_id)
        .where(is_one_of(Rsvp.event_id, wanted), is_one_of(Rsvp.member_id, set().union(*wanted.values())))
        .where(Rsvp.status == RsvpStatus.GOING, Event.status == EventStatus.PUBLISHED, Event.shows_names)
    )
    going, there = set(), defaultdict(set)
    for event_id, member_id, community_id in await session.execute(query):
        going.add((event_id, member_id))
        there[community_id].add(member_id)
    if not {(event_id, one) for event_id, ids in wanted.items() for one in ids} <= going:
        return False
    return all([ids <= await learners(session, one, among=ids) for one, ids in there.items()])


CHECKS: Checks = {"on": take_place, "goes": all_go, "free": is_free}
