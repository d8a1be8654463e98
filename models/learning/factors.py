"""The leading directions of a sparse table, fast and the same each time."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from models.learning.arrays import Floats

# Spectra of chats and tastes fall slowly: with the usual 10 extra directions and 2 passes Last.fm lost 5 % of NDCG.
_EXTRA, _PASSES = 64, 5


def right_singular_vectors(table: csr_array, n: int) -> Floats:
    """The n leading right singular vectors as columns, strongest first, shape (n_columns, <= n).

    Fewer when the table has fewer rows or columns. Each column's largest part is positive, so equal tables give equal
    directions. Source: Halko, Martinsson & Tropp 2011, algorithm 4.4 (randomised subspace iteration).
    """
    n = min(n, min(table.shape))
    if n < 1:
        return np.zeros((table.shape[1], 0))
    guess = np.random.default_rng(0).normal(size=(table.shape[1], min(n + _EXTRA, min(table.shape))))
    for _ in range(_PASSES):
        guess, _ = np.linalg.qr(table.T @ (table @ guess))
    _, strength, turn = np.linalg.svd(table @ guess, full_matrices=False)
    vectors = (guess @ turn.T)[:, :n][:, strength[:n] > 1e-9]
    if not vectors.shape[1]:
        return np.zeros((table.shape[1], 0))
    sign = np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])])
    signed_vectors: Floats = np.ascontiguousarray(vectors * sign)
    return signed_vectors
