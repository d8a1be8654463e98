from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.hearing.intake import store_updates
from bot.messages.outgoing import Outgoing
from bot.scene.context import BotContext
from models.domain.hearing import inbox
from models.tables.delivery import Delivery
from models.tables.inbox import RawUpdate
from models.tables.interaction import Interaction
from models.tables.member import Member
from models.tables.message import Message
from tests.patience import PATIENCE
from tests.stage import Stage


async def _texts(stage: Stage) -> list[str]:
    async with stage.database.reading() as session:
        return [text for text in await session.scalars(select(Message.text).order_by(Message.id)) if text]


async def _rows(stage: Stage) -> list[RawUpdate]:
    async with stage.database.reading() as session:
        return list(await session.scalars(select(RawUpdate).order_by(RawUpdate.id)))


async def test_a_poisoned_update_is_set_aside_and_those_behind_it_go_on(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "before")
    stage.telegram.inject(
        stage.bot, {"message": {"message_id": 7, "chat": {"id": "seven"}, "date": 1, "text": "poison"}}
    )
    stage.telegram.say(mia, club, "after")

    await stage.settle()

    set_aside = [row for row in await _rows(stage) if row.quarantined_at]
    assert await _texts(stage) == ["before", "after"]
    assert len(set_aside) == 1
    assert "poison" not in (set_aside[0].error or "")


async def test_bytes_that_nobody_can_read_are_set_aside_in_one_line_of_log(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    unreadable = b'{"update_id":9,"message":{"text":"a confidence' + b"[" * 1_100
    await store_updates(stage.database, stage.bot.id, [unreadable], now=stage.clock.now())
    stage.telegram.say(mia, club, "after")
    caplog.clear()

    await stage.settle()

    [row] = [row for row in await _rows(stage) if row.quarantined_at]
    assert (row.update_id, row.payload) == (9, unreadable)
    assert await _texts(stage) == ["after"]
    [line] = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert "\n" not in line
    assert "a confidence" not in line


async def test_what_was_set_aside_can_be_retried_once_it_is_understood(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    monkeypatch.setattr("bot.working.recording.hear", _refuse)
    stage.telegram.say(mia, club, "too early")
    await stage.settle()
    monkeypatch.undo()

    async with stage.database.transaction() as session:
        n_retried = await inbox.retry(session)
    await stage.settle()

    assert n_retried == 1
    assert await _texts(stage) == ["too early"]


def _refuse(raw: Any) -> Any:
    raise ValueError("not yet")


async def test_an_unknown_kind_is_kept_whole_and_counts_as_handled(stage: Stage) -> None:
    stage.telegram.inject(
        stage.bot, {"telepathy": {"from": {"id": 5, "is_bot": False, "first_name": "Mia"}, "thought": "?"}}
    )

    await stage.settle()

    row = (await _rows(stage))[-1]
    assert (row.kind, row.done_at is not None, row.quarantined_at) == ("telepathy", True, None)
    assert b'"thought":"?"' in (row.payload or b"")


async def test_a_handler_that_fails_halfway_leaves_no_effect(stage: Stage) -> None:
    mia = stage.telegram.add_user(first_name="Mia")

    async def fail(update: Any, context: BotContext) -> None:
        async with context.scene(update) as scene:
            await scene.reply(Outgoing(scene.say("privacy.stopped")))
            raise ValueError("halfway")

    _replace_handlers(stage, fail)
    stage.telegram.start(mia, stage.bot)
    await stage.settle()

    async with stage.database.reading() as session:
        assert (await session.scalars(select(Delivery))).all() == []
        assert (await session.scalars(select(Member).where(Member.telegram_id == mia.id))).all() == []
    assert [row.error for row in await _rows(stage) if row.quarantined_at]


def _replace_handlers(stage: Stage, callback: Any) -> None:
    for handler in stage.host.application.handlers[0]:
        handler.callback = callback


async def test_a_handler_that_fails_apologises_in_private_and_tells_no_detail(stage: Stage) -> None:
    mia = stage.telegram.add_user(first_name="Mia")
    stage.telegram.start(mia, stage.bot)
    await stage.settle()

    async def fail(update: Any, context: BotContext) -> None:
        raise ValueError("secret detail")

    _replace_handlers(stage, fail)
    stage.telegram.say(mia, stage.telegram.private(mia, stage.bot), "/help")
    await stage.settle()

    assert stage.said_to(mia)[-1].startswith("Sorry, something went wrong on my side.")
    assert "secret detail" not in str(stage.said_to(mia))


async def test_a_failed_press_is_answered_all_the_same(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()

    async def fail(update: Any, context: BotContext) -> None:
        raise ValueError("no")

    _replace_handlers(stage, fail)
    press = stage.telegram.press(mia, stage.said_in(club)[0], "✅ Count me in")
    await stage.settle()

    assert press.is_answered


async def test_a_database_that_is_gone_for_a_while_loses_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    club, _, [mia] = stage.club("Mia")
    await stage.settle()
    stage.telegram.say(mia, club, "during the outage")

    async def gone(*_: Any, **__: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("server closed the connection"))

    monkeypatch.setattr("bot.working.backlog.inbox.waiting", gone)
    with pytest.raises(OperationalError):
        await stage.settle()
    monkeypatch.undo()
    await stage.settle()

    assert await _texts(stage) == ["during the outage"]
    assert not [row for row in await _rows(stage) if row.quarantined_at]


async def test_logs_carry_neither_the_token_nor_what_members_wrote(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "a confidence")
    stage.telegram.inject(
        stage.bot,
        {"message": {"message_id": 9, "chat": {"id": None}, "date": "x", "text": "a confidence", "from": {"id": 1}}},
    )
    await stage.settle()

    logged = "\n".join(record.getMessage() + str(record.exc_text or "") for record in caplog.records)
    assert "is set aside" in logged
    assert "a confidence" not in logged
    assert "TEST-token" not in logged


async def test_two_workers_on_one_inbox_count_nothing_twice(stage: Stage) -> None:
    club, _, [mia] = stage.club("Mia")
    for number in range(30):
        stage.telegram.say(mia, club, f"line {number}")
    while await stage.host.polling.poll():
        pass

    await asyncio.gather(stage.host.worker.work_off(), stage.host.worker.work_off())

    async with stage.database.reading() as session:
        n = len([kind for kind in await session.scalars(select(Interaction.kind)) if kind == "message"])
    assert n == 30


@pytest.mark.parametrize("n_turns", range(4))
async def test_a_worker_that_is_cancelled_as_it_is_woken_ends(stage: Stage, n_turns: int) -> None:
    working = asyncio.create_task(stage.host.worker.run())
    await asyncio.sleep(0.05)

    stage.host.worker.stored.set()
    for _ in range(n_turns):
        await asyncio.sleep(0)
    working.cancel()
    await asyncio.wait({working}, timeout=PATIENCE)

    assert working.done()
