"""P(says yes to an event | member), learned from past events, each as it stood at its first answers.

Re-ranking: the rows of a past event are its likeliest members by the product, which is a feature too. Every event weighs the
same in fitting, every row the same in calibrating. Tried on earlier events and dropped: rows drawn from all members (NDCG@10
lower by .02, by .15 unless weighted for the draw), the product as a factor on top (lower by .015), two dozen further columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.learning.arrays import DAY, Bools, Floats
from models.learning.behaviour_model import BehaviourModel
from models.learning.evaluation import ranking
from models.learning.fitting import (
    BOTH,
    CANDIDATES,
    Examples,
    Fitter,
    TooLittleData,
    calibrate,
    compare,
    fit_winner,
    join,
    summary,
    untrained_sum,
)
from models.learning.gatherings import Gatherings
from models.learning.invitation_features import FALLBACK_COLUMNS, FEATURE_NAMES, features
from models.learning.invitation_scores import Moment, hosted_product, moment

# An event is known by so many first answers.
N_FIRST = 3
# Rows per event: its likeliest by the product. 400 was as good as 100 or 200 and leaves small communities whole.
N_LIKELIEST = 400
# The newest so many events are learned from, none older than so long: seconds of work, and habits change.
MOST_EVENTS, MOST_DAYS = 600, 900.0
# Yes is still coming in for a while: younger events are not learned from.
SETTLED_DAYS = 14.0
METRIC = "ndcg_at_10"


@dataclass(frozen=True, eq=False)
class Question:
    """Who will say yes? One event at its first answers, and the truth: rows of `members` who did afterwards."""

    at: Moment
    said_yes: Bools


def questions(history: Gatherings, *, since: float, until: float, n_later: int) -> Iterator[Question]:
    """Events whose N_FIRST-th answer lies in [since, until) and that got n_later yes after it, one candidate's at least."""
    answers = history.answers
    for row in np.flatnonzero((history.place == N_FIRST) & (answers.at >= since) & (answers.at < until)).tolist():
        event, now = int(answers.event[row]), float(answers.at[row])
        at = moment(history, event, now, n_first=N_FIRST)
        is_later = (answers.event == event) & (history.place > N_FIRST) & (answers.is_yes == 1)
        said_yes = np.zeros(len(history.members), dtype=np.bool_)
        said_yes[history.member_row[is_later]] = True
        said_yes[at.answerers] = False
        n_yes, is_relevant = int(said_yes.sum()), said_yes & at.candidates
        if n_yes >= n_later and is_relevant.any():
            yield Question(at, is_relevant)


def fit(history: Gatherings, *, now: float, n_later: int = 2) -> BehaviourModel:
    """Learn from the events before `now`; answers after it must not be in the history. Raises TooLittleData."""
    since, until = now - MOST_DAYS * DAY, now - SETTLED_DAYS * DAY
    questions_asked = list(questions(history, since=since, until=until, n_later=n_later))[-MOST_EVENTS:]
    if not questions_asked:
        raise TooLittleData("There is no past event to learn from.")
    return fit_examples(join([examples(one, number) for number, one in enumerate(questions_asked)], FEATURE_NAMES))


def examples(question: Question, number: int = 0) -> Examples:
    """The likeliest candidates of one event by the product; the event's rows weigh one together, times a hundred."""
    at = question.at
    scores = np.where(at.candidates, hosted_product(at), -np.inf)
    rows = ranking(scores)[: min(N_LIKELIEST, int(at.candidates.sum()))]
    n = len(rows)
    return Examples(
        x=features(at)[rows],
        outcome=question.said_yes[rows],
        at=np.full(n, at.now),
        query=np.zeros(n, dtype=np.int64),
        member=at.history.members[rows],
        weight=np.full(n, 100.0 / max(n, 1)),
        feature_names=FEATURE_NAMES,
    )


def fit_examples(rows: Examples) -> BehaviourModel:
    """The best of logistic regression, boosting and the mean of both on later events, calibrated there.

    The product takes part for the report only: whether the winner may serve instead of it is the trial's question, on events
    that are later still and for a model fitted on more than the first folds.
    """
    plain: dict[str, Fitter] = {"product": lambda past: untrained_sum(past, FALLBACK_COLUMNS)}
    tournament = compare(rows, CANDIDATES, plain)
    winner = tournament.best((BOTH, *CANDIDATES), METRIC)
    later, scores = tournament.later, tournament.log_odds[winner]
    calibration = calibrate(scores, later.outcome, np.ones(len(scores)))
    metrics = tournament.metrics | {winner: summary(later, scores, calibration(scores))}
    report = {
        "winner": winner,
        "metric": METRIC,
        "margin": metrics[winner][METRIC] - metrics["product"][METRIC],
        "metrics": metrics,
        "n_events": len(np.unique(rows.query)),
        "n_rows": len(rows.at),
        "n_happened": int(rows.outcome.sum()),
        "from": float(rows.at.min()),
        "until": float(rows.at.max()),
    }
    model = fit_winner(winner, rows, CANDIDATES, CANDIDATES)
    return BehaviourModel(rows.feature_names, model, calibration, report)


def can_serve(model: BehaviourModel) -> bool:
    """False for a model of another release that asks for features we do not have; until it is trained anew."""
    return set(model.feature_names) <= set(FEATURE_NAMES)


def columns(model: BehaviourModel, at: Moment) -> Floats:
    """The features a model knows, in its order, shape (n_members, n_features)."""
    values: Floats = features(at)[:, [FEATURE_NAMES.index(name) for name in model.feature_names]]
    return values


def score(model: BehaviourModel, at: Moment) -> Floats:
    """What to rank everyone by, shape (n_members,): the learned log odds."""
    return model.score(columns(model, at))
