"""From the command to the first update stored and confirmed, and the memory of the resting host; an empty Python beside it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import psutil

from bot.clock import SystemClock
from bot.playground.server import LocalTelegram
from bot.playground.server.snapshots import BotUser
from tests.benchmarks.machine import median
from tests.bot.playground.http_server import serving
from tests.killing import TOKEN, host
from tests.patience import eventually

N_RUNS = 5
REST_SECONDS = 5.0


async def measure() -> list[str]:
    """Rows of the table; the first start also makes the tables, so it is told apart."""
    seconds, megabytes = [], []
    telegram = LocalTelegram(clock=SystemClock(), random=Random(7))
    bot = telegram.add_bot(TOKEN, "Klatch", "klatch_bot")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/klatch.db"
        async with serving(telegram.api) as address:
            for _ in range(N_RUNS + 1):
                # Something to fetch: a poll that is answered at once ends the start.
                telegram.inject(bot, {"poll": {"id": "1"}})
                taken, memory = await _once(telegram, bot, address, url, Path(folder))
                seconds.append(taken)
                megabytes.append(memory)
    reference = _empty_python()
    return [
        "| | first start | later starts (median) | resting memory |",
        "|---|---:|---:|---:|",
        f"| `klatch run` | {seconds[0]:.2f} s | {median(seconds[1:]):.2f} s | {median(megabytes[1:]):.0f} MB |",
        f"| `python -c pass` | | {reference:.2f} s | |",
    ]


async def _once(telegram: LocalTelegram, bot: BotUser, address: str, url: str, folder: Path) -> tuple[float, float]:
    begun = time.perf_counter()
    async with host(address, url, folder) as process:
        await eventually(lambda: telegram.pending(bot) == 0, "the first update is stored and confirmed")
        taken = time.perf_counter() - begun
        await asyncio.sleep(REST_SECONDS)
        memory = psutil.Process(process.pid).memory_info().rss / 1e6
        process.terminate()
        await process.wait()
    return taken, memory


def _empty_python() -> float:
    taken = []
    for _ in range(N_RUNS):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        taken.append(time.perf_counter() - begun)
    return median(taken)


def main() -> list[str]:
    """Measure."""
    return asyncio.run(measure())
