"""Who is named to whom: everybody gets somebody if that is possible at all, most names go both ways, nobody is overrun.

Two steps. First names are assigned exactly (scipy's Hungarian method on readers x places), because a greedy choice leaves
readers empty-handed who could have been served; then the lists are filled greedily, pairs that name each other first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from models.learning.arrays import Bools, Floats

# More than any sum of scores: a reader served outweighs all else, and then not having used a last resort does.
SERVED, LAST_RESORT = 1e6, 1e3


class Lists:
    """Names per reader while they are being chosen; `given` readers have theirs and only count as having been named."""

    def __init__(self, n: int, fixed_lists: Mapping[int, Sequence[int]], *, most_names: int, most_named: int) -> None:
        self.of: list[list[int]] = [list(fixed_lists.get(reader, ())) for reader in range(n)]
        self._fixed, self._most_names, self._most_named = set(fixed_lists), most_names, most_named
        self.n_named = [0] * n
        for names in fixed_lists.values():
            for other in names:
                self.n_named[other] += 1

    def has_room(self, reader: int, other: int) -> bool:
        """Whether `reader` may still be told of `other`."""
        return (
            reader not in self._fixed
            and len(self.of[reader]) < self._most_names
            and self.n_named[other] < self._most_named
            and other not in self.of[reader]
        )

    def add(self, reader: int, other: int) -> None:
        """Tell `reader` of `other`."""
        self.of[reader].append(other)
        self.n_named[other] += 1

    def places(self) -> list[int]:
        """Each member as often as they may still be named."""
        return [other for other, n in enumerate(self.n_named) for _ in range(self._most_named - n)]


def match(
    score: Floats,
    *,
    is_last_resort: Bools,
    fixed_lists: Mapping[int, Sequence[int]] | None = None,
    most_names: int = 3,
    most_named: int = 5,
) -> list[list[int]]:
    """Indices named to each reader, best first; readers in `fixed_lists` keep their lists and get nothing more.

    `score` has shape (n, n): how good it is to name column to row, <= 0 for never (the diagonal too); `is_last_resort` the
    same shape: only for readers who would have nobody otherwise. Scores must be below LAST_RESORT / n. No index is in more
    than `most_named` lists. Raises ValueError for other shapes.
    """
    if score.ndim != 2 or score.shape[0] != score.shape[1] or is_last_resort.shape != score.shape:
        raise ValueError(f"scores and last resorts are square and alike, not {score.shape} and {is_last_resort.shape}")
    may = (score > 0) & ~np.eye(len(score), dtype=np.bool_)
    lists = Lists(len(score), fixed_lists or {}, most_names=most_names, most_named=most_named)
    good = np.where(may & ~is_last_resort, score, 0.0)
    _answer_in_kind(lists, good)
    _serve_everybody(lists, score, may, is_last_resort)
    _answer_in_kind(lists, good)
    for one, other in _pairs(good):
        if lists.has_room(one, other) and lists.has_room(other, one):
            lists.add(one, other)
            lists.add(other, one)
    for reader, other in _descending(good):
        if lists.has_room(reader, other):
            lists.add(reader, other)
    return [sorted(names, key=lambda other, row=row: -score[row, other]) for row, names in enumerate(lists.of)]  # type: ignore[misc]


def _answer_in_kind(lists: Lists, good: Floats) -> None:
    """Who was named to somebody is told of them: two who look for each other find each other."""
    ranked_names = [(good[other, reader], other, reader) for reader, names in enumerate(lists.of) for other in names]
    for value, other, reader in sorted(ranked_names, reverse=True):
        if value > 0 and lists.has_room(other, reader):
            lists.add(other, reader)


def _serve_everybody(lists: Lists, score: Floats, may: Bools, is_last_resort: Bools) -> None:
    """A first name for as many as possible of those without any."""
    readers = [row for row, names in enumerate(lists.of) if not names and may[row].any()]
    places = lists.places()
    if not readers or not places:
        return
    # Loaded when somebody is to be named: that takes longer than to find that no event is near, which is told every 20 minutes.
    from scipy.optimize import linear_sum_assignment

    # Whoever would be told of the reader in turn comes first.
    worth = score + np.where(may & may.T, score.T, 0.0)
    gain = np.where(may, SERVED + worth - LAST_RESORT * is_last_resort, 0.0)[np.ix_(readers, places)]
    for row, column in zip(*linear_sum_assignment(gain, maximize=True), strict=True):
        reader, other = readers[row], places[column]
        if may[reader, other] and lists.has_room(reader, other):
            lists.add(reader, other)


def _pairs(good: Floats) -> Iterator[tuple[int, int]]:
    """Both of whom may be named to the other, the best pairs first."""
    both = np.where((good > 0) & (good.T > 0), good + good.T, 0.0)
    yield from _descending(np.triu(both))


def _descending(values: Floats) -> Iterator[tuple[int, int]]:
    rows, columns = np.nonzero(values > 0)
    for k in np.argsort(-values[rows, columns], kind="stable").tolist():
        yield int(rows[k]), int(columns[k])
