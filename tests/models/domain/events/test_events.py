from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models.database import Database
from models.domain.events import events, series
from models.domain.events.events import EventIsPast
from models.domain.members import rights
from models.reading.event_draft import EventDraft
from models.reading.recurrence import Recurrence
from models.tables.event import Event, EventSeries
from tests.factories import join, make_community, make_event, make_member, make_rsvp

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STARTS_AT = datetime(2026, 3, 10, 18, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("settings", "is_admin", "may"),
    [
        ({}, True, True),
        ({}, False, False),  # admins only, by default
        ({"event_creators": "everyone"}, False, True),
        ({"event_creators": "admins"}, False, False),
    ],
)
async def test_who_may_plan_is_the_admins_choice(
    sqlite: Database, settings: dict[str, str], is_admin: bool, may: bool
) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session, settings=settings)

        assert rights.may_create(community, is_admin=is_admin) == may


async def test_hosts_co_hosts_and_admins_manage_and_nobody_else(database: Database) -> None:
    async with database.transaction() as session:
        community, other = await make_community(session), await make_community(session)
        host, co_host, admin, gone, foreign, guest = [await make_member(session) for _ in range(6)]
        for member, role in ((host, "member"), (co_host, "member"), (admin, "admin"), (guest, "member")):
            await join(session, member, community, role=role)
        await join(session, gone, community, role="owner", left_at=NOW)
        await join(session, foreign, other, role="owner")
        event = await make_event(session, community, host_id=host.id)
        await events.set_co_host(session, event, co_host.id, is_host=True)
        await events.set_co_host(session, event, co_host.id, is_host=True)

        may = [await events.may_manage(session, event, who.id) for who in (host, co_host, admin, gone, foreign, guest)]
        await events.set_co_host(session, event, co_host.id, is_host=False)
        still = await events.may_manage(session, event, co_host.id)

    assert may == [True, True, True, False, False, False]
    assert not still


async def test_a_draft_is_published_once_and_never_in_the_past(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)
        draft = EventDraft("Demo night", STARTS_AT)
        values = {"community": community, "zone": "UTC", "host_id": None, "chat_id": None, "thread_id": None}
        event = await events.plan(session, draft, **values, now=NOW)

        with pytest.raises(EventIsPast):
            await events.publish(session, event.id, now=STARTS_AT)
        first, second = [await events.publish(session, event.id, now=NOW) for _ in range(2)]

    assert first is not None
    assert (first.status, second) == ("published", None)


async def test_a_dropped_draft_leaves_nothing_and_a_published_event_is_not_dropped(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)
        draft = EventDraft("Demo night", STARTS_AT, repeats=Recurrence("week"))
        values = {"community": community, "zone": "UTC", "host_id": None, "chat_id": None, "thread_id": None}
        event = await events.plan(session, draft, **values, now=NOW)
        published = await make_event(session, community)

        await events.drop(session, event.id)
        await events.drop(session, published.id)

        left = list(await session.scalars(select(Event.id)))
        rhythms = list(await session.scalars(select(EventSeries.id)))
    assert left == [published.id]
    assert rhythms == []


async def test_a_moved_event_keeps_its_length_and_asks_again(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        event = await make_event(session, community, starts_at=STARTS_AT, ends_at=STARTS_AT + 2 * HOUR)
        mia = await make_member(session)
        rsvp = await make_rsvp(session, event, mia, confirmed_at=NOW)

        changed = await events.change(session, event.id, {"starts_at": STARTS_AT + HOUR, "ends_at": None}, now=NOW)
        with pytest.raises(EventIsPast):
            await events.change(session, event.id, {"starts_at": NOW}, now=NOW)
        with pytest.raises(KeyError):
            await events.change(session, event.id, {"status": "draft"}, now=NOW)

    assert changed is not None
    assert (changed.is_moved, event.ends_at, event.sequence) == (True, STARTS_AT + 3 * HOUR, 1)
    assert rsvp.confirmed_at is None


async def test_only_published_events_to_come_are_listed_soonest_first(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        community, other = await make_community(session), await make_community(session)
        for title, place, values in (
            ("later", community, {"starts_at": STARTS_AT}),
            ("sooner", community, {"starts_at": NOW + HOUR}),
            ("on now", community, {"starts_at": NOW - HOUR / 2}),
            ("past", community, {"starts_at": NOW - 5 * HOUR}),
            ("draft", community, {"starts_at": STARTS_AT, "status": "draft"}),
            ("cancelled", community, {"starts_at": STARTS_AT, "status": "cancelled"}),
            ("elsewhere", other, {"starts_at": STARTS_AT}),
        ):
            await make_event(session, place, title=title, **values)

        found = await events.upcoming(session, [community.id], now=NOW)

    assert [event.title for event in found] == ["on now", "sooner", "later"]


async def test_all_that_is_coming_of_a_series_is_called_off_once(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        first = await make_event(session, community, starts_at=NOW - 7 * DAY)
        rhythm = await series.begin(session, first, Recurrence("week"), now=NOW)
        later, sooner, dropped = [
            await make_event(session, community, starts_at=NOW + days * DAY, status=status, series_id=rhythm.id)
            for days, status in ((8, "published"), (7, "published"), (9, "cancelled"))
        ]
        other = await make_event(session, community, starts_at=NOW + 7 * DAY)
        went_on = await series.goes_on(session, sooner, now=NOW)

        cancelled = [one.id for one in await events.cancel_coming(session, sooner, now=NOW)]
        again = await events.cancel_coming(session, sooner, now=NOW)

        goes_on = await series.goes_on(session, sooner, now=NOW)

    assert cancelled == [sooner.id, later.id]
    assert again == []
    assert (first.status, other.status, dropped.cancelled_at) == ("published", "published", None)
    assert (went_on, goes_on) == (True, False)
