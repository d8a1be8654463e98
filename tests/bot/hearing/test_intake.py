from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from sqlalchemy import select
from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, TimedOut

from bot.hearing import intake
from bot.hearing.intake import Polling, store_updates
from bot.hearing.raw_updates import unpacked
from bot.playground.clock import SimulatedClock
from models.database import Database
from models.domain.hearing import inbox
from models.tables.inbox import RawUpdate
from tests.stage import Stage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class ScriptedBot:
    """Answers getUpdates with what the script says next; an exception is raised."""

    id = 7

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.offsets: list[int] = []

    async def do_api_request(self, method: str, *, api_kwargs: dict[str, Any], read_timeout: float) -> Any:
        self.offsets.append(api_kwargs["offset"])
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def _polling(database: Database, clock: SimulatedClock, *answers: Any) -> tuple[Polling, ScriptedBot]:
    bot = ScriptedBot(*answers)
    return Polling(cast(Bot, bot), database, clock), bot


async def _rows(database: Database) -> list[RawUpdate]:
    async with database.reading() as session:
        return list(await session.scalars(select(RawUpdate).order_by(RawUpdate.id)))


def _message(update_id: Any, **fields: Any) -> dict[str, Any]:
    message = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"}, "from": {"id": 3}, "text": "hi"}
    return {"update_id": update_id, "message": message | fields}


async def test_the_next_poll_asks_behind_what_is_committed(database: Database, clock: SimulatedClock) -> None:
    polling, bot = _polling(database, clock, [_message(11), _message(12)], [])

    counts = [await polling.poll(), await polling.poll()]

    assert (counts, bot.offsets) == ([2, 0], [0, 13])


async def test_after_a_restart_the_offset_comes_from_the_database(database: Database, clock: SimulatedClock) -> None:
    before, _ = _polling(database, clock, [_message(11)])
    await before.poll()

    after, bot = _polling(database, clock, [])
    await after.poll()

    assert bot.offsets == [12]


