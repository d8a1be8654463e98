"""The first days of somebody new: what they add to their hello, and what they do about what the bot makes of it."""

from __future__ import annotations

from functools import partial
from random import Random

from bot.playground.community import screens
from bot.playground.community.people import Person
from bot.playground.community.room import Room
from bot.playground.server.snapshots import Message

# So many say where they are, and what they look for, where they have something to say.
SAYS_PLACE, SAYS_SEEKS = 0.8, 0.8
# All that is proposed of them is true: so many say so at once, or line by line; the rest leaves it.
AT_ONCE, LINE_BY_LINE = 0.5, 0.3
# So many of those who are offered somebody let the bot ask.
ASKS_SHARE = 0.9
# Minutes until somebody answers in private; an average.
MINUTES = 40.0
CONFIRM, CONFIRM_ALL, ASK = "1:profile:confirm:", "1:profile:confirm_all:", "1:inquiry:ask:"


class Beginnings:
    """`random` is its own: without it all else would be lived as it is with it."""

    def __init__(self, room: Room, random: Random) -> None:
        self._room, self._random = room, random

    def more_of(self, newcomer: Person) -> str:
        """Sentences behind their hello, each true of them; "" for who says no more."""
        said = (
            ("places", "place", newcomer.place, SAYS_PLACE),
            ("searches", "seeks", newcomer.seeks, SAYS_SEEKS),
        )
        sentences = [
            self._random.choice(self._room.lines.all_of(newcomer.language, "newcomer", key)).format(**{name: value})
            for key, name, value, share in said
            if value and self._random.random() < share
        ]
        return "".join(f" {one}" if newcomer.language == "en" else one for one in sentences)

    def see(self, message: Message) -> bool:
        """A private message of the bot; False when it proposes no profile."""
        reader = self._room.person(message.chat_id)
        buttons = screens.buttons(self._room.telegram, message)
        if reader is None or screens.find(buttons, CONFIRM_ALL) is None or screens.find(buttons, "1:ctl:") is None:
            return False
        chance = self._random.random()
        if chance < AT_ONCE:
            self._plan_press(reader, message, CONFIRM_ALL)
        elif chance < AT_ONCE + LINE_BY_LINE:
            for _ in range(sum(one.data.startswith(CONFIRM) for one in buttons)):
                self._plan_press(reader, message, CONFIRM)
        if self._random.random() < ASKS_SHARE:
            self._plan_press(reader, message, ASK)
        return True

    def _plan_press(self, person: Person, message: Message, start: str) -> None:
        at = self._room.soon(person, self._room.clock.now(), minutes=MINUTES, random=self._random)
        self._room.diary.put(at, partial(self._press, person, message, start), waits_for_bot=True)

    def _press(self, person: Person, message: Message, start: str) -> None:
        """The first such button that is left."""
        button = screens.find(screens.buttons(self._room.telegram, message), start)
        if button is not None:
            self._room.press(person, message, button.data)
