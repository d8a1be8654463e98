"""The child's end of the other process: reads orders from its standard input until that ends, runs one after the other."""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import queue
import signal
import sys
import threading
from datetime import datetime
from random import Random
from typing import Any, BinaryIO

import orjson

from bot.scene.services import Services
from bot.texts import load_texts
from jobs.engine.failures import describe, frames
from jobs.engine.process import HEADER, Order
from models.database import Database

# An outcome is one line; the parent reads lines of up to 64 KiB.
LONGEST_LINE = 2_000

log = logging.getLogger(__name__)


class FixedClock:
    """The instant at which the job was woken: on a simulated clock, time only passes in the parent."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        """Always the same instant."""
        return self._instant

    async def sleep(self, seconds: float) -> None:
        """Let others run; this clock's time does not pass."""
        await asyncio.sleep(0)


def main() -> None:
    """Serve until the parent closes the pipe, or is gone."""
    # Ctrl-C and a supervisor's stop reach the whole group; the parent decides what they mean.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(int(sys.argv[1]))
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    answers = _take_standard_output()
    orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
    threading.Thread(target=_read_orders, args=(sys.stdin.buffer, orders), daemon=True).start()
    while True:
        answers.write(orjson.dumps(_answer(orders.get())) + b"\n")
        answers.flush()


def _take_standard_output() -> BinaryIO:
    """Answers go where standard output went; what a library prints goes to the log, and cannot be taken for an answer."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _read_orders(source: BinaryIO, orders: queue.SimpleQueue[Order]) -> None:
    while len(head := source.read(HEADER.size)) == HEADER.size:
        (length,) = HEADER.unpack(head)
        # Nobody but our own parent holds the other end of this pipe.
        orders.put(pickle.loads(source.read(length)))  # noqa: S301
    # The parent is gone or wants no more: whatever runs is rolled back by the database.
    os._exit(0)


def _answer(order: Order) -> dict[str, str]:
    try:
        return {"outcome": asyncio.run(_run(order))[:LONGEST_LINE]}
    except Exception as error:
        log.error("jobs: %s: %s\n%s", order.entry.name, describe(error), frames(error))
        return {"failure": describe(error)[:LONGEST_LINE]}


async def _run(order: Order) -> str:
    database = Database(order.database_url, order.keys, pool_size=2)
    services = Services(
        database,
        FixedClock(order.now),
        load_texts(),
        order.config,
        random=Random(order.seed),  # noqa: S311  # the parent's chance goes on here
        bot_username=order.bot_username,
        bot_id=order.bot_id,
    )
    try:
        arguments: dict[str, Any] = order.arguments
        return await order.entry.job(services, now=order.now, **arguments)
    finally:
        await database.close()


if __name__ == "__main__":
    main()
