"""Several introductions a member, each pair once, on any graph, with scipy alone.

Few members are solved by branching to within MOST_GAP; many by the linear programme, whose value bounds everything: its whole
pairs stay and its halves are taken greedily. A first introduction may be worth more than the others, so that nobody is left out.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array, eye_array

from models.learning.arrays import Floats, Ints
from models.learning.double_cover import incidence
from models.learning.market import Market

# Beyond so many pairs branching takes more than a few seconds.
MOST_BRANCHED = 20_000
MOST_GAP = 1e-4
# Seconds after which branching answers with what it has found.
PATIENCE = 10.0


def match(candidates: Market) -> tuple[Ints, float]:
    """Rows of the pairs chosen, nobody in more than their cap, and a bound on what any choice is worth."""
    if not len(candidates.value):
        return np.empty(0, dtype=np.int64), 0.0
    share, bound = _solve(candidates, is_whole=len(candidates.value) <= MOST_BRANCHED)
    return fill(candidates, share), bound


def _solve(candidates: Market, *, is_whole: bool) -> tuple[Floats, float]:
    """How much of each pair (0 to 1) the best choice holds, and the bound.

    Beside the pairs stands one variable a member, "has anybody", worth their bonus and no more than the pairs they have.
    """
    n, n_pairs = candidates.n_members, len(candidates.value)
    member = incidence(n, candidates.one, candidates.other)
    gain = np.concatenate([candidates.value + candidates.tie, candidates.first])
    result = milp(
        -gain,
        integrality=np.concatenate([np.full(n_pairs, int(is_whole)), np.zeros(n)]),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(block_array([[member, csr_array((n, n))]]), ub=candidates.caps),
            LinearConstraint(block_array([[member, -eye_array(n)]]), lb=0.0),
        ],
        options={"mip_rel_gap": MOST_GAP, "time_limit": PATIENCE} if is_whole else {},
    )
    if result.x is None:
        # Out of time before any answer: the linear programme always has one.
        return _solve(candidates, is_whole=False)
    bound = -result.mip_dual_bound if is_whole and result.mip_dual_bound is not None else -result.fun
    return result.x[:n_pairs], float(bound)


def fill(candidates: Market, share: Floats) -> Ints:
    """Pairs taken by falling share, then worth, while both have room."""
    room = candidates.caps.tolist()
    one, other = candidates.one.tolist(), candidates.other.tolist()
    chosen = []
    for row in np.lexsort((-candidates.full_values(), -np.round(share, 6))).tolist():
        if room[one[row]] > 0 and room[other[row]] > 0:
            room[one[row]] -= 1
            room[other[row]] -= 1
            chosen.append(row)
    return np.array(sorted(chosen), dtype=np.int64)
