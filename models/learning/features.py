"""Features of (member, live thread, now): float64 columns with stable names, since reasons are made from them.

Every column is worked out from what was known at `now` (see history.View). Counts are log1p'd, affinities run from 0
up, times are log1p of hours or days. The README lists what each means and how much it mattered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from models.learning.arrays import DAY, HOUR, Bools, Floats, Ints, decay, distinct_pairs, positions
from models.learning.dataset import Action, ItemKind
from models.learning.history import LIVE_DAYS, History, View
from models.learning.text import mean_vectors
from models.reading.text_kinds import TextKind

# Somebody with fewer messages than this is cold: what is popular and recent is the honest thing to show.
COLD_MESSAGES = 3
PROFILE_HALF_LIFE_DAYS = 45.0
RECENT_PROFILE_HALF_LIFE_DAYS = 4.0

FEATURE_NAMES = (
    # me and the people in it
    "co_participation", "kin", "i_answered_them", "they_answered_me", "opener_affinity",
    # me and what it is about
    "topic_affinity", "recent_topic_affinity", "room_share", "liked_similar", "disliked_similar",
    # me in it
    "my_messages", "hours_since_mine", "i_opened", "i_spoke_last", "i_was_mentioned", "i_was_answered", "i_reacted",
    # the thread
    "people", "messages", "reactions", "messages_6h", "people_6h", "minutes_since_last",
    "newer_threads", "hours_open",
    "is_question", "is_unanswered", "is_event_notice", "is_resource", "is_introduction", "is_cold_thread",
    # me
    "my_day", "my_week", "my_month", "days_since_active", "my_threads", "hour_match", "weekday_match",
    "answers_questions", "is_cold_member",
    # together
    "question_for_me", "affinity_now",
)  # fmt: skip

# What counts without any training, in equal parts: the fallback and the baseline a model has to beat.
FALLBACK_COLUMNS = ("kin", "topic_affinity", "they_answered_me", "my_messages", "people_6h", "affinity_now")


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Everyone asked about against every live thread at one instant.

    members (n_members,) ids; threads (n_threads,) indexes as from `weave`; cube (n_members, n_threads, n_features).
    """

    now: float
    members: Ints
    threads: Ints
    cube: Floats
    is_cold: Bools

    def column(self, name: str) -> Floats:
        """One feature, shape (n_members, n_threads). Raises ValueError for an unknown name."""
        return self.cube[:, :, FEATURE_NAMES.index(name)]

    def rows(self) -> Floats:
        """All pairs, member by member, shape (n_members * n_threads, n_features)."""
        return self.cube.reshape(-1, self.cube.shape[2])


def snapshot(history: History, now: float, members: Ints, *, live_days: float = LIVE_DAYS) -> Snapshot:
    """Features of these members (ids, also unknown ones) for all threads live at `now`. Later rows are not looked at."""
    view = View(history, now, members, live_days=live_days)
    columns: dict[str, Floats] = {}
    for part in (_people, _content, _own_presence, _thread, _member):
        columns |= part(view)
    columns |= _together(columns)
    shape = (len(members), len(view.live))
    cube = np.stack([np.broadcast_to(columns[name], shape) for name in FEATURE_NAMES], axis=-1)
    is_cold = np.broadcast_to(columns["is_cold_member"], (len(members), 1))[:, 0] > 0
    return Snapshot(now, members, view.live, np.ascontiguousarray(cube), is_cold)


def _people(view: View) -> dict[str, Floats]:
    """Affinity to those in the thread: shared threads (rarer company counts more), answers both ways."""
    company = np.maximum(_row_sums((view.participation.T > 0).astype(np.float64)), 1.0)
    ties = view.participation.multiply(1 / np.sqrt(company)[None, :]).tocsr()
    own_ties = ties[view.own_rows]
    overlap = (own_ties @ ties.T).toarray()
    overlap[np.arange(len(view.own_rows)), view.own_rows] = 0.0
    norm = np.sqrt(_row_sums(ties.multiply(ties).tocsr()))
    cosine = overlap / np.maximum(norm[view.own_rows][:, None] * norm[None, :], 1e-9)
    present, replies = view.present, view.replies
    opener = positions(view.threads.opener, view.everyone)
    replies_to, answered_by = replies[view.own_rows].toarray(), replies.T.tocsr()[view.own_rows].toarray()
    return {
        "co_participation": np.log1p(overlap @ present),
        "kin": cosine @ present,
        "i_answered_them": np.log1p(replies_to @ present),
        "they_answered_me": np.log1p(answered_by @ present),
        "opener_affinity": np.log1p((replies_to + answered_by)[:, opener]),
    }


