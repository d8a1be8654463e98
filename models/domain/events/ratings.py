"""After an event: what those who were there thought. What the host reads of it is summaries.py."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.events import seats
from models.tables.event import Event, EventRating, EventStatus, RsvpStatus
from models.tables.interaction import Interaction, InteractionKind
from models.tables.member import Member

# Members are asked so soon after the end, and may answer for so long.
ASKED_AFTER, ASKED_UNTIL, RATED_UNTIL = timedelta(minutes=30), timedelta(hours=24), timedelta(days=14)
# The host reads the summary when most have answered.
SUMMED_UP_AFTER, SUMMED_UP_UNTIL = timedelta(hours=20), timedelta(days=3)
LIKED_FROM = 4
LONGEST_SENTENCE = 500


class NotAnAttendee(ValueError):
    """Only those who were there rate an event."""


async def ended_within(session: AsyncSession, *, now: datetime, after: timedelta, until: timedelta) -> list[Event]:
    """Published events that ended so long ago: from `after` until `until`."""
    query = select(Event).where(
        Event.status == EventStatus.PUBLISHED, Event.starts_at <= now, Event.starts_at > now - until - timedelta(days=7)
    )
    events = await session.scalars(query.order_by(Event.starts_at, Event.id))
    return [event for event in events if after <= now - event.over_at < until]


async def attendees(session: AsyncSession, event_id: int) -> list[Member]:
    """Who was there: those checked in, or everybody who was going where nobody was checked in."""
    rows = await seats.answers(session, event_id)
    there = {row.member_id for row in rows if row.checked_in_at is not None}
    there = there or {row.member_id for row in rows if row.status == RsvpStatus.GOING}
    query = select(Member).where(is_one_of(Member.id, there), Member.is_bot.is_(False)).order_by(Member.id)
    return list(await session.scalars(query))


async def rate(session: AsyncSession, event_id: int, member_id: int, stars: int, *, now: datetime) -> EventRating:
    """Keep an attendee's stars, 1 to 5; a second rating replaces the first. Raises NotAnAttendee."""
    event = await session.get(Event, event_id)
    if event is None or not 1 <= stars <= 5 or not timedelta() <= now - event.starts_at < RATED_UNTIL:
        raise NotAnAttendee
    if member_id not in {member.id for member in await attendees(session, event_id)}:
        raise NotAnAttendee
    row = await rating(session, event_id, member_id)
    if row is None:
        row = EventRating(event_id=event_id, member_id=member_id)
        session.add(row)
    row.stars, row.rated_at = stars, now
    session.add(
        Interaction(
            community_id=event.community_id,
            member_id=member_id,
            kind=InteractionKind.RATING,
            at=now,
            event_id=event.id,
            value=1,
            what=str(stars),
        )
    )
    await session.flush()
    return row


async def rating(session: AsyncSession, event_id: int, member_id: int) -> EventRating | None:
    """The member's own rating."""
    query = select(EventRating).where(EventRating.event_id == event_id, EventRating.member_id == member_id)
    return (await session.scalars(query)).one_or_none()


async def say(session: AsyncSession, event_id: int, member_id: int, sentence: str) -> None:
    """One sentence with the stars; without stars there is nothing to say it with. Raises NotAnAttendee."""
    row = await rating(session, event_id, member_id)
    if row is None:
        raise NotAnAttendee
    row.sentence = sentence.strip()[:LONGEST_SENTENCE] or None
    await session.flush()
