"""Telegram's published sending limits, off unless switched on: 1/s to a chat with short bursts, 20/min, 30/s."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from bot.playground.server.errors import ApiError

PREFIXES = ("send", "forward", "copy", "editmessage")
EXEMPT = frozenset({"sendchataction"})
# (how many, in how many seconds). "Short bursts" is not published as a number; five in five seconds is ours.
PER_CHAT = (5, 5)
PER_GROUP = (20, 60)
OVERALL = (30, 1)


@dataclass(frozen=True)
class Window:
    """At most `count` events in any `seconds`."""

    count: int
    seconds: int

    def wait(self, sendings: deque[datetime], now: datetime) -> int:
        """Whole seconds until one more is allowed; 0 when it is allowed now."""
        while sendings and now - sendings[0] >= timedelta(seconds=self.seconds):
            sendings.popleft()
        if len(sendings) < self.count:
            return 0
        return max(1, ceil((sendings[0] + timedelta(seconds=self.seconds) - now).total_seconds()))


class Limits:
    """Counts on the clock of the server. `enabled` is False until a test or a demo wants to see 429."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.is_on = False
        self._now = now
        self._sendings: dict[tuple[int, str], deque[datetime]] = {}

    def check(self, bot_id: int, method: str, chat_id: object) -> None:
        """Count one call. Raises ApiError 429 with retry_after when a limit is reached; then it is not counted."""
        name = method.lower()
        if not self.is_on or name in EXEMPT or not name.startswith(PREFIXES):
            return
        windows = {"all": Window(*OVERALL), f"chat {chat_id}": Window(*PER_CHAT)}
        if str(chat_id).startswith(("-", "@")):
            windows[f"group {chat_id}"] = Window(*PER_GROUP)
        now = self._now()
        queues = {scope: self._sendings.setdefault((bot_id, scope), deque()) for scope in windows}
        wait = max(window.wait(queues[scope], now) for scope, window in windows.items())
        if wait:
            raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        for queue in queues.values():
            queue.append(now)
