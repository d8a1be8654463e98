"""Being a neighbour: newcomers introduce themselves, and whoever asks something at the chat page gets an answer."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from bot.playground.community.beginnings import Beginnings
from bot.playground.community.people import EASY_TOPIC, Person
from bot.playground.community.room import Room
from bot.playground.server.snapshots import Message

N_WELCOMES = 3
# Somebody sits in front of the page: answers come within seconds, whatever the hour.
FIRST_ANSWER_SECONDS, SECOND_ANSWER_SECONDS = (6, 15), (20, 45)


class Neighbours:
    """Small courtesies."""

    def __init__(self, room: Room, beginnings: Beginnings) -> None:
        self._room, self._beginnings = room, beginnings

    def introduce(self, newcomer: Person) -> None:
        """A newcomer says hello after some minutes; some wave back."""
        room = self._room
        at = room.soon(newcomer, room.clock.now(), minutes=10)
        room.diary.put(at, lambda: self._say_hello(newcomer))

    def _say_hello(self, newcomer: Person) -> None:
        room, language = self._room, newcomer.language
        topic = max(newcomer.tastes, key=lambda one: newcomer.tastes[one])
        words = room.lines.word(language, "topic_words", topic)
        text = room.lines.say(
            language, "newcomer", "lines", name=newcomer.short_name, project=newcomer.project, topic_words=words
        )
        message = room.say(newcomer, f"{text}{self._beginnings.more_of(newcomer)}", topic=topic)
        others = [person for person in room.people.values() if person is not newcomer and person.reads(language)]
        for person in room.random.sample(others, N_WELCOMES):
            at = room.soon(person, room.clock.now(), minutes=30)
            room.diary.put(at, partial(self._wave, person, newcomer, message, topic))

    def _wave(self, person: Person, newcomer: Person, message: Message, topic: str) -> None:
        text = self._room.lines.say(newcomer.language, "newcomer", "welcomes", name=newcomer.short_name)
        self._room.say(person, text, topic=topic, answers=message)

    def overhear(self, raw: dict[str, Any]) -> None:
        """A question that somebody at the page wrote into the group is answered by who knows most about it."""
        room, text = self._room, str(raw.get("text", ""))
        if str(raw.get("chat", {}).get("id")) != str(room.chat.id) or text.startswith("/"):
            return
        if not any(mark in text for mark in "?？") or "from" not in raw:
            return
        question = Message(raw)
        question.key = room.chat.key
        language = "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in text) else "en"
        topic = room.lines.guess_topic(text) or EASY_TOPIC
        others = [
            one for one in room.people.values() if one.reads(language) and room.users[one.username] != raw["from"]
        ]
        knowing = sorted(others, key=lambda one: -one.taste(topic) * one.answers)[:3]
        answers = room.lines.answers_to(language, text, topic)
        for seconds, person in zip(
            (FIRST_ANSWER_SECONDS, SECOND_ANSWER_SECONDS), room.random.sample(knowing, 2), strict=True
        ):
            at = room.clock.now() + timedelta(seconds=room.random.randint(*seconds))
            other = next(one for one in knowing if one is not person)
            line = next(answers, "") or room.lines.say(language, "ask", "answers", name=other.short_name)
            room.diary.put(at, partial(room.say, person, line, topic=topic, answers=question))
