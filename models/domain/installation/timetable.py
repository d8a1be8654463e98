"""When what is due, as rows: nothing is lost over a restart, nothing runs twice at once, missed times run once.

A row is taken by one conditional UPDATE for the length of a lease; who takes it renews the lease while the job runs, so the
job of a killed worker is due again when its last lease ends. jobs/schedule.py says what recurs, jobs/engine/runner.py runs it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of, is_one_of, is_one_of_given, table_of
from models.tables.job import DueJob

# A failed job is tried again after 1, 5, 25 ... minutes, at last daily.
FIRST_RETRY = timedelta(minutes=1)
RETRY_FACTOR = 5
LONGEST_RETRY = timedelta(days=1)
# Characters of an outcome or an error that are kept.
LONGEST_OUTCOME = 500

# No lease lasts as long.
LONGEST_LEASE = timedelta(hours=1)


async def defer(
    session: AsyncSession,
    name: str,
    *,
    now: datetime,
    key: str = "",
    arguments: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> None:
    """Ask for one run of the job `name`, from `due_at` (None: now) on, in the transaction of the decision that wants it.

    One call per name and key waits at a time: a second one only pulls it forward, and one that comes while the job runs
    leads to one more run. `key` therefore stands for the arguments (plain JSON values), e.g. "member:42"; without either
    the timetable's own run is pulled forward. Raises ValueError for arguments without a key.
    """
    if arguments and not key:
        raise ValueError(f"{name} is called with arguments, so it needs a key that stands for them.")
    wanted_at = due_at or now
    row = {
        "name": name,
        "key": key,
        "arguments": dict(arguments or {}),
        "due_at": wanted_at,
        "is_recurring": False,
        "n_failures": 0,
    }
    is_running = DueJob.leased_until.is_not(None)
    changes = {
        "due_at": case((or_(is_running, DueJob.due_at < wanted_at), DueJob.due_at), else_=wanted_at),
        "again_at": case((and_(is_running, _is_none_or_later(wanted_at)), wanted_at), else_=DueJob.again_at),
    }
    statement = insert_of(session, DueJob).values(row)
    await session.execute(statement.on_conflict_do_update(index_elements=["name", "key"], set_=changes))


async def ensure(session: AsyncSession, first_due: Mapping[str, datetime]) -> None:
    """Make the recurring rows those of the timetable: `first_due` says for each name when a new row is due first.

    A row that exists keeps its time, so what was due while nobody ran is due now; a timetable that became denser pulls it
    forward. Rows of names that are gone are dropped.
    """
    deletion = delete(DueJob).where(DueJob.is_recurring, ~is_one_of(DueJob.name, first_due))
    await session.execute(deletion)
    if not first_due:
        return
    rows = [
        {"name": name, "key": "", "arguments": {}, "due_at": due_at, "is_recurring": True, "n_failures": 0}
        for name, due_at in first_due.items()
    ]
    statement = insert_of(session, DueJob)
    sooner = and_(DueJob.n_failures == 0, statement.excluded.due_at < DueJob.due_at)
    changes = {"is_recurring": True, "due_at": case((sooner, statement.excluded.due_at), else_=DueJob.due_at)}
    await session.execute(statement.on_conflict_do_update(index_elements=["name", "key"], set_=changes), rows)


async def claim_due(
    session: AsyncSession,
    *,
    now: datetime,
    by: str,
    lease: timedelta,
    only: Collection[str] | None = None,
    without: Collection[str] = (),
) -> DueJob | None:
    """Take the job that is due longest, until now + lease, in one statement; None: nothing is due.

    `only` and `without` are names. Two workers never get the same row: on SQLite writers take turns, on PostgreSQL a row
    that another transaction is taking is passed over.
    """
    given = {**_instants(now), "lease_until": now + lease, "by": by, "without": list(without)}
    if only is not None:
        given["only"] = list(only)
    claim = _claim(is_among_some=only is not None)
    return (await session.scalars(claim, given, execution_options=_FRESH)).one_or_none()


@cache
def _claim(*, is_among_some: bool) -> Any:
    """Given _instants(), `lease_until`, `by`, `without` and perhaps `only`. Made once: to ask is half of a short job."""
    query = select(DueJob.id).where(_waits_for_a_worker(), ~is_one_of_given(DueJob.name, "without"))
    if is_among_some:
        query = query.where(is_one_of_given(DueJob.name, "only"))
    longest_due = query.order_by(DueJob.due_at, DueJob.id).limit(1).with_for_update(skip_locked=True)
    return (
        update(DueJob)
        .where(DueJob.id == longest_due.scalar_subquery())
        .values(leased_until=bindparam("lease_until"), leased_by=bindparam("by"), last_started_at=bindparam("now"))
        .returning(DueJob)
    )


def _instants(now: datetime) -> dict[str, Any]:
    """What _waits_for_a_worker() is given."""
    return {"now": now, "too_far_ahead": now + FIRST_RETRY, "beyond_leases": now + LONGEST_LEASE}


def _waits_for_a_worker() -> ColumnElement[bool]:
    """Given _instants(): free and due, or its lease has run out.

    Due is also what failed later than now: the clock was ahead then, and its next try is as far ahead. And no lease lasts
    longer than leases do: who took it was killed while the clock was ahead.
    """
    failed_in_the_future = and_(DueJob.n_failures > 0, DueJob.last_finished_at > bindparam("too_far_ahead"))
    is_due = or_(DueJob.due_at <= bindparam("now"), failed_in_the_future)
    has_run_out = or_(DueJob.leased_until <= bindparam("now"), DueJob.leased_until > bindparam("beyond_leases"))
    return or_(and_(DueJob.leased_until.is_(None), is_due), has_run_out)


async def renew(session: AsyncSession, row: DueJob, *, now: datetime, lease: timedelta) -> bool:
    """Keep a job that still runs; False when the lease had run out and another worker took it."""
    return await _change(session, row, leased_until=now + lease)


async def finish(
    session: AsyncSession, row: DueJob, *, now: datetime, outcome: str, next_due_at: datetime | None
) -> bool:
    """The job ran to its end: it is due at `next_due_at`, or at once when it was called meanwhile; None: it is dropped.

    `outcome` is one plain line. Returns False, and changes nothing, when another worker took the job meanwhile.
    """
    if next_due_at is None:
        deletion = delete(DueJob).where(_is_still(row), DueJob.again_at.is_(None)).returning(DueJob.id)
        if await session.scalar(deletion, execution_options=_FRESH) is not None:
            return True
    given = {"now": now, "outcome": outcome[:LONGEST_OUTCOME], "next_due": next_due_at}
    given |= {"row": row.id, "by": row.leased_by, "started": row.last_started_at}
    return await session.scalar(_finish(is_recurring=next_due_at is not None), given) is not None


@cache
def _finish(*, is_recurring: bool) -> Any:
    """Given `now`, `outcome`, `next_due`, and what `row` was taken `by` whom and when (`started`). Made once, as _claim()."""
    job = table_of(DueJob).c
    next_due = bindparam("next_due", type_=job.due_at.type)
    return (
        update(table_of(DueJob))
        .where(
            job.id == bindparam("row"), job.leased_by == bindparam("by"), job.last_started_at == bindparam("started")
        )
        .values(
            due_at=case((job.again_at < next_due, job.again_at), else_=next_due) if is_recurring else job.again_at,
            again_at=None,
            leased_until=None,
            leased_by=None,
            last_finished_at=bindparam("now"),
            last_outcome=bindparam("outcome"),
            n_failures=0,
        )
        .returning(job.id)
    )


async def fail(session: AsyncSession, row: DueJob, *, now: datetime, error: str, retry_at: datetime) -> bool:
    """The job failed and is tried again at `retry_at`; `error` is a line without a word that a member wrote.

    Returns False, and changes nothing, when another worker took the job meanwhile.
    """
    return await _change(
        session,
        row,
        due_at=retry_at,
        leased_until=None,
        leased_by=None,
        last_finished_at=now,
        last_outcome=error[:LONGEST_OUTCOME],
        n_failures=DueJob.n_failures + 1,
    )


async def release(session: AsyncSession, row: DueJob) -> bool:
    """The job was ended before its end, by a shutdown: it stays as due as it was. False when it is another worker's."""
    return await _change(session, row, leased_until=None, leased_by=None)


