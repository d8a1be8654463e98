"""Hourly: a week after two were introduced each is asked, once, whether they met."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import follow_ups as messages
from bot.scene.services import Services
from models.domain.introductions import follow_ups, validity
from models.domain.introductions.follow_ups import Question
from models.domain.member_time import quiet_hours
from models.domain.sending import deliveries
from models.tables.community import Community
from models.tables.delivery import DeliveryKind


async def run(services: Services, *, now: datetime) -> str:
    """Queue the questions that are due; each leaves after its reader's night."""
    async with services.database.transaction() as session:
        questions = await follow_ups.due(session, now=now)
        n_asked = sum([await _ask(services, session, question, now) for question in questions])
    if n_asked:
        services.door.wake()
    return f"{n_asked} members asked"


async def _ask(services: Services, session: AsyncSession, question: Question, now: datetime) -> bool:
    community = await session.get_one(Community, question.introduction.community_id)
    reader = question.member
    about = [validity.there(community.id, one.id) for one in question.others]
    delivery = await deliveries.queue(
        session,
        DeliveryKind.FOLLOW_UP,
        now=now,
        payload=messages.question(services.voice(reader), question).payload(),
        member_id=reader.id,
        community_id=community.id,
        due_at=quiet_hours(reader, community.time_zone, services.defaults).end_after(now),
        about=question.about,
        reasons=[{"key": "met", "values": {}, "about": about}],
        expires_at=question.expires_at,
    )
    return delivery is not None
