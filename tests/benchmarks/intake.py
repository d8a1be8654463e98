"""Durable intake: raw update in, effects committed, in updates/s, against two references in the same run.

(a) python-telegram-bot's own Update.de_json and process_update into a handler that does nothing, which keeps nothing;
(b) raw batched commits of the same JSON on the same database. Rates are of the clock and mean something on a quiet machine only;
the last column divides seconds of our own processor (PostgreSQL's are not counted), which other work on the machine bends less.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import text
from telegram import Update
from telegram.ext import MessageHandler, MessageReactionHandler, filters

from bot.app import build_application, build_bot
from bot.clock import SystemClock
from bot.config import Config, Telegram
from bot.hearing.intake import BATCH, store_updates
from bot.scene.services import Services
from bot.texts import load_texts
from bot.working.worker import Worker
from migrations.upgrade import upgrade
from models.database import Database
from models.encryption import KeyRing, new_key
from tests.benchmarks.chatter import updates
from tests.benchmarks.machine import Spent, fresh_postgres, median

N_UPDATES, N_RUNS = 10_000, 3
TELEGRAM = Telegram(token="7000000001:TEST-token")  # invented


async def library(raws: list[dict[str, Any]]) -> Spent:
    """What it takes for parsing and dispatching, keeping nothing."""
    application = build_application(build_bot(TELEGRAM))
    application.handlers.clear()
    application._initialized = True

    async def nothing(_: object, __: object) -> None: ...

    application.add_handler(MessageHandler(filters.ALL, nothing))
    application.add_handler(MessageReactionHandler(nothing))
    started = Spent.now()
    for raw in raws:
        await application.process_update(Update.de_json(raw, application.bot))
    return started.since()


async def raw_commits(raws: list[dict[str, Any]], url: str) -> Spent:
    """What it takes for keeping the JSON only, a batch a commit."""
    database = Database(url, KeyRing([new_key()]))
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE IF NOT EXISTS raw_reference (id BIGINT PRIMARY KEY, payload TEXT)"))
        await session.execute(text("DELETE FROM raw_reference"))
    started = Spent.now()
    insert = text("INSERT INTO raw_reference (id, payload) VALUES (:id, :payload)")
    for start in range(0, len(raws), BATCH):
        rows = [{"id": raw["update_id"], "payload": orjson.dumps(raw).decode()} for raw in raws[start : start + BATCH]]
        async with database.transaction() as session:
            await session.execute(insert, rows)
    spent = started.since()
    await database.close()
    return spent


async def durable(raws: list[dict[str, Any]], url: str) -> Spent:
    """What it takes until every update is stored, acknowledged, and its effects are committed."""
    database = Database(url, KeyRing([new_key()]))
    await upgrade(database)
    services = Services(database, SystemClock(), load_texts(), Config())
    worker = Worker(services, build_application(build_bot(TELEGRAM)), asyncio.Event())
    started = Spent.now()
    for start in range(0, len(raws), BATCH):
        batch = raws[start : start + BATCH]
        following = batch[-1]["update_id"] + 1
        await store_updates(database, 1, batch, now=datetime.now(UTC), next_update_id=following)
    await worker.work_off()
    spent = started.since()
    await database.close()
    return spent


async def measure() -> list[str]:
    """Rows of the table: medians of runs in turn, so that a drifting machine hurts all alike."""
    raws = list(updates(N_UPDATES))
    lines = [
        "| database | durable intake | (a) the library, keeping nothing | (b) raw commits | of (a) | of (b) | CPU of (a) |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name in ("SQLite", "PostgreSQL"):
        ours, reference_a, reference_b = [], [], []
        for _ in range(N_RUNS):
            with tempfile.TemporaryDirectory() as folder:
                new = _address(name, folder)
                reference_a.append(await library(raws))
                reference_b.append(await raw_commits(raws, await new("raw")))
                ours.append(await durable(raws, await new("ours")))
        rates = [N_UPDATES / median([one.wall for one in runs]) for runs in (ours, reference_a, reference_b)]
        by_cpu = median([one.cpu for one in reference_a]) / median([one.cpu for one in ours])
        shares = f"{rates[0] / rates[1]:.2f} | {rates[0] / rates[2]:.2f} | {by_cpu:.2f}"
        lines.append(f"| {name} | {rates[0]:,.0f}/s | {rates[1]:,.0f}/s | {rates[2]:,.0f}/s | {shares} |")
    return lines


def _address(name: str, folder: str) -> Callable[[str], Awaitable[str]]:
    async def new(purpose: str) -> str:
        if name == "SQLite":
            return f"sqlite+aiosqlite:///{folder}/{purpose}.db"
        return await fresh_postgres(f"klatch_benchmark_{purpose}")

    return new


def main() -> list[str]:
    """Measure."""
    return asyncio.run(measure())
