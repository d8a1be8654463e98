"""Needs and offers as members live them: posted, kept, answered, closed with what came of them, looked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from random import Random

from bot.playground.community import screens, truth
from bot.playground.community.people import SAYS_NO, Person
from bot.playground.community.room import Room
from bot.playground.community.wishes import Wish, load_searches, load_wishes, meet
from bot.playground.server.snapshots import Message

# Needs and offers on a weekday, and searches; averages.
WISHES_A_DAY, SEARCHES_A_DAY = 2.2, 0.4
# While weeks replay jobs look every three hours, at 2, 5, 8 ... UTC (driver.py), and ask about messages of the last hour.
HEARD_HOURS, HEARD_MINUTES = range(1, 24, 3), (5, 45)
# Minutes until somebody answers a card in the group, and a private message; averages.
CARD_MINUTES, PRIVATE_MINUTES = 200.0, 40.0
KEEPS_SHARE, SAYS_IT_IS_NONE_SHARE = 0.75, 0.4
# What comes of a need or an offer shows after so long.
MEETING = timedelta(days=2)
# The ends of what is asked about before it ends, and how often each is chosen; else it is left without an answer.
ENDS = {"keep_open": 0.5, "found_elsewhere": 0.2, "no_longer": 0.15, "": 0.15}
# What the bot says to somebody so soon after they searched is what it found.
ANSWERED_IN = timedelta(seconds=10)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Posting:
    """A wish that a member wrote in the group, and where it stands."""

    wish: Wish
    person: Person
    message: Message
    at: datetime

    @property
    def language(self) -> str:
        """In which it is worded."""
        return self.person.language


@dataclass
class Card:
    """A need or an offer with a card, and who pressed that they can help; `posting` is None for what scripts say."""

    topic: str
    author: Person
    posting: Posting | None
    helpers: list[Person] = field(default_factory=list)


class Market:
    """Plans each day at its midnight (UTC) and answers all that the bot says about needs and offers.

    `random` is its own: without the market all else would be lived as it is with it.
    """

    def __init__(self, room: Room, random: Random) -> None:
        self._room, self._random = room, random
        self._deck: list[Wish] = []
        self._cards: dict[int, Card] = {}
        # Who looked for something, and when.
        self._searches: dict[str, datetime] = {}
        # The truth about each message that a wish was written in.
        self.postings: dict[int, Posting] = {}

    def plan_day(self) -> None:
        """Wishes and searches of the day that begins now; tomorrow is planned tomorrow."""
        room, now = self._room, self._room.clock.now()
        midnight = datetime.combine(now.date(), time(), tzinfo=UTC)
        for _ in range(self._number(WISHES_A_DAY * truth.liveliness(now))):
            wish, person = self._next_wish()
            at = self._heard_moment(person, midnight) if wish.is_said else self._moment(person, midnight)
            if at is not None and at >= now:
                room.diary.put(at, partial(self._post, wish, person), waits_for_bot=not wish.is_said)
        for _ in range(self._number(SEARCHES_A_DAY)):
            person = self._random.choice([one for one in room.people.values() if one.consents != SAYS_NO])
            room.diary.put(max(now, self._moment(person, midnight)), partial(self._search, person), waits_for_bot=True)
        room.diary.put(midnight + DAY, self.plan_day)

    def _number(self, average: float) -> int:
        return int(average + self._random.random())

    def _next_wish(self) -> tuple[Wish, Person]:
        """Every wish comes once before any comes again, from somebody who cares for it and has not what it needs."""
        if not self._deck:
            self._deck = list(load_wishes())
            self._random.shuffle(self._deck)
        wish = self._deck.pop()
        counterparts = {one.person.username for one in self.postings.values() if meet(one.wish, wish)}
        people = [one for one in self._room.people.values() if one.username not in counterparts]
        weights = [one.taste(wish.topic) ** 2 for one in people]
        return wish, self._random.choices(people, weights)[0]

    def _moment(self, person: Person, midnight: datetime) -> datetime:
        return truth.when_awake(person, midnight + DAY * self._random.random())

    def _heard_moment(self, person: Person, midnight: datetime) -> datetime | None:
        instants = [midnight + timedelta(hours=h, minutes=self._random.randint(*HEARD_MINUTES)) for h in HEARD_HOURS]
        awake = [at for at in instants if truth.is_awake(person, at)]
        return self._random.choice(awake) if awake else None

    def _soon(self, person: Person, *, minutes: float, after: timedelta = timedelta(0)) -> datetime:
        return self._room.soon(person, self._room.clock.now() + after, minutes=minutes, random=self._random)

    def _post(self, wish: Wish, person: Person) -> None:
        room = self._room
        if room.is_away(person, room.clock.now()):
            return
        words = wish.words[person.language]
        message = room.write(person, words if wish.is_said else f"/{wish.kind} {words}", topic=wish.topic)
        self.postings[message.id] = Posting(wish, person, message, room.clock.now())

    def _search(self, person: Person) -> None:
        topic = max(person.tastes, key=lambda one: person.tastes[one] * self._random.random())
        self._searches[person.username] = self._room.clock.now()
        self._room.tell_bot(person, f"/find {load_searches()[topic][person.language]}")

    # --- what the bot says

    def see(self, message: Message) -> bool:
        """A message of the bot; False when it is about something else."""
        if message.key == self._room.chat.key:
            return self._see_post(message)
        reader = self._room.person(message.chat_id)
        return reader is not None and self._read_privately(reader, message)

    def _see_post(self, post: Message) -> bool:
        buttons = screens.buttons(self._room.telegram, post)
        if screens.find(buttons, "1:listing:post:"):
            self._confirm(post)
        elif card := screens.find(buttons, "1:listing:help:"):
            self._see_card(post, _id_of(card.data))
        else:
            return False
        return True

    def _read_privately(self, reader: Person, message: Message) -> bool:
        searched_at = self._searches.get(reader.username)
        if searched_at is not None and self._room.clock.now() < searched_at + ANSWERED_IN:
            return True
        buttons = screens.buttons(self._room.telegram, message)
        at = self._soon(reader, minutes=PRIVATE_MINUTES)
        if screens.find(buttons, "1:keep:"):
            self._answer_hint(reader, message, at)
        elif match := screens.find(buttons, "1:listing:help:"):
            self._answer_match(reader, message, _id_of(match.data), at)
        elif screens.find(buttons, "1:listing:keep_open:") and screens.find(buttons, "1:listing:found_here:"):
            [end] = self._random.choices(list(ENDS), list(ENDS.values()))
            self._plan_press(reader, message, f"1:listing:{end}:" if end else "", at)
        elif answer := screens.find(buttons, "1:listing:found_here:"):
            self._see_answer(reader, message, _id_of(answer.data))
        else:
            return any(one.data.startswith("1:listing:") for one in buttons)
        return True

    def _confirm(self, preview: Message) -> None:
        """Whoever wrote the line posts it; the preview becomes the card, and of a message that changes nobody is told."""
        posting = self.postings.get(_target_id(preview))
        if posting is not None:
            at = self._room.clock.now() + timedelta(seconds=self._random.randint(15, 90))
            self._plan_press(posting.person, preview, "1:listing:post:", at)
            self._room.diary.put(at + timedelta(minutes=1), lambda: self._see_post(preview))

    def _see_card(self, post: Message, listing_id: int) -> None:
        room = self._room
        row = room.telegram.chat_row(room.chat).messages.get(_target_id(post))
        author = room.person((row.sender_id if row else None) or 0)
        if author is None or listing_id in self._cards:
            return
        topic = room.topics.get(_target_id(post), "")
        room.topics[post.id] = topic
        card = self._cards[listing_id] = Card(topic, author, self.postings.get(_target_id(post)))
        readers = [one for one in room.people.values() if one is not author and one.reads(author.language)]
        for person in readers:
            if self._random.random() < truth.helps(person, topic, meets=self._meets(person, card)):
                at = self._soon(person, minutes=CARD_MINUTES)
                room.diary.put(at, partial(self._help, person, post, card), waits_for_bot=True)

    def _help(self, person: Person, message: Message, card: Card) -> None:
        if person not in card.helpers and self._press(person, message, "1:listing:help:"):
            card.helpers.append(person)

    def _meets(self, person: Person, card: Card) -> bool:
        """Whether somebody has truly written what a card needs, or needs what it offers."""
        own = [one.wish for one in self.postings.values() if one.person is person]
        return card.posting is not None and any(meet(card.posting.wish, one) for one in own)

    def _answer_hint(self, reader: Person, message: Message, at: datetime) -> None:
        if self._random.random() < KEEPS_SHARE:
            self._plan_press(reader, message, "1:keep:", at)
        elif self._random.random() < SAYS_IT_IS_NONE_SHARE:
            self._plan_press(reader, message, "1:ctl:less:", at)

    def _answer_match(self, reader: Person, message: Message, listing_id: int, at: datetime) -> None:
        """A card that may meet their own: they answer by what is true, where they can read it."""
        card = self._cards.get(listing_id)
        if card is None or not reader.reads(card.author.language):
            return
        if self._random.random() < truth.answers_match(is_true=self._meets(reader, card)):
            self._room.diary.put(at, partial(self._help, reader, message, card), waits_for_bot=True)

    def _see_answer(self, author: Person, message: Message, listing_id: int) -> None:
        """Somebody can help: some days later it shows whether that was it."""
        card = self._cards.get(listing_id)
        if card is None or not card.helpers:
            return
        is_true = self._meets(card.helpers[-1], card)
        if self._random.random() < truth.is_found(is_true=is_true):
            at = self._soon(author, minutes=PRIVATE_MINUTES, after=MEETING)
            self._plan_press(author, message, "1:listing:found_here:", at)

    def _plan_press(self, person: Person, message: Message, start: str, at: datetime) -> None:
        if start:
            self._room.diary.put(at, partial(self._press, person, message, start), waits_for_bot=True)

    def _press(self, person: Person, message: Message, start: str) -> bool:
        button = screens.find(screens.buttons(self._room.telegram, message), start)
        if button is not None:
            self._room.press(person, message, button.data)
        return button is not None


def _id_of(data: str) -> int:
    return int(data.rpartition(":")[2])


def _target_id(message: Message) -> int:
    """The message that a message of the bot answers; 0 for none."""
    return int(message.get("reply_to_message", {}).get("message_id", 0))
