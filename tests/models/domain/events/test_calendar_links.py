from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.events import calendar_links, check_ins, events, ratings, seats
from models.tables.event import Event
from models.tables.member import Member
from tests.factories import join, make_community, make_event, make_member, make_rsvp

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


async def make_going(session: AsyncSession, status: str = "going") -> tuple[Member, Event]:
    community = await make_community(session)
    mia = await make_member(session)
    await join(session, mia, community)
    event = await make_event(session, community)
    await make_rsvp(session, event, mia, status=status)
    return mia, event


async def test_a_feed_holds_ones_own_events_and_follows_changes(database: Database) -> None:
    async with database.transaction() as session:
        mia, event = await make_going(session)
        token = await calendar_links.open_feed(session, mia.id, now=NOW)
        before = await calendar_links.feed(session, token, now=NOW)

        await events.change(session, event.id, {"place": "Werkstatt"}, now=NOW)
        await events.cancel(session, event.id, now=NOW + timedelta(hours=1))
        after = await calendar_links.feed(session, token, now=NOW)

    assert before is not None
    assert after is not None
    [first], [then] = before.events, after.events
    assert (first.uid, first.sequence, first.is_cancelled) == (then.uid, 0, False)
    assert (then.sequence, then.is_cancelled, then.place) == (2, True, "Werkstatt")
    assert then.changed_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize("status", ["not_going", "withdrawn", "lapsed"])
async def test_what_one_does_not_attend_is_not_in_the_feed(sqlite: Database, status: str) -> None:
    async with sqlite.transaction() as session:
        mia, _ = await make_going(session, status)
        token = await calendar_links.open_feed(session, mia.id, now=NOW)

        found = await calendar_links.feed(session, token, now=NOW)

    assert found is not None
    assert found.events == ()


async def test_an_event_without_an_end_is_over_when_it_ends_in_calendars(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        mia, event = await make_going(session)

        ends_at = calendar_links.calendar_event(event).shown_until

        before = await ratings.ended_within(session, now=ends_at - SECOND, after=timedelta(), until=HOUR)
        after = await ratings.ended_within(session, now=ends_at, after=timedelta(), until=HOUR)
        checked_in = await check_ins.check_in(session, event.id, mia.id, now=ends_at + HOUR + SECOND)
    assert (seats.is_over(event, ends_at - SECOND), seats.is_over(event, ends_at)) == (False, True)
    assert (before, after) == ([], [event])
    assert checked_in.outcome == "too_late"


async def test_a_new_address_stops_the_old_one_and_revoking_stops_both(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        mia, _ = await make_going(session)
        old = await calendar_links.open_feed(session, mia.id, now=NOW)
        new = await calendar_links.open_feed(session, mia.id, now=NOW)
        works = [await calendar_links.feed(session, token, now=NOW) is not None for token in (old, new, "guess")]

        await calendar_links.close_feed(session, mia.id)
        still_works = await calendar_links.feed(session, new, now=NOW)

    assert works == [False, True, False]
    assert still_works is None
