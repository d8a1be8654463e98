"""The database is locked, full, cut off or gone; Telegram answers nonsense: nothing is lost, nothing counted twice."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event, func, make_url, select, text
from sqlalchemy.exc import OperationalError

from bot.app import build_application, build_bot
from bot.config import Config, Telegram
from bot.hearing import intake
from bot.hearing.intake import IntakeHealth, store_updates
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from bot.web.app import SECRET_HEADER, build_web
from bot.working import press_answers, shift
from bot.working.worker import Worker
from models.database import Database, is_temporary
from models.encryption import KeyRing
from models.tables.inbox import RawUpdate
from models.tables.message import Message
from tests.benchmarks.chatter import updates
from tests.journeys.test_events import card_in, make_known, publish
from tests.killing import counted, expected
from tests.patience import eventually
from tests.stage import TEXTS, TOKEN, Stage


async def _heard(database: Database) -> list[str]:
    async with database.reading() as session:
        return [words for words in await session.scalars(select(Message.text).order_by(Message.id)) if words]


async def _n_set_aside(database: Database) -> int:
    query = select(func.count(RawUpdate.id)).where(RawUpdate.quarantined_at.is_not(None))
    async with database.reading() as session:
        return await session.scalar(query) or 0


@contextmanager
def _with_pragma(database: Database, pragma: str) -> Iterator[None]:
    """SQLite's limits belong to connections, and the pool has several."""

    def limit(connection: Any, *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(database.engine.sync_engine, "checkout", limit)
    try:
        yield
    finally:
        event.remove(database.engine.sync_engine, "checkout", limit)


async def test_a_full_disk_loses_nothing_once_there_is_room_again(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    said = [f"{number} " + "x" * 4_000 for number in range(60)]
    for words in said:
        stage.telegram.say(mia, club, words)

    with _with_pragma(stage.database, "max_page_count=1"):
        with pytest.raises(OperationalError, match="full") as failure:
            await stage.host.settle()
        n_waiting = stage.telegram.pending(stage.bot)
    with _with_pragma(stage.database, "max_page_count=1000000"):
        await stage.settle()

    assert is_temporary(failure.value)
    assert n_waiting >= len(said)
    assert await _heard(stage.database) == said
    assert await _n_set_aside(stage.database) == 0


async def test_a_disk_that_fills_up_between_hearing_and_handling_sets_nothing_aside(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    said = [f"{number} " + "x" * 4_000 for number in range(60)]
    for words in said:
        stage.telegram.say(mia, club, words)
    await stage.host.polling.poll()

    with (
        _with_pragma(stage.database, "max_page_count=1"),
        pytest.raises(OperationalError, match="full"),
    ):
        await stage.host.worker.work_off()
    with _with_pragma(stage.database, "max_page_count=1000000"):
        await stage.settle()

    assert await _heard(stage.database) == said
    assert await _n_set_aside(stage.database) == 0


@contextmanager
def _locked(database: Database) -> Iterator[None]:
    """Another program holds the write lock."""
    other = sqlite3.connect(make_url(database.url).database or "")
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


async def test_a_lock_held_by_another_program_is_waited_out(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    stage.telegram.say(mia, club, "behind the lock")

    with (
        _with_pragma(stage.database, "busy_timeout=20"),
        _locked(stage.database),
        pytest.raises(OperationalError, match="locked") as failure,
    ):
        await stage.host.settle()
    await stage.settle()

    assert is_temporary(failure.value)
    assert await _heard(stage.database) == ["behind the lock"]


async def test_a_webhook_refused_during_a_lock_is_sent_again_and_stored_once(
    sqlite: Database, clock: SimulatedClock
) -> None:
    secret = "a-secret-of-our-own"
    app = build_web(Services(sqlite, clock, TEXTS, Config(), bot_id=1), IntakeHealth(), secret=secret)

    async def deliver() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://host") as client:
            body = {"update_id": 7, "message": {"message_id": 1}}
            return (await client.post("/telegram", headers={SECRET_HEADER: secret}, json=body)).status_code

    with _with_pragma(sqlite, "busy_timeout=20"), _locked(sqlite):
        during = await deliver()
    after = [await deliver(), await deliver()]

    async with sqlite.reading() as session:
        n_stored = await session.scalar(select(func.count(RawUpdate.id)))
    assert (during, after, n_stored) == (503, [200, 200], 1)


class Line:
    """A TCP line to the database that can be cut and mended."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port, self.own_port = host, port, 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.own_port)
        self.own_port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        if self._server:
            self._server.close()
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(self.host, self.port)
        self._open |= {writer, far_writer}
        await asyncio.gather(_pipe(reader, far_writer), _pipe(far_reader, writer))


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()


@asynccontextmanager
async def _running(stage: Stage) -> AsyncIterator[asyncio.Task[None]]:
    """The host as `klatch run` runs it, until the end of the block."""
    stage.host.polling.poll_seconds = 30
    task = asyncio.create_task(stage.host.run(stage.config.telegram))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _has_heard(database: Database, words: list[str]) -> bool:
    return await _heard(database) == words


async def test_a_database_that_is_cut_off_and_comes_back_has_everything(
    postgres_url: str, keys: KeyRing, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(shift, "FIRST_WAIT", 0.02)
    address = make_url(postgres_url)
    line = Line(address.host or "127.0.0.1", address.port or 5432)
    await line.mend()
    through = address.set(host="127.0.0.1", port=line.own_port).render_as_string(hide_password=False)
    cut_off, watcher = Database(through, keys), Database(postgres_url, keys)
    stage = Stage(cut_off, clock)
    await stage.open()
    club, _, [mia] = stage.club("Mia")
    await stage.settle()

    async with _running(stage) as task:
        stage.telegram.say(mia, club, "before")
        await eventually(lambda: _has_heard(watcher, ["before"]))
        await line.cut()
        stage.telegram.say(mia, club, "during")
        await asyncio.sleep(0.3)
        heard_during = await _heard(watcher)
        await line.mend()
        stage.telegram.say(mia, club, "after")
        await eventually(lambda: _has_heard(watcher, ["before", "during", "after"]))
        is_alive = not task.done()

    assert (heard_during, is_alive, await _n_set_aside(watcher)) == (["before"], True, 0)
    await stage.close()
    await line.cut()
    await cut_off.close()
    await watcher.close()


async def test_a_server_that_throws_everybody_out_is_asked_again(
    postgres_url: str, keys: KeyRing, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(shift, "FIRST_WAIT", 0.02)
    database = Database(postgres_url, keys)
    stage = Stage(database, clock)
    await stage.open()
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    said = [f"line {number}" for number in range(5)]

    async with _running(stage):
        for words in said:
            await _throw_out(postgres_url, keys)
            stage.telegram.say(mia, club, words)
    for _ in range(3):
        await stage.settle()

    assert await _heard(database) == said
    assert await _n_set_aside(database) == 0
    await stage.close()
    await database.close()


async def _throw_out(url: str, keys: KeyRing) -> None:
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    admin = Database(url, keys)
    async with admin.reading() as session:
        await session.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
    await admin.close()


async def test_two_workers_with_connections_of_their_own_handle_every_update_once(
    database: Database, keys: KeyRing, clock: SimulatedClock
) -> None:
    raws = list(updates(600))
    await store_updates(database, 1, raws, now=clock.now())
    other = Database(database.url, keys)

    workers = [
        Worker(
            Services(one, clock, TEXTS, Config()), build_application(build_bot(Telegram(token=TOKEN))), asyncio.Event()
        )
        for one in (database, other)
    ]
    # Both retry on their own what a lock or a deadlock undid.
    tasks = [asyncio.create_task(one.run()) for one in workers]
    await eventually(lambda: _is_worked_off(database))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    there = await counted(database)
    await other.close()
    assert there == expected(600)


async def _is_worked_off(database: Database) -> bool:
    is_open = RawUpdate.done_at.is_(None) & RawUpdate.quarantined_at.is_(None)
    async with database.reading() as session:
        return await session.scalar(select(func.count(RawUpdate.id)).where(is_open)) == 0


async def test_replicas_that_receive_the_same_webhooks_store_each_update_once(
    database: Database, keys: KeyRing, clock: SimulatedClock
) -> None:
    other = Database(database.url, keys)
    raws = list(updates(40))

    for raw in raws:
        await asyncio.gather(*(store_updates(one, 1, [raw], now=clock.now()) for one in (database, other)))

    async with database.reading() as session:
        n_stored = await session.scalar(select(func.count(RawUpdate.id)))
    await other.close()
    assert n_stored == len(raws)


@pytest.mark.parametrize("kind", ["429", "500", "502", "409", "timeout", "drop_after_apply", "garbage", "nothing"])
async def test_an_answer_reaches_a_member_whatever_telegram_says_to_the_first_tries(
    stage: Stage, kind: Any, caplog: pytest.LogCaptureFixture
) -> None:
    mia = stage.telegram.add_user(first_name="Mia")
    stage.telegram.faults.add("sendMessage", kind=kind, times=2, retry_after=2)
    stage.telegram.start(mia, stage.bot)

    await stage.settle(60)

    greetings = [words for words in stage.said_to(mia) if words.startswith("Hi Mia!")]
    # A reply in doubt is said again: twice is better than never.
    most = {"drop_after_apply": 3}.get(kind, 1)
    assert 1 <= len(greetings) <= most
    assert len(stage.said_to(mia)) == len(greetings)
    assert "TEST-token" not in caplog.text
    assert "Hi Mia" not in caplog.text


@pytest.mark.parametrize("kind", ["429", "500", "409", "timeout", "garbage"])
async def test_a_press_counts_even_if_telegram_refuses_its_answer(stage: Stage, kind: Any) -> None:
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "hello")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    stage.telegram.faults.add("answerCallbackQuery", kind=kind, times=1)

    stage.telegram.press(mia, stage.read_by(mia)[-1], "✅ Yes to everything")
    await stage.settle(5)

    assert any("✅ Introduce me to members" in str(said) for said in stage.read_by(mia))
    assert await _n_set_aside(stage.database) == 0


@pytest.mark.parametrize(
    ("kind", "times", "is_answered_by"),
    [
        ("500", 1, 3),
        ("502", 1, 3),
        ("timeout", 1, 3),
        ("garbage", 2, 5),
        ("drop_after_apply", 1, 3),
        # Telegram says how long to wait.
        ("429", 1, 8),
        ("500", 4, 12),
    ],
)
async def test_a_press_is_answered_although_telegram_stumbles(
    stage: Stage, kind: Any, times: int, is_answered_by: int
) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)
    stage.telegram.faults.add("answerCallbackQuery", kind=kind, times=times)

    press = stage.telegram.press(mia, card, "✅ Going")
    await stage.settle(is_answered_by)

    assert press.answer is not None
    assert press.answer["text"] == "✅ You're going."
    assert "Going 1/2" in card_in(stage, club).text


async def test_a_press_that_cannot_be_answered_is_given_up_within_the_minute(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)
    stage.telegram.faults.add("answerCallbackQuery", kind="500", times=1_000)
    before = len(stage.telegram.calls)

    press = stage.telegram.press(mia, card, "✅ Going")
    await stage.settle(60)
    stage.telegram.faults.clear()
    await stage.settle(60)

    tries = [call for call in stage.telegram.calls[before:] if call.method == "answerCallbackQuery"]
    assert len(tries) == 1 + len(press_answers.WAITS)
    assert press.answer is None
    assert "Going 1/2" in card_in(stage, club).text


async def test_a_host_that_stops_leaves_no_answer_behind(stage: Stage) -> None:
    club, olga, [mia] = stage.club("Mia")
    await make_known(stage, club, olga, mia)
    card = await publish(stage, club, olga)
    stage.telegram.faults.add("answerCallbackQuery", kind="500", times=1_000)
    stage.telegram.press(mia, card, "✅ Going")
    await stage.settle(1)

    await stage.host.worker.close()

    before = len(stage.telegram.calls)
    await stage.clock.advance(timedelta(minutes=1))
    assert len(stage.telegram.calls) == before
