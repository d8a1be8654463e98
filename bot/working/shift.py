"""The worker beside itself: batches that may be handled at once are, and none waits for another's end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from bot.working.backlog import MOST_AT_ONCE
from bot.working.lanes import Batch, Lanes
from models.database import is_temporary

log = logging.getLogger(__name__)

# Handlers at once, most of which then wait for Telegram: half of the connections that we keep open to it.
MOST_UNDER_WAY = 32
# Without a wake-up the rows are looked at this often, in seconds.
IDLE_SECONDS = 1.0
FIRST_WAIT, LONGEST_WAIT = 0.2, 10.0
# Seconds that a stop leaves to what is in the middle of a transaction; handlers that wait for Telegram are ended then.
LAST_MOMENT = 0.5


class Shift:
    """From the first look until it is stopped. `look` takes updates in hand, `handle` brings a batch to its end."""

    def __init__(
        self,
        look: Callable[[Lanes], Coroutine[Any, Any, int]],
        handle: Callable[[Batch], Coroutine[Any, Any, None]],
        storing: asyncio.Event,
    ) -> None:
        self._look, self._handle, self._storing = look, handle, storing
        self._lanes = Lanes()
        self._under_way: dict[asyncio.Task[None], Batch] = {}
        self._looking: asyncio.Task[int] | None = None

    async def run(self) -> None:
        """Work for ever; while the database is gone nothing is begun, and everything keeps its place."""
        wait, is_time_to_look, has_more = FIRST_WAIT, True, False
        while True:
            try:
                if is_time_to_look:
                    self._storing.clear()
                    has_more = await self._look_unbroken() > 0 or len(self._lanes) >= MOST_AT_ONCE
                self._start()
                is_time_to_look = await self._rest() or has_more
                if (error := self._collect()) is not None:
                    raise error
                wait = FIRST_WAIT
            except Exception as error:
                is_time_to_look = True
                level = logging.WARNING if is_temporary(error) else logging.ERROR
                log.log(
                    level, "worker: %s; again in %.1f s", type(error).__name__, wait, exc_info=level > logging.WARNING
                )
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
                # What failed meanwhile did so for the same reason.
                self._collect()

    async def stop(self) -> None:
        """Let transactions come to their end, and end what waits."""
        tasks: set[asyncio.Task[Any]] = {*self._under_way, *([self._looking] if self._looking else [])}
        unfinished_tasks = (await asyncio.wait(tasks, timeout=LAST_MOMENT))[1] if tasks else set()
        for task in unfinished_tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_unbroken(self) -> int:
        """A stop in the middle of it does not leave the database with half a transaction."""
        self._looking = asyncio.create_task(self._look(self._lanes), name="worker: look")
        return await asyncio.shield(self._looking)

    def _start(self) -> None:
        for batch in self._lanes.ready():
            # What never waits for Telegram has room of its own: chatter, and presses on events.
            if batch.is_quick or self._n_slow < MOST_UNDER_WAY:
                self._lanes.start(batch)
                task = asyncio.create_task(self._handle(batch), name=f"update row {batch.rows[0].id}")
                self._under_way[task] = batch

    @property
    def _n_slow(self) -> int:
        return sum(not batch.is_quick for batch in self._under_way.values())

    async def _rest(self) -> bool:
        """Until a batch ends, something is stored, or a while has passed; True when it is time to look again."""
        waking = asyncio.create_task(self._storing.wait())
        try:
            finished_tasks, _ = await asyncio.wait(
                {waking, *self._under_way}, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            waking.cancel()
            await asyncio.gather(waking, return_exceptions=True)
        return not finished_tasks or self._storing.is_set()

    def _collect(self) -> BaseException | None:
        """Let go of what ended; what failed keeps its place. Returns a failure."""
        failure = None
        for task in [task for task in self._under_way if task.done()]:
            batch = self._under_way.pop(task)
            if error := _failure_of(task):
                self._lanes.put_back(batch)
                failure = error
            else:
                self._lanes.end(batch)
        return failure


def _failure_of(task: asyncio.Task[None]) -> BaseException | None:
    # Nobody but stop() cancels: a handler that lost its patience is none of our ends.
    return RuntimeError("a handler cancelled itself") if task.cancelled() else task.exception()
