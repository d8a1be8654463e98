"""The ASGI application: the Bot API for bots and, under /playground/, the control API for pages and tests."""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.playground.server.control import Control
from bot.playground.server.downloads import file_response

if TYPE_CHECKING:
    from bot.playground.server.telegram import LocalTelegram


def build_application(telegram: "LocalTelegram") -> ASGIApp:
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


async def _live(telegram: "LocalTelegram", receive: Receive, send: Send) -> None:
    """Begin and end with the HTTP server."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            await telegram.aclose()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
