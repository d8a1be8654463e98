"""Hourly: whoever was picked after an event is asked, without a name, whether they would like to stay in touch, too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import introductions as messages
from bot.scene.services import Services
from models.domain.events.announcements import about
from models.domain.introductions import introductions, nameless_question
from models.domain.introductions.nameless_question import WHAT, Question
from models.domain.sending import deliveries
from models.tables.delivery import DeliveryKind
from models.tables.event import Event


async def run(services: Services, *, now: datetime) -> str:
    """Forget wishes that came to nothing, then queue the questions whose hour it is."""
    async with services.database.transaction() as session:
        n_expired = await introductions.expire(session, now=now)
    async with services.database.reading() as session:
        event_ids = [event.id for event in await nameless_question.recent(session, now=now)]
    n_asked = sum([await _ask(services, event_id, now) for event_id in event_ids])
    if n_asked:
        services.door.wake()
    return f"{n_asked} members asked, {n_expired} wishes forgotten"


async def _ask(services: Services, event_id: int, now: datetime) -> int:
    async with services.database.transaction() as session:
        event = await session.get_one(Event, event_id)
        questions = await nameless_question.due(session, event, now=now, defaults=services.defaults)
        return sum([await _queue(services, session, event, question, now) for question in questions])


async def _queue(services: Services, session: AsyncSession, event: Event, question: Question, now: datetime) -> bool:
    member = question.member
    row = await nameless_question.remember(session, event, member, now=now)
    message = messages.question(services.voice(member), event, recommendation_id=row.id)
    delivery = await deliveries.queue(
        session,
        DeliveryKind.PROPOSAL,
        now=now,
        payload=message.payload(),
        member_id=member.id,
        community_id=event.community_id,
        reasons=row.reasons,
        about=about(event, WHAT),
        expires_at=question.expires_at,
    )
    row.delivery_id = delivery.id if delivery else None
    return delivery is not None
