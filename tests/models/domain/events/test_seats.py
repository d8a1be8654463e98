from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.events import events, seats, waitlist
from models.domain.events.seats import CapacityTooSmall, Seating
from models.domain.events.wishes import AnswerRefused
from models.reading.rsvp_words import Answer
from models.tables.event import Event, EventStatus, Rsvp
from models.tables.interaction import Interaction
from models.tables.member import Member
from tests.factories import join, make_community, make_event, make_member

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOON = NOW + timedelta(hours=3)


async def make_party(session: AsyncSession, n_members: int, **event_values: object) -> tuple[Event, list[Member]]:
    """An event in a community of so many members."""
    community = await make_community(session)
    members = [await make_member(session) for _ in range(n_members)]
    for member in members:
        await join(session, member, community)
    return await make_event(session, community, **event_values), members


async def press(session: AsyncSession, event: Event, member: Member, wish: str, now: datetime = NOW) -> Seating:
    return await seats.answer(session, event.id, member.id, wish, now=now)


async def test_two_hundred_presses_at_once_never_overfill_the_room(database: Database) -> None:
    async with database.transaction() as session:
        event, members = await make_party(session, 200, capacity=20)

    async def press_alone(member: Member) -> Seating:
        async with database.transaction() as session:
            return await seats.answer(session, event.id, member.id, "going", now=NOW)

    answered = await asyncio.gather(*(press_alone(member) for member in members))

    async with database.reading() as session:
        rows = await session.execute(select(Rsvp.status, func.count()).group_by(Rsvp.status))
        counts = dict(rows.all())
    assert counts == {"going": 20, "waitlisted": 180}
    assert sorted(one.position for one in answered if one.position) == list(range(1, 181))


async def test_a_full_event_puts_the_next_member_on_the_waitlist(database: Database) -> None:
    async with database.transaction() as session:
        event, [mia, jo, wei] = await make_party(session, 3, capacity=1)

        first, second, third = [await press(session, event, who, "going") for who in (mia, jo, wei)]

    assert (first.status, first.position) == ("going", None)
    assert (second.status, second.position) == ("waitlisted", 1)
    assert (third.status, third.position) == ("waitlisted", 2)


async def test_a_freed_seat_goes_to_the_first_in_line_for_a_while(database: Database) -> None:
    async with database.transaction() as session:
        event, [mia, jo, wei] = await make_party(session, 3, capacity=1)
        for who in (mia, jo, wei):
            await press(session, event, who, "going")

        freed = await press(session, event, mia, "not_going", NOON)

        held = (await session.scalars(select(Rsvp).where(Rsvp.member_id == jo.id))).one()
    assert freed.promoted_ids == (jo.id,)
    assert (held.status, held.claim_until) == ("going", NOON + waitlist.CLAIM_WINDOW)


