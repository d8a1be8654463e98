"""P(member writes in, reacts to or opens a live thread within the horizon): how its examples are made and fitted."""

from __future__ import annotations

import numpy as np

from models.learning.arrays import DAY, Bools, Floats, Ints, positions
from models.learning.behaviour_model import BehaviourModel, fit_or_baseline
from models.learning.dataset import Action, CommunityLog, ItemKind
from models.learning.features import FALLBACK_COLUMNS, FEATURE_NAMES, Snapshot, snapshot
from models.learning.fitting import Examples, join
from models.learning.history import History

HORIZON_DAYS = 2.0
# Only members seen within this many days are learnt from: the others' silence says nothing about threads.
SEEN_DAYS = 28.0
# Share of the (member, instant) pairs with no happening that are kept, whole; each then stands for 1 / share.
QUIET_SHARE = 0.1
# More rows than this change the second digit of nothing and take longer than a few seconds.
MAX_ROWS = 50_000


def fit(history: History, instants: Floats, *, rng: np.random.Generator) -> BehaviourModel:
    """Learn from what members did after each instant (unix seconds); the untrained sum when that is too little."""
    return fit_or_baseline(examples(history, instants, rng=rng), fallback_columns=FALLBACK_COLUMNS)


def decision_instants(log: CommunityLog, end: float, *, n: int = 160, days: float = 120.0) -> Floats:
    """When to look back from: half of the n instants by the clock, half just after messages, where most happens.

    From the last `days` before end - HORIZON_DAYS (unix seconds), the first week of the log left out; sorted, distinct.
    """
    if not len(log.messages):
        return np.zeros(0)
    start, stop = max(log.messages.at[0] + 7 * DAY, end - days * DAY), end - HORIZON_DAYS * DAY
    instants = log.messages.at[(log.messages.at >= start) & (log.messages.at < stop - 1)]
    spread = instants[np.linspace(0, len(instants) - 1, n // 2).astype(np.int64)] + 1 if len(instants) else instants
    by_clock = np.linspace(start, stop, n - n // 2, endpoint=False) if stop > start else np.zeros(0)
    return np.unique(np.concatenate([spread, by_clock]))


def examples(history: History, instants: Floats, *, rng: np.random.Generator, max_rows: int = MAX_ROWS) -> Examples:
    """One row per (member seen lately, live thread, instant); a query is one member at one instant, always whole.

    `instants` + HORIZON_DAYS must not pass the end of the log, or what has not happened yet counts as refused. Queries are
    drawn so that about max_rows are kept; each row's weight says how many it stands for.
    """
    budget = max_rows / max(len(instants), 1)
    return join([_at(history, float(now), rng, budget) for now in instants], FEATURE_NAMES)


def outcomes(history: History, view: Snapshot, *, horizon_days: float = HORIZON_DAYS) -> Bools:
    """Who wrote in, reacted to, clicked or liked which thread in [now, now + horizon), shape (n_members, n_threads)."""
    log, until = history.log, view.now + horizon_days * DAY
    messages, reactions, feedback = log.messages, log.reactions, log.feedback
    order = np.argsort(messages.item_id)
    item = positions(feedback.item_id, messages.item_id[order])
    is_like = (feedback.item_kind == ItemKind.THREAD) & np.isin(feedback.action, (Action.CLICKED, Action.LIKED))
    is_like &= item >= 0
    who = np.concatenate([messages.member, reactions.member, feedback.member[is_like]])
    what = np.concatenate([history.thread, history.thread[reactions.message], history.thread[order[item[is_like]]]])
    when = np.concatenate([messages.at, reactions.at, feedback.at[is_like]])
    row, column = positions(who, view.members), positions(what, view.threads)
    is_counted = (when >= view.now) & (when < until) & (row >= 0) & (column >= 0)
    outcome = np.zeros((len(view.members), len(view.threads)), dtype=np.bool_)
    outcome[row[is_counted], column[is_counted]] = True
    return outcome


def seen_lately(history: History, now: float, days: float = SEEN_DAYS) -> Ints:
    """Ids of members who wrote or reacted in the `days` before now."""
    tables = (history.log.messages, history.log.reactions)
    return np.unique(np.concatenate([t.member[(t.at < now) & (t.at >= now - days * DAY)] for t in tables]))


def _at(history: History, now: float, rng: np.random.Generator, budget: float) -> Examples:
    view = snapshot(history, now, seen_lately(history, now))
    outcome = outcomes(history, view)
    has_happening: Bools = np.any(outcome, axis=1)
    share = np.where(has_happening, 1.0, QUIET_SHARE)
    n_threads = len(view.threads)
    share *= min(1.0, budget / max(float(share.sum()) * n_threads, 1.0))
    rows = np.flatnonzero(rng.random(len(view.members)) < share)
    return Examples(
        x=view.cube[rows].reshape(-1, len(FEATURE_NAMES)),
        outcome=outcome[rows].reshape(-1),
        at=np.full(len(rows) * n_threads, now),
        query=np.repeat(np.arange(len(rows)), n_threads),
        member=np.repeat(view.members[rows], n_threads),
        weight=np.repeat(1 / share[rows], n_threads),
        feature_names=FEATURE_NAMES,
    )
