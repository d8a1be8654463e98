"""An installation of some years as rows that the database makes itself: for what must not grow with age."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database, UtcDateTime, table_of
from models.tables.base import Base
from models.tables.delivery import Delivery
from models.tables.inbox import RawUpdate
from models.tables.interaction import Interaction
from models.tables.message import Mention, Message, PollAnswer, Reaction, Thread
from models.tables.recommendation import Recommendation
from tests.multitude import Multitude, settle_down

# Tables that are the larger the older an installation is.
GROWING = {
    table.__tablename__
    for table in (Delivery, RawUpdate, Interaction, Message, Mention, PollAnswer, Reaction, Thread, Recommendation)
}
N_MEMBERS = 500
N_DELIVERIES, N_INTERACTIONS, N_MESSAGES, N_THREADS = 50_000, 30_000, 20_000, 5_000
# The life of the installation, in days, and how many different instants there are in it.
AGE_DAYS, N_INSTANTS = 360, 60
_i, _at = sa.column("i", sa.BigInteger), sa.column("at", UtcDateTime())


async def grow_old(database: Database, *, now: datetime, size: float = 1) -> None:
    """One community and its group (both number 1), members 1 to N_MEMBERS, and what they left behind.

    `size` times as many members as that, each of whom left as much.
    """
    n_members, n_deliveries, n_messages = (round(size * n) for n in (N_MEMBERS, N_DELIVERIES, N_MESSAGES))
    n_interactions, n_threads = round(size * N_INTERACTIONS), round(size * N_THREADS)
    a_member = _i % n_members + 1
    async with database.transaction() as session:
        await settle_down(session, Multitude(n_members, n_due=10, now=now, n_threads=50))
        first = {"community_id": 1}
        times = {"sent_at": _at, "created_at": _at, "due_at": _at, "claimed_at": _at, "n_attempts": 1, "priority": 0}
        sent = {"method": "sendMessage", "telegram_message_id": _i, **times}
        await _make(session, Delivery, 5, now, {"kind": "card", "chat_id": 1, **sent})
        await _make(session, Delivery, n_deliveries, now, {"kind": "reply", "member_id": a_member, **first, **sent})
        edits = {
            "kind": "card_edit",
            "chat_id": 1,
            "edits_id": _i % 5 + n_deliveries,
            **sent,
            "telegram_message_id": sa.null(),
        }
        await _make(session, Delivery, n_deliveries // 10, now, edits)
        await _make(session, Thread, n_threads, now, first | {"chat_id": 1, "last_at": _at})
        message = {"chat_id": 1, "telegram_message_id": _i + 1_000_000, "member_id": a_member, "kind": "text"}
        message |= {"sent_at": _at, "sender": "member", "is_forward": _i % 50 == 0, "n_links": 0, "source": "live"}
        message |= {
            "thread_id": _i % n_threads + 1,
            "is_certain": False,
            "reply_to_member_id": (_i + 7) % n_members + 1,
        }
        await _make(session, Message, n_messages, now, message)
        whose = {"member_id": a_member, "message_id": _i}
        await _make(session, Reaction, n_messages * 3 // 4, now, whose | {"emoji": "👍", "reacted_at": _at})
        handle = sa.cast(a_member, sa.String)
        await _make(session, Mention, n_messages // 2, now, whose | {"handle_hash": handle})
        polled = {
            "telegram_poll_id": sa.cast(_i, sa.String),
            "member_id": a_member,
            "options": "[]",
            "answered_at": _at,
        }
        await _make(session, PollAnswer, n_messages // 2, now, polled)
        chosen = {
            "item_kind": "thread",
            "item_id": _i % (2 * n_threads),
            "source": "content",
            "position": 0,
            "score": 0.5,
        }
        chosen |= {"propensity": 1.0, "reasons": b"", "created_at": _at, "delivery_id": _i + 5, "member_id": a_member}
        await _make(session, Recommendation, n_deliveries * 3 // 10, now, first | chosen)
        did = {
            "member_id": a_member,
            "kind": "message",
            "at": _at,
            "value": 1,
            "chat_id": 1,
            "message_id": _i % n_messages + 1,
        }
        await _make(session, Interaction, n_interactions, now, first | did)
        raw = {"bot_id": 1, "update_id": _i, "kind": "message", "is_urgent": False, "received_at": _at, "done_at": _at}
        raw |= {"sender_telegram_id": 1_000_000 + a_member, "chat_telegram_id": 1_000_000 + a_member, "n_attempts": 0}
        await _make(session, RawUpdate, n_messages * 3 // 2, now, raw)
    async with database.engine.connect() as connection:
        # Without a transaction, which nobody would commit and SQLite would take the statistics back with.
        await connection.execution_options(isolation_level="AUTOCOMMIT", klatch_begin="SELECT 1")
        await connection.exec_driver_sql("ANALYZE")


async def reckon_with(database: Database, n_rows: Mapping[type[Base], int]) -> None:
    """Have the planner reckon with so many rows of these tables, as ANALYZE would after more years of the same.

    There are as many members, messages and instants as before, and each has its share more rows; what is unique stays so. Rows
    of that number would take a minute to make, and plans are chosen by what stands in the statistics.
    """
    for table, n in n_rows.items():
        async with database.transaction() as session:
            factor = n / await session.scalar(sa.select(sa.func.count()).select_from(table))
            await (_reckon_on_sqlite if database.is_sqlite else _reckon_on_postgres)(
                session, table.__tablename__, factor
            )
    # Open connections of SQLite know the statistics of when they were opened.
    await database.engine.dispose()


async def _reckon_on_sqlite(session: AsyncSession, table: str, factor: float) -> None:
    query = sa.text("SELECT idx, stat FROM sqlite_stat1 WHERE tbl = :table")
    for index, stat in (await session.execute(query, {"table": table})).all():
        # How many rows, and how many there are of each value of the first column, of the first two, ...
        n, *each = map(int, stat.split()[: 1 + stat.count(" ")])
        scaled = " ".join(str(max(round(one * factor), 1)) if one > 1 else "1" for one in (n, *each))
        change = sa.text("UPDATE sqlite_stat1 SET stat = :stat WHERE tbl = :table AND idx IS :index")
        await session.execute(change, {"stat": scaled, "table": table, "index": index})


async def _reckon_on_postgres(session: AsyncSession, table: str, factor: float) -> None:
    await session.execute(sa.text(f"ALTER TABLE {table} SET (autovacuum_enabled = off)"))
    own = "oid = :table ::regclass OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = :table ::regclass)"
    change = sa.text(f"UPDATE pg_class SET reltuples = reltuples * :factor WHERE {own}")
    await session.execute(change, {"table": table, "factor": factor})


async def _make(session: AsyncSession, table: type[Any], n: int, now: datetime, values: dict[str, Any]) -> None:
    """Rows number 1 to n; `_i` is the number, `_at` an instant of the installation's life."""
    columns = table_of(table).c
    counted = sa.select(sa.literal(1, sa.BigInteger).label("i")).cte("numbers", recursive=True)
    numbers = counted.union_all(sa.select(counted.c.i + 1).where(counted.c.i < n))
    step = timedelta(days=AGE_DAYS) / N_INSTANTS
    instants = [
        sa.select(
            sa.literal(k, sa.BigInteger).label("k"),
            sa.literal(now - step * (N_INSTANTS - k), UtcDateTime()).label("at"),
        )
        for k in range(N_INSTANTS)
    ]
    clock = sa.union_all(*instants).cte("clock")
    rows = sa.select(numbers.c.i, clock.c.at).join(clock, clock.c.k == numbers.c.i % N_INSTANTS).subquery("made")
    told = [_told(value, columns[name]) for name, value in values.items()]
    await session.execute(sa.insert(table_of(table)).from_select(list(values), sa.select(*told).select_from(rows)))


def _told(value: Any, column: sa.Column[Any]) -> Any:
    """What is sealed or JSON is put in as it stands: nobody reads it."""
    if isinstance(value, sa.ColumnElement):
        return value
    is_json = isinstance(column.type, sa.JSON)
    return sa.cast(sa.literal(value), sa.JSON) if is_json else sa.literal(value, _STORED.get(type(value), column.type))


_STORED: dict[type, Any] = {bytes: sa.LargeBinary()}
