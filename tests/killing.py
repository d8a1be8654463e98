"""`klatch run` as a real process against a local Telegram over HTTP, killed with -9 at random instants."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from bot.clock import SystemClock
from bot.playground.server import BotUser, LocalTelegram
from models.database import Database
from models.encryption import KeyRing
from models.tables.inbox import RawUpdate
from models.tables.interaction import Interaction
from models.tables.message import Message
from tests.benchmarks.chatter import updates
from tests.bot.playground.http_server import serving
from tests.patience import eventually
from tests.processes import environment, python

TOKEN = "7000000001:TEST-token-of-the-killed"
KEY = "a2xhdGNoIHRlc3RzIHVzZSB0aGlzIGtleSBvbmx5ISE="


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
            async with host(address, url, folder) as process:
                n_before = telegram.pending(bot)
                await eventually(lambda n=n_before: telegram.pending(bot) < n, "the host hears")
                await asyncio.sleep(random.uniform(0.0, 0.5))
                process.kill()
        for raw in waiting:
            telegram.inject(bot, raw)
        database = Database(url, KeyRing([KEY]))
        try:
            async with host(address, url, folder) as process:
                await eventually(lambda: _is_worked_off(telegram, bot, database), "the inbox is worked off")
                process.terminate()
                await process.wait()
            return await counted(database), expected(n_updates)
        finally:
            await database.close()


@asynccontextmanager
async def host(
    address: str, url: str, folder: Path, *, stderr: int = asyncio.subprocess.DEVNULL, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`klatch run` against the Telegram at this address; `settings` are more variables of the environment."""
    told = {
        "KLATCH_TELEGRAM__TOKEN": TOKEN,
        "KLATCH_TELEGRAM__API_BASE_URL": address,
        "KLATCH_DATABASE__URL": url,
        "KLATCH_PRIVACY__ENCRYPTION_KEYS": KEY,
        **settings,
    }
    async with python("-m", "bot", "run", cwd=folder, env=environment(**told), stderr=stderr) as process:
        yield process


async def _is_worked_off(telegram: LocalTelegram, bot: BotUser, database: Database) -> bool:
    left = select(func.count(RawUpdate.id)).where(RawUpdate.done_at.is_(None), RawUpdate.quarantined_at.is_(None))
    async with database.reading() as session:
        return telegram.pending(bot) == 0 and await session.scalar(left) == 0


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
