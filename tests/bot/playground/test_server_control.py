"""The control API: everything people do, as JSON, for this machine's own pages only."""

import asyncio
import re
import signal
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

import bot.playground
from bot.playground.server import BotUser, Chat, LocalTelegram, User
from bot.playground.server.__main__ import build, read_arguments, welcome
from bot.playground.server.control import ACTIONS
from bot.playground.server.faults import KINDS
from tests.bot.playground.conftest import TOKEN, Client
from tests.bot.playground.http_server import serving
from tests.processes import python


@pytest.fixture
async def http(tg: LocalTelegram) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(tg.api), base_url="http://localhost:8081") as client:
        yield client


async def do(http: httpx.AsyncClient, action: str, **arguments: Any) -> Any:
    body = (await http.post("/playground/do", json={"action": action, **arguments})).json()
    assert body["ok"], body
    return body["result"]


async def test_a_whole_story_is_told_by_ids_alone(http: httpx.AsyncClient, call: Client, bot: BotUser) -> None:
    mia = await do(http, "add_user", first_name="Mia", username="mia")
    club = await do(http, "add_chat", title="Founders", owner=mia["id"])
    await do(http, "add_to_chat", chat=club["id"], user=bot.id, by=mia["id"])
    markup = {"inline_keyboard": [[{"text": "Going", "callback_data": "g"}]]}
    card = await call("sendMessage", chat_id=club["id"], text="Demo night", reply_markup=markup)
    where = {"chat": club["id"], "message_id": card["message_id"]}

    reply = await do(http, "say", user=mia["id"], chat=club["id"], text="Nice", reply_to=where)
    await do(http, "react", user=mia["id"], message=where, reactions=["🎉"])
    press = await do(http, "press", user=mia["id"], message=where, button=[0, 0])
    unanswered = await do(http, "press_answer", press_id=press["press_id"])
    await call("answerCallbackQuery", callback_query_id=press["press_id"], text="See you")
    shown = await do(http, "messages", chat=club["id"])

    assert reply["reply_to_message"]["message_id"] == card["message_id"]
    assert unanswered is None
    assert (await do(http, "press_answer", press_id=press["press_id"]))["text"] == "See you"
    assert shown[-2]["reactions"][0]["total_count"] == 1


async def test_private_chats_are_named_by_person_and_bot(
    http: httpx.AsyncClient, tg: LocalTelegram, bot: BotUser, mia: User
) -> None:
    tg.add_bot("7000000009:TEST", "Other", "other_bot")
    await do(http, "start", user=mia.id, bot=bot.id)

    ambiguous = (await http.post("/playground/do", json={"action": "messages", "chat": mia.id})).json()
    shown = await do(http, "messages", chat=f"{mia.id}:{bot.id}")

    assert "there are several bots" in ambiguous["error"]
    assert [one["text"] for one in shown] == ["/start"]


async def test_state_shows_people_chats_and_time_but_no_token(
    http: httpx.AsyncClient, tg: LocalTelegram, call: Client, club: Chat, mia: User, bot: BotUser
) -> None:
    await call("setMyCommands", commands=[{"command": "events", "description": "What is on"}])
    tg.start(mia, bot)

    answer = await http.get("/playground/state")
    state = answer.json()["result"]

    assert TOKEN not in answer.text
    assert state["now"] == "2026-11-23T09:00:00+00:00"
    assert [chat["chat"]["type"] for chat in state["chats"]] == ["supergroup", "private"]
    assert len(state["chats"][0]["members"]) == 3
    assert state["bots"][0]["commands"][0]["commands"][0]["command"] == "events"
    assert mia in state["users"]


async def test_time_faults_and_limits_can_be_moved(
    http: httpx.AsyncClient, tg: LocalTelegram, call: Client, bot: BotUser
) -> None:
    later = await do(http, "advance", seconds=90)
    await do(http, "add_fault", method="getMe", kind="500")
    await do(http, "set_limits", is_on=True)
    broken = await call.raw("getMe")
    recorded = await do(http, "calls", last=1)

    assert later == "2026-11-23T09:01:30+00:00"
    assert broken["error_code"] == 500
    assert tg.limits.is_on
    assert (recorded[0]["method"], recorded[0]["result"]) == ("getMe", None)


async def test_changes_are_streamed(tg: LocalTelegram, bot: BotUser, mia: User) -> None:
    async with (
        serving(tg.api) as address,
        httpx.AsyncClient(verify=False, timeout=5) as client,
        client.stream("GET", f"{address}/playground/changes") as stream,
        aclosing(stream.aiter_lines()) as lines,
    ):
        greeting = await anext(lines)
        tg.start(mia, bot)
        told = ""
        while not told.startswith("data: "):
            told = await anext(lines)
    change = orjson.loads(told.removeprefix("data: "))

    assert greeting == ": listening"
    assert (change["kind"], change["message"]["text"]) == ("message", "/start")


