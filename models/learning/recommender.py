"""Sources of candidates: for live threads (from a Snapshot) and for lasting items (TopN, from who took what).

Thread candidates come from several sources and are ordered later by the behaviour model. Cold members get what is
popular and recent, labelled as that. TopN blends a normalised truncated SVD and item-kNN.
Sources: Nikolakopoulos et al. 2019 (EigenRec: scale by popularity, then SVD); Sarwar et al. 2001 (item-kNN).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from scipy.sparse import csr_array

from models.learning.arrays import Bools, Floats, Ints
from models.learning.factors import right_singular_vectors
from models.learning.features import Snapshot
from models.learning.text import standardise

# Source -> the feature that is its score. The order is the order in which reasons are looked for.
SOURCES: Mapping[str, str] = {
    "co_participation": "kin",
    "content": "topic_affinity",
    "social": "they_answered_me",
    "popularity": "people",
    "recency": "minutes_since_last",
}
COLD_SOURCES = ("popularity", "recency")


@dataclass(frozen=True, eq=False)
class Candidates:
    """Pairs worth scoring: member_row and thread_column index the snapshot; found_by (n, n_sources) says who found it.

    is_cold: the member of the pair is cold, so the source is popularity or recency and should be named as such.
    """

    member_row: Ints
    thread_column: Ints
    found_by: Bools
    is_cold: Bools

    def sources(self, i: int) -> tuple[str, ...]:
        """Names of the sources that found pair i."""
        return tuple(name for name, is_found in zip(SOURCES, self.found_by[i], strict=True) if is_found)


def source_scores(view: Snapshot) -> dict[str, Floats]:
    """Each source's score of every pair, shape (n_members, n_threads); higher is better, 0 or less finds nothing.

    Recency is 1 / (1 + log1p(minutes)), so it is always above 0.
    """
    scores = {source: view.column(name) for source, name in SOURCES.items()}
    scores["recency"] = 1 / (1 + scores["recency"])
    return scores


def candidates(view: Snapshot, *, per_source: int = 20) -> Candidates:
    """The best per_source threads of each source for each member; cold members get popularity and recency only."""
    scores = source_scores(view)
    is_found = np.stack([_best(score, per_source) for score in scores.values()], axis=-1)
    is_allowed = np.array([name in COLD_SOURCES for name in scores])
    is_found &= is_allowed | ~view.is_cold[:, None, None]
    row, column = np.nonzero(is_found.any(axis=-1))
    return Candidates(row, column, is_found[row, column], view.is_cold[row])


def _best(score: Floats, k: int) -> Bools:
    """Mask of the k highest positive scores of each row."""
    order = np.argsort(-score, axis=1, kind="stable")[:, :k]
    mask = np.zeros(score.shape, dtype=np.bool_)
    np.put_along_axis(mask, order, values=True, axis=1)
    return mask & (score > 0)


@dataclass(frozen=True, eq=False)
class TopN:
    """Recommends lasting items (listings, kinds of events) to members from who took what; arrays only.

    `taken` (n_members, n_items) 0/1; `factors` (n_items, k) of the scaled matrix; `neighbours` (n_items, n_items)
    pruned item-kNN weights; `popularity` (n_items,). Exponents were chosen on a split of Last.fm's training part.
    """

    kind: ClassVar[str] = "top_n"

    taken: csr_array
    factors: Floats
    scaling: Floats
    neighbours: csr_array
    popularity: Floats
    svd_share: float

    @classmethod
    def fit(
        cls,
        member: Ints,
        item: Ints,
        *,
        n_members: int,
        n_items: int,
        n_factors: int = 96,
        scaling_power: float = 0.4,
        n_neighbours: int = 200,
        svd_share: float = 0.5,
    ) -> Self:
        """Learn from pairs (member row, item column), repeated pairs counting once. Raises ValueError without a pair."""
        if not len(member):
            raise ValueError("There is nothing to learn from.")
        taken = csr_array((np.ones(len(member)), (member, item)), shape=(n_members, n_items))
        taken.data[:] = 1.0
        popularity = np.asarray(taken.sum(axis=0)).reshape(-1)
        scaling = np.maximum(popularity, 1.0) ** -scaling_power
        return cls(
            taken=taken,
            factors=_item_factors(taken, scaling, n_factors),
            scaling=scaling,
            neighbours=_neighbours(taken, popularity, n_neighbours),
            popularity=popularity,
            svd_share=svd_share,
        )

    def scores(self, members: Ints) -> Floats:
        """Blend of both parts' scores, each standardised per member; popularity for who took nothing. (n, n_items)."""
        own_items = self.taken[members]
        blend = self.svd_share * standardise(self._svd(own_items)) + (1 - self.svd_share) * standardise(
            self._knn(own_items)
        )
        is_cold = np.asarray(own_items.sum(axis=1)).reshape(-1) == 0
        blend[is_cold] = self.popularity
        return blend

    def recommend(self, members: Ints, n: int, *, exclude_seen: bool = True) -> Ints:
        """The best n items of each member, best first, shape (len(members), n). Items are never repeated."""
        scores = self.scores(members)
        if exclude_seen:
            scores[self.taken[members].nonzero()] = -np.inf
        best: Ints = np.argsort(-scores, axis=1, kind="stable")[:, :n]
        return best

    def to_parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """(JSON-able values, arrays) for the store."""
        arrays: dict[str, Any] = {"factors": self.factors, "scaling": self.scaling, "popularity": self.popularity}
        for name in ("taken", "neighbours"):
            table = getattr(self, name)
            arrays |= {f"{name}.{part}": getattr(table, part) for part in ("data", "indices", "indptr")}
        return {"shape": list(self.taken.shape), "svd_share": self.svd_share}, arrays

    @classmethod
    def from_parts(cls, values: Mapping[str, Any], arrays: Mapping[str, Any]) -> Self:
        """Inverse of to_parts."""
        n_members, n_items = values["shape"]
        return cls(
            taken=_restore(arrays, "taken", (n_members, n_items)),
            factors=arrays["factors"],
            scaling=arrays["scaling"],
            neighbours=_restore(arrays, "neighbours", (n_items, n_items)),
            popularity=arrays["popularity"],
            svd_share=float(values["svd_share"]),
        )

    def _svd(self, own_items: csr_array) -> Floats:
        projection: Floats = (own_items.multiply(self.scaling[None, :]).tocsr() @ self.factors) @ self.factors.T
        return projection / self.scaling[None, :]

    def _knn(self, own_items: csr_array) -> Floats:
        scores: Floats = (own_items @ self.neighbours).toarray()
        return scores


