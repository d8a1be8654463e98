"""Webhooks: order within a chat, retries with pauses, secrets, and what is told about them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from random import Random
from typing import Any

import httpx
import orjson
import pytest

from bot.playground.clock import SimulatedClock
from bot.playground.server import BotUser, LocalTelegram, User
from tests.bot.playground.conftest import START, TOKEN, Client
from tests.bot.playground.http_server import serving
from tests.patience import eventually

Answer = Callable[[dict[str, Any]], httpx.Response]
URL = "https://bot.example.org/hook"


class Receiver:
    """A bot's webhook: remembers what came and answers as it is told."""

    def __init__(self) -> None:
        self.came: list[dict[str, Any]] = []
        self.headers: list[httpx.Headers] = []
        self.answer: Answer = lambda update: httpx.Response(200)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        update: dict[str, Any] = orjson.loads(request.content)
        self.came.append(update)
        self.headers.append(request.headers)
        return self.answer(update)

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.came if "message" in update]


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def tg(clock: SimulatedClock, receiver: Receiver) -> AsyncIterator[LocalTelegram]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(receiver)) as client:
        telegram = LocalTelegram(clock=clock, random=Random(7), webhook_client=client)
        yield telegram
        await telegram.aclose()


async def settle() -> None:
    """Let deliveries that need no time happen."""
    for _ in range(50):
        await asyncio.sleep(0)


async def test_updates_are_posted_with_the_secret_and_confirmed(
    tg: LocalTelegram, call: Client, receiver: Receiver, mia: User, bot: BotUser
) -> None:
    await call("setWebhook", url=URL, secret_token="s3cret-Token_")
    tg.start(mia, bot)
    tg.say(mia, tg.private(mia, bot), "Hello")
    await settle()

    assert receiver.texts() == ["/start", "Hello"]
    assert {one["X-Telegram-Bot-Api-Secret-Token"] for one in receiver.headers} == {"s3cret-Token_"}
    assert {one["Content-Type"] for one in receiver.headers} == {"application/json"}
    assert tg.pending(bot) == 0


async def test_what_waited_is_delivered_when_the_webhook_is_set(
    tg: LocalTelegram, call: Client, receiver: Receiver, mia: User, bot: BotUser
) -> None:
    tg.start(mia, bot)

    await call("setWebhook", url=URL)
    await settle()

    assert receiver.texts() == ["/start"]


async def test_one_failing_chat_holds_back_only_itself_and_keeps_its_order(
    tg: LocalTelegram, call: Client, clock: SimulatedClock, receiver: Receiver, mia: User, wei: User, bot: BotUser
) -> None:
    def refuse_mia(update: dict[str, Any]) -> httpx.Response:
        return httpx.Response(500 if update["message"]["chat"]["id"] == mia.id else 200)

    receiver.answer = refuse_mia
    await call("setWebhook", url=URL)
    for text in ("one", "two"):
        tg.say(mia, tg.private(mia, bot), f"mia {text}")
        tg.say(wei, tg.private(wei, bot), f"wei {text}")
    await settle()
    failing = receiver.texts()
    info = await call("getWebhookInfo")
    receiver.answer = lambda update: httpx.Response(200)
    await clock.advance(timedelta(seconds=10))

    assert [text for text in failing if text.startswith("wei")] == ["wei one", "wei two"]
    assert "mia two" not in failing
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert info["pending_update_count"] == 2
    assert receiver.texts()[-2:] == ["mia one", "mia two"]
    assert tg.pending(bot) == 0


async def test_retries_come_at_once_then_after_doubling_pauses_until_the_update_expires(
    tg: LocalTelegram, call: Client, clock: SimulatedClock, receiver: Receiver, mia: User, bot: BotUser
) -> None:
    tried: list[int] = []

    def refuse(update: dict[str, Any]) -> httpx.Response:
        tried.append(round((clock.now() - START).total_seconds()))
        return httpx.Response(503)

    receiver.answer = refuse
    await call("setWebhook", url=URL)
    tg.start(mia, bot)
    await clock.advance(timedelta(minutes=3))
    first = list(tried)
    await clock.advance(timedelta(days=1))

    assert first == [0, 0, 2, 6, 14, 30, 62, 122]
    assert tg.pending(bot) == 0
    assert tried[-1] <= 86_400


