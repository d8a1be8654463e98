"""Events as members live them: an admin plans one every few days, others talk about it before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import cycle

from bot.playground.community import truth
from bot.playground.community.lines import load_events
from bot.playground.community.people import EASY_TOPIC, Person
from bot.playground.community.room import Room
from bot.playground.server.snapshots import Message

# Admins plan on these weekdays (Monday is 0), an event some days later.
PLANNING_DAYS = (1, 3)
DAYS_AHEAD = (4, 5)
PLANNED_AT = time(10, 20)
SATURDAY = 5
ONLINE = ("online", "线上")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Meeting:
    """An event as the members know it: what it is truly about, and where."""

    title: str
    topic: str
    language: str
    on: date | None = None
    is_online: bool = False

    def suits(self, person: Person) -> bool:
        """Whether they could be there at all: the language, and for a real room the continent."""
        return person.reads(self.language) and (self.is_online or person.zone.key.startswith("Europe/"))


class Meetings:
    """Plans events and remembers what each is about."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._plans: list[Meeting] = []
        self._next = cycle(load_events())

    def plan_day(self) -> None:
        """On some weekdays an admin announces an event by one /event line."""
        room, now = self._room, self._room.clock.now()
        admins = [person for person in room.people.values() if person.role != "member"]
        if now.weekday() in PLANNING_DAYS and admins:
            admin = admins[now.toordinal() % len(admins)]
            at = datetime.combine(now.date(), PLANNED_AT, tzinfo=admin.zone).astimezone(UTC)
            room.diary.put(max(now, at), lambda: self._announce(admin), waits_for_bot=True)
        room.diary.put(datetime.combine(now.date() + DAY, time(), tzinfo=UTC), self.plan_day)

    def _announce(self, admin: Person) -> None:
        room, plan = self._room, next(self._next)
        on = room.clock.now().date() + DAY * room.random.choice(DAYS_AHEAD)
        while on.weekday() >= SATURDAY:
            on += DAY
        day = f"{on.month}月{on.day}日" if plan["language"] == "zh" else f"{on:%a} {on.day} {on:%b}"
        title = plan["line"].partition(", {day}")[0]
        is_online = any(word in plan["line"] for word in ONLINE)
        self._plans.append(Meeting(title, plan["topic"], plan["language"], on, is_online))
        room.say(admin, f"/event {plan['line'].format(day=day)}", topic=plan["topic"])

    def of_card(self, text: str) -> Meeting:
        """What a card is about; of an event that somebody else planned nobody knows more than its title."""
        # What follows a colon may stand below the title.
        plans = reversed(self._plans)
        meeting = next((one for one in plans if all(part in text for part in one.title.split(": "))), None)
        title = (text.splitlines() or [""])[0].strip()
        return meeting or Meeting(title, self._room.lines.guess_topic(title) or EASY_TOPIC, "en")

    def talk_about(self, meeting: Meeting, going: list[Person]) -> None:
        """Somebody asks who comes; the morning after somebody says how it was."""
        room, now = self._room, self._room.clock.now()
        if meeting.on is None or not going:
            return
        asker = room.random.choice(going)
        room.diary.put(room.soon(asker, now + DAY, minutes=240), lambda: self._talk(meeting, asker, "before", going))
        guest = room.random.choice(going)
        morning = datetime.combine(meeting.on + DAY, time(), tzinfo=guest.zone)
        room.diary.put(room.soon(guest, morning, minutes=60), lambda: self._talk(meeting, guest, "after", going))

    def _talk(self, meeting: Meeting, opener: Person, when: str, going: list[Person]) -> None:
        room = self._room
        text = room.lines.say(opener.language, "event_talk", when, title=meeting.title)
        message = room.say(opener, text, topic=meeting.topic)
        replies = "replies" if when == "before" else "after_replies"
        others = [person for person in going if person is not opener and person.reads(opener.language)]
        for person in room.random.sample(others, min(3, len(others))):
            at = room.soon(person, room.clock.now(), minutes=40)
            room.diary.put(at, partial(self._reply, person, opener, message, replies, meeting))

    def _reply(self, person: Person, opener: Person, message: Message, replies: str, meeting: Meeting) -> None:
        text = self._room.lines.say(opener.language, "event_talk", replies)
        self._room.say(person, text, topic=meeting.topic, answers=message)


def wants_to_come(person: Person, meeting: Meeting) -> float:
    """P(says going) by taste and reach."""
    return truth.comes(person, meeting.topic) if meeting.suits(person) else 0.0
