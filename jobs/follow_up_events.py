"""Every half hour: those who were there are asked how it was. What the hosts read a day later is report_on_events.py."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import event_ratings as messages
from bot.notices import event_posts
from bot.scene.services import Services
from models.domain.events import ratings
from models.domain.events.announcements import about, recipients
from models.domain.member_time import quiet_hours
from models.tables.delivery import DeliveryKind
from models.tables.event import Event
from models.tables.member import Member


async def run(services: Services, *, now: datetime) -> str:
    """Queue the questions that are due."""
    after, until = ratings.ASKED_AFTER, ratings.ASKED_UNTIL
    async with services.database.reading() as session:
        event_ids = [e.id for e in await ratings.ended_within(session, now=now, after=after, until=until)]
    n_asked = 0
    for event_id in event_ids:
        async with services.database.transaction() as session:
            n_asked += await _ask(services, session, await session.get_one(Event, event_id), now)
    if n_asked:
        services.door.wake()
    return f"{n_asked} attendees asked"


async def _ask(services: Services, session: AsyncSession, event: Event, now: datetime) -> int:
    asked_already = await recipients(session, event, "rate")
    members = [member for member in await ratings.attendees(session, event.id) if member.id not in asked_already]
    deliveries = [
        await _tell(services, session, event, member, now) for member in members if member.id != event.host_id
    ]
    return sum(deliveries)


async def _tell(services: Services, session: AsyncSession, event: Event, member: Member, now: datetime) -> bool:
    """At the end of their night when it is night; of no use when the time to rate is over."""
    delivery_id = await event_posts.tell(
        services,
        session,
        event,
        member,
        DeliveryKind.FOLLOW_UP,
        messages.question,
        now=now,
        due_at=quiet_hours(member, event.time_zone, services.defaults).end_after(now),
        expires_at=event.starts_at + ratings.RATED_UNTIL,
        about=about(event, "rate"),
    )
    return delivery_id is not None
