"""The other processes: jobs that compute run there, so that the bot answers while a model is trained.

One child each, started on first need, with lowered priority, ended after some idle minutes to give its memory back. It
gets plain data only, opens the database itself, and dies with its parent however that dies: its orders come through a pipe,
and the end of the pipe is its end. A plain subprocess and no ProcessPoolExecutor: that one cannot end a running job, needs
three threads in the parent, and leaves its child alive when the parent is killed.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from bot.config import Config
from bot.scene.services import Services
from jobs.engine.failures import JobFailed
from jobs.schedule import Entry
from models.encryption import KeyRing

IDLE_SECONDS = 120.0
# The bot goes first wherever both want the processor, and who waits for a digest before a training.
NICENESS, NICENESS_OF_TRAINING = 10, 15
# Length of an order, in bytes, before the order itself.
HEADER = struct.Struct(">I")


@dataclass(frozen=True)
class Order:
    """One job for the child; everything is plain data or our own frozen classes. Holds keys: only ever in a pipe."""

    entry: Entry
    arguments: dict[str, Any]
    now: datetime
    database_url: str
    keys: KeyRing
    config: Config
    bot_username: str
    bot_id: int
    seed: float


class OtherProcess:
    """The parent's end. One job at a time; others wait for their turn. `niceness` is added to the parent's own (0 to 19)."""

    def __init__(self, *, idle_seconds: float = IDLE_SECONDS, niceness: int = NICENESS) -> None:
        self._idle_seconds, self._niceness = idle_seconds, niceness
        self._child: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._bedtime: asyncio.TimerHandle | None = None
        self._retiring: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None
        self._is_closing = False

    @property
    def pid(self) -> int | None:
        """The living child's process id."""
        return self._child.pid if self._child and self._child.returncode is None else None

    async def run(self, services: Services, entry: Entry, arguments: Mapping[str, Any], *, now: datetime) -> str:
        """The job's outcome. Raises JobFailed when it failed or the child died; cancelling ends the child."""
        async with self._turn:
            self._stay_awake()
            try:
                return await self._ask(order_of(services, entry, arguments, now))
            except BaseException:
                # Whatever state the child is in, the next job finds a fresh one.
                await self._end()
                raise
            finally:
                self._go_to_bed_later()

    async def close(self) -> None:
        """End the child, whatever it does; nothing of it is left when this returns."""
        self._is_closing = True
        if self._child is not None:
            _kill(self._child)
        # Its turn comes when whoever waits for an answer, or is just ending an idle child, has let go of it.
        await self._retire()
        self._is_closing = False

    async def _ask(self, order: Order) -> str:
        if self.pid is None:
            await self._end()
            self._child = await _start(self._niceness)
            if self._is_closing:
                _kill(self._child)
        child = self._child
        assert child is not None and child.stdin is not None and child.stdout is not None  # noqa: S101, PT018  # both are pipes
        message = pickle.dumps(order)
        with suppress(ConnectionError):
            child.stdin.write(HEADER.pack(len(message)) + message)
            await child.stdin.drain()
        answer = await child.stdout.readline()
        if not answer:
            raise JobFailed(f"the other process ended unexpectedly ({await child.wait()})")
        answer_parts = orjson.loads(answer)
        if "failure" in answer_parts:
            raise JobFailed(answer_parts["failure"])
        return str(answer_parts["outcome"])

    async def _retire(self) -> None:
        async with self._turn:
            self._stay_awake()
            await self._end()

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            self._ending = asyncio.create_task(_end(child), name=f"end of process {child.pid}")
        if self._ending is not None:
            # Shielded: somebody cancelled twice must not leave it half ended.
            await asyncio.shield(self._ending)

    def _stay_awake(self) -> None:
        if self._bedtime is not None:
            self._bedtime.cancel()
            self._bedtime = None

    def _go_to_bed_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._bedtime = loop.call_later(self._idle_seconds, self._go_to_bed)

    def _go_to_bed(self) -> None:
        if not self._turn.locked():
            self._retiring = asyncio.create_task(self._retire(), name="end of an idle process")


def order_of(services: Services, entry: Entry, arguments: Mapping[str, Any], now: datetime) -> Order:
    """All that the child is told. Jobs do not talk to Telegram, so it gets no token."""
    telegram = replace(services.config.telegram, token="", secret="")
    return Order(
        entry=entry,
        arguments=dict(arguments),
        now=now,
        database_url=services.database.url,
        keys=services.database.keys,
        config=replace(services.config, telegram=telegram),
        bot_username=services.bot_username,
        bot_id=services.bot_id,
        seed=services.random.random(),
    )


def _kill(child: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        child.kill()


async def _end(child: asyncio.subprocess.Process) -> None:
    """Kill the child and wait until it and both pipes are gone; nobody may be reading from it."""
    assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018  # both are pipes
    _kill(child)
    child.stdin.close()
    await child.stdout.read()
    await child.wait()
    with suppress(ConnectionError):
        await child.stdin.wait_closed()


async def _start(niceness: int) -> asyncio.subprocess.Process:
    n_threads = str(max(1, (os.cpu_count() or 1) - 1))
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "jobs.engine.process_child",
        str(niceness),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={
            # Our secrets come with the order; one core stays free for the bot.
            **{name: value for name, value in os.environ.items() if not name.startswith("KLATCH_")},
            "PYTHONPATH": os.pathsep.join(part for part in sys.path if part),
            "OMP_NUM_THREADS": n_threads,
            "OPENBLAS_NUM_THREADS": n_threads,
        },
    )
