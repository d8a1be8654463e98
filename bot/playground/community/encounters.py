"""What members do about people to meet: wave a name off before the event, and say afterwards how it was and whom they met."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.playground.community import screens, truth
from bot.playground.community.meetings import Meetings
from bot.playground.community.people import Person
from bot.playground.community.room import GLANCE, Room
from bot.playground.community.screens import ScreenButton
from bot.playground.server.snapshots import Message

WAVES_OFF_SHARE, ANSWERS_YES_SHARE = 0.1, 0.7
# What the messages are known by: stars, the nameless question, names to wave off.
STARTS = ("1:stars:", "1:asked:", "1:ctl:not_person:")
# Names are tapped one after the other: so many at most, in each list.
MOST_TAPS = 3


class Encounters:
    """Plans presses under messages about people; each looks at the buttons as they are when its time has come."""

    def __init__(self, room: Room, meetings: Meetings) -> None:
        self._room, self._meetings = room, meetings

    def see(self, reader: Person, message: Message, at: datetime) -> None:
        """A message with names, stars or the nameless question was read at `at`."""
        buttons, random = screens.buttons(self._room.telegram, message), self._room.random
        if screens.find(buttons, "1:stars:"):
            self._look_back(reader, message, at)
        elif screens.find(buttons, "1:asked:"):
            is_yes = random.random() < ANSWERS_YES_SHARE
            self._do(at, partial(self._press, reader, message, "1:asked:", f":{int(is_yes)}"))
            if is_yes:
                self._tap_names(reader, message, "1:pick:", truth.stays_in_touch, at + GLANCE)
        elif random.random() < WAVES_OFF_SHARE:
            self._do(at, partial(self._press, reader, message, "1:ctl:not_person:"))

    def _look_back(self, reader: Person, message: Message, at: datetime) -> None:
        """Stars, whom they met, and with whom they would like to stay in touch."""
        topic = self._meetings.of_card(message.text).topic
        stars = 5 if self._room.random.random() < truth.likes(reader, topic) else 3
        self._do(at, partial(self._press, reader, message, "1:stars:", f":{stars}"))
        self._do(at + GLANCE, partial(self._press, reader, message, "1:met:"))
        at = self._tap_names(reader, message, "1:whom:", truth.meets, at + 2 * GLANCE)
        self._do(at, partial(self._press, reader, message, "1:pick:", ":0:0:0"))
        self._tap_names(reader, message, "1:pick:", truth.stays_in_touch, at + GLANCE)

    def _tap_names(
        self, reader: Person, message: Message, start: str, chance: Callable[[Person, Person], float], at: datetime
    ) -> datetime:
        for _ in range(MOST_TAPS):
            self._do(at, partial(self._tap_name, reader, message, start, chance))
            at += GLANCE
        return at

    def _tap_name(
        self, reader: Person, message: Message, start: str, chance: Callable[[Person, Person], float]
    ) -> None:
        """One of those not tapped yet, if they would."""
        buttons = screens.buttons(self._room.telegram, message)
        people = {one.name: one for one in self._room.people.values()}
        open_names = [
            (one, people[name])
            for one in buttons
            if one.data.startswith(start) and (name := _name(one)) in people and one.text[0] in "✨▫"
        ]
        choices = [one for one, person in open_names if self._room.random.random() < chance(reader, person)]
        if choices:
            self._room.press(reader, message, choices[0].data)

    def _press(self, reader: Person, message: Message, start: str, end: str = "") -> None:
        buttons = screens.buttons(self._room.telegram, message)
        choices = [one for one in buttons if one.data.startswith(start) and one.data.endswith(end)]
        if choices:
            self._room.press(reader, message, choices[0].data)

    def _do(self, at: datetime, act: Callable[[], None]) -> None:
        self._room.diary.put(at, act, waits_for_bot=True)


def _name(button: ScreenButton) -> str:
    """Behind the mark of a name's button."""
    return button.text.partition(" ")[2]
