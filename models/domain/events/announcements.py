"""What is said to members about an event once for each start: reminders, invitations; and taking back what has not left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.sending import deliveries
from models.domain.sending.about import About, is_about
from models.domain.sending.deliveries import IS_WAITING
from models.tables.delivery import Delivery, Subject
from models.tables.event import Event


def about(event: Event, what: str) -> About:
    """One thing said of this start of the event ("invite", "rate"): a moved event is told of anew."""
    return About(Subject.EVENT, event.id, what, event.starts_at)


async def recipients(session: AsyncSession, event: Event, what: str) -> set[int]:
    """Members for whom that message exists already, sent or not."""
    query = select(Delivery.member_id).where(is_about(about(event, what)), Delivery.once_key.is_not(None))
    return {member_id for member_id in await session.scalars(query) if member_id is not None}


async def withdraw(
    session: AsyncSession, event_id: int, *, now: datetime, member_id: int | None = None, what: str | None = None
) -> int:
    """Take back waiting messages of an event, perhaps of one member or of one kind ("invite") only; returns how many."""
    query = select(Delivery.id).where(Delivery.about_kind == Subject.EVENT, Delivery.about_id == event_id, IS_WAITING)
    if member_id is not None:
        query = query.where(Delivery.member_id == member_id)
    if what is not None:
        query = query.where(Delivery.what == what)
    delivery_ids = list(await session.scalars(query))
    if not delivery_ids:
        return 0
    # Nobody read it, so it may be said again when the event moves back or the member returns.
    await session.execute(update(Delivery).where(is_one_of(Delivery.id, delivery_ids)).values(once_key=None))
    return await deliveries.withdraw(session, delivery_ids, now=now)
