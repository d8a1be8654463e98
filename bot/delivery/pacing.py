"""Telegram's published limits, kept before Telegram has to say so: pure arithmetic on instants that are handed in.

One message a second per chat, 20 calls a minute per group (edits count), fewer than 30 a second over all, and whatever
`retry_after` asks of one chat. Source: core.telegram.org/bots/faq, "My bot is hitting limits".
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
# When this many chats are told to wait within ALARM_WINDOW it is not about them: everything waits.
ALARM_CHATS = 3
ALARM_WINDOW = timedelta(seconds=10)


@dataclass(frozen=True)
class Limits:
    """Calls per second over all, per minute and group, seconds between two calls to one chat; edits' share of a group."""

    per_second: int = 28
    per_group_minute: int = 20
    per_chat_seconds: float = 1.0
    # Edits may take this many of a group's calls a minute, so that a busy card never silences the group.
    edits_per_group_minute: int = 12


class Limiter:
    """Remembers what went out and says when the next call may. Addresses are Telegram chat ids; groups are negative."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._all: list[datetime] = []
        self._calls: defaultdict[int, list[datetime]] = defaultdict(list)
        self._edits: defaultdict[int, list[datetime]] = defaultdict(list)
        self._wait: dict[int, datetime] = {}
        self._refusals: dict[int, datetime] = {}
        self._everything_waits_until: datetime | None = None

    def next_slot(self, address: int, now: datetime, *, is_edit: bool = False) -> datetime:
        """The first instant, `now` or later, at which a call to this chat keeps every limit."""
        return max(self.overall_slot(now), self._chat_slot(address, now, is_edit=is_edit))

    def overall_slot(self, now: datetime) -> datetime:
        """The first instant at which any call keeps the overall limit."""
        self._forget(now)
        slots = [now, _room(self._all, self._limits.per_second, SECOND)]
        return max(slot for slot in [*slots, self._everything_waits_until] if slot is not None)

    def note(self, address: int, at: datetime, *, is_edit: bool = False) -> None:
        """A call to this chat goes out at `at`."""
        insort(self._all, at)
        insort(self._calls[address], at)
        if is_edit and address < 0:
            insort(self._edits[address], at)
        self._forget(at)

    def note_end(self, address: int, at: datetime, *, is_edit: bool = False) -> None:
        """The call noted last for this chat was answered at `at`: its limits count from there, so that no delay on the
        way can press two calls together at Telegram's end.
        """
        for times in (self._calls.get(address), self._edits.get(address) if is_edit else None):
            if times:
                times[-1] = max(times[-1], at)

    def wait(self, address: int, until: datetime) -> None:
        """Nothing goes to this chat before `until`."""
        self._wait[address] = max(until, self._wait.get(address, until))

    def wait_all(self, until: datetime) -> None:
        """Nothing goes anywhere before `until`."""
        self._everything_waits_until = max(until, self._everything_waits_until or until)

    def note_refusal(self, address: int, now: datetime, retry_after: timedelta) -> None:
        """Telegram answered 429: this chat waits; when several chats are told so in a row, everything waits."""
        self.wait(address, now + retry_after)
        self._refusals[address] = now
        self._refusals = {chat: at for chat, at in self._refusals.items() if at > now - ALARM_WINDOW}
        if len(self._refusals) >= ALARM_CHATS:
            self.wait_all(now + retry_after)

    def busy(self, now: datetime) -> tuple[set[int], set[int]]:
        """Chats that may get nothing at `now`, and chats that may get messages but no edits."""
        self._forget(now)
        addresses = self._calls.keys() | self._wait.keys()
        nothing = {address for address in addresses if self._chat_slot(address, now, is_edit=False) > now}
        edits = {address for address in self._edits if self._chat_slot(address, now, is_edit=True) > now}
        return nothing, edits - nothing

    def next_change(self, now: datetime) -> datetime | None:
        """The first instant after `now` at which some call that must wait now may go; None when none has to wait."""
        if (overall := self.overall_slot(now)) > now:
            return overall
        nothing, edits = self.busy(now)
        waits = [self._chat_slot(address, now, is_edit=False) for address in nothing]
        waits += [self._chat_slot(address, now, is_edit=True) for address in edits]
        return min(waits, default=None)

    def _chat_slot(self, address: int, now: datetime, *, is_edit: bool) -> datetime:
        return max(slot for slot in self._bounds(address, now, is_edit=is_edit) if slot is not None)

    def _bounds(self, address: int, now: datetime, *, is_edit: bool) -> Iterator[datetime | None]:
        limits, calls = self._limits, self._calls.get(address, [])
        yield now
        yield self._wait.get(address)
        yield _room(calls, 1, timedelta(seconds=limits.per_chat_seconds))
        if address < 0:
            yield _room(calls, limits.per_group_minute, MINUTE)
            if is_edit:
                yield _room(self._edits.get(address, []), limits.edits_per_group_minute, MINUTE)

    def _forget(self, now: datetime) -> None:
        """Drop what no limit looks back to, so that a broadcast to thousands costs no more than its last second.

        Nor is anything kept from a minute after now: a clock that was ahead must not silence a chat until that time comes.
        """
        for calls in (self._all, *self._calls.values(), *self._edits.values()):
            while calls and calls[-1] > now + MINUTE:
                calls.pop()
        del self._all[: -self._limits.per_second]
        self._wait = {address: until for address, until in self._wait.items() if until > now}
        gap = timedelta(seconds=self._limits.per_chat_seconds)
        for times_by_chat in (self._calls, self._edits):
            for address, times in list(times_by_chat.items()):
                del times[: -self._limits.per_group_minute]
                if not times or times[-1] + (max(MINUTE, gap) if address < 0 else gap) <= now:
                    del times_by_chat[address]


def _room(times: list[datetime], n_allowed: int, window: timedelta) -> datetime | None:
    """When one more call fits: as the n-th latest leaves the window; None when fewer than n are known."""
    return times[-n_allowed] + window if len(times) >= n_allowed else None