async def test_a_webhook_may_say_when_to_come_back(
    tg: LocalTelegram, call: Client, clock: SimulatedClock, receiver: Receiver, mia: User, bot: BotUser
) -> None:
    receiver.answer = lambda update: httpx.Response(503, headers={"Retry-After": "30"})
    await call("setWebhook", url=URL)
    tg.start(mia, bot)
    await clock.advance(timedelta(seconds=29))
    before = len(receiver.came)

    await clock.advance(timedelta(seconds=1))

    assert (before, len(receiver.came)) == (1, 2)


async def test_a_connection_that_breaks_is_tried_again(
    tg: LocalTelegram, call: Client, clock: SimulatedClock, receiver: Receiver, mia: User, bot: BotUser
) -> None:
    def broken(update: dict[str, Any]) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    receiver.answer = broken
    await call("setWebhook", url=URL)
    tg.start(mia, bot)
    await settle()
    info = await call("getWebhookInfo")
    receiver.answer = lambda update: httpx.Response(200)
    await clock.advance(timedelta(seconds=5))

    assert info["last_error_message"] == "ConnectError"
    assert tg.pending(bot) == 0


async def test_no_more_than_max_connections_are_open_at_once(clock: SimulatedClock) -> None:
    open_now, most = 0, 0

    async def slow(request: httpx.Request) -> httpx.Response:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0)
        open_now -= 1
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(slow)) as client:
        tg = LocalTelegram(clock=clock, random=Random(7), webhook_client=client)
        bot = tg.add_bot(TOKEN, "Klatch", "klatch_bot")
        await Client(tg, TOKEN)("setWebhook", url=URL, max_connections=3)
        for number in range(10):
            tg.start(tg.add_user(f"Guest {number}"), bot)
        await settle()

    assert most == 3
    assert tg.pending(bot) == 0


async def test_a_webhook_can_be_looked_at_and_removed(
    tg: LocalTelegram, call: Client, receiver: Receiver, mia: User, bot: BotUser
) -> None:
    await call("setWebhook", url=URL, max_connections=7, allowed_updates=["message", "message_reaction"])
    info = await call("getWebhookInfo")
    await call("setWebhook", url="")
    tg.start(mia, bot)
    await settle()

    assert info == {
        "url": URL,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 7,
        "allowed_updates": ["message", "message_reaction"],
    }
    assert receiver.came == []
    assert tg.pending(bot) == 1


# Each row: what is wrong, the arguments, and the words of the refusal.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("no address at all", {"url": "hook"}, "invalid URL"),
    ("a secret with a blank", {"url": URL, "secret_token": "a b"}, "secret token contains unallowed characters"),
    ("too many connections", {"url": URL, "max_connections": 101}, "max_connections must be 1-100"),
]


@pytest.mark.parametrize(("params", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
async def test_webhooks_that_are_refused(call: Client, params: dict[str, Any], words: str) -> None:
    assert words in (await call.refusal("setWebhook", **params))[1]


async def test_without_an_injected_client_only_this_machine_is_called(clock: SimulatedClock) -> None:
    came: list[bytes] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        came.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    alone = LocalTelegram(clock=clock, random=Random(7))
    bot, mia = alone.add_bot(TOKEN, "Klatch", "klatch_bot"), alone.add_user("Mia")
    call = Client(alone, TOKEN)
    refusal = await call.refusal("setWebhook", url=URL)

    async with serving(application) as address:
        await call("setWebhook", url=address)
        alone.start(mia, bot)
        await eventually(lambda: bool(came) and alone.pending(bot) == 0)
    await alone.aclose()

    assert "only calls addresses of this machine" in refusal[1]
    assert [orjson.loads(body)["message"]["text"] for body in came] == ["/start"]
