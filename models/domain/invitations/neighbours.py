"""What else a member goes to, or was invited to, at nearly the same time: an invitation says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.events.engagements import how_near
from models.domain.events.reach import is_online
from models.tables.delivery import Delivery
from models.tables.event import Event, EventStatus, Rsvp, RsvpStatus
from models.tables.recommendation import Recommendation, RecommendedItem

# Events of one evening, and those that run into it, begin within so long of each other.
AROUND = timedelta(days=1)


class Neighbour(NamedTuple):
    """Another event, and how near it is: in the same hours, or on the same evening."""

    event: Event
    how: Literal["time", "evening"]


class _Times(NamedTuple):
    """An event as `how_near` compares it."""

    starts_at: datetime
    ends_at: datetime | None
    time_zone: str
    is_online: bool


async def nearest(session: AsyncSession, event: Event, member_id: int) -> Neighbour | None:
    """One that they go to before one that they were only invited to and have not answered."""
    goes = select(Rsvp.event_id).where(Rsvp.member_id == member_id, Rsvp.status == RsvpStatus.GOING)
    answered = select(Rsvp.event_id).where(Rsvp.member_id == member_id)
    invited = (
        select(Recommendation.item_id)
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.member_id == member_id, Recommendation.item_kind == RecommendedItem.EVENT)
        .where(Delivery.sent_at.is_not(None), Recommendation.item_id.not_in(answered))
    )
    query = (
        select(Event, Event.id.in_(goes))
        .where(Event.id != event.id, Event.status == EventStatus.PUBLISHED)
        .where(Event.starts_at.between(event.starts_at - AROUND, event.starts_at + AROUND))
        .where(or_(Event.id.in_(goes), Event.id.in_(invited)))
        .order_by(Event.starts_at, Event.id)
    )
    rows = sorted(await session.execute(query), key=lambda row: not row[1])
    near = (Neighbour(other, how) for other, _ in rows if (how := how_near(_times(other), _times(event))))
    return next(near, None)


def _times(event: Event) -> _Times:
    return _Times(event.starts_at, event.ends_at, event.time_zone, is_online(event))