async def test_changes_tell_a_page_all_it_draws(
    tg: LocalTelegram, call: Client, club: Chat, mia: User, wei: User
) -> None:
    seen: list[dict[str, Any]] = []

    async def watch() -> None:
        async for change in tg.changes():
            seen.append(change)

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    markup = {"inline_keyboard": [[{"text": "Going", "callback_data": "g"}]]}
    sent = await call("sendMessage", chat_id=club.id, text="Demo night", reply_markup=markup)
    card = tg.messages(club)[-1]
    tg.react(wei, card, ["👍"])
    press = tg.press(wei, card, "Going")
    await call("answerCallbackQuery", callback_query_id=press.id, text="Yes", show_alert=True)
    await call("editMessageText", chat_id=club.id, message_id=sent["message_id"], text="1 going")
    tg.leave(club, wei)
    await call("deleteMessage", chat_id=club.id, message_id=sent["message_id"])
    await asyncio.sleep(0.01)
    watching.cancel()

    kinds = ["message", "reaction", "answer", "edited", "member", "message", "deleted"]
    assert [change["kind"] for change in seen] == kinds
    assert seen[2] | {"at": 0} == {
        "kind": "answer",
        "at": 0,
        "chat": club.key,
        "user_id": wei.id,
        "text": "Yes",
        "show_alert": True,
        "cache_time": 0,
    }


# Each row: who asks, with which headers, and whether an answer comes.
STRANGERS = [
    ("a program on this machine", {}, 200),
    ("our own page", {"Origin": "http://localhost:8081", "Sec-Fetch-Site": "same-origin"}, 200),
    ("a page of another site", {"Origin": "https://evil.example"}, 403),
    ("a page of another port", {"Origin": "http://localhost:9999"}, 403),
    ("a page without an origin", {"Origin": "null"}, 403),
    ("a browser that says so", {"Sec-Fetch-Site": "cross-site"}, 403),
    ("a rebound domain", {"Host": "evil.example"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), [row[1:] for row in STRANGERS], ids=[row[0] for row in STRANGERS])
async def test_other_sites_are_turned_away(http: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    answer = await http.get("/playground/state", headers=headers)

    assert answer.status_code == status
    assert not any(name.lower().startswith("access-control") for name in answer.headers)


# Each row: a request that makes no sense, and the words of the answer.
NONSENSE: list[tuple[str, dict[str, Any], str]] = [
    ("no action", {"say": "hello"}, "expected"),
    ("an unknown action", {"action": "explode"}, "there is no action explode"),
    ("a private one", {"action": "_speaker"}, "there is no action _speaker"),
    ("a missing argument", {"action": "say"}, "missing"),
    ("an unknown argument", {"action": "add_user", "first_name": "A", "age": 7}, "age"),
    ("an unknown person", {"action": "start", "user": 1, "bot": 7000000001}, "there is no user 1"),
    ("an unknown chat", {"action": "messages", "chat": -5}, "there is no chat -5"),
    ("not a number", {"action": "messages", "chat": "five"}, "five"),
]


@pytest.mark.parametrize(("body", "words"), [row[1:] for row in NONSENSE], ids=[row[0] for row in NONSENSE])
async def test_nonsense_is_answered_in_words(
    http: httpx.AsyncClient, bot: BotUser, body: dict[str, Any], words: str
) -> None:
    answer = await http.post("/playground/do", json=body)

    assert answer.status_code == 400
    assert words in answer.json()["error"]


async def test_forms_and_unknown_paths_are_refused(http: httpx.AsyncClient) -> None:
    assert (await http.post("/playground/do", data={"action": "say"})).status_code == 403
    assert (await http.get("/playground/")).status_code == 404


def test_the_readme_names_every_action_fault_and_option() -> None:
    readme = (Path(bot.playground.__file__).parent / "README.md").read_text()

    words = set(re.findall(r"[a-z0-9_-]+", readme))
    options = {f"--{name.replace('_', '-')}" for name in vars(read_arguments([])) if name != "host"}

    assert (ACTIONS | set(KINDS)) - words - {"add_bot", "private"} == set()
    assert options - words - {"--port"} == set()


def test_every_action_exists() -> None:
    assert [name for name in ACTIONS if not callable(getattr(LocalTelegram, name, None))] == []


def test_the_command_builds_what_it_is_asked_for() -> None:
    options = read_arguments(["--port", "0", "--token", "42:abc", "--token", "43:def", "--reads-all", "--limits"])

    telegram = build(options)

    assert [bot.id for bot in telegram.world.bots.values()] == [42, 43]
    assert telegram.limits.is_on
    assert all(bot.can_read_all_group_messages for bot in telegram.world.bots.values())
    assert "42:abc" in welcome(telegram, "http://127.0.0.1:1")


def test_the_command_invents_a_bot_and_listens_to_this_machine_only(capsys: pytest.CaptureFixture[str]) -> None:
    telegram = build(read_arguments([]))

    assert len(telegram.world.bots) == 1
    with pytest.raises(SystemExit):
        read_arguments(["--host", "0.0.0.0"])
    assert "invalid choice" in capsys.readouterr().err


async def test_the_command_serves_until_it_is_interrupted_and_says_where() -> None:
    command = ["-m", "bot.playground.server", "--port", "0", "--token", "42:abc"]
    async with python(*command, stdout=PIPE, stderr=PIPE) as process, httpx.AsyncClient(verify=False) as client:
        assert process.stdout is not None
        greeting = b"".join([await process.stdout.readline() for _ in range(2)]).decode()
        address = greeting.rpartition("Bot API")[2].partition("/bot<token>")[0].strip()
        me = (await client.get(f"{address}/bot42:abc/getMe")).json()
        poll = asyncio.create_task(client.get(f"{address}/bot42:abc/getUpdates?timeout=30"))
        await asyncio.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, complaints = await process.communicate()
        await asyncio.wait({poll})

    assert me["result"]["id"] == 42
    assert process.returncode == 0
    assert b"Traceback" not in complaints
    assert b"42:abc" not in complaints
    assert poll.done()
    assert isinstance(poll.exception(), httpx.HTTPError | None)
