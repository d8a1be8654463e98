"""Runs what is due. The rows decide (models/domain/installation/timetable.py); APScheduler only wakes us to look at them.

It stays the alarm and does not say when: its triggers live in one process, while a due time must outlive a restart, be taken by
one of several processes, be pulled forward by a handler in the transaction that wants it, and hold on a simulated clock, none
of which its job stores do together with our rows. What recurs is told in two lines of jobs/schedule.py, which know DST.

Three lanes, one job at a time in each: this event loop, the other process, and the process of the trainings. So a training of
minutes holds up neither a reminder nor the digest that somebody just asked for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from bot.scene.services import Services
from jobs.engine.failures import JobFailed, describe, frames
from jobs.engine.process import NICENESS_OF_TRAINING, OtherProcess
from jobs.schedule import TIMETABLE, Entry, next_due
from models.database import is_temporary
from models.domain.installation import timetable
from models.tables.job import DueJob

log = logging.getLogger(__name__)

# The job of a killed process is due again after this time, on the services' clock.
LEASE = timedelta(minutes=2)
# Real time: a lease is renewed this often, and a job that runs longer than the other is ended and tried again later.
RENEW_SECONDS, LONGEST_RUN_SECONDS = 30.0, 3600.0


class LeaseIsLost(Exception):
    """This process hung past its lease and another one took the job; ours is ended."""


class Runner:
    """Embedded engine of one process. `run()` for ever, or `run_due()` step by step on a simulated clock.

    `services` may be exchanged before the first job: what jobs are given is looked at when they run.
    """

    def __init__(self, services: Services, *, name: str = "runner", entries: Sequence[Entry] = TIMETABLE) -> None:
        self.services = services
        # Two processes of one name must not renew each other's leases.
        self._name = f"{name[:50]}:{uuid4().hex[:8]}"
        self._entries = {entry.name: entry for entry in entries}
        self._processes = {
            "process": OtherProcess(),
            # Its memory goes back as soon as nothing is trained.
            "training": OtherProcess(idle_seconds=0.0, niceness=NICENESS_OF_TRAINING),
        }
        self._names = {lane: frozenset(one.name for one in entries if one.where == lane) for lane in self._processes}
        self._wake = {lane: asyncio.Event() for lane in ("loop", *self._processes)}
        self._stop_event, self._end_event = asyncio.Event(), asyncio.Event()
        self._end_event.set()
        self._is_in_loop = False
        self._written_at: datetime | None = None

    def wake(self) -> None:
        """A row may be due: look now instead of at the next tick. Only from the event loop's own thread."""
        for event in self._wake.values():
            event.set()

    async def run(self) -> None:
        """Run what is due until stop() or cancelled; no failure of a job or of the database ends it."""
        self._end_event.clear()
        scheduler = self._scheduler()
        scheduler.start()
        elsewhere = frozenset[str]().union(*self._names.values())
        lanes = [
            asyncio.create_task(self._keep("loop", without=elsewhere), name="jobs in the loop"),
            *(
                asyncio.create_task(self._keep(lane, only=self._names[lane]), name=f"jobs: {lane}")
                for lane in self._names
            ),
        ]
        try:
            await self._stop_event.wait()
        finally:
            scheduler.shutdown(wait=False)
            for lane in lanes:
                lane.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)
            await self._close_processes()
            self._end_event.set()

    async def stop(self) -> None:
        """Take nothing more; what runs is ended and due again at the next start."""
        self._stop_event.set()
        await self._end_event.wait()
        await self._close_processes()

    async def _close_processes(self) -> None:
        for process in self._processes.values():
            await process.close()

    async def run_due(self, *, in_loop: bool = False) -> list[str]:
        """Run all that is due at this instant to the end, whichever lane; returns a line for each, in order.

        `in_loop`: no other process is asked. For whoever waits for each job anyway, and has many: an order to another process
        costs more than most jobs, and a process for each training ten times the training of a young community.
        """
        self._is_in_loop = in_loop
        await self._write_timetable()
        return await self._work_off()

    def _scheduler(self) -> Any:
        # Imported here: jobs by hand and steps on a simulated clock need nobody to wake them.
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(
            self._tick,
            "interval",
            seconds=self.services.config.jobs.check_every_seconds,
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
        )
        return scheduler

    async def _tick(self) -> None:
        # A coroutine, because APScheduler runs plain functions in a thread.
        self.wake()

    async def _keep(self, lane: str, *, only: Collection[str] | None = None, without: Collection[str] = ()) -> None:
        while True:
            self._wake[lane].clear()
            try:
                await self._write_timetable()
                await self._work_off(only=only, without=without)
            except Exception as error:
                # The type only: a statement's error carries its parameters.
                level = logging.WARNING if is_temporary(error) else logging.ERROR
                log.log(level, "jobs: %s; looking again at the next tick", describe(error))
            await self._wake[lane].wait()

    async def _write_timetable(self) -> None:
        now, config = self.services.clock.now(), self.services.config
        # A clock that was ahead put everything off; written anew, each job is due as the right one says.
        if self._written_at is not None and now >= self._written_at - LEASE:
            self._written_at = max(now, self._written_at)
            return
        due = {name: next_due(entry, now, config) for name, entry in self._entries.items()}
        async with self.services.database.transaction() as session:
            await timetable.ensure(session, {name: due_at for name, due_at in due.items() if due_at})
        self._written_at = now

    async def _work_off(self, *, only: Collection[str] | None = None, without: Collection[str] = ()) -> list[str]:
        lines: list[str] = []
        # Looking costs no write lock; most ticks find nothing. As many as were seen are claimed without another look.
        while n_due := await self._n_due():
            for _ in range(n_due):
                row = await self._claim(only, without)
                if row is None:
                    return lines
                lines.append(f"{row.name}: {await self._serve(row)}")
                self.services.door.wake()
        return lines

    async def _n_due(self) -> int:
        async with self.services.database.reading() as session:
            return await timetable.n_due(session, now=self.services.clock.now())

    async def _claim(self, only: Collection[str] | None, without: Collection[str]) -> DueJob | None:
        now = self.services.clock.now()
        async with self.services.database.transaction() as session:
            return await timetable.claim_due(session, now=now, by=self._name, lease=LEASE, only=only, without=without)

    async def _serve(self, row: DueJob) -> str:
        """One claimed job to its end, which is written; returns its outcome or its failure in one line."""
        try:
            outcome = await self._perform(row)
        except asyncio.CancelledError:
            await asyncio.shield(self._release(row))
            raise
        except LeaseIsLost:
            log.warning("jobs: %s was taken by another process", row.name)
            return "taken by another process"
        except Exception as error:
            return await self._fail(row, error)
        log.info("jobs: %s: %s", row.name, outcome)
        now = self.services.clock.now()
        async with self.services.database.transaction() as session:
            await timetable.finish(session, row, now=now, outcome=outcome, next_due_at=self._next_due(row, now))
        return outcome

    async def _perform(self, row: DueJob) -> str:
        """The job beside its heartbeat, which only ends when the lease is gone."""
        work = asyncio.ensure_future(self._call(row))
        beat = asyncio.ensure_future(self._keep_lease(row))
        try:
            await asyncio.wait({work, beat}, return_when=asyncio.FIRST_COMPLETED, timeout=LONGEST_RUN_SECONDS)
            if work.done():
                return work.result()
            if beat.done():
                raise LeaseIsLost
            raise JobFailed(f"ended after {LONGEST_RUN_SECONDS / 60:.0f} minutes")
        finally:
            for task in (work, beat):
                task.cancel()
            await asyncio.gather(work, beat, return_exceptions=True)

    async def _call(self, row: DueJob) -> str:
        entry = self._entries.get(row.name)
        if entry is None:
            raise JobFailed("there is no such job in this version")
        now = self.services.clock.now()
        if entry.where == "loop" or self._is_in_loop:
            return await entry.job(self.services, now=now, **row.arguments)
        return await self._processes[entry.where].run(self.services, entry, row.arguments, now=now)

    async def _keep_lease(self, row: DueJob) -> None:
        """Renew until the row is another's; an outage of the database is waited out."""
        is_ours = True
        while is_ours:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                async with self.services.database.transaction() as session:
                    is_ours = await timetable.renew(session, row, now=self.services.clock.now(), lease=LEASE)
            except Exception as error:
                log.warning("jobs: the lease of %s could not be renewed (%s)", row.name, describe(error))

    async def _fail(self, row: DueJob, error: Exception) -> str:
        line = describe(error)
        now = self.services.clock.now()
        retry_at = timetable.retry_at(now, row.n_failures)
        # What recurs is not put off beyond its own next time.
        retry_at = min(retry_at, self._next_due(row, now) or retry_at)
        log.error("jobs: %s failed (%s); again at %s\n%s", row.name, line, f"{retry_at:%F %T}", frames(error))
        async with self.services.database.transaction() as session:
            await timetable.fail(session, row, now=now, error=line, retry_at=retry_at)
        return line

    async def _release(self, row: DueJob) -> None:
        async with self.services.database.transaction() as session:
            await timetable.release(session, row)

    def _next_due(self, row: DueJob, now: datetime) -> datetime | None:
        entry = self._entries.get(row.name)
        return next_due(entry, now, self.services.config) if entry and row.is_recurring else None
