"""How members answer what the bot sends: consent, cards, invitations, reminders, digests, each by their own truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.playground.community import encounters, screens, truth
from bot.playground.community.encounters import Encounters
from bot.playground.community.meetings import Meetings, wants_to_come
from bot.playground.community.people import SAYS_NO, SAYS_YES_LATER, Person
from bot.playground.community.room import GLANCE, Room
from bot.playground.server.snapshots import Message

# Minutes until somebody reacts to a post in the group, and to a private message; averages.
POST_MINUTES, PRIVATE_MINUTES = 240.0, 40.0
# The first few are quick, so that whoever sits at the chat page sees something happen.
N_EAGER, EAGER_SECONDS = 3, 40.0
LATER = timedelta(days=3)
# Of a digest's items so many are judged by a press.
JUDGED_SHARE = 0.45
# So many say where they are when they are asked.
CLOCK_SHARE = 0.8
# Where the group meets.
HOME = "Europe/Berlin"
LOOK_AGAIN = timedelta(minutes=1)
MAYBE_SHARE = 0.25


class Sight(Protocol):
    """Part of the community's life, with messages of the bot that are its own."""

    def see(self, message: Message) -> bool:
        """A message of the bot; False when it is about something else."""


class Responses:
    """Sees every message of the bot once and plans what people do about it."""

    def __init__(self, room: Room, meetings: Meetings, sights: Sequence[Sight]) -> None:
        """`sights` look first, in this order; what none of them knows is answered here."""
        self._room, self._meetings, self._sights = room, meetings, sights
        self._encounters = Encounters(room, meetings)
        self._seen_posts: set[tuple[str, int]] = set()
        self._notice: Message | None = None
        self._questions: set[tuple[str, str]] = set()

    def see(self, message: Message) -> None:
        """A message of the bot appeared, or one that is known changed (nobody is told of that)."""
        if (message.key, message.id) in self._seen_posts:
            return
        self._seen_posts.add((message.key, message.id))
        if any(one.see(message) for one in self._sights):
            return
        if message.key == self._room.chat.key:
            self._see_post(message)
        elif (reader := self._room.person(message.chat_id)) is not None:
            self._read_privately(reader, message)

    def greet(self, newcomer: Person) -> None:
        """Somebody new finds the question of consent that was asked before they came."""
        if self._notice is not None:
            self._plan_consent(newcomer, self._notice)

    def _see_post(self, post: Message) -> None:
        buttons = screens.buttons(self._room.telegram, post)
        if screens.find(buttons, "1:consent:"):
            self._notice = self._notice or post
            for person in self._room.people.values():
                self._plan_consent(person, self._notice)
        elif screens.find(buttons, "1:event:publish:"):
            self._plan_publishing(post)
        elif screens.find(buttons, "1:rsvp:"):
            self._see_card(post)

    # --- consent

    def _plan_consent(self, person: Person, notice: Message) -> None:
        room = self._room
        if person.consents == SAYS_NO or ("consent", person.username) in self._questions:
            return
        self._questions.add(("consent", person.username))
        begin = room.clock.now() + (LATER if person.consents == SAYS_YES_LATER else timedelta(0))
        at = room.soon(person, begin, minutes=POST_MINUTES / 2)
        act = self._choose_one_by_one if isinstance(person.consents, tuple) else self._count_me_in
        room.diary.put(at, lambda: act(person, notice), waits_for_bot=True)

    def _count_me_in(self, person: Person, notice: Message) -> None:
        room = self._room
        yes = screens.find(screens.buttons(room.telegram, notice), "1:consent:")
        if yes is not None:
            room.press_and_follow(person, notice, yes.data)

    def _choose_one_by_one(self, person: Person, notice: Message) -> None:
        for one in screens.buttons(self._room.telegram, notice):
            if "?start=" in one.url:
                self._room.start(person, one.url.partition("?start=")[2])
                return

    def _pick_consents(self, person: Person, message: Message) -> None:
        buttons = screens.buttons(self._room.telegram, message)
        for purpose in person.consents:
            choices = [one for one in buttons if f":{purpose}:1" in one.data]
            for one in choices:
                self._room.press(person, message, one.data)

    # --- events

    def _plan_publishing(self, preview: Message) -> None:
        """Whoever planned the event, if it is one of ours, presses Publish under its preview."""
        room = self._room
        planner_id = preview.get("reply_to_message", {}).get("from", {}).get("id")
        row = room.telegram.chat_row(preview.key)
        plans = [one for one in row.messages.values() if str(one.body.get("text", "")).startswith("/event ")]
        planner = room.person(planner_id or preview.chat_id) or (
            room.person(plans[-1].sender_id or 0) if plans else None
        )
        if planner is not None and self._is_planned(plans[-1].body["text"] if plans else preview.text):
            at = room.clock.now() + timedelta(seconds=room.random.randint(15, 90))
            room.diary.put(at, lambda: self._press_if_there(planner, preview, "1:event:publish:"), waits_for_bot=True)
            # The preview becomes the card, and of a message that changes nobody is told.
            room.diary.put(at + LOOK_AGAIN, lambda: self._see_post(preview))

    def _is_planned(self, text: str) -> bool:
        return self._meetings.of_card(text).on is not None

    def _see_card(self, card: Message) -> None:
        room, meeting = self._room, self._meetings.of_card(card.text)
        room.topics[card.id] = meeting.topic
        people = list(room.people.values())
        room.random.shuffle(people)
        going: list[Person] = []
        for person in people:
            decision = self._decide(wants_to_come(person, meeting), taste=person.taste(meeting.topic))
            if decision is None or ("rsvp", f"{card.id}:{person.username}") in self._questions:
                continue
            # Most wait to be asked; that is what invitations are for.
            if decision != "going" or len(going) < N_EAGER or room.random.random() < 0.4:
                minutes = EAGER_SECONDS / 60 if len(going) < N_EAGER else POST_MINUTES
                at = room.soon(person, room.clock.now(), minutes=minutes)
                going += [person] if decision == "going" else []
                room.diary.put(at, self._pressing(person, card, decision))
        self._meetings.talk_about(meeting, going)

    def _decide(self, chance: float, *, taste: float) -> str | None:
        """going, maybe, not_going, or None: says nothing."""
        random = self._room.random
        if random.random() < chance:
            return "going"
        if random.random() < MAYBE_SHARE * taste:
            return "maybe"
        return "not_going" if random.random() < 0.1 + 0.2 * taste else None

    def _pressing(self, person: Person, message: Message, action: str) -> Callable[[], None]:
        def act() -> None:
            buttons = screens.buttons(self._room.telegram, message)
            choices = [one for one in buttons if one.data.startswith("1:rsvp:") and one.data.endswith(f":{action}")]
            for one in choices[:1]:
                self._room.press(person, message, one.data)

        return act

    def _press_if_there(self, person: Person, message: Message, start: str) -> None:
        if one := screens.find(screens.buttons(self._room.telegram, message), start):
            self._room.press(person, message, one.data)

    # --- private messages

    def _read_privately(self, reader: Person, message: Message) -> None:
        room, buttons = self._room, screens.buttons(self._room.telegram, message)
        at = room.soon(reader, room.clock.now(), minutes=PRIVATE_MINUTES)
        if screens.find(buttons, "1:consent:"):
            if isinstance(reader.consents, tuple) and ("picked", reader.username) not in self._questions:
                self._questions.add(("picked", reader.username))
                room.diary.put(at, lambda: self._pick_consents(reader, message), waits_for_bot=True)
        elif screens.find(buttons, "1:clock:"):
            if room.random.random() < CLOCK_SHARE:
                room.diary.put(at, lambda: self._tell_clock(reader, message), waits_for_bot=True)
        elif screens.find(buttons, "1:event:publish:"):
            self._plan_publishing(message)
        elif screens.find(buttons, "1:rsvp:"):
            room.diary.put(at, lambda: self._answer_event(reader, message), waits_for_bot=True)
        elif screens.find(buttons, "1:ctl:open:"):
            self._read_digest(reader, message, at)
        elif any(screens.find(buttons, start) for start in encounters.STARTS):
            self._encounters.see(reader, message, at)

    def _tell_clock(self, reader: Person, message: Message) -> None:
        """Yes when the time asked about is theirs, else they write where they are."""
        buttons, now = screens.buttons(self._room.telegram, message), self._room.clock.now()
        question = next((one for one in buttons if one.data.startswith("1:clock:") and one.data != "1:clock:"), None)
        if question is None:
            return
        zone = ZoneInfo(question.data.removeprefix("1:clock:"))
        if now.astimezone(zone).utcoffset() == now.astimezone(reader.zone).utcoffset():
            self._room.press(reader, message, question.data)
            self._room.diary.put(
                now + GLANCE, lambda: self._tell_whether_they_come(reader, message), waits_for_bot=True
            )
        else:
            self._room.tell_bot(reader, f"/settings {reader.zone.key.rpartition('/')[2].replace('_', ' ')}")

    def _tell_whether_they_come(self, reader: Person, message: Message) -> None:
        comes = reader.zone.key == HOME
        self._press_if_there(reader, message, f"1:set:meeting:{'in_person' if comes else 'online'}")

    def _answer_event(self, reader: Person, message: Message) -> None:
        choices = [one.data for one in screens.buttons(self._room.telegram, message)]
        meeting, random = self._meetings.of_card(message.text), self._room.random
        if any(data.endswith(":keep") for data in choices):
            self._pressing(reader, message, "keep" if random.random() < 0.92 else "release")()
            return
        decision = self._decide(wants_to_come(reader, meeting), taste=1.0)
        if decision is not None:
            self._pressing(reader, message, decision)()

    def _read_digest(self, reader: Person, digest: Message, at: datetime) -> None:
        """They judge some of its items by their true taste, and join what they care for."""
        room = self._room
        numbers = [one for one in screens.buttons(room.telegram, digest) if one.data.startswith("1:ctl:open:")]
        for number, message_id in screens.numbered_links(digest).items():
            topic = room.topics.get(message_id)
            if topic is None or number > len(numbers):
                continue
            at = room.soon(reader, at, minutes=2)
            if room.random.random() < JUDGED_SHARE:
                self._plan_judgement(reader, digest, numbers[number - 1].data, topic, at)
            if room.random.random() < reader.taste(topic) * reader.answers * 0.5:
                later = room.soon(reader, at, minutes=PRIVATE_MINUTES)
                room.diary.put(later, self._joining(reader, message_id, topic))

    def _plan_judgement(self, reader: Person, digest: Message, number: str, topic: str, at: datetime) -> None:
        room = self._room
        verdict = "like" if room.random.random() < truth.likes(reader, topic) else "less"
        row_id = number.rpartition(":")[2]
        for step in (number, f"1:ctl:{verdict}:{row_id}"):
            room.diary.put(at, partial(self._press_if_there, reader, digest, step), waits_for_bot=True)
            at += GLANCE

    def _joining(self, reader: Person, message_id: int, topic: str) -> Callable[[], None]:
        def act() -> None:
            room = self._room
            opening = room.telegram.chat_row(room.chat).messages.get(message_id)
            opener = room.person(opening.sender_id or 0) if opening else None
            if opener is None or not reader.reads(opener.language):
                return
            to = Message(message_id=message_id, chat={"id": room.chat.id})
            to.key = room.chat.key
            text = room.lines.say(opener.language, "follow", "ask_back", name=opener.short_name)
            room.say(reader, text, topic=topic, answers=to)

        return act
