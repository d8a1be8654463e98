"""A local Telegram with a few people, whose every emitted object is checked against the specification."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from random import Random
from typing import Any

import httpx
import pytest

from bot.playground.clock import SimulatedClock
from bot.playground.server import BotUser, Chat, LocalTelegram, User
from tests.bot.playground.spec import checked
from tests.patience import eventually

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOKEN = "7000000001:TEST-klatch"


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START)


@pytest.fixture
async def tg(clock: SimulatedClock) -> AsyncIterator[LocalTelegram]:
    telegram = LocalTelegram(clock=clock, random=Random(7))
    with checked(telegram):
        yield telegram
        await telegram.aclose()


@pytest.fixture
def bot(tg: LocalTelegram) -> BotUser:
    return tg.add_bot(token=TOKEN, first_name="Klatch", username="klatch_bot")


@pytest.fixture
def mia(tg: LocalTelegram) -> User:
    return tg.add_user(first_name="Mia", username="mia", language_code="en")


@pytest.fixture
def wei(tg: LocalTelegram) -> User:
    return tg.add_user(first_name="伟", language_code="zh")


@pytest.fixture
def club(tg: LocalTelegram, mia: User, wei: User, bot: BotUser) -> Chat:
    """A supergroup of Mia's with Wei and the bot as plain members."""
    chat = tg.add_chat("Founders", kind="supergroup", owner=mia)
    tg.join(chat, wei)
    tg.add_to_chat(chat, bot, by=mia)
    return chat


class Client:
    """The barest Bot API client: JSON over the ASGI application."""

    def __init__(self, telegram: LocalTelegram, token: str) -> None:
        self._offset = 0
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(telegram.api), base_url=f"http://127.0.0.1/bot{token}"
        )

    async def raw(self, method: str, **params: Any) -> dict[str, Any]:
        """The envelope of the answer."""
        answer = await self._http.post(f"/{method}", json=params)
        body: dict[str, Any] = answer.json()
        return body

    async def __call__(self, method: str, **params: Any) -> Any:
        """The result; anything but ok fails the test."""
        body = await self.raw(method, **params)
        assert body["ok"], body
        return body["result"]

    async def upload(self, method: str, files: dict[str, bytes], **params: Any) -> Any:
        """The result of a call with files, as a form; params that are objects must be JSON already."""
        body = (await self._http.post(f"/{method}", data=params, files=files)).json()
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, **params: Any) -> tuple[int, str]:
        """(error code, description); ok fails the test."""
        body = await self.raw(method, **params)
        assert not body["ok"], body
        return body["error_code"], body["description"]

    async def updates(self, *kinds: str) -> list[dict[str, Any]]:
        """Everything that waits, confirmed; `kinds` are asked for from the next update on."""
        found: list[dict[str, Any]] = []
        asked = {"allowed_updates": kinds} if kinds else {}
        while batch := await self("getUpdates", offset=self._offset, **asked):
            found += batch
            self._offset = batch[-1]["update_id"] + 1
        return found

    async def coming_updates(self) -> list[dict[str, Any]]:
        """The same once there is something: what a page shows as pressed may still be on its way."""
        await eventually(self._has_updates, "an update")
        return await self.updates()

    async def _has_updates(self) -> bool:
        return bool(await self("getUpdates", offset=self._offset))


@pytest.fixture
def call(tg: LocalTelegram, bot: BotUser) -> Client:
    return Client(tg, TOKEN)
