"""One partner for everybody, on any graph, with scipy alone.

Each member stands on both sides of a bipartite graph (the double cover). Its best assignment is the fractional matching twice
over, and therefore a bound. It falls into pairs, paths and rings; pairs stay, the others are cut as well as can be, and whoever
a ring of odd length leaves over stays alone: `assignment.trios` finds them company.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from models.learning.arrays import Floats, Ints

# Rounds of fewer members are solved exactly: there a cut cycle costs up to a tenth, and an exact answer milliseconds.
EXACT_BELOW = 200
# Seconds after which it is not looked for any further: many equal pairs make long branches.
PATIENCE = 5.0


def match(n: int, one: Ints, other: Ints, value: Floats) -> tuple[Ints, float]:
    """Rows of the pairs chosen, nobody in two of them, and a bound on what any choice is worth.

    `one` < `other` (n_pairs,) are members below n, sorted, each pair once; `value` (n_pairs,) > 0.
    """
    if not len(value):
        return np.empty(0, dtype=np.int64), 0.0
    partner, bound = _fractional(n, one, other, value)
    pairs = _Rows(n, one, other, value)
    chosen = np.array(sorted(_round(partner, pairs)), dtype=np.int64)
    if value[chosen].sum() >= bound * (1 - 1e-12):
        return chosen, bound
    if n < EXACT_BELOW:
        return _exact(n, one, other, value, chosen, bound)
    return chosen, bound


def _exact(n: int, one: Ints, other: Ints, value: Floats, best_yet: Ints, bound: float) -> tuple[Ints, float]:
    """The best choice, proven by branching; where that takes too long, the better of what was found and `best_yet`."""
    result = milp(
        -value,
        integrality=np.ones(len(value)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(incidence(n, one, other), ub=1.0),
        options={"mip_rel_gap": 0.0, "time_limit": PATIENCE},
    )
    if result.mip_dual_bound is not None:
        bound = min(bound, -float(result.mip_dual_bound))
    best = np.flatnonzero(result.x > 0.5) if result.x is not None else best_yet
    return max(best, best_yet, key=lambda rows: float(value[rows].sum())), bound


def incidence(n: int, one: Ints, other: Ints) -> csr_array:
    """(n, n_pairs): 1 where a member is in a pair."""
    rows = np.concatenate([one, other])
    columns = np.tile(np.arange(len(one)), 2)
    return csr_array(coo_array((np.ones(len(rows)), (rows, columns)), shape=(n, len(one))))


# What a chain of chosen pairs is worth, its last row, and the chain before it.
_Chain = tuple[float, int, "_Chain | None"]


class _Rows:
    """The row of each pair."""

    def __init__(self, n: int, one: Ints, other: Ints, value: Floats) -> None:
        self._n, self.value, self._codes = n, value, one * n + other

    def of(self, i: int, j: int) -> int:
        code = min(i, j) * self._n + max(i, j)
        return int(np.searchsorted(self._codes, code))


def _fractional(n: int, one: Ints, other: Ints, value: Floats) -> tuple[Ints, float]:
    """To whom each member's left half is tied (-1: to nobody), and half of what all ties are worth."""
    top = float(value.max())
    rows = np.concatenate([one, other, np.arange(n)])
    columns = np.concatenate([other, one, np.arange(n, 2 * n)])
    # Costs of 1 to 2: an explicit zero would be deleted. Everybody has a column of their own that is worth nothing.
    costs = np.concatenate([2.0 - value / top, 2.0 - value / top, np.full(n, 2.0)])
    _, partner = min_weight_full_bipartite_matching(csr_matrix((costs, (rows, columns)), shape=(n, 2 * n)))
    partner = np.where(partner < n, partner, -1).astype(np.int64)
    tied = np.flatnonzero(partner >= 0)
    codes = np.minimum(tied, partner[tied]) * n + np.maximum(tied, partner[tied])
    return partner, float(value[np.searchsorted(one * n + other, codes)].sum() / 2)


def _round(partner: Ints, pairs: _Rows) -> list[int]:
    """Rows of whole pairs: each chain or ring of ties is cut where it costs least."""
    to, chosen = partner.tolist(), list[int]()
    back = [-1] * len(to)
    for i, j in enumerate(to):
        if j >= 0:
            back[j] = i
    seen = [False] * len(to)
    starts = [i for i in range(len(to)) if back[i] < 0] + list(range(len(to)))
    for start in starts:
        if seen[start]:
            continue
        walk = [start]
        seen[start] = True
        while (following := to[walk[-1]]) >= 0 and not seen[following]:
            walk.append(following)
            seen[following] = True
        is_ring = to[walk[-1]] == start and len(walk) > 2
        chosen += _cut(walk, is_ring, pairs)
    return chosen


def _cut(walk: list[int], is_ring: bool, pairs: _Rows) -> list[int]:
    rows = [pairs.of(i, j) for i, j in pairwise(walk)]
    best = _best_of_chain(rows, pairs.value)
    if is_ring:
        closing = pairs.of(walk[-1], walk[0])
        around = [*_best_of_chain(rows[1:-1], pairs.value), closing]
        best = max(best, around, key=lambda some: float(pairs.value[some].sum()))
    return best


def _best_of_chain(rows: list[int], value: Floats) -> list[int]:
    """The pairs of a chain worth most, no two beside each other."""
    # The best up to the last pair but one, and up to the last: its worth, its last pair, and what came before that.
    before: _Chain = (0.0, -1, None)
    best: _Chain = (0.0, -1, None)
    for row in rows:
        before, best = best, max(best, (before[0] + float(value[row]), row, before), key=lambda chain: chain[0])
    chosen = []
    chain: _Chain | None = best
    while chain is not None and chain[1] >= 0:
        chosen.append(chain[1])
        chain = chain[2]
    return chosen
