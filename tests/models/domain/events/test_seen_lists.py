from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.events import seen_lists
from models.domain.events.seen_lists import EventFilter
from models.domain.sending.deliveries import queue
from models.tables.delivery import Delivery, DeliveryKind
from tests.factories import make_member

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def _listed(session: AsyncSession, member_id: int, choice: EventFilter) -> Delivery:
    delivery = await queue(session, DeliveryKind.REPLY, now=NOW, payload={"text": choice}, member_id=member_id)
    assert delivery is not None
    seen_lists.remember(delivery, member_id, choice)
    return delivery


async def test_the_newest_list_is_the_last_one_shown_to_that_member(database: Database) -> None:
    async with database.transaction() as session:
        mia, jo = await make_member(session), await make_member(session)
        nothing = await seen_lists.newest(session, mia.id)
        await _listed(session, mia.id, EventFilter.ALL)
        last = await _listed(session, mia.id, EventFilter.WEEK)
        await _listed(session, jo.id, EventFilter.FREE)

        newest = await seen_lists.newest(session, mia.id)

    assert nothing is None
    assert newest is not None
    assert (newest.id, newest.what) == (last.id, "week")


async def test_a_list_that_was_narrowed_in_place_is_the_newest(database: Database) -> None:
    async with database.transaction() as session:
        mia = await make_member(session)
        first = await _listed(session, mia.id, EventFilter.ALL)
        about = seen_lists.about(mia.id, "mine")
        payload = {"text": "mine"}
        edit = await queue(
            session,
            DeliveryKind.ANSWER,
            now=NOW,
            method="editMessageText",
            payload=payload,
            edits_id=first.id,
            about=about,
        )

        newest = await seen_lists.newest(session, mia.id)

    assert edit is not None
    assert newest is not None
    assert (newest.id, newest.what) == (edit.id, "mine")