async def test_an_offered_seat_is_confirmed_by_pressing_going(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, [mia, jo] = await make_party(session, 2, capacity=1)
        for who in (mia, jo):
            await press(session, event, who, "going")
        await press(session, event, mia, "not_going")

        confirmed = await press(session, event, jo, "going")

        held = (await session.scalars(select(Rsvp).where(Rsvp.member_id == jo.id))).one()
    assert (confirmed.status, confirmed.is_changed) == ("going", True)
    assert held.claim_until is None


async def test_a_seat_nobody_claims_goes_to_the_next_in_line(database: Database) -> None:
    async with database.transaction() as session:
        event, [mia, jo, wei] = await make_party(session, 3, capacity=1)
        for who in (mia, jo, wei):
            await press(session, event, who, "going")
        await press(session, event, mia, "not_going")

        too_early = await seats.pass_on(session, event.id, now=NOW + waitlist.CLAIM_WINDOW - timedelta(minutes=1))
        passed = await seats.pass_on(session, event.id, now=NOW + waitlist.CLAIM_WINDOW)

    assert (too_early.lapsed_ids, too_early.promoted_ids) == ((), ())
    assert (passed.lapsed_ids, passed.promoted_ids) == ((jo.id,), (wei.id,))


async def test_an_unclaimed_seat_is_kept_when_nobody_waits(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, [mia, jo] = await make_party(session, 2, capacity=1)
        for who in (mia, jo):
            await press(session, event, who, "going")
        await press(session, event, mia, "not_going")

        passed = await seats.pass_on(session, event.id, now=NOW + timedelta(days=2))

    assert (passed.lapsed_ids, passed.promoted_ids) == ((), ())


async def test_a_party_whose_offered_seats_lapse_is_a_party_no_more(database: Database) -> None:
    """Found by the machine: say_outright(guests=2), edit_capacity(3), another says going, 12 hours pass, pass_on."""
    async with database.transaction() as session:
        event, [mia, jo] = await make_party(session, 2, capacity=2, plus_ones=2)
        await seats.state(session, event.id, jo.id, Answer.GOING, guests=2, now=NOW)
        offered = await seats.set_capacity(session, event, 3, now=NOW)
        await seats.state(session, event.id, mia.id, Answer.GOING, now=NOW)

        passed = await seats.pass_on(session, event.id, now=NOW + waitlist.CLAIM_WINDOW)

        rows = {row.member_id: row for row in await seats.answers(session, event.id)}
        lapsed = rows[jo.id]
        held = (lapsed.status, lapsed.guests, lapsed.claim_until, lapsed.waitlisted_at, lapsed.confirmed_at)
    assert (offered, passed.lapsed_ids, passed.promoted_ids) == ((jo.id,), (jo.id,), (mia.id,))
    assert held == ("lapsed", 0, None, None, None)


async def test_a_cancelled_event_that_gets_seats_and_is_revived_leaves_nobody_waiting(database: Database) -> None:
    """Found by the machine: the line moves on while the event is off, and nobody is held to a time they were not told."""
    async with database.transaction() as session:
        event, [mia, jo, wei] = await make_party(session, 3, capacity=1)
        for who in (mia, jo, wei):
            await press(session, event, who, "going")
        await events.cancel(session, event.id, now=NOW)

        await seats.set_capacity(session, event, 2, now=NOW)
        event.status = EventStatus.PUBLISHED

        rows = {row.member_id: row for row in await seats.answers(session, event.id)}
    assert [rows[who.id].status for who in (mia, jo, wei)] == ["going", "going", "waitlisted"]
    assert rows[jo.id].claim_until is None


async def test_a_seat_that_fell_free_after_the_start_is_passed_on_when_the_event_is_put_off(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, [mia, jo] = await make_party(session, 2, capacity=1)
        for who in (mia, jo):
            await press(session, event, who, "going")
        begun = event.starts_at + timedelta(minutes=30)
        freed = await press(session, event, mia, "not_going", begun)

        later = begun + timedelta(days=7)
        changed = await events.change(session, event.id, {"starts_at": later}, now=begun)

        held = next(row for row in await seats.answers(session, event.id) if row.member_id == jo.id)
    assert freed.promoted_ids == ()
    assert changed is not None
    assert changed.promoted_ids == (jo.id,)
    assert (held.status, held.claim_until) == ("going", begun + waitlist.CLAIM_WINDOW)


async def test_seats_of_somebody_erased_while_the_event_is_off_are_passed_on(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, [mia, jo] = await make_party(session, 2, capacity=1)
        for who in (mia, jo):
            await press(session, event, who, "going")
        await events.cancel(session, event.id, now=NOW)
        await session.delete(mia)

        passed = await seats.pass_on(session, event.id, now=NOW)

    assert (passed.lapsed_ids, passed.promoted_ids) == ((), (jo.id,))


async def test_a_member_who_cannot_be_written_to_has_less_time(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, [mia, jo] = await make_party(session, 2, capacity=1)
        jo.reachable_at = None
        for who in (mia, jo):
            await press(session, event, who, "going")

        await press(session, event, mia, "withdraw")

        held = (await session.scalars(select(Rsvp).where(Rsvp.member_id == jo.id))).one()
    assert held.claim_until == NOW + waitlist.CLAIM_WINDOW_IN_GROUP


@pytest.mark.parametrize("wish", ["going", "maybe", "not_going"])
async def test_the_same_answer_twice_takes_it_back(sqlite: Database, wish: str) -> None:
    async with sqlite.transaction() as session:
        event, [mia] = await make_party(session, 1)

        first, second = [await press(session, event, mia, wish) for _ in range(2)]

        told = list(await session.execute(select(Interaction.what, Interaction.value).order_by(Interaction.id)))
    assert (first.status, second.status) == (wish, "withdrawn")
    assert [tuple(row) for row in told] == [(wish, 1), ("withdrawn", -1)]


async def test_still_coming_is_no_toggle(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, [mia] = await make_party(session, 1)
        await press(session, event, mia, "going")

        first, second = [await press(session, event, mia, "keep") for _ in range(2)]

    assert (first.status, first.is_changed) == ("going", True)
    assert (second.status, second.is_changed) == ("going", False)


async def test_guests_need_seats_of_their_own(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, [mia, jo] = await make_party(session, 2, capacity=3, plus_ones=2)
        await press(session, event, mia, "going")
        await press(session, event, jo, "going")

        brought = await press(session, event, mia, "guest")
        with pytest.raises(AnswerRefused, match="no_seat_for_guest"):
            await press(session, event, mia, "guest")

    assert brought.guests == 1


async def test_a_party_too_large_for_the_free_seat_is_skipped(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, [mia, jo, wei] = await make_party(session, 3, capacity=1, plus_ones=1)
        for who in (mia, jo, wei):
            await press(session, event, who, "going")
        await press(session, event, jo, "guest")

        freed = await press(session, event, mia, "not_going")

    assert freed.promoted_ids == (wei.id,)


async def test_more_seats_let_those_in_line_in(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, members = await make_party(session, 4, capacity=1)
        for who in members:
            await press(session, event, who, "going")

        promoted = await seats.set_capacity(session, event, 3, now=NOW)
        with pytest.raises(CapacityTooSmall) as refused:
            await seats.set_capacity(session, event, 2, now=NOW)

    assert promoted == (members[1].id, members[2].id)
    assert refused.value.n_going == 3


@pytest.mark.parametrize(
    ("values", "now", "wish", "code"),
    [
        ({"status": "draft"}, NOW, "going", "unknown"),  # nobody has seen it yet
        ({"status": "cancelled"}, NOW, "going", "cancelled"),
        ({}, NOW + timedelta(days=30), "going", "past"),
        ({"rsvp_until": NOW}, NOW, "going", "closed"),
    ],
)
async def test_what_cannot_be_answered_is_refused(
    sqlite: Database, values: dict[str, object], now: datetime, wish: str, code: str
) -> None:
    async with sqlite.transaction() as session:
        event, [mia] = await make_party(session, 1, **values)

        with pytest.raises(AnswerRefused) as refused:
            await press(session, event, mia, wish, now)

    assert refused.value.code == code


async def test_whoever_cannot_come_may_say_so_after_the_deadline(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, [mia] = await make_party(session, 1, rsvp_until=NOON)
        await press(session, event, mia, "going")

        answered = await press(session, event, mia, "not_going", NOON)

    assert answered.status == "not_going"


async def test_events_of_other_communities_are_refused(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, _ = await make_party(session, 1)
        stranger = await make_member(session)

        for event_id, code in ((event.id, "not_a_member"), (event.id + 99, "unknown")):
            with pytest.raises(AnswerRefused) as refused:
                await seats.answer(session, event_id, stranger.id, "going", now=NOW)
            assert refused.value.code == code


async def state(session: AsyncSession, event: Event, member: Member, status: str, guests: int | None = None) -> Seating:
    return await seats.state(session, event.id, member.id, status, guests=guests, now=NOW)


@pytest.mark.parametrize("status", ["going", "maybe", "not_going"])
async def test_saying_the_same_outright_again_changes_nothing(database: Database, status: str) -> None:
    async with database.transaction() as session:
        event, [mia] = await make_party(session, 1, capacity=1)

        first, second = [await state(session, event, mia, status) for _ in range(2)]

        rows = list(await session.scalars(select(Interaction).where(Interaction.kind == "rsvp")))
    assert (first.status, first.is_changed) == (status, True)
    assert (second.status, second.is_changed) == (status, False)
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("capacity", "plus_ones", "before", "guests", "after"),
    [
        (None, 2, None, 2, ("going", 2)),  # room for all
        (3, 2, None, 2, ("going", 2)),  # just enough
        (2, 2, None, 2, ("waitlisted", 2)),  # a party waits together
        (3, 2, 1, 2, ("going", 2)),  # the seats they hold count
        (2, 2, 1, 2, "no_seat_for_guest"),  # and no more than there are
        (3, 2, 2, 0, ("going", 0)),  # fewer is always fine
        (3, 2, 1, None, ("going", 1)),  # nothing said of guests: as before
        (None, 1, None, 2, "too_many_guests"),  # the host's limit
        (None, 0, None, 1, "no_guests"),  # none at all
    ],
)
async def test_guests_said_outright_are_so_many(
    sqlite: Database, capacity: int | None, plus_ones: int, before: int | None, guests: int | None, after: object
) -> None:
    async with sqlite.transaction() as session:
        event, [mia] = await make_party(session, 1, capacity=capacity, plus_ones=plus_ones)
        if before is not None:
            await state(session, event, mia, "going", before)

        try:
            result = await state(session, event, mia, "going", guests)
            found: object = (result.status, result.guests)
        except AnswerRefused as refused:
            found = refused.code

        rows = await session.scalar(select(func.count(Rsvp.id)))
    assert found == after
    assert rows == (0 if before is None and isinstance(after, str) else 1)


async def test_a_party_that_becomes_smaller_takes_the_seat_without_being_asked(database: Database) -> None:
    async with database.transaction() as session:
        event, [mia, jo] = await make_party(session, 2, capacity=2, plus_ones=1)
        await state(session, event, mia, "going")
        await state(session, event, jo, "going", 1)

        alone = await state(session, event, jo, "going", 0)

        held = (await session.scalars(select(Rsvp).where(Rsvp.member_id == jo.id))).one()
    assert (alone.status, alone.promoted_ids) == ("going", ())
    assert (held.claim_until, held.waitlisted_at) == (None, None)


async def test_after_the_closing_nobody_gets_in_but_all_may_stay_or_leave(database: Database) -> None:
    async with database.transaction() as session:
        event, [mia, jo] = await make_party(session, 2, rsvp_until=NOON)
        await state(session, event, mia, "going")
        event.rsvp_until = NOW
        await session.flush()

        stays = await state(session, event, mia, "going")
        refused = []
        for answer in (
            state(session, event, jo, "going"),
            state(session, event, jo, "maybe"),
            seats.answer_by_reaction(session, event.id, jo.id, is_set=True, now=NOW),
        ):
            with pytest.raises(AnswerRefused) as told:
                await answer
            refused.append(told.value.code)
        leaves = await state(session, event, mia, "not_going")

    assert (stays.status, stays.is_changed) == ("going", False)
    assert refused == ["closed", "closed", "closed"]
    assert leaves.status == "not_going"


async def test_an_offered_seat_is_taken_by_saying_so_even_after_the_closing(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        event, [mia, jo] = await make_party(session, 2, capacity=1)
        for who in (mia, jo):
            await press(session, event, who, "going")
        await press(session, event, mia, "not_going")
        event.rsvp_until = NOW
        await session.flush()

        taken = await state(session, event, jo, "going")

        held = (await session.scalars(select(Rsvp).where(Rsvp.member_id == jo.id))).one()
    assert (taken.status, taken.is_changed, held.claim_until) == ("going", True, None)
