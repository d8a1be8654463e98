from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.config import Config
from bot.scene.services import Services
from jobs import remind_of_events
from models.database import Database
from models.domain.events import events, seats
from models.domain.events.series import begin
from models.reading.recurrence import Recurrence
from models.tables.community import Community
from models.tables.delivery import Delivery
from models.tables.event import Event
from models.tables.member import Member
from tests.factories import join, make_community, make_event, make_member, make_rsvp
from tests.stage import TEXTS

# Noon in UTC, which is where nobody's night is by default.
STARTS_AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def services(sqlite: Database, clock: Clock) -> Services:
    return Services(sqlite, clock, TEXTS, Config())


async def make_going(session: AsyncSession, **member: Any) -> tuple[Event, Member]:
    community = await make_community(session)
    event = await make_event(session, community, starts_at=STARTS_AT, place="Café Kranz")
    mia = await make_member(session, name="Mia", **member)
    await join(session, mia, community)
    await make_rsvp(session, event, mia)
    return event, mia


async def reminders(services: Services) -> list[Delivery]:
    async with services.database.reading() as session:
        query = select(Delivery).where(Delivery.kind == "reminder").order_by(Delivery.id)
        return list(await session.scalars(query))


async def test_who_goes_is_reminded_a_day_and_an_hour_before_each_once(services: Services) -> None:
    async with services.database.transaction() as session:
        await make_going(session)

    for minutes in range(0, 25 * 60, 5):
        await remind_of_events.run(services, now=STARTS_AT - timedelta(hours=25) + timedelta(minutes=minutes))

    queued = await reminders(services)
    assert [reminder.due_at for reminder in queued] == [STARTS_AT - DAY, STARTS_AT - HOUR]
    assert "Still coming?" in queued[0].payload["text"]
    assert "Release my seat" in str(queued[0].payload["reply_markup"])
    assert "Café Kranz" in queued[1].payload["text"]


async def test_of_a_series_each_reader_is_reminded_once_of_each_sitting_they_go_to(services: Services) -> None:
    """Sittings moved to days in a row: nothing is sent twice, nor for one they skip."""
    async with services.database.transaction() as session:
        first, mia = await make_going(session)
        series = await begin(session, first, Recurrence("week"), now=STARTS_AT - 3 * DAY)
        sittings = [first]
        for day in (1, 2, 3):
            values = {"starts_at": STARTS_AT + day * DAY, "series_id": series.id, "title": first.title}
            sittings.append(await make_event(session, Community(id=first.community_id), **values))
        jo = await make_member(session, name="Jo")
        await join(session, jo, Community(id=first.community_id))
        for who, going in ((mia, (1, 3)), (jo, (0, 1))):
            for number in going:
                await make_rsvp(session, sittings[number], who)

    for hours in range(6 * 24):
        for _ in range(2):
            await remind_of_events.run(services, now=STARTS_AT - 2 * DAY + hours * HOUR)

    told = [(one.member_id, one.about_id, one.due_at) for one in await reminders(services)]
    expected = [
        (who.id, sittings[number].id, STARTS_AT + number * DAY - before)
        for who, going in ((mia, (0, 1, 3)), (jo, (0, 1)))
        for number in going
        for before in (DAY, HOUR)
    ]
    assert sorted(told) == sorted(expected)


async def test_two_events_of_one_morning_are_reminded_of_each_by_its_own_message(services: Services) -> None:
    """Each has its own seat to release; both wait for the end of the night, and come once."""
    async with services.database.transaction() as session:
        event, mia = await make_going(session, time_zone="America/Los_Angeles")
        other = await make_event(
            session, Community(id=event.community_id), title="Pitch", starts_at=STARTS_AT + HOUR / 4
        )
        await make_rsvp(session, other, mia)

    for minutes in range(0, 60, 5):
        await remind_of_events.run(services, now=STARTS_AT - DAY + timedelta(minutes=minutes))

    queued = await reminders(services)
    assert [one.about_id for one in queued] == [event.id, other.id]
    assert {one.due_at for one in queued} == {STARTS_AT - DAY + 3 * HOUR}
    assert all("Release my seat" in str(one.payload["reply_markup"]) for one in queued)


