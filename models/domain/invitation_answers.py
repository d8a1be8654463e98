"""What an invited member did with the invitation, and what that teaches."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.event import Event
from models.tables.interaction import Interaction
from models.tables.member import Mute
from models.tables.recommendation import Recommendation

# How long "not for me" keeps the host's events away.
NOT_FOR_ME = timedelta(days=90)


async def note_answer(session: AsyncSession, event_id: int, member_id: int, status: str, *, now: datetime) -> None:
    """What an invited member did: their last answer counts."""
    own = (
        Recommendation.item_kind == "event",
        Recommendation.item_id == event_id,
        Recommendation.member_id == member_id,
    )
    await session.execute(update(Recommendation).where(*own).values(acted_at=now, action=status))


async def not_for_me(session: AsyncSession, event: Event, member_id: int, *, now: datetime) -> None:
    """The member declines the invitation: the host's events stay away for a while, and scores learn of it."""
    await note_answer(session, event.id, member_id, "less", now=now)
    own = (
        Recommendation.item_kind == "event",
        Recommendation.item_id == event.id,
        Recommendation.member_id == member_id,
    )
    recommendation_id = await session.scalar(select(Recommendation.id).where(*own).limit(1))
    session.add(
        Interaction(
            community_id=event.community_id,
            member_id=member_id,
            kind="feedback",
            at=now,
            event_id=event.id,
            recommendation_id=recommendation_id,
            value=-1,
            what="less",
        )
    )
    if event.host_id is None:
        return
    target = (Mute.member_id == member_id, Mute.kind == "host", Mute.target == str(event.host_id))
    muted = (await session.scalars(select(Mute).where(*target))).one_or_none()
    if muted is None:
        muted = Mute(member_id=member_id, kind="host", target=str(event.host_id), created_at=now)
        session.add(muted)
    muted.until = now + NOT_FOR_ME
    await session.flush()
