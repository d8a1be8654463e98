"""A bot's queue of updates: filtered at creation, kept until confirmed or expired, read by polling or a webhook."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import orjson

from bot.playground.server.snapshots import Json

# Kinds of Bot API 10.3, in its order. Those after the comment are only sent when asked for by name.
OPT_IN_KINDS = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_KINDS_WORDS = """
    message edited_message channel_post edited_channel_post business_connection business_message
    edited_business_message deleted_business_messages guest_message message_reaction message_reaction_count
    inline_query chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media poll
    poll_answer my_chat_member chat_member chat_join_request chat_boost removed_chat_boost managed_bot
    subscription stopped_message_generation
"""
KINDS = frozenset(_KINDS_WORDS.split())
DEFAULT_KINDS = KINDS - OPT_IN_KINDS

# How long an update waits to be fetched (SRV add_update): a press 150 s, most others a day.
DAY = timedelta(seconds=86_400)
LIFETIMES = {
    "callback_query": timedelta(seconds=150),
    "shipping_query": timedelta(seconds=150),
    "pre_checkout_query": timedelta(seconds=150),
    "inline_query": timedelta(seconds=30),
    "chosen_inline_result": timedelta(seconds=600),
}


@dataclass(slots=True, frozen=True)
class Update:
    """One update, already JSON so that later changes cannot reach into it. `chat_id` orders webhook deliveries."""

    id: int
    kind: str
    body: bytes
    chat_id: int
    expires_at: datetime


class UpdateQueue:
    """Updates of one bot in order of their ids, which start at `first_id` and grow by one."""

    def __init__(self, now: Callable[[], datetime], first_id: int) -> None:
        self._now = now
        self._updates: OrderedDict[int, Update] = OrderedDict()
        self._first_expiry: datetime | None = None
        self.next_id = first_id
        self.kinds = DEFAULT_KINDS
        self.arrival = asyncio.Event()

    def add(self, kind: str, payload: Json, *, chat_id: int = 0) -> Update | None:
        """Queue `{update_id, kind: payload}` when the bot allows this kind; None when it does not."""
        return self.add_raw({kind: payload}, kind, chat_id) if kind in self.kinds else None

    def add_raw(self, fields: Any, kind: str, chat_id: int = 0) -> Update:
        """Queue any JSON under the next id (an integer `update_id` of its own wins), whatever is allowed."""
        body = {"update_id": self.next_id, **fields} if isinstance(fields, dict) else fields
        own_id = body.get("update_id") if isinstance(body, dict) else None
        update_id = own_id if isinstance(own_id, int) else self.next_id
        expires_at = self._now() + LIFETIMES.get(kind, DAY)
        update = Update(update_id, kind, orjson.dumps(body), chat_id, expires_at)
        self.next_id = max(self.next_id, update_id) + 1
        self._updates[update_id] = update
        self._first_expiry = min(self._first_expiry or expires_at, expires_at)
        self.arrival.set()
        return update

    def confirm(self, update_id: int) -> None:
        """Forget one update, wherever it stands (a webhook confirms chat by chat)."""
        self._updates.pop(update_id, None)

    def pending(self) -> int:
        """How many updates wait; the expired ones are dropped first."""
        self._drop_expired()
        return len(self._updates)

    def head(self, limit: int | None = None) -> list[Update]:
        """The oldest `limit` updates that have not expired."""
        self._drop_expired()
        return list(islice(self._updates.values(), limit))

    def clear(self) -> None:
        """Forget everything (drop_pending_updates)."""
        self._updates.clear()

    def seek(self, offset: int) -> None:
        """Apply getUpdates' offset: positive confirms all before it, negative keeps only that many from the end.

        An offset beyond the next id is ignored, as SRV does (it falls back to the head of the queue).
        """
        self._drop_expired()
        if 0 < offset <= self.next_id:
            while self._updates and next(iter(self._updates)) < offset:
                self._updates.popitem(last=False)
        elif offset < 0:
            while len(self._updates) > -offset:
                self._updates.popitem(last=False)

    def _drop_expired(self) -> None:
        now = self._now()
        if self._first_expiry is None or now < self._first_expiry:
            return
        alive = [update for update in self._updates.values() if update.expires_at > now]
        self._updates = OrderedDict((update.id, update) for update in alive)
        self._first_expiry = min((update.expires_at for update in alive), default=None)
