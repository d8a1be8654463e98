"""A community's log made ready to look at from any instant: woven into threads, its texts as vectors.

A History may hold the future (training does); a View of it at `now` is built from what came before `now` only. Whatever
is worked out per message (parent, thread, vector, kind) depends on nothing later than that message.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from models.learning.arrays import DAY, Bools, Floats, Ints, decay, positions
from models.learning.dataset import CommunityLog
from models.learning.text import TextSpace
from models.learning.threads import Threads, parents, rooms, roots, summarise
from models.learning.traits import questions
from models.reading.text_kinds import kind

# A thread is live for as long as this after its last message (days); a digest shows no others.
LIVE_DAYS = 2.0
# Half of what two members did together is forgotten after this (days); chosen on the exports' time split.
HALF_LIFE_DAYS = 30.0


@dataclass(frozen=True, eq=False)
class History:
    """Per-message arrays, each of shape (n_messages, ...): parent, thread, asks, kinds (TextKind), topical (n, d),
    room (a number per chat and forum topic)."""

    log: CommunityLog
    parent: Ints
    thread: Ints
    asks: Bools
    kinds: Ints
    topical: Floats
    room: Ints

    @classmethod
    def of(cls, log: CommunityLog, space: TextSpace) -> Self:
        """Weave and read the log. `space` must not have been fitted on texts later than the first `now` to be asked."""
        parent = parents(log)
        kinds = np.array([kind(text) for text in log.messages.text], dtype=np.int64)
        return cls(
            log,
            parent,
            roots(parent),
            questions(log.messages),
            kinds,
            space.topical(log.messages.text),
            rooms(log.messages),
        )


class View:
    """What was known at `now`: sparse tables over everyone known (`everyone`) and over the live threads (`live`).

    `members` are the ids asked about, one row each in every (n_members, ...) array; unknown ones are cold rows of zeros.
    """

    def __init__(self, history: History, now: float, members: Ints, *, live_days: float = LIVE_DAYS) -> None:
        self.history, self.now, self.members = history, now, members
        messages = history.log.messages
        self.n = int(np.searchsorted(messages.at, now, side="left"))
        self.at, self.thread = messages.at[: self.n], history.thread[: self.n]
        self.everyone = np.unique(np.concatenate([messages.member[: self.n], members]))
        self.row = positions(messages.member[: self.n], self.everyone)
        self.own_rows = positions(members, self.everyone)
        self.age_days = (now - self.at) / DAY
        last_at = np.zeros(int(self.thread.max()) + 1 if self.n else 0)
        last_at[self.thread] = self.at  # in order of time, so the last one stays
        self.live = np.flatnonzero(last_at >= now - live_days * DAY).astype(np.int64)
        self.column = positions(self.thread, self.live)

    @cached_property
    def threads(self) -> Threads:
        """Facts about the live threads, in the order of `live`."""
        return summarise(self.history.log, self.thread, self.history.asks).take(self.live)

    @cached_property
    def participation(self) -> csr_array:
        """(n_everyone, n_threads): decayed messages of each in each thread, its square root."""
        weight = decay(self.age_days, HALF_LIFE_DAYS)
        return _table(weight, self.row, self.thread, (len(self.everyone), self._n_threads)).sqrt()

    @cached_property
    def present(self) -> csr_array:
        """(n_everyone, n_live): log1p of each one's messages in each live thread."""
        inside = self.column >= 0
        ones = np.ones(int(inside.sum()))
        return _table(ones, self.row[inside], self.column[inside], (len(self.everyone), len(self.live))).log1p()

    @cached_property
    def answers(self) -> tuple[Ints, Ints]:
        """(message index, row of the member it answers), for messages that answer somebody else."""
        parent = self.history.parent[: self.n]
        answering = np.flatnonzero((parent >= 0) & (self.row != self.row[np.maximum(parent, 0)])) if self.n else parent
        return answering, self.row[parent[answering]]

    @cached_property
    def mentions(self) -> tuple[Ints, Ints]:
        """(message index, row of the member it mentions); -1 for somebody who did nothing yet and was not asked about."""
        messages = self.history.log.messages
        is_known = messages.mentioning < self.n
        return messages.mentioning[is_known], positions(messages.mentioned_member[is_known], self.everyone)

    @cached_property
    def replies(self) -> csr_array:
        """(n_everyone, n_everyone): decayed count of how often row answered or mentioned column."""
        message, towards = (np.concatenate(pair) for pair in zip(self.answers, self.mentions, strict=True))
        by, weight = self.row[message], decay(self.age_days[message], HALF_LIFE_DAYS)
        others = (by != towards) & (towards >= 0)
        size = len(self.everyone)
        return _table(weight[others], by[others], towards[others], (size, size))

    @cached_property
    def last_speaker(self) -> Ints:
        """Member id of the last message of each live thread."""
        return self.history.log.messages.member[self.threads.last]

    @property
    def _n_threads(self) -> int:
        return int(self.thread.max()) + 1 if self.n else 0


def _table(values: Floats, rows: Ints, columns: Ints, shape: tuple[int, int]) -> csr_array:
    return csr_array((values, (rows, columns)), shape=shape)
