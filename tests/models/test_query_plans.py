"""An old installation, and the plans of what is asked while somebody waits: no table that grows with age is read whole."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from models.database import Database
from models.domain.digests import due, feedback
from models.domain.erasure import personal_data, retention
from models.domain.events import drafts, host_words, open_lists
from models.domain.hearing import inbox
from models.domain.installation import timetable
from models.domain.listings import answers
from models.domain.member_time import Defaults
from models.domain.members import pair_rules
from models.domain.questions import questions
from models.domain.reports import demand, outcomes
from models.domain.sending import claims, deliveries, receipts
from models.tables.base import Base
from models.tables.community import Community
from models.tables.delivery import Delivery
from models.tables.interaction import Interaction
from models.tables.member import Member
from tests.old_installation import GROWING, grow_old, reckon_with
from tests.village import NOW

# Indexes of a few rows, however old the installation is: what waits, what is in flight.
SMALL = {"ix_delivery_waiting", "ix_delivery_in_flight", "ix_raw_update_waiting"}
LIMITS = retention.Limits(written_days=365, raw_days=364, delivery_days=364)
# As many rows as the planner is to reckon with; with less it chooses other indexes for some of what is asked here.
YEARS = {Delivery: 200_000, Interaction: 1_000_000}
Statement = tuple[str, Any]


@asynccontextmanager
async def heard(database: Database) -> AsyncIterator[list[Statement]]:
    """Every statement that is sent meanwhile, with its parameters."""
    statements: list[Statement] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
        statements.append((statement, parameters[0] if executemany else parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def _press(database: Database) -> None:
    async with database.transaction() as session:
        await inbox.waiting(session, is_urgent=True, limit=500, up_to=2**62)
        await inbox.mark_done(session, [1, 2, 3], now=NOW)
        assert await receipts.sent_as(session, 7, member_id=8) is not None
        card = await receipts.sent_as(session, 3, chat_id=1)
        assert card is not None
        await deliveries.queue(
            session, "card_edit", now=NOW, payload={"text": "x"}, method="editMessageText", edits_id=card.id
        )
        await deliveries.queue(session, "reply", now=NOW, payload={"text": "x"}, member_id=8)
        await feedback.muted_items(session, {8}, now=NOW)


async def _host(database: Database) -> None:
    """What is asked with every line, every answer to an event, and every word to its guests."""
    async with database.transaction() as session:
        await drafts.standing(session, 8, chat_id=1)
        await drafts.standing(session, None, chat_id=1)
        await drafts.standing(session, 8, member_id=8)
        await drafts.previews_of(session, 1)
        await open_lists.open_lists(session, 1, now=NOW)
        await host_words.take_back(session, 1, 5, now=NOW)


async def _claim(database: Database) -> None:
    async with database.transaction() as session:
        values = {"now": NOW, "by": "door", "defaults": Defaults(), "checks": {}}
        push = await deliveries.queue(
            session, "digest", now=NOW, payload={"text": "x"}, member_id=8, community_id=1, reasons=["why"]
        )
        assert push is not None
        while (step := await claims.claim_next(session, **values)) is not None:
            if isinstance(step, claims.ClaimedDelivery):
                await claims.receipt(session, step, now=NOW, message_id=1)
        await claims.outlook(session, now=NOW)
        await claims.recover_in_doubt(session, now=NOW, older_than=timedelta(minutes=5), by={"door"})
        await claims.recent_sends(session, since=NOW - timedelta(minutes=1), not_by=None)
        await timetable.n_due(session, now=NOW)


async def _look(database: Database) -> None:
    async with database.transaction() as session:
        community = (await due.communities(session, now=NOW))[0]
        look = await due.look(session, community, now=NOW, defaults=Defaults())
        assert look is not None
        assert len(look.ready) == 10
        await due.settle(session, community, look, now=NOW, defaults=Defaults())
        assert await session.get(Community, 1) is community


async def _report(database: Database) -> None:
    """What an admin waits for: what came of things, and what is missing; and a member's own part in it."""
    async with database.reading() as session:
        community = await session.get_one(Community, 1)
        kept: dict[str, Any] = {"kept_days": 365, "sent_days": 364}
        await outcomes.compare(session, community, now=NOW, defaults=Defaults(), **kept)
        await demand.by_field(session, 1, now=NOW)
        await pair_rules.entries(session, 1)
        await answers.count_needs_met(session, 8, 1)
        await questions.count_taken_up(session, 8, 1)


async def _forget(database: Database) -> None:
    async with database.transaction() as session:
        await personal_data.holdings(session, 9)
        await personal_data.forget(session, await session.get_one(Member, 9), now=NOW)


async def _erase(database: Database) -> None:
    # Nothing is that old: the worst that can be asked, for no batch ends the search.
    assert await retention.apply(database, now=NOW - timedelta(days=2), limits=LIMITS) == {}


async def test_nothing_that_somebody_waits_for_reads_a_table_that_grows_with_age(database: Database) -> None:
    await grow_old(database, now=NOW)
    await reckon_with(database, YEARS)
    found: list[str] = []
    for work in (_press, _host, _claim, _look, _report, _forget, _erase):
        async with heard(database) as statements:
            await work(database)
        async with database.engine.connect() as connection:
            if not database.is_sqlite:
                # Whether there is another way than reading all, also where a table is still so small that reading is cheap.
                await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            for statement, parameters in statements:
                found += [f"{work.__name__}: {one}" for one in await _read_whole(connection, statement, parameters)]

    assert found == [], "\n".join(found)


async def _read_whole(connection: AsyncConnection, statement: str, parameters: Any) -> list[str]:
    if statement.split()[0] not in {"SELECT", "UPDATE", "DELETE", "WITH"}:
        return []
    if connection.dialect.name == "sqlite":
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        scans = [row[3].split() for row in rows if row[3].startswith("SCAN ")]
        whole = [words[1] for words in scans if not SMALL & set(words)]
    else:
        told = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        plan = told.scalar_one()
        plan = json.loads(plan) if isinstance(plan, str) else plan
        whole = list(_whole(plan[0]["Plan"]))
    names = {_table(one, statement) for one in whole}
    return [f"{name}: {' '.join(statement.split())[:300]}" for name in sorted(names & GROWING)]


def _whole(node: dict[str, Any]) -> Iterator[str]:
    """Relations of a PostgreSQL plan that are read from one end to the other."""
    is_bounded = "Index Cond" in node or "Recheck Cond" in node or node.get("Index Name") in SMALL
    if "Relation Name" in node and not is_bounded and node["Node Type"] != "ModifyTable":
        yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from _whole(child)


def _table(name: str, statement: str) -> str:
    """The table behind an alias such as delivery_1."""
    return next((table for table in Base.metadata.tables if f"{table} AS {name}" in statement), name)
