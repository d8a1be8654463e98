"""Every few minutes and when a held seat's time is up: seats that nobody took go to the next in line."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.messages import event_notices as notices
from bot.notices import event_posts
from bot.scene.services import Services
from models.domain.events import seats
from models.tables.delivery import DeliveryKind
from models.tables.event import Event, EventStatus, Rsvp, RsvpStatus
from models.tables.member import Member


async def run(services: Services, *, now: datetime, event_id: int | None = None) -> str:
    """Pass on the seats of every event with a line, or of one."""
    event_ids = [event_id] if event_id is not None else await _with_a_line(services, now)
    n_passed = sum([await _pass_on(services, one, now) for one in event_ids])
    return f"{n_passed} seats passed on, {len(event_ids)} events looked at"


async def _with_a_line(services: Services, now: datetime) -> list[int]:
    """Events to come where somebody waits, or was offered a seat by a message that never arrived."""
    async with services.database.reading() as session:
        query = (
            select(Rsvp.event_id)
            .join(Event, Event.id == Rsvp.event_id)
            .where((Rsvp.status == RsvpStatus.WAITLISTED) | Rsvp.claim_until.is_not(None))
            .where(Event.status == EventStatus.PUBLISHED, Event.starts_at > now)
            .distinct()
        )
        return sorted(await session.scalars(query))


async def _pass_on(services: Services, event_id: int, now: datetime) -> int:
    async with services.database.transaction() as session:
        result = await seats.pass_on(session, event_id, now=now)
        unheard = await seats.unheard_offers(session, event_id, now=now)
        event = await session.get(Event, event_id)
        if event is None:
            return 0
        if result.promoted_ids or result.lapsed_ids:
            await event_posts.refresh_cards(services, session, event, now=now)
        for member_id in result.lapsed_ids:
            member = await session.get_one(Member, member_id)
            await event_posts.tell(services, session, event, member, DeliveryKind.NOTICE, notices.lapse, now=now)
        await event_posts.offer_seats(services, session, event, [*result.promoted_ids, *unheard], now=now)
    if result.promoted_ids or unheard:
        services.door.wake()
    return len(result.promoted_ids)
