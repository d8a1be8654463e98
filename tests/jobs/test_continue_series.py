from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.clock import Clock
from bot.config import Config
from bot.scene.services import Services
from jobs import continue_series
from models.database import Database
from models.domain.events import events, series
from models.reading.recurrence import Recurrence
from models.tables.delivery import Delivery
from models.tables.event import Event
from tests.factories import make_chat, make_community, make_event, make_member
from tests.stage import TEXTS

BERLIN = ZoneInfo("Europe/Berlin")
# The clocks in Berlin go forward on 29 March 2026.
FIRST = datetime(2026, 3, 24, 19, tzinfo=BERLIN)


@pytest.fixture
def services(sqlite: Database, clock: Clock) -> Services:
    return Services(sqlite, clock, TEXTS, Config())


async def make_series(services: Services, rule: Recurrence) -> Event:
    async with services.database.transaction() as session:
        community = await make_community(session)
        chat = await make_chat(session, community_id=community.id)
        ana, jo = await make_member(session), await make_member(session)
        values = {"chat_id": chat.id, "host_id": ana.id, "capacity": 12, "time_zone": "Europe/Berlin"}
        ends_at = FIRST + timedelta(hours=2)
        event = await make_event(session, community, starts_at=FIRST, ends_at=ends_at, **values)
        await events.set_co_host(session, event, jo.id, is_host=True)
        await series.begin(session, event, rule, now=FIRST - timedelta(days=3))
    return event


async def starts(services: Services) -> list[datetime]:
    async with services.database.reading() as session:
        return [at.astimezone(BERLIN) for at in await session.scalars(select(Event.starts_at).order_by(Event.id))]


async def test_the_next_event_is_announced_at_the_same_wall_clock_time(services: Services) -> None:
    await make_series(services, Recurrence("week"))

    before = await continue_series.run(services, now=FIRST - timedelta(minutes=1))
    after = await continue_series.run(services, now=FIRST)
    again = await continue_series.run(services, now=FIRST + timedelta(minutes=10))

    assert [before[:1], after[:1], again[:1]] == ["0", "1", "0"]
    assert [f"{at:%d %B %H:%M}" for at in await starts(services)] == ["24 March 19:00", "31 March 19:00"]
    async with services.database.reading() as session:
        card = (await session.scalars(select(Delivery).where(Delivery.kind == "card"))).one()
        following = (await session.scalars(select(Event).order_by(Event.id.desc()).limit(1))).one()
        may_manage = await events.may_manage(session, following, 2)
    shown = re.sub(r"<[^>]+>", "", card.payload["text"])
    assert "Tue 31 Mar 2026, 19:00 – 21:00 Berlin" in shown
    assert "Every week" in shown
    assert following.capacity == 12
    assert may_manage


async def test_a_series_of_three_ends_after_the_third(services: Services) -> None:
    await make_series(services, Recurrence("week", count=3))

    for week in range(6):
        await continue_series.run(services, now=FIRST + timedelta(weeks=week))

    assert [at.date() for at in await starts(services)] == [date(2026, 3, 24), date(2026, 3, 31), date(2026, 4, 7)]


async def test_a_change_of_one_instance_stays_with_it(services: Services) -> None:
    event = await make_series(services, Recurrence("week"))
    await continue_series.run(services, now=FIRST)
    async with services.database.transaction() as session:
        second = (await session.scalars(select(Event).where(Event.id != event.id))).one()
        moved_to = second.starts_at + timedelta(days=1)
        await events.change(session, second.id, {"title": "Special", "starts_at": moved_to}, now=FIRST)

    await continue_series.run(services, now=moved_to)

    async with services.database.reading() as session:
        titles = list(await session.scalars(select(Event.title).order_by(Event.id)))
    assert titles == ["Demo night", "Special", "Demo night"]
    assert [at.day for at in await starts(services)] == [24, 1, 7]


