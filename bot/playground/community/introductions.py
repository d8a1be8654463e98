"""Introductions as members live them: who knows this?, yes and no by what is true of them, and whether they met."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial
from random import Random

from bot.playground.community import screens, truth
from bot.playground.community.people import SAYS_NO, Person
from bot.playground.community.room import Room
from bot.playground.community.wishes import load_searches
from bot.playground.server.snapshots import Message

# Questions who knows something, on a weekday; an average.
QUESTIONS_A_DAY = 0.5
# Minutes until somebody answers in private; an average.
MINUTES = 60.0
# So many of those who are shown somebody ask the first of them.
ASKS_SHARE = 0.9
# How a no is said, and how often each is chosen; the rest leaves it without an answer.
NOES = {"not_now": 0.6, "not_person": 0.05, "never": 0.1, "": 0.25}
# What somebody says a week later.
OUTCOMES = {"met": 0.6, "not_yet": 0.25, "wont": 0.15}
DAY = timedelta(days=1)


class Introductions:
    """Plans questions at midnight (UTC) and answers all that the bot says about introductions.

    `random` is its own: without it all else would be lived as it is with it.
    """

    def __init__(self, room: Room, random: Random) -> None:
        self._room, self._random = room, random

    def plan_day(self) -> None:
        """The questions of the day that begins now."""
        room, now = self._room, self._room.clock.now()
        midnight = datetime.combine(now.date(), time(), tzinfo=UTC)
        if self._random.random() < QUESTIONS_A_DAY * truth.liveliness(now):
            person = self._random.choice([one for one in room.people.values() if one.consents != SAYS_NO])
            at = truth.when_awake(person, midnight + DAY * self._random.random())
            room.diary.put(max(now, at), partial(self._ask, person), waits_for_bot=True)
        room.diary.put(midnight + DAY, self.plan_day)

    def _ask(self, person: Person) -> None:
        """On what they care for least, which others know better."""
        if self._room.is_away(person, self._room.clock.now()):
            return
        topic = min(load_searches(), key=lambda one: person.taste(one) + self._random.random())
        self._room.tell_bot(person, f"/intro {load_searches()[topic][person.language]}")

    def see(self, message: Message) -> bool:
        """A message of the bot; False when it is about something else."""
        reader = self._room.person(message.chat_id)
        if reader is None:
            return False
        buttons = screens.buttons(self._room.telegram, message)
        if screens.find(buttons, "1:proposal:"):
            self._answer(reader, message)
        elif screens.find(buttons, "1:outcome:"):
            [outcome] = self._random.choices(list(OUTCOMES), list(OUTCOMES.values()))
            self._plan_press(reader, message, f"1:outcome:{outcome}:")
        elif screens.find(buttons, "1:inquiry:"):
            if self._random.random() < ASKS_SHARE:
                self._plan_press(reader, message, "1:inquiry:ask:")
        else:
            return False
        return True

    def _answer(self, reader: Person, message: Message) -> None:
        """Yes to what lies in their field, by the words of the question; how much they answer at all counts, too."""
        topic = self._room.lines.guess_topic(message.text)
        if self._random.random() < truth.agrees(reader, topic):
            self._plan_press(reader, message, "1:proposal:yes:")
            return
        [no] = self._random.choices(list(NOES), list(NOES.values()))
        if no:
            self._plan_press(reader, message, f"1:proposal:{no}:")

    def _plan_press(self, person: Person, message: Message, start: str) -> None:
        at = self._room.soon(person, self._room.clock.now(), minutes=MINUTES, random=self._random)
        self._room.diary.put(at, partial(self._press, person, message, start), waits_for_bot=True)

    def _press(self, person: Person, message: Message, start: str) -> None:
        button = screens.find(screens.buttons(self._room.telegram, message), start)
        if button is not None:
            self._room.press(person, message, button.data)
