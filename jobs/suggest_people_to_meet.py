"""Every 20 minutes: those who go to an event within a day are told of up to three people to meet there, and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import people_to_meet as messages
from bot.scene.services import Services
from models.domain.events import seats
from models.domain.events.announcements import about
from models.domain.introductions import choice, facts, people_to_meet
from models.domain.introductions.people_to_meet import KIND, UNTIL_BEFORE, WHAT, Suggestion
from models.domain.sending import deliveries
from models.tables.event import Event, EventStatus


async def run(services: Services, *, now: datetime) -> str:
    """Queue what is due; a member is told once for each start of an event."""
    async with services.database.reading() as session:
        event_ids = [event.id for event in await people_to_meet.ready(session, now=now)]
    n_told = sum([await _suggest(services, event_id, now) for event_id in event_ids])
    if n_told:
        services.door.wake()
    return f"{n_told} members told of people to meet, {len(event_ids)} events looked at"


async def _suggest(services: Services, event_id: int, now: datetime) -> int:
    # Everything is worked out before the transaction: nobody waits for arithmetic.
    async with services.database.reading() as session:
        event = await session.get(Event, event_id)
        if event is None:
            return 0
        gathering = await facts.load(session, event, now=now)
        names_already = await people_to_meet.names_of(session, event)
    suggestions = choice.choose(gathering, names_already, now=now)
    async with services.database.transaction() as session:
        event_locked = await seats.lock(session, event_id)
        if (
            event_locked is None
            or event_locked.status != EventStatus.PUBLISHED
            or event_locked.starts_at != gathering.event.starts_at
        ):
            return 0
        return sum([await _queue(services, session, event_locked, one, now) for one in suggestions])


async def _queue(
    services: Services, session: AsyncSession, event: Event, suggestion: Suggestion, now: datetime
) -> bool:
    """The names as rows and the message, together; what changed since they were read is seen at the door."""
    rows = await people_to_meet.remember(session, event, suggestion, now=now)
    member = suggestion.reader
    message = messages.people_to_meet(
        services.voice(member).near(event.time_zone),
        event,
        suggestion,
        rows,
    )
    delivery = await deliveries.queue(
        session,
        KIND,
        now=now,
        payload=message.payload(),
        member_id=member.id,
        community_id=event.community_id,
        reasons=[reason for row in rows for reason in row.reasons],
        about=about(event, WHAT),
        expires_at=event.starts_at - UNTIL_BEFORE,
    )
    for row in rows:
        row.delivery_id = delivery.id if delivery else None
    return delivery is not None
