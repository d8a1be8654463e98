"""The HTTP face of the server: /bot<token>/<method> and /file/bot<token>/<path>, as an ASGI application."""

import asyncio
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import httpx
import orjson
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

import bot.playground.server.methods as _methods  # filling the registry is what this import is for
from bot.playground.server.errors import ApiError, Refused, bad_request
from bot.playground.server.faults import Fault
from bot.playground.server.methods.parameters import Upload
from bot.playground.server.methods.registry import Call, find_method
from bot.playground.server.things import Json
from bot.playground.server.world import Bot

if TYPE_CHECKING:
    from bot.playground.server.telegram import LocalTelegram

__all__ = ["BotApi", "CallRecord", "ConnectionBroken", "_methods"]

# Telegram's own server takes uploads of 50 MB; a little more for the form around them.
MAX_BODY_BYTES = 52 * 1024 * 1024
# A "timeout" fault keeps a real connection open this long at most.
LONGEST_SILENCE_SECONDS = 120
BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class ConnectionBroken(httpx.ReadError):
    """A scripted broken connection; in process an httpx client meets it as the error it would be over the network."""


class AnswerNeverCame(httpx.ReadTimeout):
    """A scripted silence, as an in-process httpx client would meet it after its read timeout."""


@dataclass(slots=True, frozen=True)
class CallRecord:
    """One call as it was made; `result` is the answer's envelope, None while the call runs or when a fault ate it."""

    bot_id: int
    method: str
    params: Json
    at: datetime
    result: Json | None = None


class BotApi:
    """Answers bots. One object per local Telegram."""

    def __init__(self, telegram: "LocalTelegram") -> None:
        self._telegram = telegram

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI endpoint for one call."""
        request = Request(scope, receive)
        token, _, name = scope["path"].removeprefix("/bot").partition("/")
        bot = self._telegram.world.bot_by_token(token)
        if bot is None:
            await _answer(ApiError(401, "Unauthorized").envelope(), 401)(scope, receive, send)
            return
        try:
            params, files = await read_request(request)
        except ApiError as error:
            await _answer(error.envelope(), error.code)(scope, receive, send)
            return
        fault = self._telegram.faults.strike(name, params.get("chat_id"))
        if fault is not None:
            await self._fail(fault, bot, name, params, files, request, send)
            return
        body = await self.call(bot, name, params, files)
        await _answer(body, body.get("error_code", 200))(scope, receive, send)

    async def call(self, bot: Bot, name: str, params: Json, files: Mapping[str, Upload] | None = None) -> Json:
        """Carry out one call and give the envelope; it is recorded either way."""
        at = self._telegram.world.now()
        try:
            envelope: Json = {"ok": True, "result": await self._result(bot, name, params, files or {})}
        except ApiError as error:
            envelope = error.envelope()
        except Refused as error:
            envelope = bad_request(str(error)).envelope()
        self._telegram.record(CallRecord(bot.id, name, params, at, envelope))
        return envelope

    async def _result(self, bot: Bot, name: str, params: Json, files: Mapping[str, Upload]) -> Any:
        telegram = self._telegram
        method = find_method(name)
        known = {**method.required, **method.optional}
        uploads = {key: file for key, file in files.items() if key in known and key not in params}
        args = method.read({**params, **uploads})
        telegram.limits.check(bot.id, method.name, args.get("chat_id"))
        call = Call(telegram.world, bot, method.name, args, files, telegram.webhooks)
        result = method.handle(call)
        if inspect.isawaitable(result):
            result = await result
        spec_type = "Boolean" if isinstance(result, bool) else method.returns[0]
        if method.name != "getUpdates":  # updates were checked when they were made; injected ones may be anything
            telegram.world.check(spec_type, result)
        return result

    async def _fail(
        self,
        fault: Fault,
        bot: Bot,
        name: str,
        params: Json,
        files: Mapping[str, Upload],
        request: Request,
        send: Send,
    ) -> None:
        """Carry out a fault in place of (or after) the call."""
        if fault.kind == "drop_after_apply":
            await self.call(bot, name, params, files)
            await _break_off(send)
        self._telegram.record(CallRecord(bot.id, name, params, self._telegram.world.now()))
        if fault.kind == "timeout":
            await _stay_silent(request)
        await _scripted(fault)(request.scope, request.receive, send)


async def _break_off(send: Send) -> None:
    """Promise a body, send a bit of it and break the connection."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
    await send({"type": "http.response.body", "body": b'{"ok"', "more_body": True})
    raise ConnectionBroken("the connection broke before the answer came")


async def _stay_silent(request: Request) -> None:
    """Hold a real connection until the client gives up; in process, where no timeouts exist, fail like one at once."""
    if "spec_version" in request.scope.get("asgi", {}):  # a real server says it, httpx.ASGITransport does not
        try:
            async with asyncio.timeout(LONGEST_SILENCE_SECONDS):
                while (await request.receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            pass
    raise AnswerNeverCame("no answer came")


def _scripted(fault: Fault) -> Response:
    if fault.kind == "429":
        error = ApiError(429, f"Too Many Requests: retry after {fault.retry_after}", retry_after=fault.retry_after)
        return _answer(error.envelope(), 429)
    if fault.kind == "409":
        return _answer(ApiError(409, "Conflict: terminated by other getUpdates request").envelope(), 409)
    if fault.kind == "500":
        return _answer(ApiError(500, "Internal Server Error").envelope(), 500)
    if fault.kind == "502":
        return Response(BAD_GATEWAY, 502, media_type="text/html")
    return Response(b'{"ok":tr<!-- ' if fault.kind == "garbage" else b"", media_type="application/json")


def _answer(body: Json, status: int) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")


async def read_request(request: Request) -> tuple[Json, dict[str, Upload]]:
    """Parameters and files of a request: query, JSON, urlencoded form or multipart. Raises ApiError 400 or 413."""
    params: Json = dict(request.query_params)
    if request.method != "POST":
        return params, {}
    if int(request.headers.get("content-length") or 0) > MAX_BODY_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            return params | _json_object(await request.body()), {}
        if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            return await _form(request, params)
    except ClientDisconnect:
        raise ApiError(400, "Bad Request: the client went away") from None
    return params, {}


def _json_object(body: bytes) -> Json:
    try:
        parsed = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(parsed, dict):
        raise bad_request("a JSON object is expected")
    return parsed


async def _form(request: Request, params: Json) -> tuple[Json, dict[str, Upload]]:
    files: dict[str, Upload] = {}
    async with request.form(max_files=50, max_fields=500, max_part_size=MAX_BODY_BYTES) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                kind = value.content_type or "application/octet-stream"
                files[name] = Upload(value.filename or name, kind, await value.read())
            else:
                params[name] = value
    return params, files
