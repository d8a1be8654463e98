"""How fast and in how much memory is an export imported? `python -m tests.benchmarks import_speed`

The largest real export, as it is and ten times over (synthetic: the same chats under other ids), into an empty database, and
once more into the full one. Reference: ijson building the same messages and doing nothing with them. Each measurement is a
process of its own, so that its peak memory is its own; the middle of several runs is given.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import lzma
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ijson
from sqlalchemy import text

from bot.importing.command import add_arguments, run
from bot.importing.finding import find_export
from migrations.upgrade import upgrade
from models.database import Database
from models.encryption import KeyRing, new_key
from tests.benchmarks.machine import fresh_postgres, median
from tests.outside import DATA, NO_DATA

EXPORT = DATA / "telegram_export_full.json.xz"
RUNS = 3


def main() -> list[str]:
    """The table that stands in README.md."""
    if not EXPORT.exists():
        return [f"{NO_DATA}; nothing was measured."]
    with tempfile.TemporaryDirectory() as folder:
        once, tenfold = _unpacked(EXPORT, Path(folder))
        lines = ["| what | messages/s | messages per CPU second of ours | peak MB |", "|---|---:|---:|---:|"]
        for name, path in (("31,646 messages", once), ("316,460 messages", tenfold)):
            lines.append(_row(f"ijson alone, {name}", "parse", path))
            lines += [_row(f"{engine}, {name}", engine, path) for engine in ("sqlite", "postgresql")]
        return [*lines, _row("sqlite, 31,646 messages, second time", "sqlite-again", once)]


def _unpacked(export: Path, folder: Path) -> tuple[Path, Path]:
    account = json.loads(lzma.decompress(export.read_bytes()))
    once, tenfold = folder / "once.json", folder / "tenfold.json"
    once.write_text(json.dumps(account, indent=1, ensure_ascii=False))
    chats = account["chats"]["list"]
    account["chats"]["list"] = [one | {"id": one["id"] + 100 * turn} for turn in range(10) for one in chats]
    tenfold.write_text(json.dumps(account, indent=1, ensure_ascii=False))
    return once, tenfold


def _row(name: str, what: str, path: Path) -> str:
    runs = [_measured(what, path) for _ in range(RUNS if path.name == "once.json" else 1)]
    wall, processor = (median([run["messages"] / run[clock] for run in runs]) for clock in ("seconds", "cpu_seconds"))
    return f"| {name} | {wall:,.0f} | {processor:,.0f} | {max(run['peak_mb'] for run in runs):,.0f} |"


def _measured(what: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.import_speed", what, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure(what: str, path: Path) -> None:
    """One measurement in this process, printed as JSON."""
    seconds, cpu_seconds, messages = _parse(path) if what == "parse" else asyncio.run(_import(what, path))
    found = {"seconds": seconds, "cpu_seconds": cpu_seconds, "messages": messages, "peak_mb": _peak_mb()}
    print(json.dumps(found))


def _peak_mb() -> float:
    """This process's own peak; getrusage would also count the process it was forked from. Linux only."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _parse(path: Path) -> tuple[float, float, int]:
    began, busy = time.perf_counter(), time.process_time()
    with path.open("rb") as file:
        n_messages = sum(1 for _ in ijson.items(file, "chats.list.item.messages.item", use_float=True))
    return time.perf_counter() - began, time.process_time() - busy, n_messages


async def _import(what: str, path: Path) -> tuple[float, float, int]:
    with tempfile.TemporaryDirectory() as folder:
        url = (
            await fresh_postgres("klatch_benchmark_import")
            if what == "postgresql"
            else f"sqlite+aiosqlite:///{folder}/klatch.db"
        )
        database = Database(url, KeyRing([new_key()]))
        await upgrade(database)
        parser = argparse.ArgumentParser()
        add_arguments(parser)
        options = parser.parse_args([str(path)])
        for _ in range(2 if what.endswith("-again") else 1):
            began, busy = time.perf_counter(), time.process_time()
            await run(database, find_export(path), options=options, now=datetime.now(UTC), out=io.StringIO())
            seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - busy
        async with database.reading() as session:
            n_messages = await session.scalar(text("SELECT count(*) FROM message"))
        await database.close()
    return seconds, cpu_seconds, n_messages or 0


if __name__ == "__main__":
    measure(sys.argv[1], Path(sys.argv[2]))
