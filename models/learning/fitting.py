"""Fit candidates, compare them on later data, calibrate the winner: shared by every behaviour model.

Runs in worker processes only. scikit-learn is imported inside the functions that fit: serving a model never needs it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from models.learning.arrays import Bools, Floats, Ints
from models.learning.evaluation import auc, brier, ece, log_loss, ndcg_by_query
from models.learning.predictors import Calibration, Linear, Mean, Predictor, copied_trees

# Fewer happenings than this and a learned model is worth less than the untrained sum (see the README's learning curve).
MIN_POSITIVES = 50
N_FOLDS = 4
N_BINS = 64
# Candidates closer than this are not told apart by the few hundred decisions that a small community makes.
CLOSE = 0.01


class TooLittleData(ValueError):
    """There is not enough to learn from; the message is fit for a person."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Rows to learn from, in any order.

    x (n, n_features) float64; happened (n,) bool; at (n,) unix seconds of the decision; query (n,) equal for rows that
    are ranked against each other; member (n,) ids; weight (n,) how many rows each stands for; feature_names in the
    order of the columns. Queries are whole: all items of a kept query are rows.
    """

    x: Floats
    outcome: Bools
    at: Floats
    query: Ints
    member: Ints
    weight: Floats
    feature_names: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.x.shape != (len(self.at), len(self.feature_names)):
            raise ValueError(f"x has shape {self.x.shape}, not {(len(self.at), len(self.feature_names))}.")
        if not np.isfinite(self.x).all():
            raise ValueError("Features must be finite numbers.")

    def take(self, keep: Bools) -> Examples:
        """The rows where `keep` is true."""
        return Examples(
            self.x[keep],
            self.outcome[keep],
            self.at[keep],
            self.query[keep],
            self.member[keep],
            self.weight[keep],
            self.feature_names,
        )


def join(parts: Sequence[Examples], feature_names: tuple[str, ...]) -> Examples:
    """All rows of the parts; no parts give no rows. Queries are numbered by (part, query)."""
    none = np.zeros(0)
    whole = np.zeros(0, np.int64)
    offsets = np.cumsum([0] + [int(part.query.max(initial=-1)) + 1 for part in parts])
    queries = [part.query + offset for part, offset in zip(parts, offsets[:-1], strict=True)]
    return Examples(
        x=np.concatenate([np.zeros((0, len(feature_names))), *(part.x for part in parts)]),
        outcome=np.concatenate([none.astype(np.bool_), *(part.outcome for part in parts)]),
        at=np.concatenate([none, *(part.at for part in parts)]),
        query=np.concatenate([whole, *queries]),
        member=np.concatenate([whole, *(part.member for part in parts)]),
        weight=np.concatenate([none, *(part.weight for part in parts)]),
        feature_names=feature_names,
    )


Fitter = Callable[[Examples], Predictor]


def fit_logistic(examples: Examples, *, strength: float = 0.03) -> Linear:
    """L2-regularised logistic regression on standardised features; `strength` is scikit-learn's C."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = _moments(examples)
    z = np.clip((examples.x - mean) / scale, -Linear.CLIP, Linear.CLIP)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not converged to the last digit is good enough here
        model = LogisticRegression(C=strength, max_iter=300).fit(z, examples.outcome, examples.weight)
    return Linear(mean, scale, model.coef_[0].astype(np.float64), np.asarray(model.intercept_[0]))


