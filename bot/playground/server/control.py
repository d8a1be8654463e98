"""The control API for pages and for tests in other languages: everything people can do, as JSON under /playground/.

It has no password, so it answers only this machine's own names and refuses what another web site's page could send.
"""

import heapq
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.playground.clock import SimulatedClock
from bot.playground.server import render
from bot.playground.server.downloads import document
from bot.playground.server.errors import Refused
from bot.playground.server.presses import Press
from bot.playground.server.state import Chat, Message
from bot.playground.server.things import Json

if TYPE_CHECKING:
    from bot.playground.server.telegram import LocalTelegram

OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
# Methods of LocalTelegram that may be called by name; their parameters are the JSON's other fields.
ACTIONS = frozenset(
    {
        "add_bot",
        "add_chat",
        "add_to_chat",
        "add_user",
        "ban",
        "be_anonymous",
        "block",
        "change_user",
        "close_topic",
        "create_topic",
        "deactivate",
        "delete",
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
            return _json({"ok": True, "result": self.state()})
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
            asked = orjson.loads(await request.body())
            if not isinstance(asked, dict) or not isinstance(asked.get("action"), str):
                raise Refused('a JSON object with an "action" is expected')
            arguments = {name: value for name, value in asked.items() if name != "action"}
            result = await self._act(asked["action"], arguments)
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
        bound = inspect.signature(act).bind(**arguments)
        result = act(*bound.args, **bound.kwargs)
        if isinstance(result, Press):  # awaitable too, but its answer may take its time: see press_answer
            return {"press_id": result.id, "data": result.data}
        return await result if inspect.isawaitable(result) else result

    def state(self) -> Json:
        """Time, people, bots (without tokens) and chats with their members and topics; messages are asked for."""
        world = self._telegram.world
        return {
            "now": world.now().isoformat(),
            "users": [row.user for row in world.accounts.values()],
            "time_zones": world.time_zones,
            "bots": [self._bot(bot_id) for bot_id in world.bots],
            "chats": [self._chat(key) for key in world.chats],
            "limits": self._telegram.limits.enabled,
            "faults": [asdict(fault) for fault in self._telegram.faults.waiting],
        }

    def _bot(self, bot_id: int) -> Json:
        bot = self._telegram.world.bots[bot_id]
        commands = [
            {"scope": scope, "language_code": language, "commands": commands}
            for (scope, language), commands in bot.commands.items()
        ]
        return {
            "user": self._telegram.world.account(bot_id).user,
            "commands": commands,
            "menu_buttons": {str(chat_id): button for chat_id, button in bot.menu_buttons.items()},
            "pending": bot.queue.pending(),
            "has_webhook": bot.webhook is not None,
        }

    def _chat(self, key: str) -> Json:
        world = self._telegram.world
        row = world.chats[key]
        return {
            "key": key,
            "chat": render.chat(world, row),
            "members": [render.member(world, member, row) for member in row.members.values()],
            "topics": [asdict(topic) for topic in row.topics.values()],
            "pinned": row.pinned,
            "message_count": len(row.messages),
            "last_message": self._last_message(row),
            "migrated_to": row.migrated_to,
            "has_started": row.has_started,
            "is_blocked": row.is_blocked,
        }

    def _last_message(self, row: Chat) -> Json | None:
        newest = next(reversed(row.messages.values()), None)
        return render.seen_by_client(self._telegram.world, newest) if newest is not None else None

    async def _stream(self) -> AsyncIterator[bytes]:
        yield b": listening\n\n"
        async for change in self._telegram.changes():
            yield b"data: " + orjson.dumps(change) + b"\n\n"

    async def _advance(self, seconds: float) -> str:
        clock = self._simulated()
        await clock.advance(timedelta(seconds=seconds))
        return clock.now().isoformat()

    def _run(self, speed: float) -> None:
        self._simulated().run(speed)

    def _pause(self) -> str:
        self._simulated().pause()
        return self._telegram.world.now().isoformat()

    def _simulated(self) -> SimulatedClock:
        clock = self._telegram.world.clock
        if not isinstance(clock, SimulatedClock):
            raise Refused("this server runs on the machine's clock, which cannot be moved")
        return clock

    def _set_limits(self, *, enabled: bool) -> None:
        self._telegram.limits.enabled = enabled

    def _calls(self, last: int = 100) -> list[Json]:
        return [{**asdict(call), "at": call.at.isoformat()} for call in self._telegram.calls[-last:]]

    def _said_by_bots(self, last: int = 50) -> list[Json]:
        """What bots said last, in all chats together, newest first; {"chat": key, "message": Message} each."""
        rows = [row for chat in self._telegram.world.chats.values() for row in _newest_of_bots(chat, last)]
        newest = heapq.nlargest(last, rows, key=lambda row: (row.sent_at, row.id))
        return [{"chat": row.key, "message": render.seen_by_client(self._telegram.world, row)} for row in newest]

    def _press_answer(self, press_id: str) -> Json | None:
        query = self._telegram.world.queries.get(press_id)
        if query is None:
            raise Refused(f"there is no press {press_id}")
        return query.answer


def why_not(request: Request) -> str:
    """Why a request under /playground/ is refused; empty when it is welcome.

    The Host must be one of this machine's own names (no rebound domain), an Origin must be that same host, and a
    browser's fetch metadata must not say that another site asks.
    """
    host = request.headers.get("host", "")
    if urlsplit(f"//{host}").hostname not in OWN_NAMES:
        return "only requests to this machine's own names are answered"
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return "another web site may not ask"
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return "another web site may not ask"
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if request.method == "POST" and kind != "application/json":
        return "only application/json is taken"
    return ""


def _newest_of_bots(chat: Chat, last: int) -> Iterator[Message]:
    by_bots = (row for row in reversed(chat.messages.values()) if row.author_bot_id is not None)
    return islice(by_bots, last)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else dict(value)


def _json(body: Json, status: int = 200) -> Response:
    options = orjson.OPT_NON_STR_KEYS
    return Response(orjson.dumps(body, _plain, options), status, HEADERS, "application/json")