@pytest.mark.parametrize(
    ("member", "now", "due_at", "is_silent"),
    [
        # At noon in Berlin nobody sleeps.
        ({"time_zone": "Europe/Berlin"}, STARTS_AT - DAY, STARTS_AT - DAY, False),
        # Noon in UTC is 4 in the morning in Los Angeles (winter time ended): after the night.
        ({"time_zone": "America/Los_Angeles"}, STARTS_AT - DAY, STARTS_AT - DAY + timedelta(hours=3), False),
        # An hour before, the night would outlast the start: at once, without a sound.
        ({"time_zone": "America/Los_Angeles"}, STARTS_AT - HOUR, STARTS_AT - HOUR, True),
    ],
)
async def test_reminders_mind_the_members_night(
    services: Services, member: dict[str, str], now: datetime, due_at: datetime, is_silent: bool
) -> None:
    async with services.database.transaction() as session:
        await make_going(session, **member)

    await remind_of_events.run(services, now=now)

    [queued] = await reminders(services)
    assert queued.due_at == due_at
    assert bool(queued.payload.get("disable_notification")) == is_silent


async def test_a_moved_event_reminds_at_its_new_time(services: Services) -> None:
    async with services.database.transaction() as session:
        event, _ = await make_going(session)
    await remind_of_events.run(services, now=STARTS_AT - DAY)
    async with services.database.transaction() as session:
        await events.change(session, event.id, {"starts_at": STARTS_AT + 3 * DAY}, now=STARTS_AT - DAY)

    await remind_of_events.run(services, now=STARTS_AT - HOUR)
    await remind_of_events.run(services, now=STARTS_AT + 2 * DAY)

    first, second = await reminders(services)
    assert first.failure == "withdrawn"
    assert (second.due_at, second.failed_at) == (STARTS_AT + 2 * DAY, None)


async def test_a_cancelled_event_reminds_nobody(services: Services) -> None:
    async with services.database.transaction() as session:
        event, _ = await make_going(session, time_zone="America/Los_Angeles")
    await remind_of_events.run(services, now=STARTS_AT - DAY)
    async with services.database.transaction() as session:
        await events.cancel(session, event.id, now=STARTS_AT - DAY)

    outcome = await remind_of_events.run(services, now=STARTS_AT - HOUR)

    assert [reminder.failure for reminder in await reminders(services)] == ["withdrawn"]
    assert outcome == "0 reminders queued for 0 events within a day"


async def test_who_has_just_answered_or_cannot_be_reached_is_not_reminded(services: Services) -> None:
    async with services.database.transaction() as session:
        event, mia = await make_going(session)
        community = await make_community(session)
        unreachable = await make_member(session, reachable_at=None)
        await join(session, unreachable, community)
        await make_rsvp(session, event, unreachable)
        await seats.answer(session, event.id, mia.id, "withdraw", now=STARTS_AT - DAY)
        await seats.answer(session, event.id, mia.id, "going", now=STARTS_AT - DAY + HOUR)

    await remind_of_events.run(services, now=STARTS_AT - DAY + 2 * HOUR)

    assert await reminders(services) == []


@pytest.mark.parametrize(
    ("language", "minutes_before", "told"),
    [
        ("en", 60, "⏰ In an hour: <b>Demo night</b>, "),
        ("zh", 55, "⏰ 一小时后：<b>Demo night</b>，"),
        # We were down, or it was night.
        ("en", 20, "⏰ Soon: <b>Demo night</b>, "),
        ("zh", 20, "⏰ 快开始了：<b>Demo night</b>，"),
    ],
)
async def test_the_last_reminder_says_how_soon_it_is(
    services: Services, language: str, minutes_before: int, told: str
) -> None:
    async with services.database.transaction() as session:
        event, _ = await make_going(session, language=language)
        event.title = "Demo night"

    await remind_of_events.run(services, now=STARTS_AT - timedelta(minutes=minutes_before))

    [queued] = await reminders(services)
    assert queued.payload["text"].startswith(told)
