"""The door keeps its promises: once, in order, within the limits, and through every kind of failure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.delivery import Door
from bot.pacing import Limits
from bot.playground.clock import SimulatedClock
from models.database import Database
from models.domain.attention import Defaults
from models.domain.deliveries import queue
from models.tables.community import Chat
from models.tables.delivery import Delivery
from models.tables.member import Member
from tests.bot.fake_telegram import FakeTelegram
from tests.factories import make_chat, make_member

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
REASONS = [{"key": "answered", "who": "Tom"}]


@pytest.fixture
def telegram(clock: SimulatedClock) -> FakeTelegram:
    return FakeTelegram(clock)


def door_to(database: Database, telegram: Any, clock: SimulatedClock, **values: Any) -> Door:
    return Door(database, telegram, clock, **{"defaults": Defaults(), "limits": Limits(), "name": "bot", **values})


async def queue_text(database: Database, kind: str, text: str, *, now: datetime, **values: Any) -> int:
    async with database.transaction() as session:
        delivery = await queue(session, kind, now=now, payload={"text": text}, **values)
        assert delivery is not None
        return delivery.id


async def a_member(database: Database, **values: Any) -> Member:
    async with database.transaction() as session:
        return await make_member(session, **values)


async def a_chat(database: Database, **values: Any) -> Chat:
    async with database.transaction() as session:
        return await make_chat(session, **values)


async def row(database: Database, delivery_id: int) -> Delivery:
    async with database.reading() as session:
        return await session.get_one(Delivery, delivery_id)


async def test_a_queued_reply_arrives_and_leaves_a_receipt(
    database: Database, telegram: FakeTelegram, clock: SimulatedClock
) -> None:
    mia = await a_member(database)
    reply_id = await queue_text(database, "reply", "Hello", member_id=mia.id, now=clock.now())

    n_sent = await door_to(database, telegram, clock).flush()

    assert n_sent == 1
    assert telegram.texts(mia.telegram_id) == ["Hello"]
    reply = await row(database, reply_id)
    assert (reply.sent_at, reply.telegram_message_id, reply.failure) == (clock.now(), 1, None)


async def test_nothing_is_sent_before_it_is_due(
    database: Database, telegram: FakeTelegram, clock: SimulatedClock
) -> None:
    mia = await a_member(database)
    due_at = clock.now() + timedelta(hours=1)
    await queue_text(database, "reminder", "Soon", member_id=mia.id, now=clock.now(), due_at=due_at)
    door = door_to(database, telegram, clock)

    before = await door.flush()
    await clock.advance(timedelta(hours=1))
    after = await door.flush()

    assert (before, after) == (0, 1)
