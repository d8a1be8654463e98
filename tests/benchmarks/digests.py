"""Digest hour of a community in which everybody is due and gets a digest: 1,000, 10,000 and 40,000 members who said yes.

Each asked twice about a field in which something is told. The reference is the smallest crowd in the same run: what one digest
takes should not grow with the community. Each size runs in a process of its own, which tells its peak memory; `around` is what
the process held before the job began. Seconds are of our processor (PostgreSQL's own are not counted).

`python -m tests.benchmarks.digests SQLite 1000 10000` measures these sizes on this database alone.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import event, func, select

from bot.config import Config
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from bot.texts import load_texts
from jobs import send_digests, weave_threads
from migrations.upgrade import upgrade
from models.database import Database
from models.encryption import KeyRing, new_key
from models.tables.delivery import Delivery
from tests.benchmarks.machine import fresh_postgres
from tests.multitude import Multitude, settle_down
from tests.village import NOW

ENGINES, SIZES = ("SQLite", "PostgreSQL"), (1_000, 10_000, 40_000)


@dataclass(frozen=True)
class Hour:
    """One run of the job: digests queued, seconds of our processor, megabytes before it and at most, statements."""

    n_digests: int
    seconds: float
    around: float
    peak: float
    n_statements: int


async def measure(url: str, n: int) -> Hour:
    """Make a crowd of n, weave what it said, and send everybody a digest."""
    database = Database(url, KeyRing([new_key()]))
    await upgrade(database)
    services = Services(database, SimulatedClock(NOW), load_texts(), Config(), random=Random(7))
    async with database.transaction() as session:
        await settle_down(session, Multitude(n_members=n, n_due=n, now=NOW, n_with_interests=n))
    await weave_threads.run(services, now=NOW)
    n_statements = 0

    def count(*_: Any) -> None:
        nonlocal n_statements
        n_statements += 1

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    around, before = _peak(), time.process_time()
    await send_digests.run(services, now=NOW)
    spent, n_counted = time.process_time() - before, n_statements
    async with database.reading() as session:
        n_digests = await session.scalar(select(func.count(Delivery.id))) or 0
    await database.close()
    return Hour(n_digests, spent, around, _peak(), n_counted)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _apart(engine: str, n: int) -> Hour:
    with tempfile.TemporaryDirectory() as folder:
        sqlite = f"sqlite+aiosqlite:///{Path(folder) / 'klatch.db'}"
        url = sqlite if engine == "SQLite" else asyncio.run(fresh_postgres("klatch_benchmark_digests"))
        command = [sys.executable, "-m", "tests.benchmarks.digests", "--one", url, str(n)]
        printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Hour(**json.loads(printed))


def main(engines: Sequence[str] = ENGINES, sizes: Sequence[int] = SIZES) -> list[str]:
    """One row a database and size."""
    lines = [
        "| database | due | digests | CPU s | ms a digest | of the reference | MB around | peak MB | statements | a digest |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for engine in engines:
        reference: float | None = None
        for n in sizes:
            hour = _apart(engine, n)
            each = hour.seconds / hour.n_digests
            reference = reference or each
            lines.append(
                f"| {engine} | {n:,} | {hour.n_digests:,} | {hour.seconds:.1f} | {1000 * each:.1f} | {each / reference:.2f} "
                f"| {hour.around:.0f} | {hour.peak:.0f} | {hour.n_statements:,} | {hour.n_statements / hour.n_digests:.2f} |"
            )
            print(lines[-1], file=sys.stderr, flush=True)
    return lines


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        print(json.dumps(asdict(asyncio.run(measure(sys.argv[2], int(sys.argv[3]))))))
    else:
        print("\n".join(main(sys.argv[1:2], [int(size) for size in sys.argv[2:]] or SIZES)))
