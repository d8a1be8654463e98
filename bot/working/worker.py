"""Turns stored updates into effects, each exactly once: it is marked done in the transaction that holds its effects.

A kill at any instant neither loses nor doubles anything. What may be handled when, and with what, stands in lanes.py.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.scene.services import Services
from bot.working import backlog, recording
from bot.working.attempts import Attempts
from bot.working.lanes import Batch, Lanes
from bot.working.quarantine import set_aside_unread
from bot.working.serving import AnyApplication, Serving
from bot.working.shift import Shift

# Seconds for the last word to the database before the worker ends.
LONGEST_FAREWELL = 2.0


class Worker:
    """Works off the inbox; one runs in each process that hears.

    `run()` handles what it may at once, for ever; `work_off()` one after the other until nothing waits, the same way
    every time.
    """

    def __init__(self, services: Services, application: AnyApplication, storing: asyncio.Event) -> None:
        self.stored = storing
        self._serving = Serving(services, application)
        self._attempts = Attempts()

    @property
    def services(self) -> Services:
        """What handlers use; the host exchanges it as it learns who it is."""
        return self._serving.services

    @services.setter
    def services(self, services: Services) -> None:
        self._serving.services = services

    async def work_off(self) -> int:
        """Handle what waits, the urgent first, until nothing does; returns how many updates that were."""
        lanes, n_handled = Lanes(), 0
        while await self._look(lanes):
            while ready := lanes.ready():
                lanes.start(ready[0])
                await self._handle(ready[0])
                lanes.end(ready[0])
                n_handled += len(ready[0].rows)
        return n_handled

    async def run(self) -> None:
        """Work until cancelled; a database that is gone is waited for."""
        shift = Shift(self._look, self._handle, self.stored)
        try:
            await shift.run()
        except asyncio.CancelledError:
            await shift.stop()
            with suppress(Exception):
                async with asyncio.timeout(LONGEST_FAREWELL):
                    await self._attempts.take_back(self.services.database)
            raise

    async def _look(self, lanes: Lanes) -> int:
        """Take in hand what waits and mark it as begun; returns how many updates that were."""
        database = self.services.database
        rows = await backlog.more(database, lanes)
        is_suspect = await self._attempts.are_suspect(database, rows)
        if not is_suspect:
            await self._attempts.begin(database, rows)
        lanes.add(rows, is_alone=is_suspect)
        return len(rows)

    async def _handle(self, batch: Batch) -> None:
        """To its end: done or set aside. Raises what may pass later."""
        first = batch.rows[0]
        if batch.is_alone and not await self._attempts.begin_alone(self.services.database, first):
            await set_aside_unread(self.services, first)
        elif batch.is_chatter:
            await recording.record_all(self.services, batch.rows)
        elif batch.is_shared:
            await self._serving.serve_together(batch.rows)
        else:
            await self._serving.serve(first)
        self._attempts.end(batch.rows)

    async def finish_answers(self) -> None:
        """Wait for answers to presses that are on their way."""
        await self._serving.answers.finish()

    async def close(self) -> None:
        """As finish_answers(), and nothing is tried again."""
        await self._serving.answers.close()
