"""Pressing buttons and voting, as a person in a client does."""

import asyncio
from collections.abc import Generator
from datetime import timedelta
from typing import Any

from bot.playground.server import polls, render, state
from bot.playground.server.errors import Refused
from bot.playground.server.hearing import tell
from bot.playground.server.lookup import Lookup, MessageLike, UserLike
from bot.playground.server.snapshots import Json
from bot.playground.server.world import Query, World

EXPIRES_AFTER = timedelta(seconds=150)
# How long an awaiting test waits for the bot in real time.
PATIENCE_SECONDS = 10.0

Button = str | tuple[int, int] | list[int]


class Press:
    """One press of a button. `answer` is None until the bot answers; `await press` waits for it and gives it.

    The answer holds show_alert, cache_time and, when the bot sent them, text and url.
    """

    def __init__(self, world: World, query_id: str, data: str) -> None:
        self.id = query_id
        self.data = data
        self.answer: Json | None = None
        self._world = world
        self._pressed_at = world.now()
        self._answer_event = asyncio.Event()

    @property
    def is_answered(self) -> bool:
        """Whether the bot has answered."""
        return self.answer is not None

    @property
    def is_expired(self) -> bool:
        """Whether it is too late for an answer, by the server's clock."""
        return not self.is_answered and self._world.now() - self._pressed_at >= EXPIRES_AFTER

    expired = is_expired

    def accept(self, answer: Json) -> None:
        """Called by the server with the bot's answer."""
        self.answer = answer
        self._answer_event.set()

    def __await__(self) -> Generator[Any, None, Json]:
        return self._wait().__await__()

    async def _wait(self) -> Json:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._answer_event.wait()
        return self.answer or {}


class Presses(Lookup):
    """Actions on inline keyboards and polls."""

    def press(self, user: UserLike, message: MessageLike, button: Button) -> Press:
        """Press a callback button, named by its text, its callback_data or its (row, column)."""
        row, user_id = self.message_row(message), self.user_id(user)
        chat = self.world.chats[row.key]
        self.takes_part(chat, user_id)
        button_found = _find_button(row.body.get("reply_markup") or {}, button)
        if "callback_data" not in button_found:
            raise Refused(f"button {button_found['text']!r} does not call back")
        bot_id = row.author_bot_id or row.via_bot_id or 0
        press = Press(self.world, self.world.token(), button_found["callback_data"])
        query = Query(press.id, bot_id, user_id, row.key, self.world.now(), press.accept)
        self.world.queries[press.id] = query
        payload = {
            "id": press.id,
            "from": render.user(self.world, user_id),
            **self._place(row),
            "chat_instance": str(abs(hash((chat.id, bot_id)))),
            "data": button_found["callback_data"],
        }
        tell(self.world, self.world.bots[bot_id], "callback_query", payload, chat.id)
        return press

    def _place(self, row: state.Message) -> Json:
        """The pressed message; of one sent via the bot only its inline id is told."""
        inline = next((name for name, other in self.world.inline_messages.items() if other is row), None)
        return {"inline_message_id": inline} if inline else {"message": render.message(self.world, row)}

    def vote(self, user: UserLike, message: MessageLike, options: list[int | str]) -> None:
        """Choose options of a poll by index or text; an empty list takes the vote back."""
        row, user_id = self.message_row(message), self.user_id(user)
        chat = self.world.chats[row.key]
        self.takes_part(chat, user_id)
        if row.poll is None:
            raise Refused("this message is not a poll")
        polls.vote(self.world, row, user_id, options)


def _find_button(markup: Json, button: Button) -> Json:
    rows: list[list[Json]] = markup.get("inline_keyboard", [])
    if not isinstance(button, str):
        line, column = button
        if not (0 <= line < len(rows) and 0 <= column < len(rows[line])):
            raise Refused(f"there is no button at row {line}, column {column}")
        return rows[line][column]
    for one in (one for line in rows for one in line):
        if button in (one["text"], one.get("callback_data")):
            return one
    labels = ", ".join(repr(one["text"]) for line in rows for one in line) or "none"
    raise Refused(f"there is no button {button!r}; buttons: {labels}")
