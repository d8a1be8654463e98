"""Answers to presses, given beside the work; where Telegram stumbles they are tried again while the presser still looks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from bot.clock import Clock
from bot.delivery.outcomes import InDoubt, NotArrived, Wait, read_error

log = logging.getLogger(__name__)

Ask = Callable[[], Awaitable[object]]

# Seconds before each further try. Telegram would take an answer for 150 s, but after half a minute the presser is elsewhere:
# a sentence, or a chat that opens by itself, would then come out of the blue.
WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)


class PressAnswers:
    """Those on their way and those that will be tried again. A restart loses them: their presses are done and shown."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calling: set[asyncio.Task[None]] = set()
        self._resting: set[asyncio.Task[None]] = set()

    def give(self, ask: Ask) -> None:
        """Answer one press; the network is not waited for, and nothing is raised."""
        _start(self._calling, self._call(ask, WAITS))

    async def finish(self) -> None:
        """Wait for those on their way, not for those that are tried again later."""
        while self._calling:
            await asyncio.wait(self._calling)

    async def close(self) -> None:
        """Wait for those on their way; nothing is tried again."""
        while self._calling or self._resting:
            await self.finish()
            for resting in self._resting:
                resting.cancel()
            await asyncio.gather(*self._resting, return_exceptions=True)

    async def _call(self, ask: Ask, waits: Sequence[float]) -> None:
        try:
            await ask()
        except Exception as error:
            if (seconds := _seconds_until_next(error, waits)) is None:
                log.info("worker: a press could not be answered: %s", type(error).__name__)
            else:
                _start(self._resting, self._call_later(seconds, ask, waits[1:]))

    async def _call_later(self, seconds: float, ask: Ask, waits: Sequence[float]) -> None:
        await self._clock.sleep(seconds)
        _start(self._calling, self._call(ask, waits))


def _seconds_until_next(error: Exception, waits: Sequence[float]) -> float | None:
    """When to try again; None where that is of no use: too late, already answered, or a fault of ours."""
    match read_error(error):
        case NotArrived() | InDoubt() if waits:
            return waits[0]
        case Wait(retry_after) if retry_after.total_seconds() <= sum(waits):
            return max(retry_after.total_seconds(), waits[0])
    return None


def _start(tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.get_running_loop().create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
