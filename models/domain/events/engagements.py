"""When members are taken already, by what they said yes to or host; and how near two events are to each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.member_time import zone_of
from models.tables.event import USUAL_LENGTH, Event, EventStatus, Rsvp, RsvpStatus

# What began longer ago takes nobody's coming days.
BEGUN_WITHIN = timedelta(days=7)
EVENING_FROM = 17


class Engagement(NamedTuple):
    """From when until when an event takes somebody."""

    event_id: int
    starts_at: datetime
    ends_at: datetime


class Timed(Protocol):
    """What two events are compared by."""

    @property
    def starts_at(self) -> datetime: ...  # noqa: D102  # the columns of Event
    @property
    def ends_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def time_zone(self) -> str: ...  # noqa: D102
    @property
    def is_online(self) -> bool: ...  # noqa: D102


async def of_members(
    session: AsyncSession, member_ids: Collection[int], *, now: datetime
) -> dict[int, tuple[Engagement, ...]]:
    """What each member goes to or hosts from now on, in whichever community; one without an end lasts USUAL_LENGTH."""
    coming = select(Event.id, Event.starts_at, Event.ends_at).where(
        Event.status == EventStatus.PUBLISHED, Event.starts_at > now - BEGUN_WITHIN
    )
    going = coming.add_columns(Rsvp.member_id).join(Rsvp, Rsvp.event_id == Event.id)
    going = going.where(Rsvp.status == RsvpStatus.GOING, is_one_of(Rsvp.member_id, member_ids))
    hosting = coming.add_columns(Event.host_id).where(is_one_of(Event.host_id, member_ids))
    engagements: defaultdict[int, set[Engagement]] = defaultdict(set)
    for query in (going, hosting):
        for event_id, starts_at, ends_at, member_id in await session.execute(query):
            engagements[member_id].add(Engagement(event_id, starts_at, ends_at or starts_at + USUAL_LENGTH))
    return {member_id: tuple(sorted(of_member)) for member_id, of_member in engagements.items()}


def is_taken(event_id: int, starts_at: datetime, ends_at: datetime | None, engagements: Iterable[Engagement]) -> bool:
    """Whether another event of theirs lies in the same hours."""
    until = ends_at or starts_at + USUAL_LENGTH
    return any(one.event_id != event_id and one.starts_at < until and starts_at < one.ends_at for one in engagements)


def how_near(one: Timed, other: Timed) -> Literal["time", "evening"] | None:
    """Whether two events surely lie in the same hours, or at least on the same evening of one place."""
    first, second = sorted((one, other), key=lambda event: event.starts_at)
    if second.starts_at == first.starts_at or (first.ends_at is not None and second.starts_at < first.ends_at):
        return "time"
    zones = {zone_of(event.time_zone) for event in (one, other)}
    if one.is_online or other.is_online or len(zones) > 1:
        return None
    [zone] = zones
    begin, end = (event.starts_at.astimezone(zone) for event in (first, second))
    return "evening" if begin.date() == end.date() and begin.hour >= EVENING_FROM else None


def free_for(event_id: int) -> str:
    """The claim that the reader has nothing else at that time."""
    return f"free:{event_id}"


async def is_free(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether none of these events lies in hours of the reader's that another takes."""
    engagements = (await of_members(session, {reader_id}, now=now)).get(reader_id, ())
    events = await session.scalars(select(Event).where(is_one_of(Event.id, [int(target) for target in targets])))
    return not any(is_taken(event.id, event.starts_at, event.ends_at, engagements) for event in events)