def retry_at(now: datetime, n_failures: int) -> datetime:
    """When a job that failed `n_failures` times before this one is tried again."""
    factor: int = RETRY_FACTOR ** min(n_failures, 10)
    return now + min(FIRST_RETRY * factor, LONGEST_RETRY)


async def rows(session: AsyncSession) -> list[DueJob]:
    """The whole timetable as it stands, by name and key."""
    return list(await session.scalars(select(DueJob).order_by(DueJob.name, DueJob.key)))


async def n_due(session: AsyncSession, *, now: datetime) -> int:
    """How many jobs wait for a worker at this instant."""
    return await session.scalar(_n_waiting(), _instants(now)) or 0


@cache
def _n_waiting() -> Any:
    return select(func.count()).where(_waits_for_a_worker())


def _is_none_or_later(wanted_at: datetime) -> ColumnElement[bool]:
    return or_(DueJob.again_at.is_(None), DueJob.again_at > wanted_at)


# Rows are changed by statements: what a session remembers of them is never asked.
_FRESH = {"synchronize_session": False, "populate_existing": True}


def _is_still(row: DueJob) -> ColumnElement[bool]:
    """True while nobody else took the job: a worker that hung past its lease finds that it is no longer its own."""
    return and_(DueJob.id == row.id, DueJob.leased_by == row.leased_by, DueJob.last_started_at == row.last_started_at)


async def _change(session: AsyncSession, row: DueJob, **values: Any) -> bool:
    change = update(DueJob).where(_is_still(row)).values(**values).returning(DueJob.id)
    return await session.scalar(change, execution_options=_FRESH) is not None
