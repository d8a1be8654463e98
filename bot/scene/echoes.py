"""The same answer to the same person in the same place: once a minute, or one member uses up a whole group's messages."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.messages.outgoing import Outgoing

# As long as Telegram counts what a group is sent.
STILL_IN_SIGHT = timedelta(minutes=1)
# Links are made anew for each answer.
_TOKEN = re.compile(r"start=[\w-]+")


@dataclass
class Echoes:
    """What was answered lately, and to which update; in memory, for a repetition after a restart does no harm."""

    _answered: dict[Hashable, tuple[int, datetime]] = field(default_factory=dict)

    def is_echo(self, place: Hashable, message: Outgoing, *, row_id: int, now: datetime) -> bool:
        """Whether another update than `row_id` got this very answer here within a minute; if not, it is remembered.

        An update that is handled again, because its transaction was undone, is no other.
        """
        self._answered = {key: told for key, told in self._answered.items() if abs(now - told[1]) < STILL_IN_SIGHT}
        first, _ = self._answered.setdefault((place, _TOKEN.sub("", str(message.payload()))), (row_id, now))
        return first != row_id
