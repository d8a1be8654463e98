from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.events import check_ins
from models.domain.events.check_ins import Reliability
from models.tables.event import Event, Rsvp
from models.tables.interaction import Interaction
from models.tables.member import Member
from tests.factories import join, make_community, make_event, make_member, make_rsvp

STARTS_AT = datetime(2026, 3, 10, 18, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def make_guest(session: AsyncSession, **event: object) -> tuple[Event, Member]:
    community = await make_community(session)
    mia = await make_member(session, name="Mia")
    await join(session, mia, community)
    made = await make_event(session, community, starts_at=STARTS_AT, **event)
    await make_rsvp(session, made, mia)
    return made, mia


async def test_a_member_is_let_in_once(database: Database) -> None:
    async with database.transaction() as session:
        event, mia = await make_guest(session)

        first = await check_ins.check_in(session, event.id, mia.id, now=STARTS_AT)
        second = await check_ins.check_in(session, event.id, mia.id, now=STARTS_AT + HOUR)

        kinds = list(await session.scalars(select(Interaction.kind)))
    assert (first.outcome, first.at) == ("in", STARTS_AT)
    assert (second.outcome, second.at) == ("already", STARTS_AT)
    assert kinds == ["check_in"]


@pytest.mark.parametrize(
    ("event", "now", "is_by_host", "outcome"),
    [
        ({}, STARTS_AT - 3 * HOUR, False, "too_early"),
        ({}, STARTS_AT - 2 * HOUR, False, "in"),
        ({}, STARTS_AT + 5 * HOUR, False, "too_late"),  # without an end three hours count, and one more
        ({}, STARTS_AT + 5 * HOUR, True, "in"),  # a host without network marks later
        ({}, STARTS_AT + 15 * DAY, True, "too_late"),
        ({"status": "cancelled"}, STARTS_AT, False, "cancelled"),
        ({"status": "draft"}, STARTS_AT, False, "unknown"),
    ],
)
async def test_check_in_has_its_time(
    sqlite: Database, event: dict[str, object], now: datetime, is_by_host: bool, outcome: str
) -> None:
    async with sqlite.transaction() as session:
        made, mia = await make_guest(session, **event)

        result = await check_ins.check_in(session, made.id, mia.id, now=now, is_by_host=is_by_host)

    assert result.outcome == outcome


async def test_who_came_without_an_answer_is_on_the_list_and_can_be_taken_off(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, _ = await make_guest(session)
        jo = await make_member(session, name="Jo")
        community = await make_community(session)
        event.community_id = community.id
        await join(session, jo, community)

        result = await check_ins.check_in(session, event.id, jo.id, now=STARTS_AT)
        listed = [(row.name, row.checked_in_at is not None) for row in await check_ins.guest_list(session, event.id)]
        await check_ins.undo(session, event.id, jo.id, now=STARTS_AT)
        rows = list(await session.scalars(select(Rsvp.member_id)))

    assert result.outcome == "in"
    assert sorted(listed) == [("Jo", True), ("Mia", False)]
    assert jo.id not in rows


async def test_strangers_cannot_check_in(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, _ = await make_guest(session)
        eve = await make_member(session)

        result = await check_ins.check_in(session, event.id, eve.id, now=STARTS_AT)

    assert result.outcome == "not_a_member"


async def test_a_code_works_for_members_while_the_event_is_on(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, mia = await make_guest(session)
        eve = await make_member(session)
        code = await check_ins.code_of(session, event.id)
        wrong = f"{(int(code) + 1) % 10_000:04}"

        found = [
            await check_ins.event_with_code(session, who.id, typed, now=now) is not None
            for who, typed, now in (
                (mia, code, STARTS_AT),
                (mia, wrong, STARTS_AT),
                (eve, code, STARTS_AT),
                (mia, code, STARTS_AT + DAY),
            )
        ]

        assert await check_ins.code_of(session, event.id) == code
    assert found == [True, False, False, False]


async def test_no_shows_are_counted_only_where_people_were_checked_in_and_fade(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        mia, jo = await make_member(session), await make_member(session)
        # Came, missed, missed where nobody was checked in, missed long ago.
        for days_ago, came, others in ((10, True, False), (20, False, True), (30, False, False), (200, False, True)):
            event = await make_event(session, community, starts_at=STARTS_AT - days_ago * DAY)
            await make_rsvp(session, event, mia, checked_in_at=STARTS_AT if came else None)
            await make_rsvp(session, event, jo, checked_in_at=STARTS_AT if others else None)

        kept = await check_ins.reliability(session, mia.id, now=STARTS_AT)

    assert kept == Reliability(n_came=1, n_missed=1)
