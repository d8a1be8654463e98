"""Keys of what is said to members about an event once: reminders, invitations; and taking back what has not left yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.sending import deliveries
from models.domain.sending.deliveries import IS_WAITING
from models.tables.delivery import Delivery
from models.tables.event import Event


def once_key(event: Event, what: str, member_id: int) -> str:
    """At most one message of this kind for each start of the event: a moved event is told of anew."""
    return f"{start_of_keys(event, what)}{member_id}"


def start_of_keys(event: Event, what: str) -> str:
    """What the keys of all messages of this kind begin with."""
    return f"event:{event.id}:{what}:{int(event.starts_at.timestamp())}:"


async def told(session: AsyncSession, event: Event, what: str) -> set[int]:
    """Members for whom that message exists already, sent or not."""
    start = start_of_keys(event, what)
    keys = await session.scalars(select(Delivery.once_key).where(Delivery.once_key.startswith(start, autoescape=True)))
    return {int(key.removeprefix(start)) for key in keys if key}


async def withdraw(
    session: AsyncSession, event_id: int, *, now: datetime, member_id: int | None = None, what: str | None = None
) -> int:
    """Take back waiting messages of an event, perhaps of one member or of one kind ("invite") only; returns how many."""
    pattern = f"event:{event_id}:{what or '%'}:%"
    chosen_keys = Delivery.once_key.like(pattern if member_id is None else f"{pattern}:{member_id}")
    waiting = select(Delivery.id).where(chosen_keys, IS_WAITING)
    chosen = list(await session.scalars(waiting))
    if not chosen:
        return 0
    # Nobody read it, so it may be said again when the event moves back or the member returns.
    await session.execute(update(Delivery).where(Delivery.id.in_(chosen)).values(once_key=None))
    return await deliveries.withdraw(session, chosen, now=now)
