"""Which stored updates may be handled now, and which of them together: the order that people rely on, and no other.

What holds, whatever handlers wait for:

1. Within a chat, and of a person wherever they are, updates take effect in the order in which Telegram numbered them.
   One thing is overtaken: what others only *wrote* in a chat does not hold up a command or a press there.
2. Nothing else waits: a chat whose handler waits for Telegram holds up itself, and whoever acted in it where they act next.
3. Presses on one event share a commit, as what nobody waits for does; two batches of the same key never run at once.
4. An update leaves when it is done or set aside. One that failed for the moment stays where it stood, so that nobody of
   its chat passes it in an outage.
5. What an earlier process left begun, and what was found with it, is handled one by one with nothing beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

from bot.handlers.rsvps import event_of
from bot.hearing.raw_updates import unpack
from models.domain.hearing.inbox import WORDS, Waiting

# Presses on one event that share a commit: each waits for all of them, and a busy card is served sooner for it.
MOST_TOGETHER = 25
# Chatter per commit: large enough that the disk is not the limit; while somebody waits a commit is a matter of milliseconds.
MOST_RECORDED, MOST_RECORDED_BESIDE = 500, 50
# The key of all that is not urgent.
CHATTER = "chatter"

# Where order matters: ("person", id), ("acts", chat id) or ("words", chat id).
Line = tuple[str, int]
_SEVERAL = object()


@dataclass(frozen=True, slots=True)
class Entry:
    """An update and its place: it stands in `lines`, waits for those before it in `waits_for`, and may share a commit
    with others of its key.
    """

    row: Waiting
    key: Hashable
    lines: frozenset[Line]
    waits_for: frozenset[Line]
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What is handled together, in order."""

    key: Hashable
    rows: tuple[Waiting, ...]
    # Each update is counted before it is handled: see attempts.py.
    is_alone: bool = False

    @property
    def is_chatter(self) -> bool:
        """Nobody waits for it."""
        return not self.rows[0].is_urgent

    @property
    def is_shared(self) -> bool:
        """Presses on one event."""
        return isinstance(self.key, tuple)

    @property
    def is_quick(self) -> bool:
        """It never waits for Telegram."""
        return self.is_chatter or self.is_shared


class Lanes:
    """The updates in hand."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._under_way: dict[Hashable, Batch] = {}

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def row_ids(self) -> Collection[int]:
        """Everything in hand."""
        return self._entries.keys()

    @property
    def urgent_ids(self) -> list[int]:
        """What somebody waits for."""
        return [row_id for row_id, entry in self._entries.items() if entry.row.is_urgent]

    def add(self, rows: Iterable[Waiting], *, is_alone: bool = False) -> None:
        """Take updates in hand. Alone they are not even read before their turn."""
        self._entries.update((row.id, _entry(row, is_alone=is_alone)) for row in rows)

    def ready(self) -> list[Batch]:
        """What may be started now, the oldest first and chatter last."""
        if not any(entry.is_alone for entry in self._entries.values()):
            return self._free()
        return [] if self._under_way else self._free()[:1]

    def start(self, batch: Batch) -> None:
        """This one is being handled."""
        self._under_way[batch.key] = batch

    def end(self, batch: Batch) -> None:
        """Done or set aside."""
        del self._under_way[batch.key]
        for row in batch.rows:
            del self._entries[row.id]

    def put_back(self, batch: Batch) -> None:
        """It failed for the moment and is tried again in its place."""
        del self._under_way[batch.key]

    def _free(self) -> list[Batch]:
        most = MOST_RECORDED_BESIDE if self.urgent_ids else MOST_RECORDED
        # Who stands in each line before the update that is looked at: those of one batch only, or others as well.
        holders: dict[Line, object] = {}
        entries: dict[Hashable, list[Entry]] = {}
        for entry in sorted(self._entries.values(), key=lambda one: (one.row.update_id, one.row.id)):
            together = entries.get(entry.key, ())
            is_free = (
                entry.key not in self._under_way
                and len(together) < (most if entry.key == CHATTER else MOST_TOGETHER)
                and all(holders.get(line, entry.key) == entry.key for line in entry.waits_for)
            )
            if is_free:
                entries.setdefault(entry.key, []).append(entry)
            for line in entry.lines:
                holders[line] = entry.key if is_free else _SEVERAL
        return _batches(entries)


def _batches(entries_of: Mapping[Hashable, list[Entry]]) -> list[Batch]:
    batches = [
        Batch(key, tuple(entry.row for entry in entries), is_alone=entries[0].is_alone)
        for key, entries in entries_of.items()
    ]
    return sorted(batches, key=lambda batch: batch.is_chatter)


def _entry(row: Waiting, *, is_alone: bool) -> Entry:
    lines: set[Line] = set()
    if row.sender_telegram_id is not None:
        lines.add(("person", row.sender_telegram_id))
    if row.chat_telegram_id is not None:
        lines |= _lines_of_chat(row, row.chat_telegram_id)
    overtaken = {line for line in lines if line[0] == "words"} if row.is_urgent else set()
    key = row.id if is_alone else _key(row)
    return Entry(row, key, frozenset(lines), frozenset(lines - overtaken), is_alone)


def _lines_of_chat(row: Waiting, chat_id: int) -> set[Line]:
    """Words stand behind all that happens there; acts behind words only where they may refer to them."""
    if not row.is_urgent and row.kind in WORDS:
        return {("words", chat_id)}
    return {("acts", chat_id), ("words", chat_id)}


def _key(row: Waiting) -> Hashable:
    if not row.is_urgent:
        return CHATTER
    event_id = event_of(unpack(row.payload)) if row.kind == "callback_query" else None
    return row.id if event_id is None else ("event", event_id)
