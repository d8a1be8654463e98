"""Who is likely to come, without training: decayed company kept with the first guests and the host, times own recency.

Measured on real RSVPs by tests/benchmarks/invitations.py. Every score has shape (n_members,) and is higher for who is likelier.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.learning.arrays import DAY, Bools, Floats, Ints, decay
from models.learning.gatherings import UNKNOWN, Gatherings

# Half of an attendance's weight is gone after so many days; chosen on tests/benchmarks/invitations.py (flat from 60 to 120,
# and from 15 to 30).
TOGETHER_HALF_LIFE_DAYS = 60.0
RECENCY_HALF_LIFE_DAYS = 20.0
HOST_HALF_LIFE_DAYS = 60.0
LATELY_DAYS = 60.0
# What a member without any common event counts for, so that recency alone orders those.
NO_COMMON_EVENT = 1e-3
# A host's few events say less than many: so much is added below the line, and so much above it for who came to none.
HOST_PRIOR, NO_EVENT_OF_HOST = 0.3, 1e-2


@dataclass(frozen=True, eq=False)
class Moment:
    """What was known of one event at an instant; answers after `now` and the event's own answers count for nothing.

    seeds, answered: rows of those the event is known by, and of all who answered it, whatever they said.
    """

    history: Gatherings
    event: int
    now: float
    seeds: Ints
    answerers: Ints

    @cached_property
    def past(self) -> Ints:
        """Answers to other events until now."""
        until = int(np.searchsorted(self.history.answers.at, self.now, side="right"))
        past: Ints = np.flatnonzero(self.history.answers.event[:until] != self.event)
        return past

    @cached_property
    def came(self) -> Ints:
        """Answers of the past that were a yes, without those who were missed at the door."""
        answers = self.history.answers
        has_begun = self.history.starts_at[answers.event[self.past]] < self.now
        is_no_show = has_begun & (answers.stayed_away[self.past] == 1)
        came: Ints = self.past[(answers.is_yes[self.past] == 1) & ~is_no_show]
        return came

    @cached_property
    def guests(self) -> Floats:
        """How many came to each event, shape (n_events,)."""
        return self.by_event(self.came)

    @cached_property
    def host_counts(self) -> Floats:
        """Weight of each event of the same host, decayed since its last answer, shape (n_events,)."""
        host = self.history.host_row
        last = np.full(self.history.n_events, -np.inf)
        np.maximum.at(last, self.history.answers.event[self.past], self.history.answers.at[self.past])
        is_theirs = (host == host[self.event]) & (host != UNKNOWN) & np.isfinite(last)
        weights = np.zeros(self.history.n_events)
        weights[is_theirs] = decay(self.now - last[is_theirs], HOST_HALF_LIFE_DAYS * DAY)
        return weights

    @cached_property
    def alike(self) -> Floats:
        """How much each event's words are this event's own, 0 to 1 (cosine of the sets), shape (n_events,)."""
        event, word = self.history.words_of
        own = np.unique(word[event == self.event])
        size = np.bincount(event, minlength=self.history.n_events)
        n_common = np.bincount(event, np.isin(word, own).astype(np.float64), minlength=self.history.n_events)
        likeness: Floats = n_common / np.sqrt(np.maximum(size * max(len(own), 1), 1))
        return likeness

    @property
    def candidates(self) -> Bools:
        """Members seen so far who have not answered the event."""
        is_seen = np.zeros(len(self.history.members), dtype=np.bool_)
        is_seen[self.history.member_row[self.past]] = True
        is_seen[self.answerers] = False
        return is_seen

    def age(self, rows: Ints) -> Floats:
        """Seconds since these answers."""
        return self.now - self.history.answers.at[rows]

    def by_member(self, rows: Ints, weights: Floats | None = None) -> Floats:
        """Sum of the weights (one each) of these answers by member."""
        sums = np.bincount(self.history.member_row[rows], weights, minlength=len(self.history.members))
        return sums.astype(np.float64)

    def by_event(self, rows: Ints, weights: Floats | None = None) -> Floats:
        """Sum of the weights (one each) of these answers by event."""
        sums = np.bincount(self.history.answers.event[rows], weights, minlength=self.history.n_events)
        return sums.astype(np.float64)

    def company(self, rows: Ints, others: Ints) -> Floats:
        """How often and how recently each member was in these answers where the others were.

        Each common event counts 0.5 ** (age / TOGETHER_HALF_LIFE_DAYS) / sqrt(answers): a large event ties its guests less.
        """
        is_other = np.zeros(len(self.history.members), dtype=np.bool_)
        is_other[others] = True
        theirs = rows[is_other[self.history.member_row[rows]]]
        weights = self.by_event(theirs, decay(self.age(theirs), TOGETHER_HALF_LIFE_DAYS * DAY))
        weights /= np.sqrt(np.maximum(self.by_event(rows), 1.0))
        return self.by_member(rows, weights[self.history.answers.event[rows]])


def moment(history: Gatherings, event: int, now: float, *, n_first: int | None = None) -> Moment:
    """The event as known by its answers until now, or by the first so many of them."""
    rows = np.flatnonzero((history.answers.event == event) & (history.answers.at <= now))[:n_first]
    answerers = np.unique(history.member_row[rows])
    said_yes = np.unique(history.member_row[rows[history.answers.is_yes[rows] == 1]])
    return Moment(history, event, now, said_yes, answerers)


def popularity(at: Moment) -> Floats:
    """How many events each came to."""
    return at.by_member(at.came)


def recent_activity(at: Moment) -> Floats:
    """How many events each said yes to in LATELY_DAYS."""
    return at.by_member(at.came[at.age(at.came) < LATELY_DAYS * DAY])


def recency(at: Moment) -> Floats:
    """How many events each came to, recent ones counting most."""
    return at.by_member(at.came, decay(at.age(at.came), RECENCY_HALF_LIFE_DAYS * DAY))


def together(at: Moment) -> Floats:
    """Company kept with the seeds."""
    return at.company(at.came, at.seeds)


def host_share(at: Moment) -> Floats:
    """Share of the same host's events each came to, recent ones counting most."""
    weights = at.host_counts[at.history.answers.event[at.came]]
    share: Floats = at.by_member(at.came, weights) / (at.host_counts.sum() + HOST_PRIOR)
    return share


def product(at: Moment) -> Floats:
    """(together + NO_COMMON_EVENT) * sqrt(recency): the rule that learning has to beat."""
    scores: Floats = (together(at) + NO_COMMON_EVENT) * np.sqrt(recency(at))
    return scores


def hosted_product(at: Moment) -> Floats:
    """The product, with company kept with the host as half of the company: what serves until a model has earned it."""
    product = (together(at) + NO_COMMON_EVENT) * (host_share(at) + NO_EVENT_OF_HOST)
    scores: Floats = np.sqrt(product * recency(at))
    return scores
