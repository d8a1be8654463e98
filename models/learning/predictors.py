"""What a fitted model is when it serves: a few arrays and numpy, no training library.

Each predictor gives log odds for rows of features, says which features moved one row (used to order reasons), and turns
itself into (plain values, arrays) and back for the store. Trees are copied out of scikit-learn after fitting, so an
artefact depends on no version of it and holds no object that could run code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol, Self

import numpy as np

from models.learning.arrays import Bools, Floats, Ints

Arrays = dict[str, Any]


class Predictor(Protocol):
    """Log odds from features, explainable per row."""

    kind: ClassVar[str]

    def log_odds(self, x: Floats) -> Floats:
        """Shape (n_rows,) for x of shape (n_rows, n_features)."""

    def contributions(self, row: Floats) -> Floats:
        """Signed share of each feature in this row's log odds, shape (n_features,), against the average row."""

    def to_arrays(self) -> Arrays:
        """Name -> numpy array; `from_arrays` of the same class restores an equal predictor."""


class _ArrayFields:
    """Dataclasses whose every field is an array or a number."""

    def to_arrays(self) -> Arrays:
        return {part.name: np.asarray(getattr(self, part.name)) for part in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> Self:
        """Inverse of to_arrays; raises KeyError when a part is missing."""
        return cls(**{part.name: arrays[part.name] for part in fields(cls)})  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class Linear(_ArrayFields):
    """intercept + coefficients . z, where z is (x - mean) / scale, kept within +-CLIP.

    Serves for logistic regression and for the untrained sum, whose coefficients are all one.
    """

    kind: ClassVar[str] = "linear"
    # A value further out than this was hardly seen in training; it should not outvote all other features.
    CLIP: ClassVar[float] = 6.0

    mean: Floats
    scale: Floats
    coefficients: Floats
    intercept: Floats

    def log_odds(self, x: Floats) -> Floats:
        """See Predictor."""
        scores: Floats = self._standardise(x) @ self.coefficients + float(self.intercept)
        return scores

    def contributions(self, row: Floats) -> Floats:
        """See Predictor."""
        shares: Floats = self._standardise(row) * self.coefficients
        return shares

    def _standardise(self, x: Floats) -> Floats:
        return np.clip((x - self.mean) / self.scale, -self.CLIP, self.CLIP)


@dataclass(frozen=True, eq=False)
class Trees(_ArrayFields):
    """A sum of regression trees, all nodes in one row of arrays; `root` has the first node of each tree.

    A row goes left when its feature is <= threshold. Leaves have left == right == themselves. `value` of an inner node
    is the mean of its leaves weighted by training rows, which makes the path's differences add up (Saabas 2014).
    """

    kind: ClassVar[str] = "trees"

    root: Ints
    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    value: Floats
    intercept: Floats
    n_features: Ints

    def log_odds(self, x: Floats) -> Floats:
        """See Predictor. Raises ValueError on a value that is not a number."""
        if not np.isfinite(x).all():
            raise ValueError("Features must be finite numbers.")
        # In blocks, so that rows x trees stays small enough for the processor's cache.
        blocks = [self._sum_of_leaves(x[start : start + 4096]) for start in range(0, len(x), 4096)]
        return np.concatenate([*blocks, np.zeros(0)]) + float(self.intercept)

    def contributions(self, row: Floats) -> Floats:
        """See Predictor."""
        shares = np.zeros(int(self.n_features))
        node = self.root
        while True:
            onward = self._step(node, row[self.feature[node]])
            if (onward == node).all():
                return shares
            np.add.at(shares, self.feature[node], self.value[onward] - self.value[node])
            node = onward

    def _sum_of_leaves(self, x: Floats) -> Floats:
        node = np.broadcast_to(self.root, (len(x), len(self.root)))
        rows = np.arange(len(x))[:, None]
        while True:
            onward = self._step(node, x[rows, self.feature[node]])
            if (onward == node).all():
                total: Floats = self.value[node].sum(axis=1)
                return total
            node = onward

    def _step(self, node: Ints, value: Floats) -> Ints:
        return np.where(value <= self.threshold[node], self.left[node], self.right[node])


@dataclass(frozen=True, eq=False)
class Mean:
    """Mean of the log odds of several predictors."""

    kind: ClassVar[str] = "mean"

    parts: tuple[Predictor, ...]

    def log_odds(self, x: Floats) -> Floats:
        """See Predictor."""
        mean: Floats = np.mean([part.log_odds(x) for part in self.parts], axis=0)
        return mean

    def contributions(self, row: Floats) -> Floats:
        """See Predictor."""
        mean: Floats = np.mean([part.contributions(row) for part in self.parts], axis=0)
        return mean

    def to_arrays(self) -> Arrays:
        """See Predictor."""
        return {f"{i}.{key}": array for i, part in enumerate(self.parts) for key, array in with_tag(part).items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> Self:
        """Inverse of to_arrays."""
        indexes = sorted({int(key.split(".", 1)[0]) for key in arrays})
        return cls(tuple(without_tag(_below(arrays, str(i))) for i in indexes))


@dataclass(frozen=True, eq=False)
class Calibration(_ArrayFields):
    """Log odds -> probability: straight lines between knots, constant outside (a smoothed isotonic curve)."""

    log_odds: Floats
    probability: Floats

    def __call__(self, log_odds: Floats) -> Floats:
        """Probabilities, never falling as the log odds rise."""
        probability: Floats = np.interp(log_odds, self.log_odds, self.probability)
        return probability


_KINDS: dict[str, Any] = {"linear": Linear, "trees": Trees, "mean": Mean}


def with_tag(predictor: Predictor) -> Arrays:
    """The predictor's arrays with its kind among them."""
    return {"kind": np.array(predictor.kind), **predictor.to_arrays()}


def without_tag(arrays: Mapping[str, Any]) -> Predictor:
    """Inverse of `with_tag`; raises KeyError for a kind this version does not know."""
    rest = {key: array for key, array in arrays.items() if key != "kind"}
    predictor: Predictor = _KINDS[str(arrays["kind"])].from_arrays(rest)
    return predictor


def _below(arrays: Mapping[str, Any], prefix: str) -> Arrays:
    return {key.split(".", 1)[1]: array for key, array in arrays.items() if key.startswith(f"{prefix}.")}


def copied_trees(booster: Any, edges: Sequence[Floats]) -> Trees:
    """The trees of a binary HistGradientBoostingClassifier (scikit-learn 1.7 to 1.x) fitted on numbers of bins.

    edges[feature][bin] is the highest value in that bin; the copies ask for values where the originals ask for bins.
    """
    parts = [forest[0].nodes for forest in booster._predictors]
    root = np.concatenate([[0], np.cumsum([len(part) for part in parts])[:-1]]).astype(np.int64)
    nodes = np.concatenate(parts)
    start = np.repeat(root, [len(part) for part in parts])
    is_leaf = nodes["is_leaf"].astype(bool)
    here = np.arange(len(nodes))
    left = np.where(is_leaf, here, nodes["left"].astype(np.int64) + start)
    right = np.where(is_leaf, here, nodes["right"].astype(np.int64) + start)
    return Trees(
        root=root,
        feature=np.where(is_leaf, 0, nodes["feature_idx"]).astype(np.int64),
        threshold=_values_of_bins(nodes, is_leaf, edges),
        left=left,
        right=right,
        value=_mean_of_leaves(nodes["value"], nodes["count"].astype(np.float64), left, right, is_leaf),
        intercept=np.asarray(booster._baseline_prediction).reshape(-1)[0],
        n_features=np.asarray(len(edges)),
    )


def _values_of_bins(nodes: Any, is_leaf: Bools, edges: Sequence[Floats]) -> Floats:
    threshold = np.zeros(len(nodes))
    for node in np.flatnonzero(~is_leaf):
        threshold[node] = edges[nodes["feature_idx"][node]][int(nodes["num_threshold"][node])]
    return threshold


def _mean_of_leaves(value: Floats, count: Floats, left: Ints, right: Ints, is_leaf: Bools) -> Floats:
    """Children come after their parent, so going backwards meets them first."""
    means = value.astype(np.float64).copy()
    for node in np.flatnonzero(~is_leaf)[::-1]:
        below = [left[node], right[node]]
        means[node] = np.average(means[below], weights=count[below])
    return means
