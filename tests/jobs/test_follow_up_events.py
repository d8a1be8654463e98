from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.config import Config
from bot.scene.services import Services
from jobs import follow_up_events
from models.database import Database
from models.domain.events import ratings
from models.domain.events.ratings import NotAnAttendee
from models.domain.introductions import meetings
from models.tables.delivery import Delivery
from models.tables.event import Event, EventRating
from models.tables.interaction import Interaction
from models.tables.member import Member
from tests.factories import join, make_community, make_event, make_member, make_rsvp
from tests.stage import TEXTS

# An afternoon, so that nobody sleeps when it ends.
STARTS_AT = datetime(2026, 3, 10, 14, tzinfo=UTC)
ENDED = STARTS_AT + timedelta(hours=2)
HOUR = timedelta(hours=1)


@pytest.fixture
def services(sqlite: Database, clock: Clock) -> Services:
    return Services(sqlite, clock, TEXTS, Config())


async def make_evening(session: AsyncSession, *, are_checked_in: bool = True) -> tuple[Event, list[Member]]:
    """Hosted by Ana; Mia and Jo came, Wei said yes and did not."""
    community = await make_community(session)
    people = [await make_member(session, name=name) for name in ("Ana", "Mia", "Jo", "Wei")]
    for member in people:
        await join(session, member, community)
    event = await make_event(session, community, starts_at=STARTS_AT, ends_at=ENDED, host_id=people[0].id)
    for member in people[1:]:
        came = are_checked_in and member is not people[3]
        answered_at = STARTS_AT - timedelta(days=2)
        await make_rsvp(session, event, member, answered_at=answered_at, checked_in_at=STARTS_AT if came else None)
    return event, people


async def told(services: Services, kind: str) -> list[Delivery]:
    async with services.database.reading() as session:
        return list(await session.scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)))


async def test_only_those_who_were_there_are_asked_once(services: Services) -> None:
    async with services.database.transaction() as session:
        _, [_, mia, jo, _] = await make_evening(session)

    outcomes = [
        await follow_up_events.run(services, now=ENDED + passed) for passed in (timedelta(minutes=10), HOUR, 2 * HOUR)
    ]

    assert outcomes == [
        "0 attendees asked",
        "2 attendees asked",
        "0 attendees asked",
    ]
    assert [delivery.member_id for delivery in await told(services, "follow_up")] == [mia.id, jo.id]


async def test_where_nobody_was_checked_in_everybody_who_said_yes_is_asked(services: Services) -> None:
    async with services.database.transaction() as session:
        await make_evening(session, are_checked_in=False)

    outcome = await follow_up_events.run(services, now=ENDED + HOUR)

    assert outcome == "3 attendees asked"


async def test_a_later_rating_replaces_the_first_and_absentees_have_none(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, [_, mia, _, wei] = await make_evening(session)
        await ratings.rate(session, event.id, mia.id, 2, now=ENDED)
        await ratings.rate(session, event.id, mia.id, 4, now=ENDED)

        for who, stars, now in ((wei, 5, ENDED), (mia, 6, ENDED), (mia, 5, ENDED + timedelta(days=30))):
            with pytest.raises(NotAnAttendee):
                await ratings.rate(session, event.id, who.id, stars, now=now)

        kept = list(await session.scalars(select(EventRating)))
    assert [(row.member_id, row.stars) for row in kept] == [(mia.id, 4)]


async def test_whom_one_met_is_a_toggle_among_attendees(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, [_, mia, jo, wei] = await make_evening(session)

        await meetings.turn_met(session, event.id, mia.id, jo.id, now=ENDED)
        once = await meetings.people_met(session, event.id, mia.id)
        await meetings.turn_met(session, event.id, mia.id, jo.id, now=ENDED)
        twice = await meetings.people_met(session, event.id, mia.id)
        with pytest.raises(NotAnAttendee):
            await meetings.turn_met(session, event.id, mia.id, wei.id, now=ENDED)

        values = list(await session.scalars(select(Interaction.value).where(Interaction.kind == "met")))
    assert (once, twice, values) == ({jo.id}, set(), [1, -1])
