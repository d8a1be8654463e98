"""Who could be introduced to whom, and what a choice for everybody at once is worth; plain arrays.

Whatever may not be (never, a repeat, a block, below somebody's minimum) is no candidate: its pair is left out of the list.
Ties are broken by a small number made of both members' keys and a seed, and members are sorted by key first, so that neither
how they are numbered nor who came first decides who wins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.learning.arrays import Bools, Floats, Ints

# Of the largest worth: enough to tell equal pairs apart, too little to matter.
TIE = 1e-6


class MustsCollide(ValueError):
    """Somebody is in more pairs that must be than they take introductions."""


@dataclass(frozen=True)
class Market:
    """Candidates for one assignment; make it with `market()`.

    `one`, `other` (n_pairs,) are indices below n_members, each pair once; `value` (n_pairs,) > 0 is worth to maximise,
    `tie` (n_pairs,) breaks ties; `caps` (n_members,) how many introductions each takes, 0 is a pause;
    `first` (n_members,) is added once for whoever gets anybody, `place` where each member stood before they were sorted.
    """

    one: Ints
    other: Ints
    value: Floats
    tie: Floats
    caps: Ints
    first: Floats
    place: Ints

    @property
    def n_members(self) -> int:
        """Everybody, those who pause too."""
        return len(self.caps)

    def full_values(self) -> Floats:
        """What each pair is worth where everybody gets one at most: with both members' bonus, and the tie broken."""
        return self.value + self.first[self.one] + self.first[self.other] + self.tie

    def keep(self, rows: Ints | Bools) -> Market:
        """The same members with these pairs only; rows is an index or a mask of pairs."""
        return replace(self, one=self.one[rows], other=self.other[rows], value=self.value[rows], tie=self.tie[rows])


@dataclass(frozen=True)
class Plan:
    """What was chosen, and a proof of how good it is: no choice of these candidates is worth more than `bound`.

    `pairs` (n_chosen, 2): members as the caller numbered them, the lower first; those that must be come first and are in
    neither `total` nor `bound`. Both count the bonus of those served.
    """

    pairs: Ints
    total: float
    bound: float

    @property
    def gap(self) -> float:
        """How far the choice may be from the best there is, as a share of it; 0 is proven best."""
        return max(0.0, 1.0 - self.total / self.bound) if self.bound > 0 else 0.0


def market(
    n_members: int,
    pairs: Ints,
    worth: Floats,
    *,
    caps: Ints | int = 1,
    bonus: Floats | float = 0.0,
    keys: Ints | None = None,
    seed: int = 0,
) -> Market:
    """Candidates, checked and put in an order of their own.

    `pairs` (n_pairs, 2), `worth` (n_pairs,) finite and >= 0; of a pair listed twice the better counts. `bonus` >= 0 is what
    it is worth that a member gets anybody at all: beyond the sum of all worths it means "as many as possible first". `keys`
    are numbers that stay with a member whatever their place, such as a hash of their id; without them places count.
    Raises ValueError on anything else.
    """
    pairs = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    caps = np.broadcast_to(np.asarray(caps, dtype=np.int64), n_members)
    first = np.broadcast_to(np.asarray(bonus, dtype=np.float64), n_members)
    keys = np.arange(n_members) if keys is None else np.asarray(keys, dtype=np.int64)
    _check(n_members, pairs, worth, caps, first, keys)
    place = np.argsort(keys, kind="stable")
    rank = np.empty(n_members, dtype=np.int64)
    rank[place] = np.arange(n_members)
    ends = np.sort(rank[pairs], axis=1)
    is_open = (ends[:, 0] != ends[:, 1]) & (caps[pairs] > 0).all(axis=1) & (worth + first[pairs].sum(axis=1) > 0)
    rows = _best_of_each(ends, worth, is_open)
    one, other, value = ends[rows, 0], ends[rows, 1], worth[rows]
    scale = TIE * float((value + first[place][one] + first[place][other]).max(initial=0.0))
    tie = scale * _mix(keys[place][one], keys[place][other], seed)
    return Market(one, other, value, tie, caps[place], first[place], place)


def _check(n: int, pairs: Ints, worth: Floats, caps: Ints, first: Floats, keys: Ints) -> None:
    if len(worth) != len(pairs) or len(keys) != n:
        raise ValueError(f"{len(pairs)} pairs have {len(worth)} worths; {n} members have {len(keys)} keys")
    if pairs.size and not (pairs.min() >= 0 and pairs.max() < n):
        raise ValueError(f"pairs name members outside 0 to {n - 1}")
    if not (np.isfinite(worth).all() and np.isfinite(first).all()) or (worth < 0).any() or (first < 0).any():
        raise ValueError("worths and bonuses are finite and at least 0")
    if (caps < 0).any():
        raise ValueError("caps are at least 0")


def _best_of_each(ends: Ints, worth: Floats, is_open: Bools) -> Ints:
    """Rows of open pairs, each pair once, in the order of their members."""
    rows = np.flatnonzero(is_open)
    rows = rows[np.lexsort((-worth[rows], ends[rows, 1], ends[rows, 0]))]
    is_new = np.ones(len(rows), dtype=np.bool_)
    is_new[1:] = (ends[rows][1:] != ends[rows][:-1]).any(axis=1)
    return rows[is_new]


def _mix(one: Ints, other: Ints, seed: int) -> Floats:
    """A number in 0..1 of two keys and a seed, the same whichever comes first (splitmix64)."""
    low, high = np.minimum(one, other).astype(np.uint64), np.maximum(one, other).astype(np.uint64)
    mixed = _scatter(_scatter(low + np.uint64(seed % 2**63)) ^ high)
    return mixed.astype(np.float64) / 2.0**64


def _scatter(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
