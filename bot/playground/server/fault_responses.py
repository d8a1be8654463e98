"""How each scripted fault looks on the wire."""

import asyncio

import httpx
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Send

from bot.playground.server.errors import ApiError
from bot.playground.server.faults import Fault
from bot.playground.server.snapshots import Json

# A "timeout" fault keeps a real connection open this long at most.
LONGEST_SILENCE_SECONDS = 120
BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class ConnectionBroken(httpx.ReadError):
    """A scripted broken connection; in process an httpx client meets it as the error it would be over the network."""


class AnswerNeverCame(httpx.ReadTimeout):
    """A scripted silence, as an in-process httpx client would meet it after its read timeout."""


def answer(body: Json, status: int) -> Response:
    """An envelope as a response."""
    return Response(orjson.dumps(body), status, media_type="application/json")


async def break_off(send: Send) -> None:
    """Promise a body, send a bit of it and break the connection."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
    await send({"type": "http.response.body", "body": b'{"ok"', "more_body": True})
    raise ConnectionBroken("the connection broke before the answer came")


async def stay_silent(request: Request) -> None:
    """Hold a real connection until the client gives up; in process, where no timeouts exist, fail like one at once."""
    if "spec_version" in request.scope.get("asgi", {}):  # a real server says it, httpx.ASGITransport does not
        try:
            async with asyncio.timeout(LONGEST_SILENCE_SECONDS):
                while (await request.receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            pass
    raise AnswerNeverCame("no answer came")


def script_fault(fault: Fault) -> Response:
    """The answer of a fault that answers."""
    if fault.kind == "429":
        error = ApiError(429, f"Too Many Requests: retry after {fault.retry_after}", retry_after=fault.retry_after)
        return answer(error.envelope(), 429)
    if fault.kind == "409":
        return answer(ApiError(409, "Conflict: terminated by other getUpdates request").envelope(), 409)
    if fault.kind == "500":
        return answer(ApiError(500, "Internal Server Error").envelope(), 500)
    if fault.kind == "502":
        return Response(BAD_GATEWAY, 502, media_type="text/html")
    return Response(b'{"ok":tr<!-- ' if fault.kind == "garbage" else b"", media_type="application/json")
