"""`klatch run` as a real process against a local Telegram over HTTP, killed with -9 at random instants."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from bot.clock import SystemClock
from bot.playground.server import LocalTelegram
from models.database import Database
from models.encryption import KeyRing
from models.tables.inbox import RawUpdate
from models.tables.interaction import Interaction
from models.tables.message import Message
from tests.benchmarks.chatter import updates
from tests.bot.playground.http_server import serving

TOKEN = "7000000001:TEST-token-of-the-killed"
KEY = "a2xhdGNoIHRlc3RzIHVzZSB0aGlzIGtleSBvbmx5ISE="
# How long a process may take until it asks for updates, in seconds.
PATIENCE = 60.0


@dataclass(frozen=True)
class Counts:
    """What a database holds, or should hold."""

    n_messages: int
    n_reactions: int
    n_links: int
    n_quarantined: int = 0


async def survive(url: str, folder: Path, *, n_updates: int, n_kills: int, seed: int = 7) -> tuple[Counts, Counts]:
    """Feed updates to hosts that are killed one after the other; returns (what is there, what should be there)."""
    random = Random(seed)
    telegram = LocalTelegram(clock=SystemClock(), random=Random(seed))
    bot = telegram.add_bot(TOKEN, "Klatch", "klatch_bot")
    waiting = [{name: value for name, value in one.items() if name != "update_id"} for one in updates(n_updates)]
    share = -(-n_updates // (n_kills + 1))
    async with serving(telegram.api) as address:
        for _ in range(n_kills):
            feed, waiting = waiting[:share], waiting[share:]
            for raw in feed:
                telegram.inject(bot, raw)
            process = await started(address, url, folder)
            n_before = telegram.pending(bot)
            await until(lambda n=n_before: telegram.pending(bot) < n, "the host hears")
            await asyncio.sleep(random.uniform(0.0, 0.5))
            process.send_signal(signal.SIGKILL)
            await process.wait()
        for raw in waiting:
            telegram.inject(bot, raw)
        process = await started(address, url, folder)
        database = Database(url, KeyRing([KEY]))
        try:
            await _until_worked_off(telegram, bot, database)
            process.terminate()
            await process.wait()
            return await counted(database), expected(n_updates)
        finally:
            await database.close()


async def started(
    address: str, url: str, folder: Path, *, stderr: int = asyncio.subprocess.DEVNULL, **settings: str
) -> asyncio.subprocess.Process:
    """`klatch run` against the Telegram at this address; `settings` are more variables of the environment."""
    environment = os.environ | {
        "KLATCH_TELEGRAM__TOKEN": TOKEN,
        "KLATCH_TELEGRAM__API_BASE_URL": address,
        "KLATCH_DATABASE__URL": url,
        "KLATCH_PRIVACY__ENCRYPTION_KEYS": KEY,
        **settings,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=folder, env=environment | {"PYTHONPATH": str(Path(__file__).parents[1])},
        stderr=stderr,
    )  # fmt: skip


async def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait until it is so. Raises TimeoutError after PATIENCE seconds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while not is_so():
        if loop.time() > deadline:
            raise TimeoutError(what)
        await asyncio.sleep(0.01)


async def _until_worked_off(telegram: LocalTelegram, bot: object, database: Database) -> None:
    left = select(func.count(RawUpdate.id)).where(RawUpdate.done_at.is_(None), RawUpdate.quarantined_at.is_(None))
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while loop.time() < deadline:
        await asyncio.sleep(0.1)
        async with database.reading() as session:
            if telegram.pending(bot) == 0 and await session.scalar(left) == 0:  # type: ignore[arg-type]
                return
    raise TimeoutError("the inbox was not worked off")


async def counted(database: Database) -> Counts:
    """What invented chatter left behind."""
    async with database.reading() as session:
        kinds = Counter(await session.scalars(select(Interaction.kind)))
        n_messages = await session.scalar(select(func.count(Message.id)).where(Message.sender == "member")) or 0
        set_aside = select(func.count(RawUpdate.id)).where(RawUpdate.quarantined_at.is_not(None))
        n_quarantined = await session.scalar(set_aside) or 0
    assert kinds["reply"] == n_messages, "every invented message answers another"
    return Counts(n_messages, kinds["reaction"], kinds["link"], n_quarantined)


def expected(n_updates: int) -> Counts:
    """The truth: of ten updates nine are messages with one link each, one is a reaction."""
    kinds = Counter("message" if "message" in one else "reaction" for one in updates(n_updates))
    return Counts(kinds["message"], kinds["reaction"], kinds["message"])
