"""Presses, guests, lapses, edits and cancellations in any order: the room is never overfull and nobody waits for nothing."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete

from models.database import Database
from models.domain.events import events, seats
from models.domain.events.seats import CapacityTooSmall
from models.domain.events.waitlist import first_that_fits, line, seats_taken
from models.domain.events.wishes import WISHES, AnswerRefused
from models.encryption import KeyRing
from models.tables.event import Event, Rsvp
from tests.factories import join, make_community, make_event, make_member

STARTS_AT = datetime(2026, 3, 10, 18, tzinfo=UTC)
N_MEMBERS = 6
A_WISH = st.sampled_from(sorted(WISHES))


class Room(RuleBasedStateMachine):
    """One event on a real database; everything happens in one transaction that is rolled back at the end."""

    database: Database
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.now = STARTS_AT - timedelta(days=7)
        self.session: Any = self.database._writing()
        self.do(self._fill_the_stage())

    def do(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    async def _fill_the_stage(self) -> None:
        await self.session.begin()
        community = await make_community(self.session)
        self.members = [await make_member(self.session) for _ in range(N_MEMBERS)]
        for member in self.members:
            await join(self.session, member, community)
        self.event = await make_event(self.session, community, starts_at=STARTS_AT, capacity=2, plus_ones=2)

    def teardown(self) -> None:
        self.do(self.session.rollback())
        self.do(self.session.close())

    @rule(number=st.integers(0, N_MEMBERS - 1), wish=A_WISH)
    def press(self, number: int, wish: str) -> None:
        member_id = self.members[number].id
        before = self.standing()
        try:
            answered = self.do(seats.answer(self.session, self.event.id, member_id, wish, now=self.now))
        except AnswerRefused:
            assert self.standing() == before
            return
        assert answered.status == self.standing()[member_id][0]

    @rule(
        number=st.integers(0, N_MEMBERS - 1),
        status=st.sampled_from(["going", "maybe", "not_going"]),
        guests=st.none() | st.integers(0, 3),
    )
    def say_outright(self, number: int, status: str, guests: int | None) -> None:
        member_id = self.members[number].id
        before = self.standing()
        try:
            self.state(member_id, status, guests)
        except AnswerRefused:
            assert self.standing() == before
            return
        after = self.standing()
        again = self.state(member_id, status, guests)
        assert not again.is_changed
        assert self.standing() == after

    def state(self, member_id: int, status: str, guests: int | None) -> seats.Seating:
        stated = seats.state(self.session, self.event.id, member_id, status, guests=guests, now=self.now)
        answered: seats.Seating = self.do(stated)
        return answered

    @rule(hours=st.integers(1, 40))
    def pass_time(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def pass_on(self) -> None:
        before = self.standing()
        passed = self.do(seats.pass_on(self.session, self.event.id, now=self.now))
        assert all(before[member_id][0] == "going" for member_id in passed.lapsed_ids)
        assert len(passed.promoted_ids) >= len(passed.lapsed_ids)

    @rule(capacity=st.none() | st.integers(1, 6))
    def edit_capacity(self, capacity: int | None) -> None:
        before = self.standing()
        event = self.do(seats.lock(self.session, self.event.id))
        try:
            self.do(seats.set_capacity(self.session, event, capacity, now=self.now))
        except CapacityTooSmall:
            assert self.standing() == before

    @rule(is_cancelled=st.booleans())
    def cancel_or_revive(self, is_cancelled: bool) -> None:
        self.event.status = "cancelled" if is_cancelled else "published"

    @rule(days=st.integers(1, 30))
    def put_off(self, days: int) -> None:
        """Also once it has begun."""
        starts_at = max(self.now, self.event.starts_at) + timedelta(days=days)
        self.do(events.change(self.session, self.event.id, {"starts_at": starts_at}, now=self.now))

    @rule(number=st.integers(0, N_MEMBERS - 1))
    def erase(self, number: int) -> None:
        """Their answer goes with them; the job that is called then passes their seat on."""
        self.do(self.session.execute(delete(Rsvp).where(Rsvp.member_id == self.members[number].id)))
        self.do(seats.pass_on(self.session, self.event.id, now=self.now))

    @invariant()
    def the_room_is_never_overfull(self) -> None:
        event, rows = self.rows()
        assert event.capacity is None or seats_taken(rows) <= event.capacity

    @invariant()
    def nobody_waits_for_a_free_seat(self) -> None:
        event, rows = self.rows()
        if self.now < event.starts_at:
            assert first_that_fits(event.capacity, rows) is None

    @invariant()
    def every_row_makes_sense(self) -> None:
        _, rows = self.rows()
        assert all((row.waitlisted_at is not None) == (row.status == "waitlisted") for row in rows)
        assert all(row.claim_until is None or row.status == "going" for row in rows)
        assert all(row.guests == 0 or row.status in ("going", "waitlisted") for row in rows)
        assert len({row.member_id for row in line(rows)}) == len(line(rows))

    def rows(self) -> tuple[Event, list[Rsvp]]:
        return self.event, self.do(seats.answers(self.session, self.event.id))

    def standing(self) -> dict[int, tuple[str, int]]:
        return {row.member_id: (row.status, row.guests) for row in self.rows()[1]}


def run_the_machine(url: str, keys: KeyRing) -> None:
    loop = asyncio.new_event_loop()
    database = Database(url, keys)
    room = type("Room", (Room,), {"database": database, "loop": loop})
    try:
        run_state_machine_as_test(
            room,
            settings=settings(
                max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
    finally:
        loop.run_until_complete(database.close())
        loop.close()


@pytest.mark.hypothesis
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_seats_hold_in_any_order_of_events(
    engine: str, request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path, keys: KeyRing
) -> None:
    if engine == "postgresql":
        run_the_machine(request.getfixturevalue("postgres_url"), keys)
    else:
        shutil.copy(migrated_file, tmp_path / "klatch.db")
        run_the_machine(f"sqlite+aiosqlite:///{tmp_path / 'klatch.db'}", keys)
