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
    _instants: dict[Hashable, deque[datetime]] = field(default_factory=dict)

    def wait(self, key: Hashable, now: datetime) -> int:
        """Whole seconds until this one may ask again, at least 1; 0 when it may now, which is counted."""
        instants = self._instants.pop(key, deque())
        while instants and now - instants[0] >= self.window:
            instants.popleft()
        self._instants[key] = instants
        if len(self._instants) > self.keys:
            del self._instants[next(iter(self._instants))]
        if len(instants) < self.count:
            instants.append(now)
            return 0
        return max(1, ceil((instants[0] + self.window - now).total_seconds()))
