"""What an invited member did with the invitation, and what that teaches."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.sending import deliveries
from models.tables.delivery import Delivery
from models.tables.event import Event
from models.tables.interaction import Interaction, InteractionKind
from models.tables.member import Mute, MuteKind
from models.tables.recommendation import Recommendation, RecommendedItem, Response

# How long "not for me" keeps the host's events away.
NOT_FOR_ME = timedelta(days=90)


async def note_answer(session: AsyncSession, event_id: int, member_id: int, action: Response, *, now: datetime) -> None:
    """What an invited member did: their last answer counts."""
    own = (
        Recommendation.item_kind == RecommendedItem.EVENT,
        Recommendation.item_id == event_id,
        Recommendation.member_id == member_id,
    )
    await session.execute(update(Recommendation).where(*own).values(acted_at=now, action=action))


async def not_for_me(session: AsyncSession, event: Event, member_id: int, *, now: datetime) -> None:
    """The member declines the invitation: the host's events stay away for a while, and scores learn of it."""
    await note_answer(session, event.id, member_id, Response.LESS, now=now)
    own = (
        Recommendation.item_kind == RecommendedItem.EVENT,
        Recommendation.item_id == event.id,
        Recommendation.member_id == member_id,
    )
    recommendation_id = await session.scalar(select(Recommendation.id).where(*own).limit(1))
    session.add(
        Interaction(
            community_id=event.community_id,
            member_id=member_id,
            kind=InteractionKind.FEEDBACK,
            at=now,
            event_id=event.id,
            recommendation_id=recommendation_id,
            value=-1,
            what=Response.LESS,
        )
    )
    if event.host_id is None:
        return
    target = (Mute.member_id == member_id, Mute.kind == MuteKind.HOST, Mute.target == str(event.host_id))
    mute = (await session.scalars(select(Mute).where(*target))).one_or_none()
    if mute is None:
        mute = Mute(member_id=member_id, kind=MuteKind.HOST, target=str(event.host_id), created_at=now)
        session.add(mute)
    mute.until = now + NOT_FOR_ME
    await session.flush()


async def forget_named(session: AsyncSession, member_id: int, event_ids: Collection[int], *, now: datetime) -> int:
    """Take a member's name out of what was said of these events, invitations and digests; returns of how many.

    What has not left is withdrawn.
    """
    query = (
        select(Recommendation, Delivery)
        .outerjoin(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.item_kind == RecommendedItem.EVENT, is_one_of(Recommendation.item_id, event_ids))
    )
    n_named = 0
    for row, delivery in (await session.execute(query)).all():
        if not any(f"person:{member_id}" in one.get("about", ()) for one in row.reasons or ()):
            continue
        n_named += 1
        row.reasons = []
        if delivery is not None:
            await deliveries.withdraw(session, [delivery.id], now=now)
            delivery.payload, delivery.reasons = {}, None
    await session.flush()
    return n_named
