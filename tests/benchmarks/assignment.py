"""One assignment for everybody: CPU seconds, proven gap, who is left. Invented members (tests/models/learning/communities.py)."""

from __future__ import annotations

import time
from collections import Counter

import numpy as np

from models.learning.arrays import Bools, Ints
from models.learning.assignment import assign, greedy, trios
from models.learning.market import Market, Plan, market
from models.learning.seats import serve
from tests.models.learning.communities import people_with_worths

# Members, candidates each, introductions each, what it is worth that a member gets anybody.
SIZES = (
    (300, 30, 1, 0.05),
    (1_000, 10, 1, 0.1),
    (1_000, 30, 1, 0.05),
    (3_000, 30, 1, 0.05),
    (10_000, 30, 1, 0.05),
    (30_000, 30, 1, 0.02),
    (1_000, 30, 3, 0.2),
    (3_000, 30, 3, 0.2),
    (10_000, 30, 3, 0.2),
)


def main() -> list[str]:
    """A row a size with every constraint: one in fifty pauses, one in a hundred pairs must be, last round's pairs are out."""
    lines = [
        "| members × candidates | each | CPU s | gap % | greedy below % | repeats | left, before and after trios |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    return lines + [_row(*size) for size in SIZES] + [_needs(10_000, 30)]


def _row(n_members: int, n_candidates: int, each: int, bonus: float) -> str:
    rng = np.random.default_rng(n_members + n_candidates)
    n, pairs, worth = people_with_worths(n_members, n_candidates, rng)
    keys = rng.integers(0, 2**62, n)
    last = {tuple(pair) for pair in greedy(market(n, pairs, worth, keys=keys)).pairs.tolist()}
    is_new = np.array([tuple(sorted(pair)) not in last for pair in pairs.tolist()])
    pauses = rng.random(n) < 0.02
    caps = np.where(pauses, 0, each)
    musts = _musts(pairs[is_new], pauses, n // 200)
    candidates = market(n, pairs[is_new], worth[is_new], caps=caps, bonus=bonus, keys=keys, seed=1)
    began = time.process_time()
    plan = assign(candidates, musts=musts)
    served = set(plan.pairs.ravel().tolist())
    left = [member for member in range(n) if member not in served and not pauses[member]]
    joined = trios(left, plan.pairs.tolist(), pairs[is_new], worth[is_new], never=last)
    seconds = time.process_time() - began
    _check(plan, candidates, caps, musts)
    below = 1 - greedy(candidates, musts=musts).total / plan.total
    repeats = len(last & {tuple(pair) for pair in plan.pairs.tolist()})
    return (
        f"| {n_members:,} × {n_candidates} | {each} | {seconds:.2f} | {100 * plan.gap:.3f} | {100 * below:.1f} | {repeats} "
        f"| {len(left)}, {len(left) - len(joined)} |"
    )


def _musts(pairs: np.ndarray, pauses: Bools, n: int) -> list[tuple[int, int]]:
    """Some pairs of members who take introductions, nobody in two."""
    chosen, busy = [], set(np.flatnonzero(pauses).tolist())
    for one, other in pairs.tolist():
        if len(chosen) < n and not busy & {one, other}:
            chosen.append((one, other))
            busy |= {one, other}
    return chosen


def _check(plan: Plan, candidates: Market, caps: Ints, musts: list[tuple[int, int]]) -> None:
    """What must hold whatever the speed: caps, pairs that must be, and a proof. Raises AssertionError."""
    load = Counter(plan.pairs.ravel().tolist())
    assert all(n <= caps[member] for member, n in load.items())
    assert {tuple(sorted(pair)) for pair in musts} <= {tuple(pair) for pair in plan.pairs.tolist()}
    assert plan.total <= plan.bound
    assert candidates.n_members == len(caps)


def _needs(n_needs: int, n_candidates: int) -> str:
    """Needs to half as many offers, each helper taking 1 to 5."""
    rng = np.random.default_rng(n_needs)
    n_offers = n_needs // 2
    codes = np.unique(
        rng.integers(0, n_needs, n_needs * n_candidates) * n_offers + rng.integers(0, n_offers, n_needs * n_candidates)
    )
    caps = rng.integers(1, 6, n_offers)
    began = time.process_time()
    served = serve(n_needs, codes // n_offers, codes % n_offers, rng.random(len(codes)), caps)
    seconds = time.process_time() - began
    return f"| {n_needs:,} needs × {n_candidates} | 1 to 5 | {seconds:.2f} | 0 | | | {int((served < 0).sum())} |"


if __name__ == "__main__":
    print("\n".join(main()))
