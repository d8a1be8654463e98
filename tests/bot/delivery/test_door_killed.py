"""kill -9, for real: a door in another process, over real HTTP, killed again and again while it sends."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AbstractAsyncContextManager
from random import Random
from typing import Any

from sqlalchemy import func, select

from bot.clock import SystemClock
from bot.delivery.door import CONCURRENCY
from bot.playground.server import LocalTelegram
from models.database import Database
from models.domain.sending.deliveries import queue
from models.tables.delivery import Delivery
from tests.bot.playground.http_server import serving
from tests.bot.wire import TOKEN
from tests.conftest import KEY
from tests.factories import give_consent, make_community, make_member
from tests.patience import eventually
from tests.processes import python

N_MEMBERS = 30
# The door dies when so many calls have reached Telegram, and one of its own: once among promotions, once among digests.
KILLS = (6, 36)


async def test_a_door_killed_again_and_again_loses_no_promotion_and_repeats_no_digest(database: Database) -> None:
    tg = LocalTelegram(clock=SystemClock(), random=Random(7))
    await _queue_for_everybody(database, tg)

    async with serving(tg.api) as address:
        url = f"{address}/bot"
        for n_calls in KILLS:
            async with _door(database, url):
                # On a busy machine the one before was killed late, and left less than a fixed number to send.
                n_enough = max(n_calls, len(_texts(tg)) + 1)
                await eventually(lambda n=n_enough: len(_texts(tg)) >= n, f"{n_enough} calls")
        async with _door(database, url) as door:
            await eventually(lambda: _is_settled(database), "every delivery has its outcome")
            await door.communicate(b"stop\n")

    sent = Counter(_texts(tg))
    rows = await _rows(database)
    promotions = {text: n for text, n in sent.items() if text.startswith("promotion")}
    digests = {text: n for text, n in sent.items() if text.startswith("digest")}
    in_doubt = [row for row in rows if row.failure == "in_doubt"]
    at_risk = CONCURRENCY * len(KILLS)
    assert door.returncode == 0
    assert len(promotions) == N_MEMBERS
    assert sum(promotions.values()) <= N_MEMBERS + at_risk
    assert set(digests.values()) == {1}
    assert {row.kind for row in in_doubt} <= {"digest"}
    assert len(digests) >= N_MEMBERS - len(in_doubt) >= N_MEMBERS - at_risk
    assert all(row.sent_at is not None or row.failure == "in_doubt" for row in rows)


async def _queue_for_everybody(database: Database, tg: LocalTelegram) -> None:
    bot = tg.add_bot(token=TOKEN, first_name="Klatch", username="klatch_bot")
    now = SystemClock().now()
    async with database.transaction() as session:
        community = await make_community(session)
        for number in range(N_MEMBERS):
            user = tg.add_user(first_name=f"Member {number}")
            tg.start(user, bot)
            member = await make_member(session, telegram_id=user.id)
            await give_consent(session, member, community, "digest")
            for kind in ("promotion", "digest"):
                where: dict[str, Any] = {"member_id": member.id, "community_id": community.id}
                payload = {"text": f"{kind} {number}"}
                await queue(session, kind, now=now, payload=payload, reasons=[{"key": "popular"}], **where)


def _door(database: Database, url: str) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """A door in a process of its own, killed with -9 at the end of the block unless it was stopped."""
    arguments = ["-m", "tests.bot.delivery.door_process", database.url, url, TOKEN, KEY]
    return python(*arguments, stdin=asyncio.subprocess.PIPE)


def _texts(tg: LocalTelegram) -> list[str]:
    return [str(call.params["text"]) for call in tg.calls if call.method == "sendMessage"]


async def _is_settled(database: Database) -> bool:
    async with database.reading() as session:
        open_rows = select(func.count()).where(Delivery.sent_at.is_(None), Delivery.failed_at.is_(None))
        return not await session.scalar(open_rows)


async def _rows(database: Database) -> list[Delivery]:
    async with database.reading() as session:
        return list(await session.scalars(select(Delivery)))