def fit_boosting(examples: Examples, *, n_trees: int = 60) -> Predictor:
    """Histogram gradient boosting: small trees, slow learning, no early stopping (its split would not be in time).

    The columns are cut into bins here: scikit-learn 1.9 takes five times as long for it as for all the trees when rows
    have weights. One thread: it is done in a second, and threads that wait for each other on a busy machine take many.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn

    edges = [_edges(column) for column in examples.x.T]
    bins = np.stack([np.searchsorted(edge, column) for edge, column in zip(edges, examples.x.T, strict=True)], axis=1)
    booster = HistGradientBoostingClassifier(
        max_iter=n_trees,
        learning_rate=0.1,
        max_leaf_nodes=12,
        min_samples_leaf=40,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=0,
    )
    with threadpool_limits(1):
        booster.fit(bins, examples.outcome, sample_weight=examples.weight)
    return copied_trees(booster, edges)


def _edges(column: Floats) -> Floats:
    """Upper edges of about N_BINS bins holding equally many rows; the last bin is open."""
    shares = np.linspace(0, 1, N_BINS + 1)[1:-1]
    return np.unique(np.quantile(column, shares, method="lower"))


def untrained_sum(examples: Examples, columns: tuple[str, ...]) -> Linear:
    """Sum of the standardised columns named; learns nothing but their means and scales."""
    mean, scale = _moments(examples)
    weights = np.isin(examples.feature_names, columns).astype(np.float64)
    return Linear(mean, scale, weights, np.asarray(0.0))


CANDIDATES: Mapping[str, Fitter] = {"logistic": fit_logistic, "boosting": fit_boosting}
# The mean of the candidates' log odds takes part without being fitted on its own.
BOTH = "both"


@dataclass(frozen=True, eq=False)
class Tournament:
    """Result of comparing candidates in time order: their scores on rows later than what each was fitted on."""

    later: Examples
    log_odds: dict[str, Floats]
    metrics: dict[str, dict[str, float]]

    def best(self, names: tuple[str, ...], metric: str) -> str:
        """The first name within CLOSE of the highest metric, so put the steadier first; NaN never wins."""
        values = [float(np.nan_to_num(self.metrics[name][metric], nan=-np.inf)) for name in names]
        return next(name for name, value in zip(names, values, strict=True) if value >= max(values) - CLOSE)


def compare(
    examples: Examples, candidates: Mapping[str, Fitter], baselines: Mapping[str, Fitter], n_folds: int = N_FOLDS
) -> Tournament:
    """Cut the decisions' instants into n_folds blocks; fit on the first ones, score the next, for each next.

    Raises TooLittleData when a block lacks instants or happenings.
    """
    instants = np.unique(examples.at)
    if len(instants) < n_folds or examples.outcome.sum() < MIN_POSITIVES or examples.outcome.all():
        raise TooLittleData(f"{int(examples.outcome.sum())} happenings at {len(instants)} instants are too few.")
    borders = [block[0] for block in np.array_split(instants, n_folds)] + [np.inf]
    parts, scores = [], {name: [np.zeros(0)] for name in (*candidates, *baselines)}
    for start, end in pairwise(borders[1:]):
        past, next_block = examples.take(examples.at < start), (examples.at >= start) & (examples.at < end)
        if past.outcome.sum() < MIN_POSITIVES / 5 or past.outcome.all():
            continue
        parts.append(next_block)
        for name, fitter in (*candidates.items(), *baselines.items()):
            scores[name].append(fitter(past).log_odds(examples.x[next_block]))
    log_odds = {name: np.concatenate(values) for name, values in scores.items()}
    log_odds[BOTH] = np.mean([log_odds[name] for name in candidates], axis=0)
    return _judge(examples, parts, log_odds)


def fit_winner(
    name: str, examples: Examples, fitters: Mapping[str, Fitter], candidates: Mapping[str, Fitter]
) -> Predictor:
    """The named predictor fitted on all examples; BOTH is the mean of the candidates."""
    if name == BOTH:
        return Mean(tuple(fitter(examples) for fitter in candidates.values()))
    return fitters[name](examples)


def calibrate(log_odds: Floats, outcome: Bools, weight: Floats) -> Calibration:
    """Isotonic regression, its steps joined by lines at their middles; needs later data than the scores' model saw."""
    from sklearn.isotonic import IsotonicRegression

    order = np.argsort(log_odds, kind="stable")
    result = (
        IsotonicRegression(y_min=0, y_max=1)
        .fit(log_odds[order], outcome[order], sample_weight=weight[order])
        .predict(log_odds[order])
    )
    steps, inverse = np.unique(result, return_inverse=True)
    size = np.bincount(inverse, weights=weight[order])
    middle = np.bincount(inverse, weights=weight[order] * log_odds[order]) / size
    # Half a happening more and less: a bin in which nothing ever happened is rare, not impossible.
    return Calibration(middle, (steps * size + 0.5 * steps.mean()) / (size + 0.5))


def summary(later: Examples, log_odds: Floats, probability: Floats | None = None) -> dict[str, float]:
    """NDCG@10 by query, AUC and, given probabilities, Brier, log loss and ECE on rows of the natural weight."""
    _, gains = ndcg_by_query(later.query, later.outcome, log_odds)
    metrics = {"ndcg_at_10": float(gains.mean()) if len(gains) else float("nan"), "auc": auc(later.outcome, log_odds)}
    if probability is not None:
        metrics |= {
            "brier": brier(later.outcome, probability),
            "log_loss": log_loss(later.outcome, probability),
            "ece": ece(later.outcome, probability),
        }
    return metrics


def _judge(examples: Examples, parts: list[Bools], log_odds: dict[str, Floats]) -> Tournament:
    if not parts:
        raise TooLittleData("Too little happened in the earlier blocks.")
    rows = np.concatenate([np.flatnonzero(part) for part in parts])
    later = examples.take(np.isin(np.arange(len(examples.at)), rows))
    order = np.argsort(rows, kind="stable")
    log_odds = {name: scores[order] for name, scores in log_odds.items()}
    return Tournament(later, log_odds, {name: summary(later, scores) for name, scores in log_odds.items()})


def _moments(examples: Examples) -> tuple[Floats, Floats]:
    mean: Floats = np.average(examples.x, axis=0, weights=examples.weight)
    variance = np.average((examples.x - mean) ** 2, axis=0, weights=examples.weight)
    return mean, np.where(variance > 1e-12, np.sqrt(variance), 1.0)
