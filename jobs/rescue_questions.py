"""Every half hour: a question that nobody answered for some hours is brought, in private, to the few who may know."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import questions as messages
from bot.scene.services import Services
from models.domain.questions import helpers
from models.domain.questions.questions import Call
from models.domain.sending import deliveries
from models.tables.community import Community
from models.tables.delivery import DeliveryKind


async def run(services: Services, *, now: datetime) -> str:
    """Queue the questions, community by community."""
    async with services.database.reading() as session:
        community_ids = list(await session.scalars(select(Community.id).order_by(Community.id)))
    n_queued = sum([await _bring(services, community_id, now) for community_id in community_ids])
    if n_queued:
        services.door.wake()
    return f"{n_queued} members asked"


async def _bring(services: Services, community_id: int, now: datetime) -> int:
    # Messages are read before the transaction: nobody waits for it.
    async with services.database.reading() as session:
        community = await session.get_one(Community, community_id)
        calls = await helpers.calls(session, community, now=now)
    if not calls:
        return 0
    async with services.database.transaction() as session:
        return sum([await _queue(services, session, community, call, now) for call in calls])


async def _queue(services: Services, session: AsyncSession, community: Community, call: Call, now: datetime) -> bool:
    row = await helpers.remember(session, community, call, now=now)
    voice = services.voice(call.member).near(community.time_zone)
    delivery = await deliveries.queue(
        session,
        DeliveryKind.QUESTION,
        now=now,
        payload=messages.question(voice, call, recommendation_id=row.id, now=now).payload(),
        member_id=call.member.id,
        community_id=community.id,
        reasons=[{**call.reason, "about": list(call.claims)}],
        once_key=f"question:{call.question.talk.thread_id}:{call.member.id}",
        expires_at=call.question.expires_at,
    )
    row.delivery_id = delivery.id if delivery else None
    return delivery is not None
