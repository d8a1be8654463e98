"""Every twenty minutes: who joined within three days is told, once, what they said of themselves, and where to begin."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import welcomes as messages
from bot.scene.services import Services
from models.domain.events import cards
from models.domain.sending import deliveries
from models.domain.welcomes import arrivals, welcomes
from models.domain.welcomes.welcomes import Welcome
from models.tables.community import Community
from models.tables.delivery import DeliveryKind


async def run(services: Services, *, now: datetime) -> str:
    """Queue the welcomes, community by community."""
    async with services.database.reading() as session:
        community_ids = list(await session.scalars(select(Community.id).order_by(Community.id)))
    n_queued = sum([await _welcome(services, community_id, now) for community_id in community_ids])
    if n_queued:
        services.door.wake()
    return f"{n_queued} newcomers welcomed"


async def _welcome(services: Services, community_id: int, now: datetime) -> int:
    # Messages are read before the transaction: nobody waits for it.
    async with services.database.reading() as session:
        community = await session.get_one(Community, community_id)
        found = await welcomes.compose(session, community, now=now)
    if not found:
        return 0
    async with services.database.transaction() as session:
        return sum([await _queue(services, session, community, one, now) for one in found])


async def _queue(
    services: Services, session: AsyncSession, community: Community, welcome: Welcome, now: datetime
) -> bool:
    member = welcome.arrival.member
    if await arrivals.who_was_welcomed(session, community.id, {member.id}):
        return False
    welcome = await welcomes.propose(session, community, welcome, now=now)
    if not welcome:
        return False
    rows = await welcomes.remember(session, community, welcome, now=now)
    message = messages.welcome(
        services.voice(member).near(community.time_zone),
        welcome,
        community=community,
        event=await cards.view_of(session, welcome.event[0], now=now) if welcome.event else None,
        recommendation_id=rows[0].id,
        now=now,
    )
    delivery = await deliveries.queue(
        session,
        DeliveryKind.WELCOME,
        now=now,
        payload=message.payload(),
        member_id=member.id,
        community_id=community.id,
        reasons=[reason for row in rows for reason in row.reasons],
        expires_at=welcome.arrival.expires_at,
    )
    for row in rows:
        row.delivery_id = delivery.id if delivery else None
    return delivery is not None
