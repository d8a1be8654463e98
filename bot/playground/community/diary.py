"""What somebody is going to do and when; the driver moves time from one entry to the next."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count


@dataclass(order=True)
class Deed:
    """One thing a member does; `waits_for_bot` when they look at the screen for what the bot says to it."""

    at: datetime
    order: int
    act: Callable[[], object] = field(compare=False)
    waits_for_bot: bool = field(compare=False, default=False)


class Diary:
    """Deeds in order of time; what is put in while others are done comes in its own turn."""

    def __init__(self) -> None:
        self._deeds: list[Deed] = []
        self._order = count()

    def put(self, at: datetime, act: Callable[[], object], *, waits_for_bot: bool = False) -> None:
        """Plan something."""
        heapq.heappush(self._deeds, Deed(at, next(self._order), act, waits_for_bot))

    def next_at(self) -> datetime | None:
        """When the next deed is due."""
        return self._deeds[0].at if self._deeds else None

    def take(self, until: datetime) -> Deed | None:
        """Take out the next deed due by `until`."""
        return heapq.heappop(self._deeds) if self._deeds and self._deeds[0].at <= until else None