async def test_a_draft_that_is_moved_takes_its_series_along(services: Services) -> None:
    event = await make_series(services, Recurrence("week"))
    async with services.database.transaction() as session:
        (await session.get_one(Event, event.id)).status = "draft"
        await events.change(session, event.id, {"starts_at": FIRST + timedelta(days=2)}, now=FIRST - timedelta(days=1))
        await events.publish(session, event.id, now=FIRST)

    await continue_series.run(services, now=FIRST + timedelta(days=2))

    assert [at.day for at in await starts(services)] == [26, 2]


async def test_a_stopped_series_announces_nothing(services: Services) -> None:
    event = await make_series(services, Recurrence("week"))
    async with services.database.transaction() as session:
        assert event.series_id is not None
        await series.stop(session, event.series_id, now=FIRST)

    outcome = await continue_series.run(services, now=FIRST + timedelta(days=1))

    assert outcome == "0 events announced for 0 series"


async def test_a_cancelled_instance_does_not_end_the_series(services: Services) -> None:
    event = await make_series(services, Recurrence("week"))
    async with services.database.transaction() as session:
        await events.cancel(session, event.id, now=FIRST - timedelta(days=1))

    await continue_series.run(services, now=FIRST)

    assert len(await starts(services)) == 2


def test_rules_survive_their_row() -> None:
    rule = Recurrence("month", 2, -1, datetime(2026, 12, 1, tzinfo=UTC), 5)

    assert series.rule_of(series.as_json(rule)) == rule


async def lead_from(services: Services, event_id: int, **changes: object) -> bool:
    """The host changes one event and says that the coming ones shall be like it."""
    async with services.database.transaction() as session:
        event = await session.get_one(Event, event_id)
        await events.change(session, event_id, changes, now=FIRST)
        return await series.lead(session, event)


async def test_a_changed_event_leads_the_coming_ones_when_its_host_says_so(services: Services) -> None:
    await make_series(services, Recurrence("week", count=4))
    await continue_series.run(services, now=FIRST)
    moved_to = datetime(2026, 4, 1, 20, 30, tzinfo=BERLIN)

    is_leading = await lead_from(services, 2, starts_at=moved_to, place="Café Kranz", capacity=30)
    for week in range(6):
        await continue_series.run(services, now=moved_to + timedelta(weeks=week))

    assert is_leading
    # Four in all: the count goes on, it does not begin anew.
    assert [f"{at:%a %d %B %H:%M}" for at in await starts(services)] == [
        "Tue 24 March 19:00",
        "Wed 01 April 20:30",
        "Wed 08 April 20:30",
        "Wed 15 April 20:30",
    ]
    async with services.database.reading() as session:
        found = list(await session.scalars(select(Event).order_by(Event.id)))
    assert [event.place for event in found] == [None, "Café Kranz", "Café Kranz", "Café Kranz"]
    assert [event.capacity for event in found] == [12, 30, 30, 30]


@pytest.mark.parametrize(
    ("rule", "moved_to", "following"),
    [
        (
            Recurrence("month", week_of_month=4),
            datetime(2026, 4, 15, 19, tzinfo=BERLIN),
            "Wed 20 May",
        ),  # third Wednesday
        (
            Recurrence("month", week_of_month=-1),
            datetime(2026, 4, 30, 19, tzinfo=BERLIN),
            "Thu 28 May",
        ),  # last: stays last
        (
            Recurrence("month", week_of_month=4),
            datetime(2026, 4, 29, 19, tzinfo=BERLIN),
            "Wed 27 May",
        ),  # fifth: the last
    ],
)
async def test_a_monthly_series_goes_on_from_the_weekday_of_the_event_that_leads(
    services: Services, rule: Recurrence, moved_to: datetime, following: str
) -> None:
    await make_series(services, rule)
    await continue_series.run(services, now=FIRST)

    await lead_from(services, 2, starts_at=moved_to)
    await continue_series.run(services, now=moved_to)

    assert f"{(await starts(services))[-1]:%a %d %B}" == following


async def test_nothing_leads_a_series_that_was_stopped(services: Services) -> None:
    event = await make_series(services, Recurrence("week"))
    async with services.database.transaction() as session:
        await series.stop(session, event.series_id or 0, now=FIRST)

    assert not await lead_from(services, event.id, place="Café Kranz")
