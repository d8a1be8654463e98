"""Tells everybody in a round whom they meet, that nobody was found, or that they rest. For jobs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import rounds as messages
from bot.messages.outgoing import Outgoing
from bot.scene.services import Services
from bot.texts import Voice
from models.domain.introductions import introductions
from models.domain.member_time import quiet_hours
from models.domain.sending import deliveries
from models.domain.sending.about import About
from models.tables.community import Community
from models.tables.delivery import DeliveryKind
from models.tables.introduction import Introduction
from models.tables.member import Member


async def introduce(
    services: Services, session: AsyncSession, community: Community, introduction_id: int, *, now: datetime
) -> int:
    """Everybody in it gets the others' names, once, after their night; returns how many messages were queued."""
    introduction = await session.get_one(Introduction, introduction_id)
    members = await introductions.members_of(session, introduction_id)
    n_queued = 0
    for reader in members:
        message = messages.introduction(
            services.voice(reader),
            reader,
            [one for one in members if one.id != reader.id],
            introduction.reasons,
            introduction_id=introduction_id,
            community=community.name,
        )
        n_queued += await _queue(
            services,
            session,
            community,
            reader,
            message,
            introductions.about(introduction_id),
            DeliveryKind.INTRODUCTION,
            now,
            introductions.claims(introduction_id),
        )
    return n_queued


async def tell(
    services: Services,
    session: AsyncSession,
    community: Community,
    member: Member,
    message: Callable[[Voice], Outgoing],
    *,
    about: About,
    now: datetime,
) -> None:
    """Something about their place in the rounds, once, after their night."""
    said = message(services.voice(member))
    await _queue(services, session, community, member, said, about, DeliveryKind.NOTICE, now)


async def _queue(
    services: Services,
    session: AsyncSession,
    community: Community,
    member: Member,
    message: Outgoing,
    about: About,
    kind: DeliveryKind,
    now: datetime,
    reasons: Sequence[dict[str, Any]] = (),
) -> bool:
    delivery = await deliveries.queue(
        session,
        kind,
        now=now,
        payload=message.payload(),
        member_id=member.id,
        community_id=community.id,
        due_at=quiet_hours(member, community.time_zone, services.defaults).end_after(now),
        about=about,
        reasons=reasons,
    )
    return delivery is not None
