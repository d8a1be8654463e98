"""A host's words to those who come: held back for a moment, in which they can be taken back, and then sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.sending import deliveries
from models.domain.sending.about import About, is_about
from models.domain.sending.deliveries import IS_WAITING
from models.tables.delivery import Delivery, Subject
from models.tables.event import RsvpStatus

# Who is written to.
READERS = (RsvpStatus.GOING, RsvpStatus.MAYBE)
# Nothing leaves before this is over: a message that has rung on a phone is read there, even when it is deleted at once.
HELD_BACK = timedelta(seconds=30)


def about(event_id: int, number: int) -> About:
    """Words that were sent together; `number` tells them from others about the same event."""
    return About(Subject.HOST_WORDS, event_id, str(number))


async def take_back(session: AsyncSession, event_id: int, number: int, *, now: datetime) -> tuple[int, int]:
    """Withdraw what has not left; returns to how many it does not go now, and how many have it or get it all the same."""
    theirs = is_about(about(event_id, number))
    waiting = list(await session.scalars(select(Delivery.id).where(theirs, IS_WAITING)))
    n_withdrawn = await deliveries.withdraw(session, waiting, now=now)
    on_the_way = select(func.count(Delivery.id)).where(theirs, Delivery.failed_at.is_(None))
    return n_withdrawn, await session.scalar(on_the_way) or 0
