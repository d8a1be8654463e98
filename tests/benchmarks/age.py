"""What must not grow with the installation: /forgetme, a batch of retention, and finding the pressed message.

Old: 5,000 members with 120,000 interactions and 200,000 deliveries (size 10 of 1). The reference is an installation of a tenth of
that, whose members left as much each, in the same run: a ratio near 1 reads no more rows, near 10 it reads all.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from math import ceil
from pathlib import Path

from migrations.upgrade import upgrade
from models.database import Database
from models.domain.erasure import personal_data, retention
from models.domain.sending import receipts
from models.encryption import KeyRing, new_key
from models.tables.member import Member
from tests.benchmarks.machine import fresh_postgres, median
from tests.old_installation import N_DELIVERIES, N_MEMBERS, grow_old
from tests.village import NOW

# Of tests/old_installation.py.
YOUNG, OLD = 0.4, 4.0
N_FORGOTTEN, N_PRESSES = 15, 200
# One of the sixty instants of the installation's life is older.
LIMITS = retention.Limits(written_days=355, raw_days=355, sent_days=355, delivery_days=355)
Work = Callable[[Database, float], Awaitable[float]]


async def _press(database: Database, size: float) -> float:
    """Milliseconds to find a pressed message, in the middle of the life of its member."""
    spent = []
    n_deliveries = round(size * N_DELIVERIES)
    for number in range(N_PRESSES):
        pressed = (number * 7919) % n_deliveries + 1
        async with database.reading() as session:
            began = time.perf_counter()
            found = await receipts.sent_as(session, pressed, member_id=pressed % round(size * N_MEMBERS) + 1)
            spent.append(time.perf_counter() - began)
        assert found is not None
    return 1000 * median(spent)


async def _forget(database: Database, size: float) -> float:
    """Milliseconds of the transaction in which a member is erased."""
    spent = []
    for number in range(N_FORGOTTEN):
        async with database.transaction() as session:
            member = await session.get_one(Member, 20 + number)
            began = time.perf_counter()
            await personal_data.forget(session, member, now=NOW)
        spent.append(time.perf_counter() - began)
    return 1000 * median(spent)


async def _erase(database: Database, size: float) -> float:
    """Milliseconds a batch of retention, commits and looks included."""
    began = time.perf_counter()
    erased = await retention.apply(database, now=NOW, limits=LIMITS)
    spent = time.perf_counter() - began
    assert len(erased) >= 4
    return 1000 * spent / sum(ceil(n / retention.BATCH) for n in erased.values())


WORKS: dict[str, Work] = {"finding the pressed message": _press, "/forgetme": _forget, "a batch of retention": _erase}


async def _measure(url: str, size: float) -> dict[str, float]:
    database = Database(url, KeyRing([new_key()]))
    await upgrade(database)
    await grow_old(database, now=NOW, size=size)
    found = {name: await work(database, size) for name, work in WORKS.items()}
    await database.close()
    return found


def _run(engine: str, size: float) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        is_sqlite = engine == "SQLite"
        url = (
            f"sqlite+aiosqlite:///{Path(folder) / 'klatch.db'}"
            if is_sqlite
            else asyncio.run(fresh_postgres("klatch_benchmark"))
        )
        return asyncio.run(_measure(url, size))


def main() -> list[str]:
    """One row a database and work."""
    lines = ["| what | database | a tenth, ms | old, ms | ratio |", "|---|---|--:|--:|--:|"]
    for engine in ("SQLite", "PostgreSQL"):
        young, old = _run(engine, YOUNG), _run(engine, OLD)
        for name in WORKS:
            ratio = old[name] / young[name]
            lines.append(f"| {name} | {engine} | {young[name]:.1f} | {old[name]:.1f} | {ratio:.1f} |")
            print(lines[-1], file=sys.stderr, flush=True)
    return lines