def _content(view: View) -> dict[str, Floats]:
    """Cosine of what I wrote to what it says; share of my messages in its room; likeness to what I (dis)liked."""
    vectors = view.history.topical[: view.n]
    inside = view.column >= 0
    about = mean_vectors(vectors[inside], view.column[inside], len(view.live), np.ones(int(inside.sum())))
    size = len(view.everyone)

    def profile(half_life: float) -> Floats:
        return mean_vectors(vectors, view.row, size, decay(view.age_days, half_life))[view.own_rows]

    return {
        "topic_affinity": profile(PROFILE_HALF_LIFE_DAYS) @ about.T,
        "recent_topic_affinity": profile(RECENT_PROFILE_HALF_LIFE_DAYS) @ about.T,
        "room_share": _room_share(view),
        "liked_similar": _taste(view, (Action.LIKED, Action.CLICKED)) @ about.T,
        "disliked_similar": _taste(view, (Action.LESS_LIKE_THIS,)) @ about.T,
    }


def _room_share(view: View) -> Floats:
    room = view.history.room[: view.n]
    weight = decay(view.age_days, PROFILE_HALF_LIFE_DAYS)
    table = csr_array((weight, (view.row, room)), shape=(len(view.everyone), int(view.history.room.max(initial=0)) + 1))
    own_rows = table[view.own_rows].toarray()
    shares: Floats = own_rows / np.maximum(own_rows.sum(axis=1, keepdims=True), 1e-9)
    return shares[:, room[view.threads.first]]


def _taste(view: View, actions: tuple[Action, ...]) -> Floats:
    """Direction of the threads a member answered a digest about with one of these actions, (n_members, d)."""
    feedback, messages = view.history.log.feedback, view.history.log.messages
    order = np.argsort(messages.item_id[: view.n])
    item = positions(feedback.item_id, messages.item_id[: view.n][order])
    row = positions(feedback.member, view.members)
    is_known = (feedback.at < view.now) & (feedback.item_kind == ItemKind.THREAD) & np.isin(feedback.action, actions)
    is_known &= (item >= 0) & (row >= 0)
    vectors = view.history.topical[: view.n][order[item[is_known]]] if view.n else view.history.topical[:0]
    return mean_vectors(vectors, row[is_known], len(view.members), np.ones(int(is_known.sum())))


def _own_presence(view: View) -> dict[str, Floats]:
    """My own part in the thread so far, and who turned to me since."""
    shape = (len(view.members), len(view.live))
    presence = view.present[view.own_rows].toarray()
    inside = np.flatnonzero(view.column >= 0)
    last_mine = np.full((len(view.everyone), shape[1]), -np.inf)
    last_mine[view.row[inside], view.column[inside]] = view.at[inside]
    hours = np.log1p(np.minimum((view.now - last_mine[view.own_rows]) / HOUR, 24 * 30))
    return {
        "my_messages": presence,
        "hours_since_mine": hours,
        "i_opened": (view.members[:, None] == view.threads.opener[None, :]).astype(np.float64),
        "i_spoke_last": (view.members[:, None] == view.last_speaker[None, :]).astype(np.float64),
        "i_was_mentioned": _turned_to(view, last_mine, *view.mentions),
        "i_was_answered": _turned_to(view, last_mine, *view.answers),
        "i_reacted": _reaction_counts(view, shape),
    }


def _turned_to(view: View, last_mine: Floats, message: Ints, towards: Ints) -> Floats:
    """log1p of messages in the thread that turned to a member (row in everyone) after the member's last one there."""
    column = view.column[message]
    open_ = (column >= 0) & (towards >= 0)
    message, towards, column = message[open_], towards[open_], column[open_]
    is_unanswered = view.at[message] > last_mine[towards, column]
    counts = np.zeros(last_mine.shape)
    np.add.at(counts, (towards[is_unanswered], column[is_unanswered]), 1.0)
    return np.log1p(counts[view.own_rows])


def _reaction_counts(view: View, shape: tuple[int, int]) -> Floats:
    reactions = view.history.log.reactions
    is_known = (reactions.at < view.now) & (reactions.message < view.n)
    row, column = positions(reactions.member[is_known], view.members), view.column[reactions.message[is_known]]
    counts = np.zeros(shape)
    np.add.at(counts, (row[(row >= 0) & (column >= 0)], column[(row >= 0) & (column >= 0)]), 1.0)
    return np.log1p(counts)


