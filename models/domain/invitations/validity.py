"""Whether an invitation still holds when it leaves: the check that this feature offers the door. Loads no numpy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.events import cards
from models.domain.events.waitlist import free_seats
from models.domain.sending.checks import Checks
from models.tables.event import Event, EventStatus, Rsvp, RsvpStatus


async def have_room(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each of these events still takes the reader: not over nor cancelled, nobody in line, a seat free."""
    events = await session.scalars(select(Event).where(is_one_of(Event.id, [int(target) for target in targets])))
    return all([await _has_room(session, event, now) for event in events])


def room_for(event_id: int, n: int) -> str:
    """The claim that so many seats are left."""
    return f"left:{event_id}:{n}"


async def have_so_much_room(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each EVENT:N has exactly so many seats left."""
    told = {int(event_id): int(n) for event_id, _, n in (target.partition(":") for target in targets)}
    events = await session.scalars(select(Event).where(is_one_of(Event.id, told)))
    counts = {event.id: (await cards.view_of(session, event, now=now)).n_free for event in events}
    return counts == told


async def _has_room(session: AsyncSession, event: Event, now: datetime) -> bool:
    if event.status != EventStatus.PUBLISHED or (event.rsvp_until or event.starts_at) <= now:
        return False
    rows = list(await session.scalars(select(Rsvp).where(Rsvp.event_id == event.id)))
    if event.capacity is not None and any(row.status == RsvpStatus.WAITLISTED for row in rows):
        return False
    return free_seats(event.capacity, rows) != 0


CHECKS: Checks = {"room": have_room, "left": have_so_much_room}
