"""One assignment for everybody at once: pairs that must be, then the best of the rest, then company for who is left.

`assign` proves how good it is (`Plan.gap`); `greedy` is the answer when there is no time for it, about 7 % worse.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from models.learning import double_cover, several_each
from models.learning.arrays import Floats, Ints
from models.learning.market import Market, MustsCollide, Plan
from models.learning.seats import serve


def assign(candidates: Market, *, musts: Sequence[tuple[int, int]] = ()) -> Plan:
    """The best choice under everybody's cap, with the pairs in `musts` whatever they are worth. Raises MustsCollide."""
    rest, settled = _without(candidates, musts)
    if (rest.caps <= 1).all():
        rows, bound = double_cover.match(rest.n_members, rest.one, rest.other, rest.full_values())
    else:
        rows, bound = several_each.match(rest)
    return _plan(rest, rows, bound, settled)


def greedy(candidates: Market, *, musts: Sequence[tuple[int, int]] = ()) -> Plan:
    """The best pair, then the best of the others, and so on; its bound is every member's best, and wide."""
    rest, settled = _without(candidates, musts)
    rows = several_each.fill(rest, np.ones(len(rest.value)))
    return _plan(rest, rows, _wide_bound(rest), settled)


def trios(
    leftovers: Sequence[int],
    groups: Sequence[Sequence[int]],
    pairs: Ints,
    worth: Floats,
    *,
    never: Collection[tuple[int, int]] = (),
) -> dict[int, int]:
    """Who of those left joins which group (its index): as many as possible, then the best sum of new links.

    `pairs` (n_pairs, 2), `worth` (n_pairs,) >= 0 are candidates as for `market`. A group takes one at most, and only somebody
    who is a candidate of one in it and in `never`, either way round, with none of it.
    """
    group_of = {member: index for index, group in enumerate(groups) for member in group}
    joins: dict[tuple[int, int], list[float]] = {}
    for (one, other), value in zip(np.asarray(pairs).reshape(-1, 2).tolist(), np.asarray(worth).tolist(), strict=True):
        for newcomer, there in ((one, other), (other, one)):
            if newcomer not in group_of and there in group_of:
                joins.setdefault((newcomer, group_of[there]), []).append(value)
    apart = {*never, *((other, one) for one, other in never)}
    place = {member: i for i, member in enumerate(leftovers)}
    fitting = {
        (place[member], index): sum(links)
        for (member, index), links in sorted(joins.items())
        if member in place and not any((member, there) in apart for there in groups[index])
    }
    if not fitting:
        return {}
    ends = np.array(list(fitting), dtype=np.int64)
    links = np.array(list(fitting.values()))
    # One more who has company outweighs all links there are.
    value = links + 1.0 + len(leftovers) * float(links.max())
    served = serve(len(leftovers), ends[:, 0], ends[:, 1], value, np.ones(len(groups), dtype=np.int64))
    return {member: int(served[i]) for member, i in place.items() if served[i] >= 0}


def _without(candidates: Market, musts: Sequence[tuple[int, int]]) -> tuple[Market, Ints]:
    """The market after the pairs that must be: both members have one place less, and their pair is no candidate."""
    settled = np.array(sorted({(min(pair), max(pair)) for pair in musts}), dtype=np.int64).reshape(-1, 2)
    if not len(settled):
        return candidates, settled
    rank = np.empty(candidates.n_members, dtype=np.int64)
    rank[candidates.place] = np.arange(candidates.n_members)
    ends = np.sort(rank[settled], axis=1)
    taken = np.bincount(ends.ravel(), minlength=candidates.n_members)
    caps = candidates.caps - taken
    if (caps < 0).any():
        raise MustsCollide(", ".join(str(member) for member in candidates.place[caps < 0].tolist()))
    codes = ends[:, 0] * candidates.n_members + ends[:, 1]
    is_settled = np.isin(candidates.one * candidates.n_members + candidates.other, codes)
    has_room = (caps[candidates.one] > 0) & (caps[candidates.other] > 0)
    # Whoever is served already has had the bonus for being served at all.
    rest = replace(candidates, caps=caps, first=np.where(taken > 0, 0.0, candidates.first))
    return rest.keep(has_room & ~is_settled), settled


def _plan(candidates: Market, rows: Ints, bound: float, musts: Ints) -> Plan:
    ends = np.stack([candidates.one[rows], candidates.other[rows]], axis=1)
    is_served = np.bincount(ends.ravel(), minlength=candidates.n_members) > 0
    total = candidates.value[rows].sum() + candidates.tie[rows].sum() + candidates.first[is_served].sum()
    chosen = np.sort(candidates.place[ends], axis=1)
    chosen = chosen[np.lexsort((chosen[:, 1], chosen[:, 0]))]
    return Plan(np.concatenate([musts, chosen]), float(total), float(max(bound, total)))


def _wide_bound(candidates: Market) -> float:
    """Half of everybody's best pair, as often as they take one, and their bonus: prices that cover every pair."""
    best = np.zeros(candidates.n_members)
    for ends in (candidates.one, candidates.other):
        np.maximum.at(best, ends, candidates.value + candidates.tie)
    return float((candidates.caps * best / 2 + candidates.first * (best > 0)).sum())
