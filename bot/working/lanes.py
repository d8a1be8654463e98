"""In which order urgent updates are served, and which of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.handlers.rsvps import event_of
from bot.hearing.raw_updates import unpacked
from bot.hearing.updates import kind_of, origin_of
from models.domain.hearing.inbox import Waiting

# Presses on one event that share a commit: each waits for all of them, and a busy card is served sooner for it.
MOST_TOGETHER = 25

# A stored update and its JSON.
Unpacked = tuple[Waiting, Any]


def lanes_of(rows: Sequence[Waiting]) -> list[list[Unpacked]]:
    """Updates whose order matters, each lane in its order: in a chat, of a person, on an event."""
    updates = [(row, unpacked(row.payload)) for row in rows]
    # Who did something else as well keeps all of it in their own order.
    elsewhere = {row.sender_telegram_id for row, raw in updates if event_of(raw) is None}
    lanes: dict[object, list[Unpacked]] = {}
    for row, raw in updates:
        event_id = None if row.sender_telegram_id in elsewhere else event_of(raw)
        lanes.setdefault(_lane(row, raw) if event_id is None else ("event", event_id), []).append((row, raw))
    return list(lanes.values())


def batches(lane: Sequence[Unpacked]) -> Iterator[list[Unpacked]]:
    """Neighbouring presses on one event together, everything else alone."""
    batch: list[Unpacked] = []
    for one in lane:
        event_id = event_of(one[1])
        if batch and (event_id is None or event_id != event_of(batch[-1][1]) or len(batch) == MOST_TOGETHER):
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch


def _lane(row: Waiting, raw: Any) -> object:
    """An update that names neither person nor chat has a lane of its own."""
    sender, chat = origin_of(raw)
    return (sender if kind_of(raw) == "callback_query" else chat) or ("row", row.id)
