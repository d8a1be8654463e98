"""Invented members who differ in how much they are liked and how much they like: candidates and worths to choose from."""

from __future__ import annotations

import numpy as np

from models.learning.arrays import Floats, Ints


def people_with_worths(n: int, n_candidates: int, rng: np.random.Generator) -> tuple[int, Ints, Floats]:
    """(n, pairs, worth): candidates mostly within clusters of about 120, popular members in more lists; worth is the
    chance that one says yes times the chance that the other does, about .18 on average as at speed dates."""
    liked, picky = rng.normal(0, 0.8, n), rng.normal(0, 0.8, n)
    cluster = rng.integers(0, max(1, n // 120), n)
    by_cluster = np.argsort(cluster, kind="stable")
    start = np.searchsorted(cluster[by_cluster], np.arange(cluster.max() + 2))
    one = rng.integers(0, n, n * n_candidates)
    popular = np.searchsorted(np.cumsum(np.exp(0.7 * liked)) / np.exp(0.7 * liked).sum(), rng.random(len(one)))
    size = start[cluster[one] + 1] - start[cluster[one]]
    near = by_cluster[start[cluster[one]] + (rng.random(len(one)) * size).astype(np.int64)]
    other = np.where(rng.random(len(one)) < 0.7, near, np.minimum(popular, n - 1))
    codes = np.unique(np.minimum(one, other) * n + np.maximum(one, other))
    pairs = np.stack([codes // n, codes % n], axis=1)
    pairs = rng.permutation(pairs[pairs[:, 0] != pairs[:, 1]])[: n * n_candidates // 2]
    a, b = pairs.T

    def yes(by: Ints, to: Ints) -> Floats:
        return np.asarray(1 / (1 + np.exp(0.45 - liked[to] + picky[by] + rng.normal(0, 0.9, len(by)))))

    return n, pairs, yes(a, b) * yes(b, a)
