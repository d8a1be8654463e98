"""Whether what pushes say of guests and picks still holds when they leave: the checks that this feature offers the door."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.introductions import staying_in_touch
from models.domain.members import consent
from models.domain.sending.checks import Checks, by_place
from models.tables.consent import Purpose
from models.tables.event import Event, EventStatus, Rsvp, RsvpStatus
from models.tables.member import Mute, MuteKind


async def are_guests(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each of EVENT:MEMBER is going there, may be named, and wants nothing of the reader left out."""
    guests = by_place(targets).items()
    return all([await _are_going(session, event_id, reader_id, ids, now) for event_id, ids in guests])


async def are_wished(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether at each EVENT somebody's pick of the reader stands."""
    return all([await staying_in_touch.is_wished(session, int(one), reader_id, now=now) for one in targets])


async def _are_going(session: AsyncSession, event_id: int, reader_id: int, member_ids: set[int], now: datetime) -> bool:
    event = await session.get(Event, event_id, populate_existing=True)
    if event is None or event.status != EventStatus.PUBLISHED or not event.shows_names:
        return False
    query = select(Rsvp.member_id).where(
        Rsvp.event_id == event_id, Rsvp.status == RsvpStatus.GOING, is_one_of(Rsvp.member_id, member_ids)
    )
    if set(await session.scalars(query)) != member_ids:
        return False
    if not member_ids <= await consent.consenting(session, event.community_id, Purpose.INTRODUCE):
        return False
    left_out = select(Mute.id).where(
        Mute.kind == MuteKind.PERSON,
        Mute.target == str(reader_id),
        is_one_of(Mute.member_id, member_ids),
        Mute.until.is_(None) | (Mute.until > now),
    )
    return await session.scalar(left_out.limit(1)) is None


CHECKS: Checks = {"guest": are_guests, "wish": are_wished}
