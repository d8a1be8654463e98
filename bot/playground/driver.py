"""Moves the playground's time: from deed to deed through whole weeks, or second by second beside somebody who chats.

Nothing else moves the clock. While weeks replay, jobs are looked at every few hours and the bot hears in bulk,
except where a member waits for its answer; at normal speed a message is answered at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import orjson
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.host import Host
from bot.playground.clock import SimulatedClock
from bot.playground.server import LocalTelegram
from bot.playground.server.visitors import why_not
from models.tables.job import DueJob

log = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
SPANS = {"day": timedelta(days=1), "week": timedelta(weeks=1)}
# While weeks replay the timetable is looked at every 3 hours (UTC): at 8 for Europe's morning, at 5 after the training.
JOBS_HOURS, JOBS_FROM_HOUR = 3, 2
# Real seconds between two looks at normal speed; an update wakes us sooner.
LOOK_SECONDS = 0.2
# So often, in real seconds, jobs are looked at when nobody asked for any.
JOBS_SECONDS = 5.0
# A laptop that slept does not wake into another day.
LONGEST_MOMENT_SECONDS = 5.0
# The bot says one thing a second in a chat: so many simulated seconds it gets to finish.
MOST_SECONDS = 4


class Inhabited(Protocol):
    """A community that does things in time; see bot.playground.community.Community."""

    def next_at(self) -> datetime | None:
        """When somebody does something next."""

    def do_next(self, until: datetime) -> bool:
        """Do the next thing due by `until`; True when its doer waits for the bot."""


class Jobs(Protocol):
    """What runs the jobs; see jobs.engine.runner.Runner."""

    async def run_due(self, *, in_loop: bool = False) -> list[str]:
        """Run all that is due to the end, in this event loop or beside it."""


class Busy(Exception):
    """Time is being moved already; the text says so."""


class Driver:
    """One per playground. `live_until()` for tests and the first weeks; `run()` for ever beside the page."""

    def __init__(
        self,
        clock: SimulatedClock,
        telegram: LocalTelegram,
        host: Host,
        runner: Jobs,
        community: Inhabited,
        *,
        on_hour: Callable[[datetime], Awaitable[object]] | None = None,
    ) -> None:
        self._clock, self._telegram, self._host = clock, telegram, host
        self._runner, self._community, self._on_hour = runner, community, on_hour
        self._is_running = True
        self._busy_until: datetime | None = None
        self._is_interrupted = False
        # A poll is a request: it is made when there is something to fetch.
        self._has_updates = True
        host.polling.poll_seconds = 0
        self._wake = asyncio.Event()
        self._job: asyncio.Task[list[str]] | None = None
        telegram.hooks.append(self._wake_for)

    def _wake_for(self, kind: str, _: Any) -> None:
        if kind == "Update":
            self._has_updates = True
            self._wake.set()

    # --- whole weeks

    async def live_until(self, instant: datetime) -> None:
        """Everything that happens until then, in order. Raises Busy while time moves already."""
        if self._busy_until is not None:
            raise Busy(f"Time is on its way to {self._busy_until:%A %H:%M}; please wait for it.")
        self._busy_until, self._is_interrupted = instant, False
        try:
            await self._finish_job()
            while self._clock.now() < instant and not self._is_interrupted:
                await self._step(instant)
        finally:
            self._busy_until = None

    async def _step(self, instant: datetime) -> None:
        """On to the next deed or full hour, whichever comes first."""
        full_hour = self._clock.now().replace(minute=0, second=0, microsecond=0) + HOUR
        stop = min(instant, full_hour)
        at = self._community.next_at()
        if at is not None and at <= stop:
            await self._move_to(at)
            if self._community.do_next(at):
                await self._serve()
            return
        await self._move_to(stop)
        if await self._is_time_for_jobs():
            await self._serve()
            # Nobody is answered before a job ends; so it need not run beside the bot.
            if await self._runner.run_due(in_loop=True):
                await self._serve()
        if self._on_hour is not None:
            await self._on_hour(self._clock.now())

    async def _is_time_for_jobs(self) -> bool:
        """Every few hours, and at any full hour when something was asked for or planned to the minute."""
        now = self._clock.now()
        if now.hour % JOBS_HOURS == JOBS_FROM_HOUR:
            return True
        calls = select(DueJob.id).where(DueJob.due_at <= now, DueJob.is_recurring.is_(False)).limit(1)
        async with self._host.services.database.reading() as session:
            return await session.scalar(calls) is not None

    async def _move_to(self, instant: datetime) -> None:
        if instant > self._clock.now():
            await self._clock.advance_to(instant)

    async def _serve(self) -> None:
        """The bot hears and answers; it gets some seconds to say several things in one chat."""
        await self._hear()
        for _ in range(MOST_SECONDS):
            if not await self._host.door.flush():
                return
            await self._clock.advance(timedelta(seconds=1.05))
            await self._hear()

    async def _hear(self) -> None:
        """Fetch and handle what the local Telegram has; costs nothing when it has nothing."""
        if not self._has_updates:
            return
        self._has_updates = False
        # Until there are none: a quick second poll at the same offset gets one update only, as on Telegram.
        while await self._host.polling.poll():
            await self._host.worker.work_off()
            await self._host.worker.finish_answers()

    # --- beside somebody who chats

    async def run(self) -> None:
        """Normal speed until cancelled; days and weeks that ask() wants are lived in between."""
        loop = asyncio.get_running_loop()
        before = loop.time()
        looked_at = 0.0
        try:
            while True:
                await self._look_away()
                if self._busy_until is not None:
                    await self._replay()
                    before = loop.time()
                elapsed, before = loop.time() - before, loop.time()
                has_happened = await self._flow(timedelta(seconds=min(elapsed, LONGEST_MOMENT_SECONDS)))
                if has_happened or before - looked_at > JOBS_SECONDS:
                    looked_at = before
                    self._look_at_jobs()
        finally:
            if self._job is not None:
                self._job.cancel()
                await asyncio.gather(self._job, return_exceptions=True)

    async def _look_away(self) -> None:
        # Not wait_for(): see bot/working/worker.py.
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await self._wake.wait()
        self._wake.clear()

    async def _replay(self) -> None:
        target, self._busy_until = self._busy_until, None
        if target is not None:
            await self.live_until(target)

    async def _flow(self, span: timedelta) -> bool:
        """Let a moment pass; True when the bot did something."""
        if self._is_running:
            await self._clock.advance(span)
            now = self._clock.now()
            while (at := self._community.next_at()) is not None and at <= now:
                self._community.do_next(now)
        if self._has_updates or self._has_ended_job():
            await self._serve_live()
            return True
        if self._is_running:
            await self._host.door.flush()
        return False

    async def _serve_live(self) -> None:
        """Answer now. While time stands still it passes as far as the bot needs to speak."""
        if self._is_running:
            await self._hear()
            await self._host.door.flush()
        else:
            await self._serve()

    def _look_at_jobs(self) -> None:
        """Jobs run beside the chat: a training of seconds holds up nobody."""
        if self._job is None:
            self._job = asyncio.create_task(self._runner.run_due(), name="jobs of the playground")
            self._job.add_done_callback(lambda _: self._wake.set())

    def _has_ended_job(self) -> bool:
        if self._job is None or not self._job.done():
            return False
        job, self._job = self._job, None
        if not job.cancelled() and (error := job.exception()) is not None:
            log.error("playground: the jobs failed: %s", type(error).__name__)
        return not job.cancelled() and job.exception() is None and bool(job.result())

    async def _finish_job(self) -> None:
        if self._job is not None:
            await asyncio.wait({self._job})
            self._job = None

    # --- asked for by the page

    def ask(self, action: str) -> None:
        """pause, play, day or week. Raises Busy while a day or week is being lived, ValueError for anything else."""
        if action == "pause":
            self._is_running, self._is_interrupted = False, True
        elif action == "play":
            self._is_running = True
        elif action not in SPANS:
            raise ValueError(f"there are pause, play, day and week, not {action!r}")
        elif self._busy_until is not None:
            raise Busy(f"Time is on its way to {self._busy_until:%A %H:%M} UTC; please wait for it.")
        else:
            self._busy_until = self._clock.now() + SPANS[action]
            self._wake.set()

    def state(self) -> dict[str, Any]:
        """As the page shows it; instants in ISO 8601, UTC."""
        is_busy = self._busy_until is not None
        return {
            "now": self._clock.now().astimezone(UTC).isoformat(),
            "is_running": self._is_running,
            "speed": 1 if self._is_running and not is_busy else 0,
            "busy_until": self._busy_until.isoformat() if self._busy_until else None,
        }

    def routes(self) -> list[Route]:
        """GET and POST /playground/time."""
        return [Route("/playground/time", self._answer, methods=["GET", "POST"])]

    async def _answer(self, request: Request) -> Response:
        if problem := why_not(request):
            return JSONResponse({"ok": False, "error": problem}, 403)
        if request.method == "POST":
            try:
                self.ask(str(orjson.loads(await request.body())["action"]))
            except Busy as busy:
                return JSONResponse({"ok": False, "error": str(busy), **self.state()}, 409)
            except (ValueError, KeyError, TypeError) as error:
                return JSONResponse({"ok": False, "error": str(error), **self.state()}, 400)
        return JSONResponse({"ok": True, **self.state()})
