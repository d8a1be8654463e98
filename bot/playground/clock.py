"""A clock that moves only when told, so that weeks of a community's life pass in seconds."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count

# How often the event loop may turn before a woken chain of tasks counts as settled. A task that waits for a thread
# (a database driver) needs real time; hand in `settle` when such tasks must end before time moves on.
TURNS = 25
# Real seconds between two steps of run(); small enough for a page to look fluent.
STEP_SECONDS = 0.05


async def turn_the_loop() -> None:
    """Let every task that is ready run, and those it wakes, TURNS times."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


class SimulatedClock:
    """A Clock whose time stands still until advance(), advance_to() or run() moves it. It never moves backwards.

    `start` must be aware. `settle` is awaited after each woken sleeper and decides when its work counts as done.
    Raises ValueError for a naive `start` and for any move into the past.
    """

    def __init__(self, start: datetime, *, settle: Callable[[], Awaitable[None]] = turn_the_loop) -> None:
        self._now = _as_utc(start)
        self._settle = settle
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._order = count()
        self._moving = asyncio.Lock()
        self._flow: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """The simulated instant, aware, in UTC."""
        return self._now

    @property
    def is_running(self) -> bool:
        """Whether run() is moving time by itself."""
        return self._flow is not None and not self._flow.done()

    async def sleep(self, seconds: float) -> None:
        """Wait until `seconds` of simulated time have passed."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        wake_up: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due_at = self._now + timedelta(seconds=seconds)
        heapq.heappush(self._sleepers, (due_at, next(self._order), wake_up))
        await wake_up

    async def advance(self, by: timedelta) -> None:
        """Move time on by `by`, waking each sleeper at its own instant and in order."""
        await self.advance_to(self._now + by)

    async def advance_to(self, instant: datetime) -> None:
        """Move time to `instant`; sleepers added on the way are woken too. Raises ValueError for the past."""
        target = _as_utc(instant)
        async with self._moving:
            if target < self._now:
                raise ValueError(f"time does not move backwards: {target.isoformat()} < {self._now.isoformat()}")
            await self._settle()
            while self._wake_next(target):
                await self._settle()
            self._now = target
            await self._settle()

    def run(self, speed: float) -> None:
        """Let `speed` simulated seconds pass per real second, until pause(); replaces an earlier flow."""
        if speed <= 0:
            raise ValueError("speed must be above 0; use pause() to stop time")
        self.pause()
        self._flow = asyncio.get_running_loop().create_task(self._flow_on(speed))

    def pause(self) -> None:
        """Stop what run() started; does nothing when time already stands still."""
        if self._flow is not None:
            self._flow.cancel()
            self._flow = None

    async def _flow_on(self, speed: float) -> None:
        loop = asyncio.get_running_loop()
        before = loop.time()
        while True:
            await asyncio.sleep(STEP_SECONDS)
            elapsed, before = loop.time() - before, loop.time()
            await self.advance(timedelta(seconds=elapsed * speed))

    def _wake_next(self, target: datetime) -> bool:
        """Wake the first sleeper due by `target`; says whether there was one."""
        while self._sleepers and self._sleepers[0][0] <= target:
            due_at, _, wake_up = heapq.heappop(self._sleepers)
            if wake_up.done():  # its task was cancelled meanwhile
                continue
            self._now = max(self._now, due_at)
            wake_up.set_result(None)
            return True
        return False


def _as_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant must be aware")
    return instant.astimezone(UTC)
