"""Events and who answered them, as frozen arrays: what invitations are learned from and scored with.

Members are opaque ids, events indexes into the columns of `Gatherings`; instants are unix seconds. The caller puts in rows of
consenting members only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from models.learning.arrays import Floats, Ints, distinct_pairs, positions
from models.learning.dataset import Table

UNKNOWN = -1


@dataclass(frozen=True, eq=False)
class Answers(Table):
    """One row per member and event, in order of time: whether it was a yes, and whether who said yes then stayed away.

    `stayed_away` is 1 only where guests were checked in and this one was not; it counts once the event has begun.
    """

    event: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    is_yes: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    stayed_away: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, eq=False)
class Ratings(Table):
    """Stars, 1 to 5, that a member gave to an event they were at."""

    event: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    stars: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, eq=False)
class Gatherings:
    """A community's events and answers.

    starts_at (n_events,) unix seconds, NaN where unknown; hour, weekday (n_events,) of its wall clock, UNKNOWN where that is;
    host (n_events,) member ids, UNKNOWN without one who consented; words: pairs (word_event, word) of event and token number.
    members (n_members,) sorted ids: everyone a score is asked for, those who never answered included.
    Raises ValueError when columns disagree, answers are out of order, or a member is missing.
    """

    members: Ints
    starts_at: Floats
    host: Ints
    answers: Answers
    ratings: Ratings = field(default_factory=Ratings)
    hour: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    weekday: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    word_event: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    word: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def __post_init__(self) -> None:
        for name in ("hour", "weekday"):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.full(self.n_events, UNKNOWN, dtype=np.int64))
        if len({self.n_events, len(self.host), len(self.hour), len(self.weekday)}) > 1:
            raise ValueError("The columns of events have different lengths.")
        if (np.diff(self.answers.at) < 0).any():
            raise ValueError("Answers must be in order of time.")
        if (np.diff(self.members) <= 0).any():
            raise ValueError("Members must be sorted and named once.")
        if (self.member_row < 0).any() or (self.rater_row < 0).any():
            raise ValueError("Somebody who answered or rated is not among the members.")
        for index in (self.answers.event, self.ratings.event, self.word_event):
            if ((index < 0) | (index >= self.n_events)).any():
                raise ValueError("A row is about an event that is not there.")

    @property
    def n_events(self) -> int:
        """How many events there are."""
        return len(self.starts_at)

    @cached_property
    def member_row(self) -> Ints:
        """Row of each answer's member in `members`."""
        return positions(self.answers.member, self.members)

    @cached_property
    def rater_row(self) -> Ints:
        """Row of each rating's member in `members`."""
        return positions(self.ratings.member, self.members)

    @cached_property
    def place(self) -> Ints:
        """How many answered the same event before, and this one, shape (n_answers,): 1 for the first."""
        order = np.argsort(self.answers.event, kind="stable")
        sizes = np.bincount(self.answers.event, minlength=self.n_events)
        place = np.zeros(len(order), dtype=np.int64)
        place[order] = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1
        return place

    @cached_property
    def host_row(self) -> Ints:
        """Row of each event's host; where nobody is named, of the first who answered, who most often made the event."""
        rows = positions(self.host, self.members)
        first = np.flatnonzero(self.place == 1)
        leads = np.full(self.n_events, UNKNOWN, dtype=np.int64)
        leads[self.answers.event[first]] = self.member_row[first]
        return np.where(rows >= 0, rows, leads).astype(np.int64)

    @cached_property
    def words_of(self) -> tuple[Ints, Ints]:
        """Distinct (event, word) pairs."""
        return distinct_pairs(self.word_event, self.word)

    def before(self, instant: float) -> Gatherings:
        """What was known just before `instant`: answers and ratings with at < instant."""
        cut = replace(self.answers.take(self.answers.at < instant))
        return replace(self, answers=cut, ratings=self.ratings.take(self.ratings.at < instant))
