"""Whose clock an event is told by: a room's own clock to everybody, that of the reader where one joins from anywhere."""

from __future__ import annotations

from typing import Protocol

from bot.texts import Voice
from models.domain.events.reach import Placed, is_online


class Timed(Placed, Protocol):
    """An event, or what is shown of one."""

    @property
    def time_zone(self) -> str: ...  # noqa: D102  # the column of Event


def by_event_clock(voice: Voice, event: Timed) -> Voice:
    """The voice as times of this event are told with."""
    return by_clock_of(voice, event.time_zone, is_online=is_online(event))


def by_clock_of(voice: Voice, time_zone: str, *, is_online: bool) -> Voice:
    """The same where only that much is known of the event."""
    return voice.near(time_zone) if is_online else voice.in_room(time_zone)
