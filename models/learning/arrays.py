"""The array types of this room."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

HOUR = 3600.0  # seconds
DAY = 24 * HOUR


def decay(age: Floats, half_life: float) -> Floats:
    """0.5 ** (age / half_life), both in the same unit; a negative age (the future) weighs nothing."""
    weight: Floats = np.where(age < 0, 0.0, np.exp2(-np.maximum(age, 0.0) / half_life))
    return weight


def positions(values: Ints, within: Ints) -> Ints:
    """Index of each value in the sorted, unique array `within`; -1 where it is not there."""
    if not len(within):
        return np.full(len(values), -1, dtype=np.int64)
    places = np.minimum(np.searchsorted(within, values), len(within) - 1)
    rows: Ints = np.where(within[places] == values, places, -1).astype(np.int64)
    return rows


def distinct_pairs(a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Distinct (a, b), sorted; many times faster than numpy.unique over an axis."""
    order = np.lexsort((b, a))
    a, b = a[order], b[order]
    is_first = np.ones(len(a), dtype=np.bool_)
    is_first[1:] = (np.diff(a) != 0) | (np.diff(b) != 0)
    return a[is_first], b[is_first]
