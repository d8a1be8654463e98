"""A calibrated P(something happens | features), with a report of how it earned its place.

Candidates are logistic regression, boosting and the mean of both; the untrained sum is the fallback that needs no data.
They meet in time order on later data; the winner is fitted again on everything and calibrated on the later folds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from models.learning.arrays import Floats
from models.learning.fitting import (
    BOTH,
    CANDIDATES,
    Examples,
    Fitter,
    TooLittleData,
    calibrate,
    compare,
    fit_winner,
    summary,
    untrained_sum,
)
from models.learning.predictors import Calibration, Linear, Predictor, with_tag, without_tag

Report = dict[str, Any]


@dataclass(frozen=True, eq=False)
class BehaviourModel:
    """A fitted predictor with its calibration and a report of how it earned its place (JSON-able)."""

    kind: ClassVar[str] = "behaviour"

    feature_names: tuple[str, ...]
    predictor: Predictor
    calibration: Calibration
    report: Report = field(default_factory=dict)

    def score(self, x: Floats) -> Floats:
        """Log odds, shape (n_rows,); rank by these, they have no ties where probabilities may."""
        return self.predictor.log_odds(self._check(x))

    def predict(self, x: Floats) -> Floats:
        """Calibrated probabilities, shape (n_rows,), columns of x as in feature_names."""
        return self.calibration(self.score(x))

    def contributions(self, row: Floats) -> dict[str, float]:
        """Feature -> signed share in this row's log odds, largest first."""
        shares = self.predictor.contributions(self._check(row[None, :])[0])
        order = np.argsort(-np.abs(shares), kind="stable")
        return {self.feature_names[i]: float(shares[i]) for i in order}

    def to_parts(self) -> tuple[Report, dict[str, Any]]:
        """(JSON-able values, arrays) for the store."""
        arrays = {f"predictor.{key}": array for key, array in with_tag(self.predictor).items()}
        arrays |= {f"calibration.{key}": array for key, array in self.calibration.to_arrays().items()}
        return {"feature_names": list(self.feature_names), "report": self.report}, arrays

    @classmethod
    def from_parts(cls, values: Mapping[str, Any], arrays: Mapping[str, Any]) -> Self:
        """Inverse of to_parts."""
        parts = {
            name: {key.removeprefix(f"{name}."): array for key, array in arrays.items() if key.startswith(f"{name}.")}
            for name in ("predictor", "calibration")
        }
        calibration = Calibration.from_arrays(parts["calibration"])
        return cls(tuple(values["feature_names"]), without_tag(parts["predictor"]), calibration, dict(values["report"]))

    def _check(self, x: Floats) -> Floats:
        if x.ndim != 2 or x.shape[1] != len(self.feature_names):
            raise ValueError(f"Expected {len(self.feature_names)} features a row, not shape {x.shape}.")
        return x


def fit(
    examples: Examples,
    *,
    fallback_columns: tuple[str, ...],
    metric: str = "ndcg_at_10",
    candidates: Mapping[str, Fitter] = CANDIDATES,
) -> BehaviourModel:
    """The best of the candidates by `metric` on later data. Raises TooLittleData when there is not enough to compare them on.

    report: winner, margin over the untrained sum, the metrics of all, rows, happenings, first and last instant.
    """
    baselines: dict[str, Fitter] = {"untrained_sum": lambda past: untrained_sum(past, fallback_columns)}
    tournament = compare(examples, candidates, baselines)
    # The plainest first: what learning does not clearly improve on is not learnt.
    winner = tournament.best((*baselines, BOTH, *candidates), metric)
    later = tournament.later
    calibration = calibrate(tournament.log_odds[winner], later.outcome, later.weight)
    scores = tournament.log_odds[winner]
    metrics = tournament.metrics | {winner: summary(later, scores, calibration(scores))}
    report = {
        "winner": winner,
        "metric": metric,
        "margin": metrics[winner][metric] - metrics["untrained_sum"][metric],
        "metrics": metrics,
        "n_rows": len(examples.at),
        "n_happened": int(examples.outcome.sum()),
        "from": float(examples.at.min()),
        "until": float(examples.at.max()),
    }
    winner_fit = fit_winner(winner, examples, {**candidates, **baselines}, candidates)
    return BehaviourModel(examples.feature_names, winner_fit, calibration, report)


def baseline(examples: Examples, *, columns: tuple[str, ...]) -> BehaviourModel:
    """The untrained sum of `columns`, for communities with too little data; its probabilities are only the base rate's.

    `examples` give means and scales; without a single row the columns count as they are.
    """
    n_features = len(examples.feature_names)
    if len(examples.at):
        predictor = untrained_sum(examples, columns)
        rate = float(np.average(examples.outcome, weights=examples.weight))
    else:
        weights = np.isin(examples.feature_names, columns).astype(np.float64)
        predictor, rate = Linear(np.zeros(n_features), np.ones(n_features), weights, np.asarray(0.0)), 0.0
    # A gentle slope around the base rate keeps the order without claiming to know more.
    odds = np.linspace(-6, 6, 13)
    prior = np.log((rate + 0.001) / (1 - rate + 0.001))
    calibration = Calibration(odds, 1 / (1 + np.exp(-(prior + 0.3 * odds))))
    report = {"winner": "untrained_sum", "n_rows": len(examples.at), "n_happened": int(examples.outcome.sum())}
    return BehaviourModel(examples.feature_names, predictor, calibration, report)


def fit_or_baseline(
    examples: Examples, *, fallback_columns: tuple[str, ...], metric: str = "ndcg_at_10"
) -> BehaviourModel:
    """`fit`, or `baseline` when there is too little data; report["why"] then says so."""
    try:
        return fit(examples, fallback_columns=fallback_columns, metric=metric)
    except TooLittleData as problem:
        model = baseline(examples, columns=fallback_columns)
        return BehaviourModel(
            model.feature_names, model.predictor, model.calibration, model.report | {"why": str(problem)}
        )
