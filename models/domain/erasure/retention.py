"""Old rows are erased in small steps (promise 8); retention_rules.py says which, and when."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Delete, Update, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database, is_one_of
from models.domain.erasure.retention_rules import RULES, Cutoffs, Rule
from models.tables.message import Message

# Rows per transaction: some milliseconds of SQLite's one write lock, then others have their turn.
BATCH = 500
# Texts we sent are wiped after this; long enough for "why did I get this?".
SENT_DAYS = 30
# The rows of what we sent go after this: buttons of older messages answer with a new message.
DELIVERY_DAYS = 90
# Who left every community so long ago, and of whom nothing is kept, is erased; so are dialogues nobody went on with.
LEFT_DAYS = 30


@dataclass(frozen=True)
class Limits:
    """How long what is kept, in days."""

    written_days: int
    raw_days: int
    sent_days: int = SENT_DAYS
    delivery_days: int = DELIVERY_DAYS
    left_days: int = LEFT_DAYS


async def apply(database: Database, *, now: datetime, limits: Limits, batch: int = BATCH) -> dict[str, int]:
    """Erase all that is old enough; returns how many rows per kind, kinds without any left out.

    Old rows are looked for outside any transaction and erased `batch` at a time, so that a backlog of years (the first
    run after an import) holds nobody up. Safe to stop and to repeat.
    """
    cutoffs = Cutoffs(
        texts=now - timedelta(days=limits.written_days),
        raw=now - timedelta(days=limits.raw_days),
        messages=now - timedelta(days=limits.sent_days),
        # Never before its words are gone.
        deliveries=now - timedelta(days=max(limits.delivery_days, limits.sent_days)),
        departures=now - timedelta(days=limits.left_days),
        now=now,
    )
    counts = {rule.what: await _erase_all(database, rule, cutoffs, batch) for rule in RULES}
    return {what: n for what, n in counts.items() if n}


async def count_old_messages(session: AsyncSession, chat_ids: Sequence[int], *, now: datetime, days: int) -> int:
    """How many messages of these chats the next run erases when what is written is kept for so many days."""
    is_old = Message.sent_at < now - timedelta(days=days)
    query = select(func.count(Message.id)).where(is_one_of(Message.chat_id, chat_ids), is_old)
    return await session.scalar(query) or 0


async def _erase_all(database: Database, rule: Rule, cutoffs: Cutoffs, batch: int) -> int:
    n_erased = 0
    while True:
        async with database.reading() as session:
            ids = list(await session.scalars(rule.old(cutoffs).limit(batch)))
        if not ids:
            return n_erased
        async with database.transaction() as session:
            await _execute(session, rule.erase(ids))
        n_erased += len(ids)
        await asyncio.sleep(0)


async def _execute(session: AsyncSession, statements: Sequence[Delete | Update]) -> None:
    for statement in statements:
        await session.execute(statement, execution_options={"synchronize_session": False})
