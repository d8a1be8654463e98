"""The group they meet in: who is there, what was said about what, and the hands of each member in their own client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from random import Random

from bot.clock import Clock
from bot.playground.community.diary import Diary
from bot.playground.community.lines import Lines
from bot.playground.community.people import Person
from bot.playground.community.truth import when_awake
from bot.playground.server import LocalTelegram
from bot.playground.server.presses import Press
from bot.playground.server.snapshots import BotUser, Chat, Message, User

TITLE = "Founders' Table · 创始人圆桌"
# Between a press and looking at what it did.
GLANCE = timedelta(seconds=6)
# One of so many messages is corrected a little later.
EDITED_SHARE = 0.03


class Room:
    """Shared by everything members do: one group, one bot, one diary."""

    def __init__(self, telegram: LocalTelegram, bot: BotUser, random: Random, clock: Clock) -> None:
        self.telegram, self.bot, self.random, self.clock = telegram, bot, random, clock
        self.diary, self.lines = Diary(), Lines(random)
        self.people: dict[str, Person] = {}
        self.users: dict[str, User] = {}
        self._by_id: dict[int, Person] = {}
        # The truth about each message of the group: what it is about, and which message it answers.
        self.topics: dict[int, str] = {}
        self.answers: dict[int, int] = {}
        self.holidays: dict[str, tuple[date, date]] = {}
        self.chat = Chat()
        self.is_ours = False

    def open(self, owner: Person) -> None:
        """The owner opens the group."""
        self._sign_up(owner)
        self.chat = self.telegram.add_chat(TITLE, kind="supergroup", owner=self.users[owner.username])

    def let_in(self, person: Person) -> None:
        """Somebody joins."""
        self._sign_up(person)
        with self.acting():
            self.telegram.join(self.chat, self.users[person.username])

    def _sign_up(self, person: Person) -> None:
        first, _, last = person.name.partition(" ")
        language = {"zh": "zh-hans"}.get(person.language, person.language)
        user = self.telegram.add_user(first, last_name=last, username=person.username, language_code=language)
        self.telegram.set_time_zone(user, person.zone.key)
        self.people[person.username], self.users[person.username] = person, user
        self._by_id[user.id] = person

    def person(self, user_id: int) -> Person | None:
        """The invented person behind a user id; None for anybody else."""
        return self._by_id.get(user_id)

    @contextmanager
    def acting(self) -> Iterator[None]:
        """While it lasts, what happens is our doing, not that of whoever sits at the chat page."""
        before, self.is_ours = self.is_ours, True
        try:
            yield
        finally:
            self.is_ours = before

    def is_away(self, person: Person, at: datetime) -> bool:
        """Whether they are on holiday."""
        first, last = self.holidays.get(person.username, (date.max, date.max))
        return first <= at.date() <= last

    def soon(self, person: Person, at: datetime, *, minutes: float, random: Random | None = None) -> datetime:
        """An instant some exponential while after `at` at which they are awake."""
        late = at + timedelta(minutes=(random or self.random).expovariate(1 / minutes), seconds=15)
        return when_awake(person, late)

    def say(
        self, person: Person, text: str, *, topic: str, answers: Message | None = None, by_reply: bool = True
    ) -> Message:
        """Write in the group, in answer to a message or anew; now and then a slip is corrected afterwards."""
        message = self.write(person, text, topic=topic, reply_to=answers if by_reply else None)
        if answers is not None:
            self.answers[message.id] = answers.id
        if self.random.random() < EDITED_SHARE:
            self.diary.put(self.clock.now() + timedelta(minutes=2), lambda: self._correct(person, message))
        return message

    def write(self, person: Person, text: str, *, topic: str, reply_to: Message | None = None) -> Message:
        """The same, and nothing by chance."""
        with self.acting():
            message = self.telegram.say(self.users[person.username], self.chat, text, reply_to=reply_to)
        self.topics[message.id] = topic
        return message

    def _correct(self, person: Person, message: Message) -> None:
        suffix = self.lines.say(person.language, "edits", "suffix")
        with self.acting():
            self.telegram.edit(self.users[person.username], message, message.text + suffix)

    def react(self, person: Person, message: Message, emoji: str) -> None:
        """Leave one reaction."""
        with self.acting():
            self.telegram.react(self.users[person.username], message, [emoji])

    def press(self, person: Person, message: Message, data: str) -> Press:
        """Press the button with this callback data."""
        with self.acting():
            return self.telegram.press(self.users[person.username], message, data)

    def press_and_follow(self, person: Person, message: Message, data: str) -> None:
        """Press; where the answer is a link that opens the private chat, follow it."""
        press = self.press(person, message, data)
        self.diary.put(self.clock.now() + GLANCE, lambda: self._follow(person, press), waits_for_bot=True)

    def _follow(self, person: Person, press: Press) -> None:
        _, _, payload = str((press.answer or {}).get("url", "")).partition("?start=")
        if payload:
            self.start(person, payload)

    def start(self, person: Person, payload: str = "") -> None:
        """Open the private chat with the bot."""
        with self.acting():
            self.telegram.start(self.users[person.username], self.bot, payload)

    def tell_bot(self, person: Person, text: str) -> None:
        """Write to the bot in private."""
        chat = self.telegram.open_private(self.users[person.username], self.bot)
        with self.acting():
            self.telegram.say(self.users[person.username], chat, text)
