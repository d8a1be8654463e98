from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.hearing.updates import hear
from bot.working.worker import Worker
from models.domain.hearing import inbox
from models.tables.inbox import RawUpdate
from tests.patience import eventually
from tests.stage import Stage

DEADLY = "deadly"


class Killed(BaseException):
    """The process ends: nothing catches this, and nothing is done after it."""


class Process:
    """What one start of the host works off before it is killed."""

    def __init__(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_dead, self.n_deadly = False, 0
        self.worker = Worker(stage.host.services, stage.host.application, asyncio.Event())
        monkeypatch.setattr("bot.working.recording.hear", self._hear)

    def _hear(self, raw: Any) -> Any:
        if DEADLY in str(raw):
            self.n_deadly += 1
            self.is_dead = True
        if self.is_dead:
            raise Killed
        return hear(raw)

    async def live(self) -> None:
        try:
            await self.worker.work_off()
        except Killed:
            # Whatever ran beside it ends with it.
            await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True)


async def _rows(stage: Stage) -> list[RawUpdate]:
    async with stage.database.reading() as session:
        return list(await session.scalars(select(RawUpdate).order_by(RawUpdate.id)))


async def _hear_all(stage: Stage) -> None:
    while await stage.host.polling.poll():
        pass


def _say(stage: Stage, where: str, person: Any, club: Any, text: str) -> None:
    if where == "group":
        stage.telegram.say(person, club, text)
    elif where == "command":
        stage.telegram.say(person, club, f"/help {text}")
    else:
        stage.telegram.say(person, stage.telegram.private(person, stage.bot), text)


@pytest.mark.parametrize("where", ["group", "command", "private"])
@pytest.mark.parametrize("position", [0, 7, 19])
async def test_an_update_that_killed_three_processes_is_set_aside_by_the_fourth(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, where: str, position: int
) -> None:
    club, _, people = stage.club("Mia", "Ben", "Eva", "Jo")
    for person in people:
        stage.telegram.start(person, stage.bot)
    await stage.settle()
    n_before = len(await _rows(stage))
    for number in range(20):
        text = DEADLY if number == position else f"line {number}"
        _say(stage, where, people[number % len(people)], club, text)
    await _hear_all(stage)

    starts = [Process(stage, monkeypatch) for _ in range(4)]
    for start in starts:
        monkeypatch.setattr("bot.working.recording.hear", start._hear)
        await start.live()

    rows = (await _rows(stage))[n_before:]
    assert [start.n_deadly for start in starts] == [1, 1, 1, 0]
    assert [number for number, row in enumerate(rows) if row.quarantined_at] == [position]
    assert [number for number, row in enumerate(rows) if row.done_at is None] == [position]
    assert DEADLY not in str(rows[position].error)


async def test_two_deadly_updates_cost_three_starts_each_and_nobody_else_is_blamed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    n_before = len(await _rows(stage))
    for number in range(12):
        stage.telegram.say(mia, club, DEADLY if number in {3, 8} else f"line {number}")
    await _hear_all(stage)

    for _ in range(7):
        await Process(stage, monkeypatch).live()

    rows = (await _rows(stage))[n_before:]
    assert [number for number, row in enumerate(rows) if row.quarantined_at] == [3, 8]
    assert [number for number, row in enumerate(rows) if row.done_at is None] == [3, 8]


async def test_who_waits_in_private_for_a_deadly_update_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    mia = stage.telegram.add_user(first_name="Mia")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), f"/help {DEADLY}")
    await _hear_all(stage)

    for _ in range(4):
        await Process(stage, monkeypatch).live()
    monkeypatch.undo()
    await stage.settle()

    assert stage.said_to(mia)[-1].startswith("Sorry, something went wrong on my side.")


async def test_a_retry_gives_an_update_all_its_attempts_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    stage.telegram.say(mia, club, DEADLY)
    await _hear_all(stage)
    for _ in range(4):
        await Process(stage, monkeypatch).live()

    async with stage.database.transaction() as session:
        await inbox.retry(session)
    starts = [Process(stage, monkeypatch) for _ in range(4)]
    for start in starts:
        monkeypatch.setattr("bot.working.recording.hear", start._hear)
        await start.live()

    assert [start.n_deadly for start in starts] == [1, 1, 1, 0]


async def test_a_host_that_is_stopped_while_it_handles_something_blames_nothing(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    is_under_way = asyncio.Event()

    async def wait_for_ever(*_: Any) -> None:
        is_under_way.set()
        await asyncio.Event().wait()

    usual = [handler.callback for handler in stage.host.application.handlers[0]]
    for handler in stage.host.application.handlers[0]:
        handler.callback = wait_for_ever
    stage.telegram.say(mia, club, "/help")
    await _hear_all(stage)
    for _ in range(5):
        is_under_way.clear()
        running = asyncio.create_task(
            Worker(stage.host.services, stage.host.application, asyncio.Event()).run(), name="worker"
        )
        await eventually(is_under_way.is_set, "the handler is under way")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    n_attempts = (await _rows(stage))[-1].n_attempts
    for handler, callback in zip(stage.host.application.handlers[0], usual, strict=True):
        handler.callback = callback
    await stage.settle()

    assert n_attempts == 0
    assert [row.id for row in await _rows(stage) if row.done_at is None] == []


@pytest.mark.parametrize("text", ["a line", "/help"])
async def test_an_outage_is_one_attempt_however_often_it_is_tried(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    stage.telegram.say(mia, club, text)
    await _hear_all(stage)

    async def gone(*_: Any, **__: Any) -> Any:
        raise OperationalError("UPDATE", {}, Exception("server closed the connection"))

    monkeypatch.setattr("bot.working.recording.inbox.mark_done", gone)
    for _ in range(5):
        with pytest.raises(OperationalError):
            await stage.host.worker.work_off()
    monkeypatch.undo()
    n_attempts = (await _rows(stage))[-1].n_attempts
    await stage.settle()

    assert n_attempts == 1
    assert [row.id for row in await _rows(stage) if row.done_at is None] == []
