"""The ASGI application: the Bot API for bots and, under /playground/, the control API for pages and tests."""

from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.playground.server.downloads import file_response

if TYPE_CHECKING:
    from bot.playground.server.telegram import LocalTelegram


def build_application(telegram: "LocalTelegram") -> ASGIApp:
    """The application of one local Telegram."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and path.startswith("/bot"):
            await telegram.bot_api.serve(scope, receive, send)
        elif scope["type"] == "http":
            await file_response(telegram.world, path)(scope, receive, send)

    return application
