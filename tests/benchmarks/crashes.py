"""`kill -9` at random instants, 20 times over 10,000 updates, on both databases: what was lost, what counted twice."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from tests.benchmarks.machine import fresh_postgres
from tests.killing import survive

N_UPDATES, N_KILLS = 10_000, 20


async def measure() -> list[str]:
    """Rows of the table."""
    lines = ["| database | updates | kills | lost | counted twice | set aside |", "|---|---:|---:|---:|---:|---:|"]
    with tempfile.TemporaryDirectory() as folder:
        urls = {
            "SQLite": f"sqlite+aiosqlite:///{folder}/klatch.db",
            "PostgreSQL": await fresh_postgres("klatch_benchmark"),
        }
        for name, url in urls.items():
            there, expected = await survive(url, Path(folder), n_updates=N_UPDATES, n_kills=N_KILLS)
            differences = [
                there.n_messages - expected.n_messages,
                there.n_reactions - expected.n_reactions,
                there.n_links - expected.n_links,
            ]
            lost, twice = -sum(min(one, 0) for one in differences), sum(max(one, 0) for one in differences)
            lines.append(f"| {name} | {N_UPDATES:,} | {N_KILLS} | {lost} | {twice} | {there.n_quarantined} |")
    return lines


def main() -> list[str]:
    """Measure."""
    return asyncio.run(measure())
