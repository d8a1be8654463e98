"""Every ten minutes: who wrote something that sounds like a need or an offer is asked, privately, whether to keep it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import listings as messages
from bot.scene.services import Services
from models.domain.listings import hints
from models.domain.listings.hints import Hint
from models.domain.sending import deliveries
from models.tables.community import Community
from models.tables.delivery import DeliveryKind


async def run(services: Services, *, now: datetime) -> str:
    """Queue the questions, community by community."""
    async with services.database.reading() as session:
        community_ids = list(await session.scalars(select(Community.id).order_by(Community.id)))
    n_queued = sum([await _ask(services, community_id, now) for community_id in community_ids])
    if n_queued:
        services.door.wake()
    return f"{n_queued} questions queued"


async def _ask(services: Services, community_id: int, now: datetime) -> int:
    # Messages are read before the transaction: nobody waits for it.
    async with services.database.reading() as session:
        community = await session.get_one(Community, community_id)
        found = await hints.due(session, community, now=now)
    if not found:
        return 0
    async with services.database.transaction() as session:
        return sum([await _queue(services, session, community, hint, now) for hint in found])


async def _queue(services: Services, session: AsyncSession, community: Community, hint: Hint, now: datetime) -> bool:
    row = await hints.remember(session, community, hint, now=now)
    voice = services.voice(hint.member)
    message = messages.hint(voice, hint, reason=row.reasons[0], recommendation_id=row.id, now=now)
    delivery = await deliveries.queue(
        session,
        DeliveryKind.LISTING_HINT,
        now=now,
        payload=message.payload(),
        member_id=hint.member.id,
        community_id=community.id,
        reasons=row.reasons,
        once_key=f"listing_hint:{hint.message.id}",
        expires_at=hint.expires_at,
    )
    row.delivery_id = delivery.id if delivery else None
    return delivery is not None
