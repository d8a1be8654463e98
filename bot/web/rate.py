"""How often somebody may ask: arithmetic on instants that are handed in."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil


@dataclass
class Rate:
    """At most `count` requests in any `window`, for each key; remembers `keys` of them, those asked for last."""

    count: int
    window: timedelta
    keys: int = 10_000
    _asked: dict[Hashable, deque[datetime]] = field(default_factory=dict)

    def wait(self, key: Hashable, now: datetime) -> int:
        """Whole seconds until this one may ask again, at least 1; 0 when it may now, which is counted."""
        asked = self._asked.pop(key, deque())
        while asked and now - asked[0] >= self.window:
            asked.popleft()
        self._asked[key] = asked
        if len(self._asked) > self.keys:
            del self._asked[next(iter(self._asked))]
        if len(asked) < self.count:
            asked.append(now)
            return 0
        return max(1, ceil((asked[0] + self.window - now).total_seconds()))
