from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.clock import Clock
from bot.config import Config
from bot.scene.services import Services
from jobs import ask_after_listings
from models.database import Database
from models.tables.delivery import Delivery
from models.tables.listing import Listing
from tests.factories import join, make_community, make_listing, make_member
from tests.stage import TEXTS

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def services(database: Database, clock: Clock) -> Services:
    return Services(database, clock, TEXTS, Config())


async def deliveries(services: Services) -> list[Delivery]:
    async with services.database.reading() as session:
        return list(await session.scalars(select(Delivery).order_by(Delivery.id)))


async def test_a_question_is_asked_once_and_of_no_use_after_the_end(services: Services) -> None:
    async with services.database.transaction() as session:
        community, mia = await make_community(session), await make_member(session, name="Mia", language="zh")
        await join(session, mia, community)
        await make_listing(session, mia, community, expires_at=NOON + 2 * DAY)

    said = [await ask_after_listings.run(services, now=NOON) for _ in range(2)]

    [question] = await deliveries(services)
    assert said == ["1 questions queued, 0 needs and offers ended", "0 questions queued, 0 needs and offers ended"]
    assert question.expires_at == NOON + 2 * DAY
    assert "到期，还要继续留着吗" in question.payload["text"]


async def test_at_night_the_question_waits_for_the_morning(services: Services) -> None:
    async with services.database.transaction() as session:
        community, mia = await make_community(session), await make_member(session)
        await make_listing(session, mia, community, expires_at=NOON + 2 * DAY)

    await ask_after_listings.run(services, now=NOON.replace(hour=23))

    [question] = await deliveries(services)
    assert question.due_at == NOON.replace(hour=8) + DAY


async def test_whoever_cannot_be_written_to_hears_nothing_and_it_ends_all_the_same(services: Services) -> None:
    async with services.database.transaction() as session:
        community, mia = await make_community(session), await make_member(session, reachable_at=None)
        await make_listing(session, mia, community, expires_at=NOON)

    await ask_after_listings.run(services, now=NOON)

    async with services.database.reading() as session:
        [closed_at] = await session.scalars(select(Listing.closed_at))
    assert closed_at == NOON
    assert await deliveries(services) == []
