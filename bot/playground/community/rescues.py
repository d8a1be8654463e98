"""Questions that the bot brings to members: who knows answers in the group, who does not care says so, others leave it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from random import Random

from bot.playground.community import screens, truth
from bot.playground.community.people import Person
from bot.playground.community.room import Room
from bot.playground.server.snapshots import Message

# Minutes until somebody answers, an average.
MINUTES = 60.0
NOT_MINE = "1:ctl:less:"


class Rescues:
    """Sees what the bot tells members in private; takes chance from a stream of its own."""

    def __init__(self, room: Room, random: Random) -> None:
        self._room, self._random = room, random
        # Who was asked about which message of the group.
        self.brought: list[tuple[Person, int]] = []

    def see(self, message: Message) -> bool:
        """A private message of the bot; False when it brings no question."""
        reader = self._room.person(message.chat_id)
        buttons = screens.buttons(self._room.telegram, message)
        question_id = next((found for one in buttons if (found := screens.message_of(one))), None)
        if reader is None or question_id is None or screens.find(buttons, NOT_MINE) is None:
            return False
        self.brought.append((reader, question_id))
        self._decide(reader, message, question_id)
        return True

    def _decide(self, reader: Person, message: Message, question_id: int) -> None:
        room, topic = self._room, self._room.topics.get(question_id, "")
        at = room.soon(reader, room.clock.now(), minutes=MINUTES, random=self._random)
        if self._random.random() < truth.answers_question(reader, topic):
            room.diary.put(at, partial(self._answer, reader, question_id, topic))
        elif self._random.random() < truth.refuses_question(reader, topic):
            room.diary.put(at + timedelta(seconds=1), partial(self._refuse, reader, message), waits_for_bot=True)

    def _answer(self, reader: Person, question_id: int, topic: str) -> None:
        room = self._room
        row = room.telegram.chat_row(room.chat).messages.get(question_id)
        asker = room.person((row.sender_id if row else None) or 0)
        if row is None or asker is None:
            return
        answers = room.lines.answers_to(asker.language, str(row.body.get("text", "")), topic, random=self._random)
        text = next(answers, None)
        if text is not None:
            to = Message(message_id=question_id, chat={"id": room.chat.id})
            to.key = room.chat.key
            room.answers[room.write(reader, text, topic=topic, reply_to=to).id] = question_id

    def _refuse(self, reader: Person, message: Message) -> None:
        button = screens.find(screens.buttons(self._room.telegram, message), NOT_MINE)
        if button is not None:
            self._room.press(reader, message, button.data)
