"""How often a member is handed everything that is held about them: each file is work, and lies in a row until it is wiped."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.sending.about import About, is_about
from models.tables.delivery import Delivery, Subject

# A member gets a new file this long after the last one.
PAUSE = timedelta(hours=1)


async def last_one(session: AsyncSession, member_id: int, *, now: datetime) -> datetime | None:
    """When a member was made the file that keeps them from a new one; None where they may have one.

    One that could not be sent counts for nothing.
    """
    is_recent = (Delivery.created_at > now - PAUSE, Delivery.created_at <= now, Delivery.failed_at.is_(None))
    query = select(func.max(Delivery.created_at)).where(is_about(_about(member_id)), *is_recent)
    return await session.scalar(query)


def note(delivery: Delivery, member_id: int) -> None:
    """This delivery is such a file."""
    for name, value in _about(member_id).columns().items():
        setattr(delivery, name, value)


def _about(member_id: int) -> About:
    return About(Subject.MEMBER, member_id, "mydata")
