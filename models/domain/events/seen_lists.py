"""Which list of events a member saw last: a number they type is one of that list."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.sending.about import About
from models.tables.delivery import Delivery, Subject


class EventFilter(StrEnum):
    """What a member's list of events can be narrowed to."""

    ALL = "all"
    # They said that they come, or may.
    MINE = "mine"
    # Within seven days.
    WEEK = "week"
    # With seats left.
    FREE = "free"
    # What they host; for hosts alone.
    HOSTING = "hosting"


def about(member_id: int, choice: EventFilter) -> About:
    """What a message with such a list is about: whose list, and narrowed to what."""
    return About(Subject.EVENT_LIST, member_id, choice)


def remember(delivery: Delivery, member_id: int, choice: EventFilter) -> None:
    """The message shows this member's list; unlike what is said about it only once, lists are shown as often as asked for."""
    delivery.about_kind, delivery.about_id, delivery.what = Subject.EVENT_LIST, member_id, choice


async def newest(session: AsyncSession, member_id: int) -> Delivery | None:
    """The last message, or the last change of one, that shows the member a list; None before the first."""
    query = select(Delivery).where(Delivery.about_kind == Subject.EVENT_LIST, Delivery.about_id == member_id)
    return await session.scalar(query.order_by(Delivery.id.desc()).limit(1))
