from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.database import Database
from models.domain.installation import timetable
from models.encryption import KeyRing
from models.tables.job import DueJob

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
async def other(database: Database, keys: KeyRing) -> AsyncIterator[Database]:
    """A second process's connections to the same rows."""
    opened = Database(database.url, keys)
    yield opened
    await opened.close()


async def defer(database: Database, name: str = "train", **values: Any) -> None:
    async with database.transaction() as session:
        await timetable.defer(session, name, **{"now": NOW, **values})


async def claim(database: Database, now: datetime = NOW, by: str = "one", **values: Any) -> DueJob | None:
    async with database.transaction() as session:
        return await timetable.claim_due(session, now=now, by=by, lease=MINUTE, **values)


async def claimed(database: Database, now: datetime = NOW, by: str = "one") -> DueJob:
    row = await claim(database, now, by)
    assert row is not None
    return row


async def finish(database: Database, row: DueJob, now: datetime, next_due_at: datetime | None = None) -> bool:
    async with database.transaction() as session:
        return await timetable.finish(session, row, now=now, outcome="done", next_due_at=next_due_at)


async def all_rows(database: Database) -> list[DueJob]:
    async with database.reading() as session:
        return await timetable.rows(session)


async def test_a_deferred_job_is_taken_when_its_time_comes_and_gone_when_it_is_done(database: Database) -> None:
    await defer(database, key="club:1", arguments={"community_id": 1}, due_at=NOW + HOUR)

    too_early = await claim(database)
    row = await claimed(database, NOW + HOUR)
    await finish(database, row, NOW + HOUR)

    assert too_early is None
    assert (row.name, row.key, row.arguments) == ("train", "club:1", {"community_id": 1})
    assert await all_rows(database) == []


async def test_a_second_call_only_pulls_the_waiting_one_forward(database: Database) -> None:
    await defer(database, key="a", due_at=NOW + HOUR)

    await defer(database, key="a", due_at=NOW + MINUTE)
    await defer(database, key="a", due_at=NOW + 2 * HOUR)

    assert [row.due_at for row in await all_rows(database)] == [NOW + MINUTE]


async def test_arguments_without_a_key_are_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="needs a key"):
        await defer(database, arguments={"community_id": 1})


@pytest.mark.parametrize(
    ("asked_for", "due_at"),
    [
        (NOW, NOW),  # at once: what it works on changed after it had looked
        (NOW + HOUR, NOW + HOUR),  # a job that asks for its own next run
    ],
)
async def test_a_call_while_it_runs_leads_to_one_more_run(
    database: Database, asked_for: datetime, due_at: datetime
) -> None:
    await defer(database)
    row = await claimed(database)

    await defer(database, due_at=asked_for)
    meanwhile = await claim(database)
    await finish(database, row, NOW)

    [left] = await all_rows(database)
    assert meanwhile is None
    assert (left.due_at, left.again_at, left.leased_until) == (due_at, None, None)


async def test_two_processes_never_take_the_same_job(database: Database, other: Database) -> None:
    for number in range(20):
        await defer(database, key=str(number))

    async def take_all(taker: Database, by: str) -> list[int]:
        taken = []
        while (row := await claim(taker, by=by)) is not None:
            taken.append(row.id)
        return taken

    first, second = await asyncio.gather(take_all(database, "one"), take_all(other, "two"))

    assert len(first) + len(second) == len(set(first) | set(second)) == 20


# Writers of one SQLite file take turns, so only PostgreSQL can promise this.
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_who_is_still_taking_a_job_does_not_hold_up_the_next_one(database: Database, other: Database) -> None:
    await defer(database, "first")
    await defer(database, "second", due_at=NOW + timedelta(microseconds=1))

    async with database.transaction() as session:
        slow = await timetable.claim_due(session, now=NOW + MINUTE, by="one", lease=MINUTE)
        quick = await claim(other, NOW + MINUTE, "two")

    assert slow is not None
    assert quick is not None
    assert (slow.name, quick.name) == ("first", "second")


async def test_the_job_of_a_killed_worker_is_taken_by_another(database: Database, other: Database) -> None:
    await defer(database)
    killed = await claimed(database)

    at_once = await claim(other, NOW + MINUTE / 2, "two")
    later = await claim(other, NOW + MINUTE, "two")
    was_its_own = await finish(database, killed, NOW + MINUTE)

    assert at_once is None
    assert later is not None
    assert later.id == killed.id
    assert not was_its_own
    assert [row.leased_by for row in await all_rows(database)] == ["two"]


async def test_a_renewed_lease_is_not_taken(database: Database, other: Database) -> None:
    await defer(database)
    row = await claimed(database)

    async with database.transaction() as session:
        is_kept = await timetable.renew(session, row, now=NOW + MINUTE / 2, lease=MINUTE)

    assert is_kept
    assert await claim(other, NOW + MINUTE, "two") is None
    assert await claim(other, NOW + MINUTE * 1.5, "two") is not None


async def test_the_longest_due_goes_first_and_lanes_take_their_own(database: Database) -> None:
    for minute, name in enumerate(("send", "train", "remind")):
        await defer(database, name, due_at=NOW - minute * MINUTE)

    trained = await claim(database, only=["train"])
    first = await claim(database, without=["train"])
    last = await claim(database, without=["train"])

    assert trained is not None
    assert first is not None
    assert last is not None
    assert (trained.name, first.name, last.name) == ("train", "remind", "send")


