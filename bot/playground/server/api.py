"""The HTTP face of the Bot API: /bot<token>/<method>."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

import bot.playground.server.methods as _methods  # filling the registry is what this import is for
from bot.playground.server.errors import ApiError, Refused, bad_request
from bot.playground.server.fault_responses import answer, break_off, script_fault, stay_silent
from bot.playground.server.faults import Fault
from bot.playground.server.methods.parameters import Upload
from bot.playground.server.methods.registry import Call, find_method
from bot.playground.server.requests import read_request
from bot.playground.server.snapshots import Json
from bot.playground.server.world import Bot

if TYPE_CHECKING:
    from bot.playground.server.telegram import LocalTelegram

__all__ = ["BotApi", "CallRecord", "_methods"]


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
            await answer(ApiError(401, "Unauthorized").envelope(), 401)(scope, receive, send)
            return
        try:
            params, files = await read_request(request)
        except ApiError as error:
            await answer(error.envelope(), error.code)(scope, receive, send)
            return
        fault = self._telegram.faults.strike(name, params.get("chat_id"))
        if fault is not None:
            await self._fail(fault, bot, name, params, files, request, send)
            return
        body = await self.call(bot, name, params, files)
        await answer(body, body.get("error_code", 200))(scope, receive, send)

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
        parameters = {**method.required_parameters, **method.optional}
        uploads = {key: file for key, file in files.items() if key in parameters and key not in params}
        args = method.parse({**params, **uploads})
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
            await break_off(send)
        self._telegram.record(CallRecord(bot.id, name, params, self._telegram.world.now()))
        if fault.kind == "timeout":
            await stay_silent(request)
        await script_fault(fault)(request.scope, request.receive, send)
