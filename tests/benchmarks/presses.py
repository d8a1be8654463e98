"""Button press to answer, against the real `klatch run` over HTTP: alone, and with 200 updates/s of chatter and a training."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random
from typing import Any

from starlette.types import ASGIApp

from bot.clock import SystemClock
from bot.playground.server import BotUser, LocalTelegram
from bot.playground.server.presses import Press
from bot.playground.server.snapshots import Chat, Message, User
from tests.benchmarks.chatter import updates
from tests.benchmarks.machine import fresh_postgres, percentile
from tests.bot.playground.http_server import serving
from tests.killing import TOKEN, host
from tests.patience import PATIENCE, eventually

N_PRESSES, CHATTER_PER_SECOND = 200, 200
# What a training does to a machine: one core busy for as long as it is let.
BURN = "import numpy as np\nwhile True: np.linalg.svd(np.random.rand(400, 400))"


async def measure() -> list[str]:
    """Rows of the table."""
    lines = ["| database | load | p50 | p99 | worst |", "|---|---|---:|---:|---:|"]
    for name in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder:
            sqlite = f"sqlite+aiosqlite:///{folder}/klatch.db"
            url = sqlite if name == "SQLite" else await fresh_postgres("klatch_benchmark_presses")
            async with hosting(url, Path(folder)) as (telegram, bot):
                owner, _, notice = await begin_club(telegram, bot, "Olga")
                alone = [await seconds_of(telegram.press(owner, notice, (0, 0))) for _ in range(N_PRESSES)]
                async with _busy(telegram, bot):
                    loaded = [await seconds_of(telegram.press(owner, notice, (0, 0))) for _ in range(N_PRESSES)]
        for load, seconds in (("alone", alone), (f"{CHATTER_PER_SECOND} updates/s and a training", loaded)):
            shown = [f"{1000 * percentile(seconds, share):.0f} ms" for share in (0.5, 0.99, 1.0)]
            lines.append(f"| {name} | {load} | {' | '.join(shown)} |")
    return lines


@contextlib.asynccontextmanager
async def hosting(
    url: str, folder: Path, *, around: Callable[[ASGIApp], ASGIApp] = lambda api: api
) -> AsyncIterator[tuple[LocalTelegram, BotUser]]:
    """`klatch run` against a local Telegram; `around` stands between the two."""
    telegram = LocalTelegram(clock=SystemClock(), random=Random(7))
    bot = telegram.add_bot(TOKEN, "Klatch", "klatch_bot")
    async with serving(around(telegram.api)) as address, host(address, url, folder) as process:
        await eventually(lambda: any(call.method == "setMyCommands" for call in telegram.calls), "the host is up")
        yield telegram, bot
        process.terminate()
        await process.wait()


async def begin_club(telegram: LocalTelegram, bot: BotUser, owner_name: str) -> tuple[User, Chat, Message]:
    """A group with its owner, and our first message in it: it has buttons."""
    owner = telegram.add_user(first_name=owner_name)
    club = telegram.add_chat("Founders", kind="supergroup", owner=owner)
    telegram.add_to_chat(club, bot, by=owner)
    await eventually(lambda: any("inline_keyboard" in str(said) for said in telegram.messages(club)), "the notice")
    notice = next(said for said in telegram.messages(club) if "inline_keyboard" in str(said))
    telegram.say(owner, club, "hello")
    return owner, club, notice


async def seconds_of(press: Press) -> float:
    """Until it is answered."""
    begun = time.perf_counter()
    while not press.is_answered:
        # The press itself waits 10 s, a client's patience; a machine that does other work may take longer.
        with contextlib.suppress(TimeoutError):
            await press
        assert time.perf_counter() - begun < PATIENCE, "a press was not answered"
    return time.perf_counter() - begun


@contextlib.asynccontextmanager
async def _busy(telegram: LocalTelegram, bot: Any) -> AsyncIterator[None]:
    training = await asyncio.create_subprocess_exec(sys.executable, "-c", BURN, preexec_fn=lambda: os.nice(10))
    try:
        async with chattering(telegram, bot):
            yield
    finally:
        training.kill()
        await training.wait()


@contextlib.asynccontextmanager
async def chattering(telegram: LocalTelegram, bot: Any) -> AsyncIterator[None]:
    """A busy group elsewhere, from a second before."""
    chatter = asyncio.create_task(_chatter(telegram, bot))
    await asyncio.sleep(1.0)
    try:
        yield
    finally:
        chatter.cancel()


async def _chatter(telegram: LocalTelegram, bot: Any) -> None:
    for number, raw in enumerate(updates(1_000_000), start=1):
        telegram.inject(bot, {name: value for name, value in raw.items() if name != "update_id"})
        if number % 10 == 0:
            await asyncio.sleep(10 / CHATTER_PER_SECOND)


def main() -> list[str]:
    """Measure."""
    return asyncio.run(measure())
