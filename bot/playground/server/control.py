"""The control API for pages and for tests in other languages: everything people can do, as JSON under /playground/.

It has no password, so it answers only this machine's own names and refuses what another web site's page could send.
"""

import inspect
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.playground.clock import SimulatedClock
from bot.playground.server import overview
from bot.playground.server.downloads import document
from bot.playground.server.errors import Refused
from bot.playground.server.presses import Press
from bot.playground.server.snapshots import Json
from bot.playground.server.visitors import why_not

if TYPE_CHECKING:
    from bot.playground.server.telegram import LocalTelegram

# Methods of LocalTelegram that may be called by name; their parameters are the JSON's other fields.
ACTIONS = frozenset(
    {
        "add_bot",
        "add_chat",
        "add_to_chat",
        "add_user",
        "allow_reactions",
        "ban",
        "be_anonymous",
        "block",
        "change_user",
        "close_topic",
        "create_topic",
        "deactivate",
        "delete",
        "delete_topic",
        "demote",
        "edit",
        "edit_topic",
        "inject",
        "join",
        "leave",
        "link_channel",
        "messages",
        "migrate",
        "open_private",
        "open_web_app",
        "pending",
        "pin",
        "press",
        "private",
        "promote",
        "react",
        "react_anonymously",
        "rename_chat",
        "reopen_topic",
        "restrict",
        "say",
        "send_web_app_data",
        "set_time_zone",
        "start",
        "unban",
        "unblock",
        "unpin",
        "vote",
    }
)
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Control:
    """Answers the requests under /playground/ of one local Telegram."""

    def __init__(self, telegram: "LocalTelegram") -> None:
        self._telegram = telegram

    async def answer(self, request: Request) -> Response:
        """The response to any request; 403 for strangers, 404 for unknown paths."""
        why = why_not(request)
        if why:
            return _json({"ok": False, "error": why}, 403)
        route = (request.method, request.url.path)
        if route == ("GET", "/playground/state"):
            return _json({"ok": True, "result": self._state()})
        if route == ("GET", "/playground/changes"):
            return StreamingResponse(self._stream(), media_type="text/event-stream", headers=HEADERS)
        if route == ("GET", "/playground/file"):
            return document(self._telegram.world, request.query_params.get("file_id", ""))
        if route == ("POST", "/playground/do"):
            return await self._do(request)
        return _json(
            {"ok": False, "error": "there are GET /playground/state, /changes, /file?file_id=, POST /playground/do"},
            404,
        )

    async def _do(self, request: Request) -> Response:
        try:
            order = orjson.loads(await request.body())
            if not isinstance(order, dict) or not isinstance(order.get("action"), str):
                raise Refused('a JSON object with an "action" is expected')
            arguments = {name: value for name, value in order.items() if name != "action"}
            result = await self._act(order["action"], arguments)
        except (Refused, ValueError, TypeError, KeyError) as error:
            return _json({"ok": False, "error": str(error)}, 400)
        return _json({"ok": True, "result": result})

    async def _act(self, action: str, arguments: Json) -> Any:
        special: dict[str, Callable[..., Any]] = {
            "advance": self._advance,
            "run": self._run,
            "pause": self._pause,
            "add_fault": self._telegram.faults.add,
            "clear_faults": self._telegram.faults.clear,
            "set_limits": self._set_limits,
            "calls": self._calls,
            "press_answer": self._press_answer,
            "said_by_bots": self._said_by_bots,
        }
        if action not in ACTIONS and action not in special:
            raise Refused(f"there is no action {action}; there are {', '.join(sorted(ACTIONS | special.keys()))}")
        act: Callable[..., Any] = special.get(action) or getattr(self._telegram, action)
        binding = inspect.signature(act).bind(**arguments)
        result = act(*binding.args, **binding.kwargs)
        if isinstance(result, Press):  # awaitable too, but its answer may take its time: see press_answer
            return {"press_id": result.id, "data": result.data}
        return await result if inspect.isawaitable(result) else result

    def _state(self) -> Json:
        return {
            **overview.overview(self._telegram.world),
            "limits": self._telegram.limits.is_on,
            "faults": [asdict(fault) for fault in self._telegram.faults.waiting],
        }

    async def _stream(self) -> AsyncIterator[bytes]:
        # A page that lost the line asks again after a second.
        yield b": listening\nretry: 1000\n\n"
        async for change in self._telegram.changes():
            yield b"data: " + orjson.dumps(change) + b"\n\n"

    async def _advance(self, seconds: float) -> str:
        clock = self._simulated_clock()
        await clock.advance(timedelta(seconds=seconds))
        return clock.now().isoformat()

    def _run(self, speed: float) -> None:
        self._simulated_clock().run(speed)

    def _pause(self) -> str:
        self._simulated_clock().pause()
        return self._telegram.world.now().isoformat()

    def _simulated_clock(self) -> SimulatedClock:
        clock = self._telegram.world.clock
        if not isinstance(clock, SimulatedClock):
            raise Refused("this server runs on the machine's clock, which cannot be moved")
        return clock

    def _set_limits(self, *, is_on: bool) -> None:
        self._telegram.limits.is_on = is_on

    def _calls(self, last: int = 100) -> list[Json]:
        return [{**asdict(call), "at": call.at.isoformat()} for call in self._telegram.calls[-last:]]

    def _said_by_bots(self, last: int = 50) -> list[Json]:
        return overview.said_by_bots(self._telegram.world, last)

    def _press_answer(self, press_id: str) -> Json | None:
        query = self._telegram.world.queries.get(press_id)
        if query is None:
            raise Refused(f"there is no press {press_id}")
        return query.answer


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else dict(value)


def _json(body: Json, status: int = 200) -> Response:
    options = orjson.OPT_NON_STR_KEYS
    return Response(orjson.dumps(body, _plain, options), status, HEADERS, "application/json")