def _thread(view: View) -> dict[str, Floats]:
    """How lively, how old, and what kind: shape (1, n_threads) each."""
    threads, n = view.threads, len(view.live)
    people = np.bincount(threads.thread_of, minlength=n)
    fresh = np.flatnonzero((view.column >= 0) & (view.at >= view.now - 6 * HOUR))
    pairs = distinct_pairs(view.column[fresh], view.row[fresh])
    reactions = view.history.log.reactions
    reacted_columns = view.column[reactions.message[(reactions.at < view.now) & (reactions.message < view.n)]]
    kinds = view.history.kinds[threads.first]
    columns = {
        "people": np.log1p(people),
        "messages": np.log1p(threads.size),
        "reactions": np.log1p(np.bincount(reacted_columns[reacted_columns >= 0], minlength=n)),
        "messages_6h": np.log1p(np.bincount(view.column[fresh], minlength=n)),
        "people_6h": np.log1p(np.bincount(pairs[0], minlength=n)),
        "minutes_since_last": np.log1p((view.now - threads.last_at) / 60),
        "newer_threads": np.log1p(np.argsort(np.argsort(-threads.last_at, kind="stable"), kind="stable")),
        "hours_open": np.log1p((view.now - threads.first_at) / HOUR),
        "is_question": threads.is_question,
        "is_unanswered": threads.is_question & ~threads.is_answered,
        "is_event_notice": kinds == TextKind.EVENT_NOTICE,
        "is_resource": (kinds == TextKind.RESOURCE) | (kinds == TextKind.PRODUCT) | (kinds == TextKind.NEWS),
        "is_introduction": kinds == TextKind.INTRODUCTION,
        "is_cold_thread": threads.size < 2,
    }
    return {name: np.asarray(column, np.float64)[None, :] for name, column in columns.items()}


def _member(view: View) -> dict[str, Floats]:
    """How active, when, and how willing to answer: shape (n_members, 1) each."""
    size = len(view.everyone)

    def count(days: float) -> Floats:
        return np.bincount(view.row[view.age_days <= days], minlength=size).astype(np.float64)

    last = np.full(size, 365.0)
    last[view.row] = np.minimum(view.age_days, 365.0)
    recent = view.age_days <= 14
    pairs = distinct_pairs(view.row[recent], view.thread[recent])
    columns = {
        "my_day": np.log1p(count(1)),
        "my_week": np.log1p(count(7)),
        "my_month": np.log1p(count(28)),
        "days_since_active": np.log1p(last),
        "my_threads": np.log1p(np.bincount(pairs[0], minlength=size)),
        "hour_match": _habit(view, HOUR, 24, 6),
        "weekday_match": _habit(view, DAY, 7, 2),
        "answers_questions": _answer_share(view),
        "is_cold_member": (np.bincount(view.row, minlength=size) < COLD_MESSAGES).astype(np.float64),
    }
    return {name: column[view.own_rows][:, None] for name, column in columns.items()}


def _habit(view: View, unit: float, n_bins: int, ahead: int) -> Floats:
    """Share of my messages in the coming `ahead` bins of a day's hours or a week's days, against an even spread.

    Five messages in the community's own rhythm are added, so that a newcomer is taken for average.
    """
    bins = (view.at // unit).astype(np.int64) % n_bins
    counts = np.zeros((len(view.everyone), n_bins))
    np.add.at(counts, (view.row, bins), decay(view.age_days, PROFILE_HALF_LIFE_DAYS))
    rhythm = counts.sum(axis=0) + 1.0
    counts += 5.0 * rhythm / rhythm.sum()
    coming = (int(view.now // unit) + np.arange(ahead)) % n_bins
    shares: Floats = counts[:, coming].sum(axis=1) / counts.sum(axis=1) * n_bins / ahead
    return shares


def _answer_share(view: View) -> Floats:
    """Share of my messages that answer a question of somebody else, ten even messages added."""
    parent = view.history.parent[: view.n]
    answers = (parent >= 0) & view.history.asks[np.maximum(parent, 0)]
    answers &= view.row != view.row[np.maximum(parent, 0)] if view.n else answers
    weight = decay(view.age_days, PROFILE_HALF_LIFE_DAYS)
    size = len(view.everyone)
    answer_weight = np.bincount(view.row, weights=weight * answers, minlength=size)
    shares: Floats = (answer_weight + 1) / (np.bincount(view.row, weights=weight, minlength=size) + 10)
    return shares


def _together(columns: Mapping[str, Floats]) -> dict[str, Floats]:
    """Products that a sum cannot make; the second is the simple rule measured to be hard to beat."""
    days_since_active = np.expm1(columns["days_since_active"])
    hours_since_last = np.expm1(columns["minutes_since_last"]) / 60
    return {
        "question_for_me": columns["is_question"] * columns["answers_questions"] * columns["topic_affinity"],
        "affinity_now": columns["co_participation"] * decay(days_since_active, 7.0) * decay(hours_since_last, 12.0),
    }


def _row_sums(table: csr_array) -> Floats:
    return np.asarray(table.sum(axis=1)).reshape(-1)
