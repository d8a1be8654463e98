"""Weekly rounds as members live them: an admin switches them on, some join, meet or not, say so, and pause for holidays."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, time, timedelta
from functools import partial
from random import Random

from bot.playground.community import screens, truth
from bot.playground.community.people import SAYS_YES, Person
from bot.playground.community.room import Room
from bot.playground.server.snapshots import Message

# An admin switches rounds on at their own ten o'clock, on the second day.
BEGINS_AFTER, BEGINS_AT = timedelta(days=1), time(10, 10)
# Minutes until somebody joins below the card, and answers in private; averages.
JOINS_MINUTES, MINUTES = 240.0, 50.0
# Two who both want to have met after so many days; so many of them press that they met before anybody asks.
MEETS_DAYS, SAYS_AT_ONCE_SHARE = (1, 5), 0.4
# Of the others so many of those who want to have met when they are asked, and so many answer at all.
HAS_MET_SHARE, ANSWERS_SHARE = 0.8, 0.85
# So many of those who are in pause on the forenoon (UTC) on which a holiday begins; what comes within seconds of "/pause" is
# the answer to it.
PAUSES_SHARE, PAUSES_FROM, ANSWERED_IN = 0.7, timedelta(hours=9), timedelta(seconds=10)
# What every private message about rounds begins with, in every language.
MARK = "☕"
JOIN, MET, OUTCOME, PAUSE = "1:round:join:", "1:round:met:", "1:outcome:", "1:pause:week"
DAY = timedelta(days=1)


class Rounds:
    """Plans who switches rounds on and who pauses; answers the card, the introductions, and whether they met.

    `random` is its own: without it all else would be lived as it is with it.
    """

    def __init__(self, room: Room, random: Random) -> None:
        self._room, self._random = room, random
        self._joined: dict[str, Person] = {}
        self._paused_at: dict[str, datetime] = {}
        # Who truly wants to meet whom, and which two met; decided once, when they are introduced.
        self._wants: dict[tuple[str, str], bool] = {}
        self._met: dict[frozenset[str], bool] = {}
        # Who is in which introduction, as its readers saw it.
        self.introduced: dict[int, frozenset[str]] = {}

    def begin(self, admin: Person) -> None:
        """Plan that this admin switches rounds on, and each day's pauses."""
        now = self._room.clock.now()
        day = (now + BEGINS_AFTER).astimezone(admin.zone).date()
        at = datetime.combine(day, BEGINS_AT, tzinfo=admin.zone).astimezone(UTC)
        self._room.diary.put(at, partial(self._switch_on, admin), waits_for_bot=True)
        self._room.diary.put(_next_midnight(now) + PAUSES_FROM, self.plan_day)

    def _switch_on(self, admin: Person) -> None:
        self._room.write(admin, "/round weekly", topic="talk")

    def plan_day(self) -> None:
        """Who goes on holiday today and is in the rounds may pause; tomorrow is planned tomorrow."""
        room, now = self._room, self._room.clock.now()
        for person in self._joined.values():
            begins_today = room.holidays.get(person.username, (None, None))[0] == now.date()
            if begins_today and self._random.random() < PAUSES_SHARE:
                at = self._soon(person, minutes=MINUTES)
                room.diary.put(at, partial(self._pause, person), waits_for_bot=True)
        room.diary.put(now + DAY, self.plan_day)

    def _pause(self, person: Person) -> None:
        self._paused_at[person.username] = self._room.clock.now()
        self._room.tell_bot(person, "/pause")

    # --- what the bot says

    def see(self, message: Message) -> bool:
        """A message of the bot; False when it is about something else."""
        buttons = screens.buttons(self._room.telegram, message)
        if message.key == self._room.chat.key:
            return screens.find(buttons, JOIN) is not None and self._see_card(message)
        reader = self._room.person(message.chat_id)
        if reader is None:
            return False
        if met := screens.find(buttons, MET):
            self._read_introduction(reader, message, _id_of(met.data))
        elif (asked := screens.find(buttons, OUTCOME)) and _id_of(asked.data) in self.introduced:
            self._say_what_came(reader, message, self.introduced[_id_of(asked.data)] - {reader.username})
        elif self._is_answer_to_pause(reader):
            self._plan_press(reader, message, PAUSE, self._room.clock.now() + ANSWERED_IN)
        else:
            return message.text.startswith(MARK)
        return True

    def _see_card(self, card: Message) -> bool:
        """Whoever said yes to everything may join; the others are not asked for a yes that they did not give."""
        for person in self._room.people.values():
            if person.consents == SAYS_YES and self._random.random() < truth.joins_rounds(person):
                at = self._soon(person, minutes=JOINS_MINUTES)
                self._room.diary.put(at, partial(self._join, person, card), waits_for_bot=True)
        return True

    def _join(self, person: Person, card: Message) -> None:
        button = screens.find(screens.buttons(self._room.telegram, card), JOIN)
        if button is None:
            return
        self._joined[person.username] = person
        self._room.press_and_follow(person, card, button.data)

    def _read_introduction(self, reader: Person, message: Message, introduction_id: int) -> None:
        """The names are in it; whoever met says so at once, or waits until they are asked."""
        others = [one for one in self._room.people.values() if one is not reader and one.name in message.text]
        self.introduced[introduction_id] = frozenset({reader.username, *(one.username for one in others)})
        if self._meets_one_of(reader, others) and self._random.random() < SAYS_AT_ONCE_SHARE:
            after = DAY * self._random.uniform(*MEETS_DAYS)
            self._plan_press(reader, message, MET, self._soon(reader, minutes=MINUTES, after=after))

    def _say_what_came(self, reader: Person, message: Message, usernames: Collection[str]) -> None:
        """True of both: who met says so, who does not want to says that, who wants and waits says not yet."""
        others = [self._room.people[one] for one in usernames]
        if self._random.random() >= ANSWERS_SHARE:
            return
        is_wanted = any(self._wants_to_meet(reader, one) for one in others)
        outcome = "met" if self._meets_one_of(reader, others) else "not_yet" if is_wanted else "wont"
        self._plan_press(reader, message, f"{OUTCOME}{outcome}:", self._soon(reader, minutes=MINUTES))

    def _meets_one_of(self, person: Person, others: Iterable[Person]) -> bool:
        return any(self._meets(person, one) for one in others)

    def _meets(self, person: Person, other: Person) -> bool:
        """Two meet where both want to, and mostly then."""
        both = frozenset({person.username, other.username})
        if both not in self._met:
            is_wanted = [self._wants_to_meet(person, other), self._wants_to_meet(other, person)]
            self._met[both] = all(is_wanted) and self._random.random() < HAS_MET_SHARE
        return self._met[both]

    def _wants_to_meet(self, person: Person, other: Person) -> bool:
        pair = (person.username, other.username)
        if pair not in self._wants:
            self._wants[pair] = self._random.random() < truth.gets_on(person, other)
        return self._wants[pair]

    def _is_answer_to_pause(self, reader: Person) -> bool:
        asked_at = self._paused_at.get(reader.username)
        return asked_at is not None and self._room.clock.now() < asked_at + ANSWERED_IN

    def _soon(self, person: Person, *, minutes: float, after: timedelta = timedelta(0)) -> datetime:
        return self._room.soon(person, self._room.clock.now() + after, minutes=minutes, random=self._random)

    def _plan_press(self, person: Person, message: Message, start: str, at: datetime) -> None:
        self._room.diary.put(at, partial(self._press, person, message, start), waits_for_bot=True)

    def _press(self, person: Person, message: Message, start: str) -> None:
        button = screens.find(screens.buttons(self._room.telegram, message), start)
        if button is not None:
            self._room.press(person, message, button.data)


def _id_of(data: str) -> int:
    return int(data.rpartition(":")[2])


def _next_midnight(now: datetime) -> datetime:
    return datetime.combine(now.date() + DAY, time(), tzinfo=UTC)
