"""kill -9, for real: a door in another process, over real HTTP, killed again and again while it sends."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import uvicorn
from sqlalchemy import func, select

from bot.clock import SystemClock
from bot.delivery.door import CONCURRENCY
from bot.playground.server import LocalTelegram
from models.database import Database
from models.domain.sending.deliveries import queue
from models.tables.delivery import Delivery
from tests.bot.wire import TOKEN
from tests.conftest import KEY
from tests.factories import give_consent, make_community, make_member

N_MEMBERS = 30
# The door dies when this many more calls have reached Telegram: once among promotions, once among digests.
KILLS = (6, 36)


async def test_a_door_killed_again_and_again_loses_no_promotion_and_repeats_no_digest(database: Database) -> None:
    tg = LocalTelegram(clock=SystemClock(), random=Random(7))
    await _queue_for_everybody(database, tg)

    async with _served(tg) as url:
        for n_calls in KILLS:
            door = await _start(database, url)
            await _until_calls(tg, len(_texts(tg)) + n_calls)
            door.kill()
            await door.wait()
        door = await _start(database, url)
        await _until_settled(database)
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


@asynccontextmanager
async def _served(tg: LocalTelegram) -> AsyncIterator[str]:
    server = uvicorn.Server(uvicorn.Config(tg.api, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110  # uvicorn offers no event
            await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/bot"
    server.should_exit = True
    await serving
    await tg.aclose()


async def _start(database: Database, url: str) -> asyncio.subprocess.Process:
    arguments = ["-m", "tests.bot.delivery.door_process", database.url, url, TOKEN, KEY]
    return await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=asyncio.subprocess.PIPE)


def _texts(tg: LocalTelegram) -> list[str]:
    return [str(call.params["text"]) for call in tg.calls if call.method == "sendMessage"]


async def _until_calls(tg: LocalTelegram, n_calls: int) -> None:
    async with asyncio.timeout(30):
        while len(_texts(tg)) < n_calls:  # noqa: ASYNC110  # the server tells nobody
            await asyncio.sleep(0.001)


async def _until_settled(database: Database) -> None:
    async with asyncio.timeout(30):
        while await _n_unsettled(database):  # noqa: ASYNC110  # another process writes the rows
            await asyncio.sleep(0.05)


async def _n_unsettled(database: Database) -> int:
    async with database.reading() as session:
        open_rows = select(func.count()).where(Delivery.sent_at.is_(None), Delivery.failed_at.is_(None))
        return int(await session.scalar(open_rows) or 0)


async def _rows(database: Database) -> list[Delivery]:
    async with database.reading() as session:
        return list(await session.scalars(select(Delivery)))
