from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import parse_qs

import httpx
import orjson
import pytest
from sqlalchemy import select
from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, TimedOut

from bot.hearing import intake
from bot.hearing.intake import Polling, store_updates
from bot.hearing.raw_updates import unpack
from bot.playground.clock import SimulatedClock
from bot.request import Request
from models.database import Database
from models.domain.hearing import inbox
from models.tables.community import Chat
from models.tables.inbox import RawUpdate
from tests.patience import PATIENCE
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
async def test_what_has_no_number_is_kept_once_and_holds_nobody_up(
    sqlite: Database, clock: SimulatedClock, strange: Any
) -> None:
    polling, bot = _polling(sqlite, clock, [_message(11), strange, _message(12)], [strange], [])

    counts = [await polling.poll() for _ in range(3)]

    assert (counts, bot.offsets) == ([3, 0, 0], [0, 13, 13])
    [kept] = [row for row in await _rows(sqlite) if row.update_id < 0]
    assert unpack(kept.payload or b"x") == strange


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
    assert unpack(first.payload or b"") == kept
    assert second.kind == "message"


async def test_what_is_nested_deeper_than_encoders_go_is_kept_whole(sqlite: Database, clock: SimulatedClock) -> None:
    depth = 5_000
    deep: dict[str, Any] = {}
    for _ in range(depth):
        deep = {"a": [deep, "ü", 1.5, None]}

    await store_updates(sqlite, 7, [{"update_id": 11, "b": deep, "c": True}], now=clock.now())

    [row] = await _rows(sqlite)
    inner, outer = '{"a":[' * depth, ',"ü",1.5,null]}' * depth
    assert (row.payload or b"").decode() == f'{{"update_id":11,"b":{inner}{{}}{outer},"c":true}}'
    # Nobody reads it back, so the worker sets it aside.
    assert unpack(row.payload or b"") is None


# What no reader takes, as an update with this number.
UNREADABLE = {
    # Deeper than any version of Python goes.
    "nested 100,000 deep": b'{"update_id":%d,"message":{"message_id":1,"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "half an update": b'{"update_id":%d,"message":{"text":"half',
    "a word of another language": b'{"update_id":%d,"message":{"text":undefined}}',
    "a bracket in the words": b'{"update_id":%d,"message":{"text":"]}]}\\" }","x":undefined}}',
}


class RawTelegram(httpx.AsyncBaseTransport):
    """getUpdates as bytes, whatever they are; one that `ignores_limit` always tells all."""

    def __init__(self, updates: dict[int, bytes], *, ignores_limit: bool = False) -> None:
        self.updates, self.ignores_limit = updates, ignores_limit
        self.n_asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        form = parse_qs((await request.aread()).decode())
        if "offset" not in form:
            return httpx.Response(200, json={"ok": True, "result": {"id": 7, "is_bot": True, "first_name": "K"}})
        self.n_asked += 1
        offset, limit = int(form["offset"][0]), int(form["limit"][0])
        left = [body for number, body in self.updates.items() if number >= offset]
        told = left if self.ignores_limit else left[:limit]
        return httpx.Response(200, content=b'{"ok":true,"result":[' + b",".join(told) + b"]}")


async def _poll_all(database: Database, clock: SimulatedClock, telegram: RawTelegram) -> None:
    requests = [Request(httpx_kwargs={"transport": telegram}) for _ in range(2)]
    async with Bot("7:token", request=requests[0], get_updates_request=requests[1]) as bot, asyncio.timeout(PATIENCE):
        polling = Polling(bot, database, clock)
        while await polling.poll():
            pass


@pytest.mark.parametrize("ignores_limit", [False, True], ids=["one by one", "a server that tells all"])
@pytest.mark.parametrize("unreadable", UNREADABLE.values(), ids=UNREADABLE)
async def test_an_update_that_cannot_be_read_is_kept_aside_and_its_neighbours_are_heard(
    database: Database, clock: SimulatedClock, unreadable: bytes, ignores_limit: bool
) -> None:
    updates = {number: orjson.dumps(_message(number, message_id=number)) for number in range(11, 31)}
    updates[17] = unreadable % 17
    telegram = RawTelegram(updates, ignores_limit=ignores_limit)

    await _poll_all(database, clock, telegram)

    rows = {row.update_id: row.payload or b"" for row in await _rows(database)}
    healthy = {number: body for number, body in updates.items() if number != 17}
    # One that never ends takes what follows it along, where the server tells all.
    if not (ignores_limit and unreadable == UNREADABLE["half an update"]):
        assert {number: unpack(rows[number]) for number in healthy} == {
            number: orjson.loads(body) for number, body in healthy.items()
        }
    assert rows[17].startswith(updates[17][:40])
    assert unpack(rows[17]) is None
    assert telegram.n_asked < 2 * len(updates) + 4


async def test_after_an_unreadable_update_many_are_asked_for_at_once_again(
    sqlite: Database, clock: SimulatedClock
) -> None:
    updates = {number: orjson.dumps(_message(number)) for number in range(11, 411)}
    updates[12] = UNREADABLE["nested 100,000 deep"] % 12
    telegram = RawTelegram(updates)

    await _poll_all(sqlite, clock, telegram)

    assert len(await _rows(sqlite)) == 400
    assert telegram.n_asked < 10


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
    async with asyncio.timeout(PATIENCE):
        while "message" not in (kinds := [row.kind for row in await _rows(stage.database)][-1:]):
            await stage.host.polling.health.storing.wait()
            stage.host.polling.health.storing.clear()
    running.cancel()
    # It may hold a connection: that is given back before the database is closed under it.
    await asyncio.gather(running, return_exceptions=True)

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


DIRECT = {"id": -1_000_000_000_009, "type": "supergroup", "title": "News", "is_direct_messages": True}
READER = {"id": 3, "is_bot": False, "first_name": "Rita"}


@pytest.mark.parametrize(
    "update",
    [
        {"message": {"message_id": 1, "date": 1, "chat": DIRECT, "from": READER, "text": "my salary is secret"}},
        {"edited_message": {"message_id": 1, "date": 1, "chat": DIRECT, "from": READER, "text": "/start"}},
        {"message_reaction": {"chat": DIRECT, "message_id": 1, "user": READER, "old_reaction": [], "new_reaction": []}},
        {"chat_member": {"chat": DIRECT, "date": 1, "from": READER, "new_chat_member": {"user": READER, "status": "member"}}},
        {"callback_query": {"id": "1", "from": READER, "data": "x", "message": {"message_id": 1, "date": 1, "chat": DIRECT}}},
    ],
    ids=lambda update: next(iter(update)),
)  # fmt: skip
async def test_what_readers_write_to_a_channel_in_private_is_neither_kept_nor_a_community(
    stage: Stage, update: dict[str, Any]
) -> None:
    stage.telegram.inject(stage.bot, update)
    stage.telegram.inject(stage.bot, {"message": {"message_id": 2, "date": 1, "chat": {"id": -5, "type": "group"}}})

    await stage.settle()

    rows = await _rows(stage.database)
    async with stage.database.reading() as session:
        chats = list(await session.scalars(select(Chat.telegram_id)))
    assert [row.chat_telegram_id for row in rows] == [-5]
    assert DIRECT["id"] not in chats
    # It is acknowledged all the same: nothing waits for ever.
    assert stage.telegram.pending(stage.bot) == 0
