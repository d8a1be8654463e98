"""The page's files, served as they lie here: no build step, nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.playground.server.visitors import why_not

HERE = Path(__file__).parent
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    # A page that is being worked on, or upgraded, must never mix with its older modules.
    "Cache-Control": "no-cache",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

# The last so many deeds: {"chat": key, "message_id", "kind", "why": [sentence]} each; see deeds.py.
TellDeeds = Callable[[int], Awaitable[list[dict[str, Any]]]]


def page_routes(tell_deeds: TellDeeds | None = None) -> list[Route]:
    """The page at "/", its modules beside it, and why the bot said what it said (null where its rows are not at hand)."""
    files = {f"/{path.name}": path for path in sorted(HERE.iterdir()) if path.suffix in KINDS}
    files["/"] = files.pop("/index.html")
    routes = [Route(address, _file(path)) for address, path in files.items()]
    return [*routes, Route("/playground/deeds", _deeds(tell_deeds))]


def _file(path: Path) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return FileResponse(path, media_type=KINDS[path.suffix], headers=HEADERS)

    return answer


def _deeds(tell_deeds: TellDeeds | None) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        problem = why_not(request)
        if problem:
            return JSONResponse({"ok": False, "error": problem}, 403)
        return JSONResponse({"ok": True, "result": await tell_deeds(MOST_DEEDS) if tell_deeds is not None else None})

    return answer


MOST_DEEDS = 200
