"""What admins should know, said to each of them in private, in their own language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages.outgoing import Outgoing
from bot.scene.services import Services
from models.domain.members import rights
from models.domain.sending import deliveries
from models.domain.serving import champions
from models.domain.serving.champions import ChampionIsUnreadable
from models.tables.community import Community
from models.tables.delivery import DeliveryKind


async def tell_admins(
    session: AsyncSession, services: Services, community: Community, key: str, *, now: datetime, **values: Any
) -> int:
    """Queue a notice to every reachable admin of the community, in the caller's transaction; returns to how many."""
    admins = [member for member in await rights.admins_of(session, community.id) if member.is_reachable]
    for member in admins:
        message = Outgoing(services.voice(member).say(key, community=community.name, **values))
        await deliveries.queue(
            session,
            DeliveryKind.NOTICE,
            now=now,
            payload=message.payload(),
            member_id=member.id,
            community_id=community.id,
        )
    return len(admins)


async def say_unreadable(
    session: AsyncSession,
    services: Services,
    community: Community,
    problems: Iterable[ChampionIsUnreadable],
    *,
    now: datetime,
) -> None:
    """Set unreadable models aside; admins hear of each once."""
    for problem in problems:
        if await champions.set_aside(session, problem, now=now):
            await tell_admins(session, services, community, "digests.model_unreadable", now=now, why=str(problem))
