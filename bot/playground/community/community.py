"""The invented community as a whole: it settles in, lives from deed to deed, and sees what the bot and others do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any

from bot.clock import Clock
from bot.playground.community.beginnings import Beginnings
from bot.playground.community.conversations import Conversations
from bot.playground.community.diary import Deed
from bot.playground.community.introductions import Introductions
from bot.playground.community.market import Market, Posting
from bot.playground.community.meetings import Meetings
from bot.playground.community.neighbours import Neighbours
from bot.playground.community.people import Person, load_cast
from bot.playground.community.rescues import Rescues
from bot.playground.community.responses import Responses
from bot.playground.community.room import Room
from bot.playground.community.rounds import Rounds
from bot.playground.server import LocalTelegram
from bot.playground.server.errors import Refused
from bot.playground.server.snapshots import BotUser, Chat, Message, User

WEEK = timedelta(days=7)
# A newcomer joins on Wednesdays at about noon.
JOINS_ON, JOINS_AT = 2, time(11, 40, tzinfo=UTC)


class Community:
    """Some two dozen founders whose tastes and habits are known; the same seed gives the same weeks.

    `settle_in()` first; then `next_at()` says when somebody does something and `do_next()` does it. What the bot sends
    and what people at the chat page write is observed through the local Telegram's hooks.
    """

    def __init__(self, telegram: LocalTelegram, bot: BotUser, random: Random, clock: Clock) -> None:
        self._cast = load_cast()
        self._room = Room(telegram, bot, random, clock)
        self._meetings = Meetings(self._room)
        self._conversations = Conversations(self._room)
        self._market = Market(self._room, _own_stream(random))
        self._rescues = Rescues(self._room, _own_stream(random, "rescues"))
        self._introductions = Introductions(self._room, _own_stream(random, "introductions"))
        beginnings = Beginnings(self._room, _own_stream(random, "beginnings"))
        self._rounds = Rounds(self._room, _own_stream(random, "rounds"))
        # Did you meet is asked after rounds and other introductions alike: rounds know their own.
        sights = (beginnings, self._rounds, self._introductions, self._market, self._rescues)
        self._responses = Responses(self._room, self._meetings, sights)
        self._neighbours = Neighbours(self._room, beginnings)
        telegram.hooks.append(self._observe)

    @property
    def chat(self) -> Chat:
        """The group."""
        return self._room.chat

    @property
    def people(self) -> dict[str, Person]:
        """Everyone who is there by now, by username."""
        return self._room.people

    @property
    def users(self) -> dict[str, User]:
        """Their Telegram accounts, by username."""
        return self._room.users

    def person(self, user_id: int) -> Person | None:
        """The invented person behind a Telegram user."""
        return self._room.person(user_id)

    def topic_of(self, message_id: int) -> str | None:
        """What a message of the group is truly about; None for those of others."""
        return self._room.topics.get(message_id)

    def answered_by(self, message_id: int) -> int | None:
        """The message that a message of the group truly answers, by a reply link or not; None for one that begins something."""
        return self._room.answers.get(message_id)

    def posting(self, message_id: int) -> Posting | None:
        """The need or offer that a message of the group truly is; None for all other messages."""
        return self._market.postings.get(message_id)

    @property
    def postings(self) -> list[Posting]:
        """Every need and offer that was written so far, in order."""
        return list(self._market.postings.values())

    @property
    def questions_brought(self) -> list[tuple[Person, int]]:
        """Who was asked in private about which message of the group, in order."""
        return list(self._rescues.brought)

    @property
    def introduced_in_rounds(self) -> list[frozenset[str]]:
        """The usernames of those whom rounds introduced to each other, in order."""
        return list(self._rounds.introduced.values())

    def settle_in(self) -> None:
        """The owner opens the group, everybody joins, the bot is made an administrator, and life begins."""
        room, telegram = self._room, self._room.telegram
        owner, *others = self._cast.founders
        room.open(owner)
        owning = room.users[owner.username]
        for person in others:
            room.let_in(person)
            if person.role == "admin":
                telegram.promote(room.chat, room.users[person.username], by=owning)
        telegram.add_to_chat(room.chat, room.bot, by=owning)
        telegram.promote(room.chat, room.bot, by=owning)
        now = room.clock.now()
        room.diary.put(now + timedelta(minutes=1), self._set_up, waits_for_bot=True)
        room.diary.put(now, self._conversations.plan_day)
        room.diary.put(now, self._meetings.plan_day)
        room.diary.put(now, self._market.plan_day)
        room.diary.put(now, self._introductions.plan_day)
        self._rounds.begin(next(one for one in others if one.role == "admin"))
        self._plan_newcomers(now)

    def _set_up(self) -> None:
        owner = self._cast.founders[0]
        self._room.say(owner, "/setup", topic="talk")

    def _plan_newcomers(self, now: datetime) -> None:
        day = now.date() + timedelta(days=(JOINS_ON - now.weekday()) % 7)
        for week, person in enumerate(self._cast.newcomers):
            at = datetime.combine(day, JOINS_AT) + week * WEEK
            self._room.diary.put(max(at, now), partial(self._welcome, person))

    def _welcome(self, newcomer: Person) -> None:
        self._room.let_in(newcomer)
        self._neighbours.introduce(newcomer)
        self._responses.greet(newcomer)

    def next_at(self) -> datetime | None:
        """When somebody does something next."""
        return self._room.diary.next_at()

    def do_next(self, until: datetime) -> bool:
        """Do the next deed due by `until`; True when its doer waits for what the bot says to it.

        A deed that is not possible any more (its message was deleted, its doer left) is left out.
        """
        deed = self._room.diary.take(until)
        return deed is not None and self._do(deed)

    def actions(self, until: datetime) -> Iterator[Deed]:
        """Deeds due by `until`, in order, taken out as they come; for callers that perform them themselves."""
        while (deed := self._room.diary.take(until)) is not None:
            yield deed

    def _do(self, deed: Deed) -> bool:
        with suppress(Refused):
            deed.act()
            return deed.waits_for_bot
        return False

    def _observe(self, kind: str, thing: Any) -> None:
        if kind == "Message" and isinstance(thing, Message) and thing.get("from", {}).get("id") == self._room.bot.id:
            self._responses.see(thing)
        elif kind == "Update" and not self._room.is_ours:
            self._neighbours.overhear(thing.get("message", {}))


def _own_stream(random: Random, name: str = "") -> Random:
    """Chance that follows from the same seed and takes nothing from the other's; another one for each name."""
    return Random(f"{random.getstate()}{name}")
