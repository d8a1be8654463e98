"""LocalTelegram: the whole server as one object, with a method for everything people can do in a client.

Its ASGI application is the Bot API for bots and, under /playground/, the control API for pages and tests.
"""

from random import Random

import httpx
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.clock import Clock
from bot.playground.server import state
from bot.playground.server.actions import Actions
from bot.playground.server.api import BotApi, CallRecord
from bot.playground.server.control import Control
from bot.playground.server.downloads import file_response
from bot.playground.server.errors import ApiError
from bot.playground.server.faults import Faults
from bot.playground.server.limits import Limits
from bot.playground.server.snapshots import BotUser, Json
from bot.playground.server.webhooks import WebhookSettings
from bot.playground.server.world import Bot, World

# Older calls are forgotten so that a demo that runs for days does not grow without end.
CALLS_KEPT = 100_000


class LocalTelegram(Actions):
    """A strict, stateful Bot API server in memory.

    `clock` gives every date and expiry, `random` every invented id. `webhook_client` delivers webhooks; without one
    only addresses of this machine can be webhooks. `api` is the ASGI application, `calls` the record of every call,
    `faults` and `limits` what may go wrong, `hooks` functions that see (spec type, object) for all that is emitted.
    """

    def __init__(self, *, clock: Clock, random: Random, webhook_client: httpx.AsyncClient | None = None) -> None:
        super().__init__(World(clock, random))
        self.calls: list[CallRecord] = []
        self.faults = Faults()
        self.limits = Limits(clock.now)
        self.webhooks = WebhookSettings(webhook_client)
        self.bot_api = BotApi(self)
        self.hooks = self.world.hooks
        self.api = _application(self)

    def add_bot(
        self, token: str, first_name: str, username: str, *, can_read_all_group_messages: bool = False
    ) -> BotUser:
        """Register a bot; its id is the number before the colon of its token. Raises ValueError for a bad token."""
        number, colon, secret = token.partition(":")
        if not (number.isdigit() and colon and secret) or int(number) in self.world.accounts:
            raise ValueError("a bot token is <number>:<secret>, and each number belongs to one bot")
        user: Json = {"id": int(number), "is_bot": True, "first_name": first_name, "username": username}
        self.world.accounts[int(number)] = state.Account(user)
        queue = self.world.new_queue()
        self.world.bots[int(number)] = Bot(int(number), token, can_read_all_group_messages, queue)
        thing = BotUser(user)
        thing.token = token
        return thing

    @property
    def web_app_public_key(self) -> bytes:
        """The Ed25519 key that verifies `signature` in initData made here (32 bytes)."""
        return self.world.signing_key.public_key().public_bytes_raw()

    def record(self, call: CallRecord) -> None:
        """Keep a call for `calls`."""
        self.calls.append(call)
        if len(self.calls) > CALLS_KEPT:
            del self.calls[: CALLS_KEPT // 10]

    def hang_up(self) -> None:
        """End every held getUpdates (500, as when Telegram restarts) and every stream of changes."""
        for bot in self.world.bots.values():
            if bot.poller is not None and not bot.poller.done():
                bot.poller.set_exception(ApiError(500, "Internal Server Error: restart"))
        for listener in self.world.listeners:
            listener.put_nowait(None)

    async def aclose(self) -> None:
        """Hang up, stop delivering webhooks and close what was opened."""
        self.hang_up()
        for bot in self.world.bots.values():
            self.webhooks.remove(bot)
        await self.webhooks.aclose()


def _application(telegram: LocalTelegram) -> ASGIApp:
    """The application of one local Telegram."""
    control = Control(telegram)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(telegram, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith("/bot"):
            await telegram.bot_api.serve(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith("/playground/"):
            await (await control.answer(Request(scope, receive)))(scope, receive, send)
        elif scope["type"] == "http":
            await file_response(telegram.world, scope["path"])(scope, receive, send)

    return application


async def _live(telegram: LocalTelegram, receive: Receive, send: Send) -> None:
    """Begin and end with the HTTP server."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            await telegram.aclose()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
