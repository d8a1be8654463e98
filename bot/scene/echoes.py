"""What one member may be answered in a group: the same thing once a minute, and a share of the group's messages at most.

Telegram lets a bot say twenty things a minute in a group: without this one member uses them up, and everybody else waits.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.messages.outgoing import Outgoing

# As long as Telegram counts what a group is sent.
STILL_IN_SIGHT = timedelta(minutes=1)
# A third of what a group is sent a minute; what is beyond that is not answered.
MOST_ANSWERS = 6
# Links are made anew for each answer.
_TOKEN = re.compile(r"start=[\w-]+")


@dataclass
class Echoes:
    """What was answered lately, and to which updates; in memory, for a repetition after a restart does no harm.

    An update that is handled again, because its transaction was undone, is no other.
    """

    _answers: dict[Hashable, tuple[int, datetime]] = field(default_factory=dict)
    _shares: dict[Hashable, dict[int, datetime]] = field(default_factory=dict)

    def is_echo(self, place: Hashable, message: Outgoing, *, row_id: int, now: datetime) -> bool:
        """Whether another update than `row_id` got this very answer here within a minute; if not, it is remembered."""
        self._answers = {key: last for key, last in self._answers.items() if abs(now - last[1]) < STILL_IN_SIGHT}
        first, _ = self._answers.setdefault((place, _TOKEN.sub("", str(message.payload()))), (row_id, now))
        return first != row_id

    def has_share(self, place: Hashable, *, row_id: int, now: datetime) -> bool:
        """Whether this update may still be answered here; if so, it is counted."""
        lately = {row: at for row, at in self._shares.get(place, {}).items() if abs(now - at) < STILL_IN_SIGHT}
        if row_id not in lately and len(lately) >= MOST_ANSWERS:
            return False
        # Places where nobody was answered for a minute are forgotten.
        self._shares = {
            key: rows for key, rows in self._shares.items() if abs(now - max(rows.values())) < STILL_IN_SIGHT
        }
        self._shares[place] = lately | {row_id: now}
        return True

    def is_further(self, place: Hashable, *, row_id: int) -> bool:
        """Whether another update of theirs was answered here within a minute before this one: others go first."""
        return next(iter(self._shares.get(place, {row_id: None})), row_id) != row_id
