"""Digest hour of a community in which everybody is due: 1,000, 10,000 and 40,000 members who said yes.

Each size runs in a process of its own, which tells its peak memory; seconds are of our processor (PostgreSQL's own not counted).
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import event

from bot.config import Config
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from bot.texts import load_texts
from jobs import send_digests, weave_threads
from migrations.upgrade import upgrade
from models.database import Database
from models.encryption import KeyRing, new_key
from tests.benchmarks.machine import fresh_postgres
from tests.multitude import Multitude, settle_down
from tests.village import NOW

SIZES = (1_000, 10_000, 40_000)


async def measure(url: str, n: int) -> dict[str, Any]:
    """Seconds, megabytes and statements of one run."""
    database = Database(url, KeyRing([new_key()]))
    await upgrade(database)
    services = Services(database, SimulatedClock(NOW), load_texts(), Config(), random=Random(7))
    async with database.transaction() as session:
        await settle_down(session, Multitude(n_members=n, n_due=n, now=NOW))
    await weave_threads.run(services, now=NOW)
    n_statements = 0

    def count(*_: Any) -> None:
        nonlocal n_statements
        n_statements += 1

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    before, began = time.process_time(), time.perf_counter()
    outcome = await send_digests.run(services, now=NOW)
    spent = time.process_time() - before
    await database.close()
    return {
        "cpu": spent,
        "wall": time.perf_counter() - began,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "statements": n_statements,
        "outcome": outcome,
    }


def _apart(url: str, n: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.digests", url, str(n)]
    told: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told


def main() -> list[str]:
    """One row a database and size."""
    lines = [
        "| database | due | CPU s | s | ms a digest | peak MB | statements | a digest |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for engine in ("SQLite", "PostgreSQL"):
        for n in SIZES:
            with tempfile.TemporaryDirectory() as folder:
                sqlite = f"sqlite+aiosqlite:///{Path(folder) / 'klatch.db'}"
                url = sqlite if engine == "SQLite" else asyncio.run(fresh_postgres("klatch_benchmark"))
                told = _apart(url, n)
            each = f"{1000 * told['cpu'] / n:.1f} | {told['peak']:.0f} | {told['statements']} | {told['statements'] / n:.2f}"
            lines.append(f"| {engine} | {n:,} | {told['cpu']:.1f} | {told['wall']:.1f} | {each} |")
            print(lines[-1], told["outcome"], file=sys.stderr, flush=True)
    return lines


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(sys.argv[1], int(sys.argv[2])))))
