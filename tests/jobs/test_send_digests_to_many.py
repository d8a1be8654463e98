"""Forty thousand said yes: no statement has a parameter for each of them, and nobody is looked at but who is due."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import event, func, select

from bot.config import Config
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from jobs import send_digests, weave_threads
from models.database import Database
from models.tables.consent import Consent, Purpose
from models.tables.delivery import Delivery
from tests.multitude import Multitude, settle_down
from tests.stage import TEXTS
from tests.village import NOW

CROWD = Multitude(n_members=40_000, n_due=30, now=NOW)


async def test_forty_thousand_said_yes_and_those_who_are_due_get_their_digests(
    database: Database, clock: SimulatedClock
) -> None:
    services = Services(database, clock, TEXTS, Config(), random=Random(7))
    async with database.transaction() as session:
        await settle_down(session, CROWD)
    await weave_threads.run(services, now=NOW)
    counted: Counter[str] = Counter()

    def count(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
        counted["statements"] += 1
        counted["most parameters"] = max(counted["most parameters"], 0 if executemany else len(parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    outcome = await send_digests.run(services, now=NOW)
    event.remove(database.engine.sync_engine, "before_cursor_execute", count)

    assert outcome == f"digests queued: {CROWD.n_due}, members with too little to be told: 0"
    # PostgreSQL takes 65,535 and SQLite 32,766.
    assert counted["most parameters"] < 5_000
    # Some for every kind of fact, none for a member.
    assert counted["statements"] < 60
    async with database.reading() as session:
        assert await session.scalar(select(func.count(Delivery.id))) == CROWD.n_due
        soonest = select(func.min(Consent.digest_due_at)).where(Consent.purpose == Purpose.DIGEST)
        assert await session.scalar(soonest) == NOW + timedelta(hours=12)