def _item_factors(interactions: csr_array, scaling: Floats, n: int) -> Floats:
    per_member = np.maximum(np.asarray(interactions.sum(axis=1)).reshape(-1), 1.0) ** -0.25
    weighted_interactions = csr_array(interactions.multiply(per_member[:, None]).multiply(scaling[None, :]))
    return right_singular_vectors(weighted_interactions, n)


def _neighbours(interactions: csr_array, popularity: Floats, n: int) -> csr_array:
    """Likeness of items (rows: taken, columns: recommended) over members; the n best of each item kept.

    A cosine in which members with many items count less and popular items are damped less than an even cosine would.
    """
    per_member = np.maximum(np.asarray(interactions.sum(axis=1)).reshape(-1), 1.0) ** -0.5
    together = (interactions.T @ interactions.multiply(per_member[:, None])).tocsr()
    together = csr_array(together.multiply(np.maximum(popularity, 1.0)[:, None] ** -0.5))
    together = csr_array(together.multiply(np.maximum(popularity, 1.0)[None, :] ** -0.3))
    together.setdiag(0.0)
    return _prune(together, n)


def _prune(table: csr_array, n: int) -> csr_array:
    """Only the n largest of each row."""
    row = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    order = np.lexsort((-table.data, row))
    rank = np.arange(len(order)) - table.indptr[row]
    kept_rows = order[rank < n]
    return csr_array((table.data[kept_rows], (row[kept_rows], table.indices[kept_rows])), shape=table.shape)


def _restore(arrays: Mapping[str, Any], name: str, shape: tuple[int, int]) -> csr_array:
    parts = tuple(arrays[f"{name}.{part}"] for part in ("data", "indices", "indptr"))
    return csr_array(parts, shape=shape)