async def test_the_rows_follow_the_timetable(database: Database) -> None:
    async with database.transaction() as session:
        await timetable.ensure(session, {"kept": NOW, "gone": NOW})
    await defer(database, "gone", key="on demand")

    async with database.transaction() as session:
        # `kept` was due while nobody ran: it stays due since then.
        await timetable.ensure(session, {"kept": NOW + HOUR, "new": NOW + HOUR})

    found = [(row.name, row.key, row.due_at, row.is_recurring) for row in await all_rows(database)]
    assert found == [
        ("gone", "on demand", NOW, False),
        ("kept", "", NOW, True),
        ("new", "", NOW + HOUR, True),
    ]


async def test_a_denser_timetable_pulls_a_row_forward_but_not_out_of_its_back_off(database: Database) -> None:
    async with database.transaction() as session:
        await timetable.ensure(session, {"daily": NOW, "failing": NOW})
        first = await timetable.claim_due(session, now=NOW, by="one", lease=MINUTE, only=["daily"])
        second = await timetable.claim_due(session, now=NOW, by="one", lease=MINUTE, only=["failing"])
        assert first is not None
        assert second is not None
        await timetable.finish(session, first, now=NOW, outcome="", next_due_at=NOW + 24 * HOUR)
        await timetable.fail(session, second, now=NOW, error="", retry_at=NOW + 24 * HOUR)

    async with database.transaction() as session:
        await timetable.ensure(session, {"daily": NOW + HOUR, "failing": NOW + HOUR})

    assert {row.name: row.due_at - NOW for row in await all_rows(database)} == {
        "daily": HOUR,
        "failing": 24 * HOUR,
    }


async def test_a_recurring_job_can_be_pulled_forward_and_stays(database: Database) -> None:
    async with database.transaction() as session:
        await timetable.ensure(session, {"train": NOW + 5 * HOUR})

    await defer(database)
    row = await claimed(database)
    await finish(database, row, NOW, next_due_at=NOW + 5 * HOUR)

    [left] = await all_rows(database)
    assert (left.is_recurring, left.due_at, left.last_outcome) == (True, NOW + 5 * HOUR, "done")


async def test_a_failure_is_counted_and_forgotten_after_a_success(database: Database) -> None:
    await defer(database, due_at=NOW)
    counts = []
    for hour in range(3):
        row = await claimed(database, NOW + hour * HOUR)
        counts.append(row.n_failures)
        async with database.transaction() as session:
            await timetable.fail(session, row, now=NOW, error="it broke", retry_at=NOW + (hour + 1) * HOUR)
    row = await claimed(database, NOW + 3 * HOUR)
    await finish(database, row, NOW, next_due_at=NOW + 4 * HOUR)

    [left] = await all_rows(database)
    assert counts == [0, 1, 2]
    assert row.last_outcome == "it broke"
    assert (left.n_failures, left.last_outcome) == (0, "done")


@pytest.mark.parametrize(
    ("n_failures", "wait"),
    [
        (0, timedelta(minutes=1)),
        (1, timedelta(minutes=5)),
        (2, timedelta(minutes=25)),
        (4, timedelta(minutes=625)),
        (5, timedelta(days=1)),  # 3125 minutes would be more than a day
        (10_000, timedelta(days=1)),  # no overflow after months of failing
    ],
)
def test_retries_wait_longer_each_time(n_failures: int, wait: timedelta) -> None:
    assert timetable.retry_at(NOW, n_failures) == NOW + wait


async def test_what_is_due_survives_a_restart(database: Database, keys: KeyRing) -> None:
    await defer(database)
    await database.close()
    reopened = Database(database.url, keys)

    row = await claim(reopened, NOW + 3 * HOUR)

    await reopened.close()
    assert row is not None


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=400)])
async def test_what_failed_under_a_clock_that_was_ahead_is_tried_again_once_it_is_right(
    database: Database, jump: timedelta
) -> None:
    await defer(database, due_at=NOW)
    row = await claimed(database, now=NOW + jump)
    async with database.transaction() as session:
        ahead = timetable.retry_at(NOW + jump, 0)
        await timetable.fail(session, row, now=NOW + jump, error="broken", retry_at=ahead)

    async with database.reading() as session:
        n_due = await timetable.n_due(session, now=NOW)
    again = await claimed(database)

    # From here on as ever: it waits for its next try.
    async with database.transaction() as session:
        await timetable.fail(session, again, now=NOW, error="broken", retry_at=timetable.retry_at(NOW, 1))
    assert n_due == 1
    assert await claim(database, NOW) is None
    assert await claim(database, NOW + timedelta(minutes=5)) is not None


async def test_what_failed_under_a_clock_a_few_seconds_ahead_waits_as_ever(database: Database) -> None:
    await defer(database, due_at=NOW)
    later = NOW + timedelta(seconds=20)
    row = await claimed(database, now=later)
    async with database.transaction() as session:
        await timetable.fail(session, row, now=later, error="broken", retry_at=timetable.retry_at(later, 0))

    assert await claim(database, NOW) is None


async def test_a_lease_that_a_clock_a_day_ahead_gave_out_holds_nothing_back(database: Database) -> None:
    await defer(database, due_at=NOW)
    await claimed(database, now=NOW + timedelta(days=1), by="killed")

    again = await claimed(database, by="next")

    assert again.leased_by == "next"
