"""Which hosts have an event's list of guests before them, so that it is kept fresh: the last thing their message showed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.domain.sending.about import About
from models.tables.delivery import Delivery, Subject

# A list that nobody touched for so long is looked at no more; a press on it brings it back.
FRESH_FOR = timedelta(days=1)


@dataclass(frozen=True)
class OpenList:
    """A host's message: the delivery that posted it, its reader, and the page it shows, from 0."""

    delivery_id: int
    member_id: int
    page: int


def about(event_id: int, page: int) -> About:
    """What a change of a message is about that makes it show the list."""
    return About(Subject.GUEST_LIST, event_id, str(page))


async def open_lists(session: AsyncSession, event_id: int, *, now: datetime) -> list[OpenList]:
    """The lists that hosts see; a message that was changed to something else since, or is gone, is none."""
    newer = aliased(Delivery)
    is_covered = exists().where(newer.edits_id == Delivery.edits_id, newer.id > Delivery.id)
    query = (
        select(Delivery.edits_id, Delivery.member_id, Delivery.what)
        .where(Delivery.about_kind == Subject.GUEST_LIST, Delivery.about_id == event_id, Delivery.failed_at.is_(None))
        .where(Delivery.created_at > now - FRESH_FOR, ~is_covered)
        .order_by(Delivery.id)
    )
    return [
        OpenList(edits_id or 0, member_id or 0, int(what or 0))
        for edits_id, member_id, what in await session.execute(query)
    ]
