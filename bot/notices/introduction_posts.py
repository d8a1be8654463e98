"""Tells everybody in an introduction that it came about, and the nameless question before. For handlers and jobs alike."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import introductions as messages
from bot.scene.services import Services
from models.domain.introductions import introductions, staying_in_touch
from models.domain.sending import deliveries
from models.tables.delivery import DeliveryKind
from models.tables.event import Event
from models.tables.introduction import Introduction


async def introduce(services: Services, session: AsyncSession, introduction_id: int, *, now: datetime) -> int:
    """Each of the two gets the other's name, once; returns how many messages were queued."""
    introduction = await session.get_one(Introduction, introduction_id)
    event = await session.get(Event, introduction.event_id) if introduction.event_id is not None else None
    one, other = await introductions.members_of(session, introduction_id)
    have_met = event is not None and await staying_in_touch.have_met(session, event.id, one.id, other.id)
    delivery_ids = [
        await deliveries.queue(
            session,
            DeliveryKind.INTRODUCTION,
            now=now,
            payload=messages.introduction(services.voice(reader), event, named_member, have_met=have_met).payload(),
            member_id=reader.id,
            community_id=introduction.community_id,
            about=introductions.about(introduction_id),
        )
        for reader, named_member in ((one, other), (other, one))
    ]
    return sum(delivery is not None for delivery in delivery_ids)
