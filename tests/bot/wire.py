"""The wire between the real library and the local Telegram, in process: it can hang, and it can pull the plug."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.playground.server import LocalTelegram

TOKEN = "7000000001:TEST-klatch"


class Killed(BaseException):
    """The process dies here: nothing after this line happens."""


class Wire(httpx.AsyncBaseTransport):
    """Carries calls to the local Telegram. `before` and `after` are called with (chat id, text) and may raise Killed.

    A chat in `hanging` gets no answer until its event is set.
    """

    def __init__(self, telegram: LocalTelegram) -> None:
        self._app = httpx.ASGITransport(telegram.api)
        self.before: Callable[[str, str], None] = lambda chat, text: None
        self.after: Callable[[str, str], None] = lambda chat, text: None
        self.hanging: dict[int, asyncio.Event] = {}
        self.n_open = 0
        self.most_open = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        form = parse_qs((await request.aread()).decode("utf-8", "replace"))
        chat, text = form.get("chat_id", [""])[0], form.get("text", [""])[0]
        self.before(chat, text)
        self.n_open += 1
        self.most_open = max(self.most_open, self.n_open)
        try:
            if chat.lstrip("-").isdigit() and int(chat) in self.hanging:
                await self.hanging[int(chat)].wait()
            await asyncio.sleep(0)
            response = await self._app.handle_async_request(request)
        finally:
            self.n_open -= 1
        self.after(chat, text)
        return response


def library_on(wire: Wire) -> Bot:
    """python-telegram-bot, talking over the wire; use it as `async with`."""
    return Bot(
        TOKEN,
        base_url="http://telegram.test/bot",
        request=HTTPXRequest(httpx_kwargs={"transport": wire}),
        get_updates_request=HTTPXRequest(httpx_kwargs={"transport": wire}),
    )