async def test_a_failed_commit_leaves_the_offset_so_that_telegram_tells_again(
    database: Database, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    polling, bot = _polling(database, clock, [_message(11)], [_message(11)])
    monkeypatch.setattr(inbox, "acknowledge", _fail)
    with pytest.raises(RuntimeError):
        await polling.poll()
    monkeypatch.undo()

    n_new = await polling.poll()

    assert (n_new, bot.offsets, len(await _rows(database))) == (1, [0, 0], 1)


async def _fail(*_: Any, **__: Any) -> None:
    raise RuntimeError("no commit")


async def test_replayed_and_reordered_batches_are_kept_once(database: Database, clock: SimulatedClock) -> None:
    polling, _ = _polling(
        database, clock, [_message(12), _message(11)], [_message(11), _message(13), _message(12), _message(13)]
    )

    counts = [await polling.poll(), await polling.poll()]

    assert counts == [2, 1]
    assert sorted(row.update_id for row in await _rows(database)) == [11, 12, 13]


@pytest.mark.parametrize(
    "strange",
    [
        # not an object
        7,
        None,
        "update",
        [],
        # no number, or none that can be one
        {"message": {}},
        {"update_id": "12"},
        {"update_id": True},
        {"update_id": 2**63},
    ],
    ids=str,
)
async def test_what_has_no_number_is_passed_over_and_its_neighbours_kept(
    sqlite: Database, clock: SimulatedClock, strange: Any
) -> None:
    polling, bot = _polling(sqlite, clock, [_message(11), strange, _message(12)], [])

    counts = [await polling.poll(), await polling.poll()]

    assert (counts, bot.offsets) == ([2, 0], [0, 13])


def _nested(depth: int) -> Any:
    return json.loads('{"a":' * depth + "1" + "}" * depth)


@pytest.mark.parametrize(
    ("strange", "kept"),
    [
        # half of an emoji
        (_message(11, text="half \ud83d"), _message(11, text="half ?")),
        # a number beyond 64 bits: later no longer a whole one
        (_message(11, extra=10**30), _message(11, extra=1e30)),
        # no number at all
        (_message(11, extra=float("nan")), _message(11, extra=None)),
        # deeper than the fast encoder goes
        (_message(11, extra=_nested(500)), _message(11, extra=_nested(500))),
        # no kind
        ({"update_id": 11}, {"update_id": 11}),
        # a kind that is no name: PostgreSQL takes no NUL in text
        ({"update_id": 11, "a\x00b": {}}, {"update_id": 11, "a\x00b": {}}),
        ({"update_id": 11, "k" * 500: {}}, {"update_id": 11, "k" * 500: {}}),
        # parts of the wrong type where the intake itself looks
        ({"update_id": 11, "chat_member": {"new_chat_member": "x", "chat": 0, "message": "y"}},) * 2,
        ({"update_id": 11, "message": {"chat": [], "from": "z", "entities": {"0": 1}}},) * 2,
        # ids that no column holds
        (_message(11, chat={"id": 2**63}), _message(11, chat={"id": 2**63})),
    ],
)
async def test_strange_contents_are_kept_for_the_worker_to_judge(database: Database, strange: Any, kept: Any) -> None:
    n_new = await store_updates(database, 7, [strange, _message(12)], now=NOW)

    first, second = await _rows(database)
    assert n_new == 2
    assert unpacked(first.payload or b"") == kept
    assert second.kind == "message"


async def test_what_no_encoder_takes_leaves_a_mark_that_is_set_aside(sqlite: Database, clock: SimulatedClock) -> None:
    deep: dict[str, Any] = {}
    for _ in range(5_000):
        deep = {"a": deep}

    await store_updates(sqlite, 7, [_message(11, extra=deep)], now=clock.now())

    [row] = await _rows(sqlite)
    # Newer Pythons encode what older ones give up on; nobody reads it back either way, so the worker sets it aside.
    assert row.payload
    assert unpacked(row.payload) is None


@pytest.mark.parametrize("kind", ["429", "500", "502", "409", "timeout", "drop_after_apply", "garbage", "nothing"])
async def test_a_poll_that_fails_is_asked_again_and_nothing_is_lost(
    stage: Stage, kind: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(intake, "FIRST_WAIT", 0.01)
    club, _, [mia] = stage.club("Mia")
    stage.telegram.say(mia, club, "a confidence")
    stage.telegram.faults.add("getUpdates", kind=kind, times=2, retry_after=0)
    stage.host.polling.poll_seconds = 30

    running = asyncio.create_task(stage.host.polling.run())
    async with asyncio.timeout(10):
        while "message" not in (kinds := [row.kind for row in await _rows(stage.database)][-1:]):
            await stage.host.polling.health.stored.wait()
            stage.host.polling.health.stored.clear()
    running.cancel()

    assert kinds == ["message"]
    assert "intake:" in caplog.text
    assert "TEST-token" not in caplog.text
    assert "a confidence" not in caplog.text


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Conflict("terminated by other getUpdates request"), "another program asks for this bot's updates"),
        (TimedOut(), "Telegram did not answer in time"),
        (NetworkError("httpx.ConnectError: bot7:token"), "Telegram cannot be reached"),
        (RuntimeError("a member's words"), "RuntimeError"),
    ],
)
async def test_the_health_page_says_in_plain_words_why_nothing_is_heard(
    sqlite: Database, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    monkeypatch.setattr(intake, "FIRST_WAIT", 0.0)
    polling, _ = _polling(sqlite, clock, error, InvalidToken())

    with pytest.raises(InvalidToken):
        await polling.run()

    assert (polling.health.problem or "").startswith(told)
    assert "token" not in (polling.health.problem or "")


async def test_a_wrong_token_ends_the_polling_because_waiting_does_not_mend_it(
    sqlite: Database, clock: SimulatedClock
) -> None:
    polling, _ = _polling(sqlite, clock, InvalidToken())

    with pytest.raises(InvalidToken):
        await polling.run()
