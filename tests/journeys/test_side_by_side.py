"""A handler that waits for Telegram holds up its own chat and nobody else, and nothing is lost, doubled or passed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.messages.outgoing import Outgoing
from bot.playground.clock import SimulatedClock
from bot.playground.server.snapshots import Chat, User
from bot.scene import echoes
from bot.scene.context import BotContext
from bot.working import backlog, shift
from bot.working.shift import MOST_UNDER_WAY
from bot.working.worker import Worker
from models.database import Database
from models.tables.delivery import Delivery
from models.tables.inbox import RawUpdate
from models.tables.message import Message
from tests.journeys.test_events import make_known, publish
from tests.patience import eventually
from tests.stage import Stage

Pause = Callable[[str], Awaitable[None]]


@pytest.fixture
async def busy(database: Database, clock: SimulatedClock) -> AsyncIterator[Stage]:
    """The stage on each engine: they differ in what may be written at once."""
    opened = Stage(database, clock)
    await opened.open()
    yield opened
    await opened.close()


class Gates:
    """A handler of /help that repeats what it was told, after it was let through; everything passes unless it is shut."""

    def __init__(self, stage: Stage) -> None:
        self._shut: dict[str, asyncio.Event] = {}
        self.waiting: set[str] = set()
        for handler in stage.host.application.handlers[0]:
            if "help" in getattr(handler, "commands", ()):
                handler.callback = self._repeat

    def shut(self, words: str) -> None:
        self._shut[words] = asyncio.Event()

    def open(self, words: str) -> None:
        self._shut[words].set()

    async def pause(self, words: str) -> None:
        if words in self._shut:
            self.waiting.add(words)
            await self._shut[words].wait()

    async def _repeat(self, update: Any, context: BotContext) -> None:
        words = update.effective_message.text.removeprefix("/help ")
        await self.pause(words)
        async with context.scene(update) as scene:
            await scene.reply(Outgoing(words))


@asynccontextmanager
async def _working(stage: Stage) -> AsyncIterator[None]:
    """The worker as `klatch run` runs it; updates are fetched by hand."""
    task = asyncio.create_task(stage.host.worker.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _hear_all(stage: Stage) -> None:
    while await stage.host.polling.poll():
        pass


async def _repeated(database: Database) -> list[str]:
    async with database.reading() as session:
        payloads = await session.scalars(select(Delivery.payload).order_by(Delivery.id))
        return [payload["text"] for payload in payloads if payload and payload.get("text", "").startswith("#")]


async def _written(database: Database) -> set[str | None]:
    async with database.reading() as session:
        return set(await session.scalars(select(Message.text)))


def _ask(stage: Stage, person: User, chat: Chat, words: str) -> None:
    stage.telegram.say(person, chat, f"/help {words}")


async def _two_clubs(stage: Stage) -> tuple[Chat, Chat, User, User]:
    first, _, [mia] = stage.club("Mia")
    second, _, [ben] = stage.club("Ben", owner="Otto")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    return first, second, mia, ben


async def test_other_chats_go_on_while_a_handler_waits_for_telegram(busy: Stage) -> None:
    first, second, mia, ben = await _two_clubs(busy)
    gates = Gates(busy)
    gates.shut("#slow")
    _ask(busy, mia, first, "#slow")
    _ask(busy, mia, first, "#behind")
    await _hear_all(busy)

    async with _working(busy):
        await eventually(lambda: "#slow" in gates.waiting, "the handler waits")
        _ask(busy, ben, second, "#elsewhere")
        busy.telegram.say(ben, second, "chatter")
        press = busy.telegram.press(ben, busy.said_in(second)[0], "✅ Count me in")
        await _hear_all(busy)
        await eventually(lambda: press.is_answered, "the press elsewhere is answered")
        await eventually(lambda: _is_among("chatter", busy.database), "chatter elsewhere is recorded")
        meanwhile = await _repeated(busy.database)
        gates.open("#slow")
        await eventually(lambda: _is_worked_off(busy.database), "everything is handled")

    assert meanwhile == ["#elsewhere"]
    assert await _repeated(busy.database) == ["#elsewhere", "#slow", "#behind"]


async def _is_among(words: str, database: Database) -> bool:
    return words in await _written(database)


async def _is_worked_off(database: Database) -> bool:
    is_open = RawUpdate.done_at.is_(None) & RawUpdate.quarantined_at.is_(None)
    async with database.reading() as session:
        return (await session.scalars(select(RawUpdate.id).where(is_open))).first() is None


async def test_a_person_is_answered_in_their_order_wherever_they_write(busy: Stage) -> None:
    first, _, mia, _ = await _two_clubs(busy)
    gates = Gates(busy)
    gates.shut("#in the group")
    _ask(busy, mia, first, "#in the group")
    _ask(busy, mia, busy.telegram.private(mia, busy.bot), "#in private")
    await _hear_all(busy)

    async with _working(busy):
        await eventually(lambda: bool(gates.waiting), "the handler waits")
        busy.telegram.say(mia, busy.telegram.private(mia, busy.bot), "/help #and again")
        await _hear_all(busy)
        meanwhile = await _repeated(busy.database)
        gates.open("#in the group")
        await eventually(lambda: _is_worked_off(busy.database), "everything is handled")

    assert meanwhile == []
    assert await _repeated(busy.database) == ["#in the group", "#in private", "#and again"]


async def test_a_card_is_answered_however_many_chats_wait_for_telegram(busy: Stage) -> None:
    club, olga, [mia] = busy.club("Mia")
    await make_known(busy, club, olga)
    card = await publish(busy, club, olga, "/event Demo night, Fri 19:00 @ Café Kranz, 10 seats")
    gates = Gates(busy)
    people = [busy.telegram.add_user(first_name=f"P{number}") for number in range(MOST_UNDER_WAY + 2)]
    for number, person in enumerate(people):
        gates.shut(f"#{number}")
        busy.telegram.start(person, busy.bot)
        _ask(busy, person, busy.telegram.private(person, busy.bot), f"#{number}")
    await _hear_all(busy)

    async with _working(busy):
        await eventually(lambda: len(gates.waiting) == MOST_UNDER_WAY, "as many handlers wait as may")
        press = busy.telegram.press(mia, card, "✅ Going")
        await _hear_all(busy)
        await eventually(lambda: press.is_answered, "the press is answered")
        n_meanwhile = len(await _repeated(busy.database))
        for number in range(len(people)):
            gates.open(f"#{number}")
        await eventually(lambda: _is_worked_off(busy.database), "everything is handled")

    assert (n_meanwhile, len(await _repeated(busy.database))) == (0, len(people))


async def test_a_stop_ends_handlers_that_wait_and_the_next_start_does_their_work_once(busy: Stage) -> None:
    first, second, mia, ben = await _two_clubs(busy)
    gates = Gates(busy)
    gates.shut("#slow")
    _ask(busy, mia, first, "#slow")
    _ask(busy, ben, second, "#quick")
    await _hear_all(busy)
    async with _working(busy):
        await eventually(lambda: "#slow" in gates.waiting, "the handler waits")
        await eventually(lambda: _has_repeated("#quick", busy.database), "the other is done")

    async with busy.database.reading() as session:
        left = list(await session.scalars(select(RawUpdate.n_attempts).where(RawUpdate.done_at.is_(None))))
    gates.open("#slow")
    await busy.host.worker.work_off()

    assert left == [0]
    assert await _repeated(busy.database) == ["#quick", "#slow"]


async def _has_repeated(words: str, database: Database) -> bool:
    return words in await _repeated(database)


@pytest.mark.parametrize("seed", range(6))
async def test_delays_outages_and_restarts_lose_double_and_reorder_nothing(
    busy: Stage, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(shift, "FIRST_WAIT", 0.01)
    # All of it is said within a minute.
    monkeypatch.setattr(echoes, "MOST_ANSWERS", 1_000)
    # Small, so that a backlog is larger than what is in hand.
    monkeypatch.setattr(backlog, "MOST_AT_ONCE", 7)
    monkeypatch.setattr(backlog, "MOST_IN_HAND", 12)
    random = Random(seed)
    clubs = [busy.club(*(f"{name}{number}" for name in "AB"), owner=f"O{number}") for number in range(3)]
    people = [person for _, _, members in clubs for person in members]
    for person in people:
        busy.telegram.start(person, busy.bot)
    await busy.settle()
    asked = _said_at_random(busy, random, clubs)
    await _hear_all(busy)

    async def stumble(words: str) -> None:
        await asyncio.sleep(random.choice([0, 0, 0.002, 0.02]))
        if random.random() < 0.1:
            raise OperationalError("UPDATE", {}, Exception("server closed the connection"))

    monkeypatch.setattr(Gates, "pause", lambda _, words: stumble(words))
    Gates(busy)
    while not await _is_worked_off(busy.database):
        worker = Worker(busy.host.services, busy.host.application, asyncio.Event())
        task = asyncio.create_task(worker.run())
        await asyncio.sleep(random.uniform(0.02, 0.2))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await worker.close()

    repeated = [int(words.removeprefix("#")) for words in await _repeated(busy.database)]
    assert sorted(repeated) == sorted(asked)
    for of_the_same in (0, 1):
        for one in {origin[of_the_same] for origin in asked.values()}:
            theirs = [number for number in repeated if asked[number][of_the_same] == one]
            assert theirs == sorted(theirs)


def _said_at_random(stage: Stage, random: Random, clubs: list[Any]) -> dict[int, tuple[int, int]]:
    """Commands and chatter; returns who asked where, by the number of each command."""
    asked = {}
    for number in range(60):
        club, _, members = random.choice(clubs)
        person = random.choice(members)
        chat = random.choice([club, stage.telegram.private(person, stage.bot)])
        if random.random() < 0.7:
            _ask(stage, person, chat, f"#{number}")
            asked[number] = (person.id, chat.id)
        else:
            stage.telegram.say(person, club, f"chatter {number}")
    return asked
