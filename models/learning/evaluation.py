"""Metrics of rankings and of probabilities, splits in time, and a bootstrap over members.

Rankings are judged in full, never on sampled negatives. A score that is not a number never wins: it ranks last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.learning.arrays import Bools, Floats, Ints


def ranking(scores: Floats) -> Ints:
    """Indexes from best to worst; NaN last, ties by index so that the same scores always rank alike."""
    return np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable").astype(np.int64)


def ndcg_at_k(relevant: Bools, scores: Floats, k: int = 10) -> float:
    """Gain of the first k, discounted by log2(rank + 1), over the best possible; NaN when nothing is relevant."""
    gains = relevant[ranking(scores)[:k]]
    discounts = 1 / np.log2(np.arange(2, k + 2))
    ideal = discounts[: min(k, int(relevant.sum()))].sum()
    return float(discounts[: len(gains)][gains].sum() / ideal) if ideal > 0 else float("nan")


def recall_at_k(relevant: Bools, scores: Floats, k: int = 10) -> float:
    """Share of the relevant that are among the first k; NaN when nothing is relevant."""
    total = int(relevant.sum())
    return float(relevant[ranking(scores)[:k]].sum() / total) if total else float("nan")


def mrr(relevant: Bools, scores: Floats) -> float:
    """1 / rank of the first relevant; NaN when nothing is relevant."""
    places = np.flatnonzero(relevant[ranking(scores)])
    return 1.0 / (int(places[0]) + 1) if len(places) else float("nan")


def auc(outcome: Bools, scores: Floats) -> float:
    """Chance that one that happened scores above one that did not, ties counting half; NaN with one class only."""
    positives, negatives = int(outcome.sum()), int((~outcome).sum())
    if not positives or not negatives:
        return float("nan")
    _, inverse, counts = np.unique(np.nan_to_num(scores, nan=-np.inf), return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    rank_sum = mean_rank[inverse][outcome].sum()
    return float((rank_sum - positives * (positives + 1) / 2) / (positives * negatives))


def brier(outcome: Bools, probability: Floats) -> float:
    """Mean squared distance between probability and outcome; NaN when a probability is not a number."""
    return float(np.mean((probability - outcome) ** 2)) if len(outcome) else float("nan")


def log_loss(outcome: Bools, probability: Floats) -> float:
    """Mean negative log likelihood, probabilities kept 1e-9 away from 0 and 1."""
    safe = np.clip(probability, 1e-9, 1 - 1e-9)
    return float(-np.mean(np.where(outcome, np.log(safe), np.log1p(-safe)))) if len(outcome) else float("nan")


def ece(outcome: Bools, probability: Floats, n_bins: int = 10) -> float:
    """Expected calibration error over bins holding equally many: mean of |mean probability - rate|, by bin size."""
    if not len(outcome):
        return float("nan")
    order = np.argsort(probability, kind="stable")
    bins = [part for part in np.array_split(order, n_bins) if len(part)]
    gaps = [abs(probability[part].mean() - outcome[part].mean()) * len(part) for part in bins]
    return float(np.sum(gaps) / len(outcome))


def mean_by_query(
    metric: Callable[[Bools, Floats], float], query: Ints, relevant: Bools, scores: Floats
) -> tuple[Ints, Floats]:
    """The metric of every query that has something relevant: (their ids, their values)."""
    order = np.argsort(query, kind="stable")
    ids, starts = np.unique(query[order], return_index=True)
    parts = np.split(order, starts[1:])
    values = np.array([metric(relevant[part], scores[part]) for part in parts])
    is_judged = ~np.isnan(values)
    return ids[is_judged], values[is_judged]


def ndcg_by_query(query: Ints, relevant: Bools, scores: Floats, k: int = 10) -> tuple[Ints, Floats]:
    """`mean_by_query` of `ndcg_at_k`, all queries at once; a fit asks for it many times."""
    order = np.lexsort((-np.nan_to_num(scores, nan=-np.inf), query))
    ids, starts, sizes = np.unique(query[order], return_index=True, return_counts=True)
    rank, place = np.arange(len(order)) - np.repeat(starts, sizes), np.repeat(np.arange(len(ids)), sizes)
    gain = np.where(rank < k, relevant[order] / np.log2(rank + 2), 0.0)
    total = np.bincount(place, weights=relevant[order], minlength=len(ids)).astype(np.int64)
    ideal = np.concatenate([[0.0], np.cumsum(1 / np.log2(np.arange(2, k + 2)))])[np.minimum(total, k)]
    is_judged = total > 0
    return ids[is_judged], np.bincount(place, weights=gain, minlength=len(ids))[is_judged] / ideal[is_judged]


@dataclass(frozen=True)
class Difference:
    """Mean of a - b with its 90 % bootstrap interval."""

    mean: float
    low: float
    high: float


def paired_bootstrap(
    a: Floats, b: Floats, unit: Ints, *, n_bootstrap: int = 1000, rng: np.random.Generator
) -> Difference:
    """Resample whole units (members), since one member's queries are not independent.

    `a` and `b` are the metric of the same queries under two models, `unit` the member of each query. NaN counts 0.
    """
    _, inverse = np.unique(unit, return_inverse=True)
    difference = np.bincount(inverse, weights=np.nan_to_num(a) - np.nan_to_num(b))
    size = np.bincount(inverse).astype(np.float64)
    draws = rng.multinomial(len(size), np.full(len(size), 1 / len(size)), size=n_bootstrap).astype(np.float64)
    means = (draws @ difference) / (draws @ size)
    low, high = np.quantile(means, [0.05, 0.95])
    return Difference(float(difference.sum() / size.sum()), float(low), float(high))
