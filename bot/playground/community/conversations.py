"""Threads that make sense: somebody begins, those who care answer in their own time, the first one comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial

from bot.playground.community import truth
from bot.playground.community.lines import Script
from bot.playground.community.people import EASY_TOPIC, Person
from bot.playground.community.room import Room
from bot.playground.server.snapshots import Message

# Threads begun on a weekday, on average.
THREADS_A_DAY = 14.0
SMALL_TALK_SHARE = 0.15
# Answers come so many minutes after what they answer, on average, and only while their writer is awake.
ANSWER_MINUTES, REACTION_MINUTES = 45.0, 30.0
# Below this taste one agrees or asks; knowing answers come from those who know.
KNOWS = 0.3
REACTIONS = {"news": "🎉🔥❤👏", "offer": "👍❤🙏", "talk": "😁👍❤", "question": "👍🤔", "need": "👍🙏"}
HOLIDAY_SHARE = 0.012
DAY = timedelta(days=1)


@dataclass
class Talk:
    """One thread under way."""

    script: Script
    language: str
    opener: Person
    opening: Message
    lines: list[tuple[Person, Message]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)


class Conversations:
    """Plans each day at its midnight (UTC) and plays it."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def plan_day(self) -> None:
        """Threads and holidays of the day that begins now; tomorrow is planned tomorrow."""
        room, now = self._room, self._room.clock.now()
        mean_threads = THREADS_A_DAY * truth.liveliness(now)
        n_threads = max(2, round(room.random.gauss(mean_threads, mean_threads**0.5 / 2)))
        for _ in range(n_threads):
            opener = self._opener()
            room.diary.put(self._moment(opener, now), partial(self.begin, opener))
        for person in room.people.values():
            if room.random.random() < HOLIDAY_SHARE and person.role == "member":
                room.holidays[person.username] = (now.date(), now.date() + DAY * room.random.randint(2, 5))
        tomorrow = datetime.combine(now.date() + DAY, time(), tzinfo=UTC)
        room.diary.put(tomorrow, self.plan_day)

    def _opener(self) -> Person:
        people = list(self._room.people.values())
        weights = [2.0**person.active * (0.3 + person.answers) for person in people]
        return self._room.random.choices(people, weights)[0]

    def _moment(self, person: Person, midnight: datetime) -> datetime:
        begin, end = person.hours
        local = datetime.combine(midnight.date(), time(), tzinfo=person.zone)
        hour = self._room.random.triangular(begin, min(end, 23), begin + (end - begin) * 0.45)
        return max(midnight, (local + timedelta(hours=hour)).astimezone(UTC))

    def begin(self, opener: Person) -> None:
        """Somebody opens a thread about something they care for."""
        room = self._room
        if room.is_away(opener, room.clock.now()):
            return
        topic = EASY_TOPIC
        if room.random.random() >= SMALL_TALK_SHARE:
            topics = sorted(room.lines.topics - {EASY_TOPIC})
            topic = room.random.choices(topics, [opener.taste(one) ** 2 for one in topics])[0]
        script, opening = room.lines.script(opener.language, topic, hour=room.clock.now().astimezone(opener.zone).hour)
        message = room.say(opener, opening, topic=topic)
        talk = Talk(script, opener.language, opener, message, answers=list(script.answers))
        room.random.shuffle(talk.answers)
        self._spread(talk)

    def _spread(self, talk: Talk) -> None:
        """Everyone who can read it decides once whether to do something about it."""
        room, now = self._room, self._room.clock.now()
        for person in list(room.people.values()):
            if person is talk.opener or not person.reads(talk.language) or room.is_away(person, now):
                continue
            if room.random.random() >= truth.joins(person, talk.script.topic, talk.opener):
                continue
            if room.random.random() < person.answers:
                at = room.soon(person, now, minutes=ANSWER_MINUTES)
                room.diary.put(at, partial(self._answer, talk, person))
            if room.random.random() < 0.6:
                at = room.soon(person, now, minutes=REACTION_MINUTES)
                room.diary.put(at, partial(self._react, talk, person))

    def _answer(self, talk: Talk, person: Person) -> None:
        room = self._room
        knows = person.taste(talk.script.topic) >= KNOWS
        others = [line for line in talk.lines if line[0] is not person]
        if knows and talk.answers:
            text, to = talk.answers.pop(), talk.opening
        elif others:
            before, to = room.random.choice(others)
            text = room.lines.say(talk.language, "follow", "agree", name=before.short_name)
        else:
            self._react(talk, person)
            return
        line = room.say(person, text, topic=talk.script.topic, answers=to, by_reply=room.random.random() < 0.85)
        talk.lines.append((person, line))
        self._go_on(talk, person, line)

    def _go_on(self, talk: Talk, person: Person, message: Message) -> None:
        """After an answer: the opener thanks for the first two, somebody asks back."""
        room, now = self._room, self._room.clock.now()
        if len(talk.lines) <= 2 and room.random.random() < 0.7:
            at = room.soon(talk.opener, now, minutes=ANSWER_MINUTES / 2)
            room.diary.put(at, lambda: self._thank(talk, person, message))
        elif talk.script.kind == "question" and room.random.random() < 0.25:
            at = room.soon(talk.opener, now, minutes=ANSWER_MINUTES)
            room.diary.put(at, lambda: self._ask_back(talk, person, message))

    def _thank(self, talk: Talk, person: Person, message: Message) -> None:
        room = self._room
        key = "thanks_for_news" if talk.script.kind in ("news", "offer") else "thanks"
        if talk.script.kind == "talk":
            room.react(talk.opener, message, "👍")
            return
        text = room.lines.say(talk.language, "follow", key, name=person.short_name)
        room.say(talk.opener, text, topic=talk.script.topic, answers=message)
        if talk.script.kind == "question" and room.random.random() < 0.2:
            at = room.soon(talk.opener, room.clock.now() + DAY, minutes=ANSWER_MINUTES)
            room.diary.put(at, lambda: self._report(talk, person))

    def _report(self, talk: Talk, person: Person) -> None:
        text = self._room.lines.say(talk.language, "follow", "report", name=person.short_name)
        self._room.say(talk.opener, text, topic=talk.script.topic, answers=talk.opening)

    def _ask_back(self, talk: Talk, person: Person, message: Message) -> None:
        room = self._room
        text = room.lines.say(talk.language, "follow", "ask_back", name=person.short_name)
        question = room.say(talk.opener, text, topic=talk.script.topic, answers=message)
        at = room.soon(person, room.clock.now(), minutes=ANSWER_MINUTES)
        answer = room.lines.say(talk.language, "follow", "answer_back")
        room.diary.put(at, lambda: room.say(person, answer, topic=talk.script.topic, answers=question))

    def _react(self, talk: Talk, person: Person) -> None:
        room = self._room
        target = room.random.choice([talk.opening, *(message for who, message in talk.lines if who is not person)])
        room.react(person, target, room.random.choice(REACTIONS[talk.script.kind]))
