from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.playground.clock import SimulatedClock
from bot.playground.server.snapshots import Chat, Message, User
from models.database import Database
from models.domain.events import seats
from models.domain.events.seats import Seating
from models.domain.hearing import inbox
from models.tables.member import Member
from tests.crowd import Standing, expected, standing, wishes
from tests.journeys.test_events import card_in, make_known, publish
from tests.stage import Stage

CAPACITY = 10
LINE = f"/event Demo night, Fri 19:00-21:30 @ Café Kranz, {CAPACITY} seats"


@pytest.fixture
async def busy(database: Database, clock: SimulatedClock) -> AsyncIterator[Stage]:
    """The stage on each engine: seats and their order are what engines could differ in."""
    opened = Stage(database, clock)
    await opened.open()
    yield opened
    await opened.close()


async def _planned(stage: Stage, n_people: int) -> tuple[Chat, Message, list[User]]:
    club, olga, people = stage.club(*(f"Member {number}" for number in range(n_people)))
    await make_known(stage, club, olga)
    return club, await publish(stage, club, olga, LINE), people


def _n_edits(stage: Stage) -> int:
    return sum(call.method == "editMessageText" for call in stage.telegram.calls)


async def test_forty_presses_at_once_all_count_in_their_order(busy: Stage) -> None:
    club, card, people = await _planned(busy, 40)
    n_before = _n_edits(busy)

    pressed = list(zip(people, wishes(len(people)), strict=True))
    answers = [busy.telegram.press(person, card, button) for person, button in pressed]
    await busy.settle(6)

    wanted = expected([(person.id, button) for person, button in pressed], CAPACITY)
    assert all(press.is_answered for press in answers)
    assert await standing(busy.database) == wanted
    assert len(wanted.waitlist) > 0
    assert wanted.shown(CAPACITY) in card_in(busy, club).text
    assert _n_edits(busy) - n_before <= 3


async def test_thirty_thumbs_at_once_all_count_in_their_order(busy: Stage) -> None:
    club, card, people = await _planned(busy, 30)
    n_before = _n_edits(busy)

    for person in people:
        busy.telegram.react(person, card, ["👍"])
    busy.telegram.react(people[0], card, [])
    await busy.settle(6)

    there = await standing(busy.database)
    # The seat that was given back went to the first in line.
    assert there.going == {person.id for person in people[1 : CAPACITY + 1]}
    assert there.waitlist == tuple(person.id for person in people[CAPACITY + 1 :])
    assert f"✅ Going {CAPACITY}/{CAPACITY} · ⏳ Waitlist 19" in card_in(busy, club).text
    assert _n_edits(busy) - n_before <= 3


async def test_who_takes_an_answer_back_in_the_rush_stands_at_the_end_of_the_line(busy: Stage) -> None:
    _, card, people = await _planned(busy, 14)
    for person in people[:13]:
        busy.telegram.press(person, card, "✅ Going")
    await busy.settle(6)
    first_in_line, last = people[10], people[13]

    # Out, a newcomer in, and back again, all before the bot looks.
    busy.telegram.press(first_in_line, card, "✅ Going")
    busy.telegram.press(last, card, "✅ Going")
    back = busy.telegram.press(first_in_line, card, "✅ Going")
    await busy.settle(6)

    line = (await standing(busy.database)).waitlist
    assert line == (people[11].id, people[12].id, last.id, first_in_line.id)
    assert back.is_answered


async def test_a_press_that_fails_sets_only_itself_aside(busy: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    _, card, people = await _planned(busy, 6)
    poisoned, answer = people[2].id, seats.answer

    async def fail_for_one(session: AsyncSession, event_id: int, member_id: int, wish: str, **named: Any) -> Seating:
        found = await answer(session, event_id, member_id, wish, **named)
        if (await session.get_one(Member, member_id)).telegram_id == poisoned:
            raise ValueError("no")
        return found

    monkeypatch.setattr("bot.handlers.rsvps.seats.answer", fail_for_one)
    answers = [busy.telegram.press(person, card, "✅ Going") for person in people]
    await busy.settle(6)

    others = frozenset(person.id for person in people if person.id != poisoned)
    assert all(press.is_answered for press in answers)
    assert await standing(busy.database) == Standing(others, (), frozenset(), frozenset())
    async with busy.database.reading() as session:
        assert len(await inbox.quarantined_updates(session)) == 1
