"""P(member active in the next 14 days) from the time before: who is at risk of leaving.

Active means: wrote or reacted. Asked about are members active in the 28 days before; the others have left already.
"""

from __future__ import annotations

import numpy as np

from models.learning.arrays import DAY, Bools, Floats, Ints, decay, positions
from models.learning.behaviour_model import BehaviourModel, fit_or_baseline
from models.learning.dataset import CommunityLog
from models.learning.fitting import Examples, join

PAST_DAYS = 28.0
HORIZON_DAYS = 14.0
FEATURE_NAMES = (
    "recency", "days_since_active", "acts_1d", "acts_7d", "acts_28d", "acts_ever", "active_days_7d", "active_days_28d",
    "active_days_share", "trend", "silence_against_usual", "days_known", "reactions_28d", "turned_to_28d",
    "turned_to_others_28d", "community_week",
)  # fmt: skip
# The rule to beat: who was here lately will be here again.
FALLBACK_COLUMNS = ("recency",)


def fit(log: CommunityLog, instants: Floats) -> BehaviourModel:
    """Learn from who was active after each instant (unix seconds); recency alone when that is too little.

    `instants` + HORIZON_DAYS must not pass the end of the log.
    """
    return fit_or_baseline(examples(log, instants), fallback_columns=FALLBACK_COLUMNS, metric="auc")


def examples(log: CommunityLog, instants: Floats) -> Examples:
    """One row per (member active in the PAST_DAYS before, instant); each instant is one query."""
    return join([_at(log, float(now)) for now in instants], FEATURE_NAMES)


def active_between(log: CommunityLog, start: float, end: float) -> Ints:
    """Sorted ids of members who wrote or reacted in [start, end)."""
    tables = (log.messages, log.reactions)
    return np.unique(np.concatenate([t.member[(t.at >= start) & (t.at < end)] for t in tables]))


def features(log: CommunityLog, now: float, members: Ints) -> Floats:
    """Shape (n_members, len(FEATURE_NAMES)), from rows before `now`; `members` are sorted ids, unknown ones are cold."""
    member = np.concatenate([log.messages.member, log.reactions.member])
    at = np.concatenate([log.messages.at, log.reactions.at])
    row, age = positions(member, members), (now - at) / DAY
    is_known = (age > 0) & (row >= 0)
    counts = _Counts(row[is_known], age[is_known], len(members))
    reactions = _rows_since(log.reactions.member, log.reactions.at, members, now)
    since, ever = counts.since_last(), counts.within(np.inf)
    age_known = np.maximum(counts.since_first(), 1.0)
    days = counts.days(PAST_DAYS)
    to_me, to_others = _turns(log, members, now)
    in_community = np.log1p(float(np.sum((at < now) & (at >= now - 7 * DAY))))
    columns = {
        "recency": decay(since, 7.0),
        "days_since_active": np.log1p(since),
        "acts_1d": np.log1p(counts.within(1)),
        "acts_7d": np.log1p(counts.within(7)),
        "acts_28d": np.log1p(counts.within(PAST_DAYS)),
        "acts_ever": np.log1p(ever),
        "active_days_7d": counts.days(7),
        "active_days_28d": days,
        "active_days_share": np.log1p(counts.days(np.inf)) - np.log(age_known + 1),
        "trend": np.log1p(counts.within(14)) - np.log1p(counts.within(PAST_DAYS) - counts.within(14)),
        "silence_against_usual": np.log1p(since * (days + 1) / np.minimum(age_known, PAST_DAYS)),
        "days_known": np.log1p(age_known),
        "reactions_28d": np.log1p(reactions),
        "turned_to_28d": np.log1p(to_me),
        "turned_to_others_28d": np.log1p(to_others),
        "community_week": np.full(len(members), in_community),
    }
    return np.stack([columns[name] for name in FEATURE_NAMES], axis=1)


def _at(log: CommunityLog, now: float) -> Examples:
    members = active_between(log, now - PAST_DAYS * DAY, now)
    return Examples(
        x=features(log, now, members),
        outcome=np.isin(members, active_between(log, now, now + HORIZON_DAYS * DAY)),
        at=np.full(len(members), now),
        query=np.zeros(len(members), np.int64),
        member=members,
        weight=np.ones(len(members)),
        feature_names=FEATURE_NAMES,
    )


class _Counts:
    """Acts of each member by age in days."""

    def __init__(self, row: Ints, age: Floats, size: int) -> None:
        self.row, self.age, self.size = row, age, size

    def within(self, days: float) -> Floats:
        return np.bincount(self.row[self.age <= days], minlength=self.size).astype(np.float64)

    def days(self, within: float) -> Floats:
        """Distinct days (of 24 hours back from now) with an act."""
        near = self.age <= within
        pairs = np.unique(np.stack([self.row[near], np.floor(self.age[near]).astype(np.int64)]), axis=1)
        return np.bincount(pairs[0], minlength=self.size).astype(np.float64)

    def since_last(self) -> Floats:
        last = np.full(self.size, 365.0)
        np.minimum.at(last, self.row, self.age)
        return last

    def since_first(self) -> Floats:
        first = np.zeros(self.size)
        np.maximum.at(first, self.row, self.age)
        return first


def _turns(log: CommunityLog, members: Ints, now: float) -> tuple[Floats, Floats]:
    """How often others replied to or mentioned each member lately, and each member others."""
    messages = log.messages
    answer = np.flatnonzero(messages.reply_to >= 0)
    by = np.concatenate([messages.member[answer], messages.member[messages.mentioning]])
    of = np.concatenate([messages.member[messages.reply_to[answer]], messages.mentioned_member])
    at = np.concatenate([messages.at[answer], messages.at[messages.mentioning]])
    others = by != of
    n_received = _rows_since(of[others], at[others], members, now)
    return n_received, _rows_since(by[others], at[others], members, now)


def _rows_since(member: Ints, at: Floats, members: Ints, now: float) -> Floats:
    row = positions(member, members)
    lately: Bools = (row >= 0) & (at < now) & (at >= now - PAST_DAYS * DAY)
    return np.bincount(row[lately], minlength=len(members)).astype(np.float64)
