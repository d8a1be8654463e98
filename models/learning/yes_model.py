"""Who says yes to whom, learned from who said yes and no to whom before: how much each is liked, and how much each likes.

P(i says yes to j) is a logistic function of what i usually says and what j usually hears, both drawn towards the average as far
as little is known, and of how j was found to be where that was told. A pair is worth both chances multiplied. The rule beside it
needs no fitting: shrunken shares of yeses given and received.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import minimize

from models.learning.arrays import Bools, Floats, Ints
from models.learning.evaluation import auc

# How firmly somebody's yeses given and received are drawn to the average, in the log-odds' own unit; and how many answers
# of the average the rule adds to everybody's own. Chosen on evenings of speed dates, judged on others (tests/benchmarks).
GIVEN, RECEIVED, PRIOR = 0.3, 0.6, 2.0
# What one standard deviation of being found pleasant adds; log-odds are stretched, for the less willing side decides.
LIKED, STRETCH = 0.6, 1.6
# Answers below which nothing is learned, and the margin by which learning must win on the later ones.
FEWEST, MARGIN = 200, 0.005
LATER_SHARE = 0.3


@dataclass(frozen=True)
class Answers:
    """Who (`by`) said yes or no to whom (`to`), indices below n_members, in the order of time; all arrays (n,).

    `liking`: how pleasant they found them, in any unit, NaN where that is not known.
    """

    n_members: int
    by: Ints
    to: Ints
    yes: Bools
    liking: Floats = field(default_factory=lambda: np.empty(0))

    def part(self, rows: Bools | slice) -> Answers:
        """Some of them."""
        liking = self.liking[rows] if len(self.liking) else self.liking
        return Answers(self.n_members, self.by[rows], self.to[rows], self.yes[rows], liking)


@dataclass(frozen=True)
class YesModel:
    """Log-odds of a yes: `base` + `gives`[i] + `gets`[j]; what nobody answered yet is the average, 0."""

    base: float
    gives: Floats
    gets: Floats

    def chance(self, by: Ints, to: Ints) -> Floats:
        """P(each of `by` says yes to each of `to`)."""
        return np.asarray(1 / (1 + np.exp(-(self.base + self.gives[by] + self.gets[to]))))

    def worth(self, one: Ints, other: Ints) -> Floats:
        """Both sides' chances multiplied."""
        return self.chance(one, other) * self.chance(other, one)


def rule(answers: Answers, *, prior: float = PRIOR) -> YesModel:
    """Shares of yeses given and received, with `prior` average answers added to everybody's own; no fitting."""
    usual = float(np.clip(answers.yes.mean(), 0.01, 0.99)) if len(answers.yes) else 0.5
    shares = [_share(ends, answers, usual, prior) for ends in (answers.by, answers.to)]
    gives, gets = (_log_odds(share) - _log_odds(usual) for share in shares)
    return YesModel(float(_log_odds(usual)), gives, gets)


def fit(
    answers: Answers,
    *,
    ridge_by: float = GIVEN,
    ridge_to: float = RECEIVED,
    liking_weight: float = LIKED,
    stretch: float = STRETCH,
) -> YesModel:
    """The logistic model of both sides, its effects drawn to 0 by `ridge_by` and `ridge_to`.

    Raises ValueError without an answer.
    """
    if not len(answers.yes):
        raise ValueError("nobody answered anything")
    n = answers.n_members
    start = np.zeros(1 + 2 * n)
    result = minimize(
        _loss, start, args=(answers, ridge_by, ridge_to), jac=True, method="L-BFGS-B", options={"maxiter": 200}
    )
    base, gives, gets = float(result.x[0]), result.x[1 : n + 1], result.x[n + 1 :]
    return YesModel(stretch * base, stretch * gives, stretch * (gets + liking_weight * _pleasant(answers)))


def fit_if_better(answers: Answers) -> YesModel | None:
    """The learned model if it beats the rule on the later answers, fitted on all; None while the rule is as good."""
    split = int(len(answers.yes) * (1 - LATER_SHARE))
    if len(answers.yes) < FEWEST:
        return None
    before, after = answers.part(slice(0, split)), answers.part(slice(split, None))
    learned, plain = fit(before), rule(before)
    gain = auc(after.yes, learned.chance(after.by, after.to)) - auc(after.yes, plain.chance(after.by, after.to))
    return fit(answers) if gain >= MARGIN else None


def _share(ends: Ints, answers: Answers, usual: float, prior: float) -> Floats:
    yeses = np.bincount(ends, answers.yes, answers.n_members)
    return (yeses + prior * usual) / (np.bincount(ends, minlength=answers.n_members) + prior)


def _log_odds(chance: Floats | float) -> Floats:
    return np.asarray(np.log(chance) - np.log1p(-np.asarray(chance)))


def _loss(x: Floats, answers: Answers, ridge_by: float, ridge_to: float) -> tuple[float, Floats]:
    """Minus the log likelihood and the penalty, and the gradient."""
    n = answers.n_members
    gives, gets = x[1 : n + 1], x[n + 1 :]
    z = x[0] + gives[answers.by] + gets[answers.to]
    slope = 1 / (1 + np.exp(-z)) - answers.yes
    value = np.logaddexp(0, z).sum() - z[answers.yes].sum() + (ridge_by * gives @ gives + ridge_to * gets @ gets) / 2
    gradient = np.concatenate(
        [
            [slope.sum()],
            np.bincount(answers.by, slope, n) + ridge_by * gives,
            np.bincount(answers.to, slope, n) + ridge_to * gets,
        ]
    )
    return float(value), gradient


def _pleasant(answers: Answers) -> Floats:
    """How pleasant each was found, in standard deviations over what each judge usually says, drawn to 0 by one answer."""
    n = answers.n_members
    is_known = np.isfinite(answers.liking) if len(answers.liking) else np.zeros(len(answers.by), dtype=np.bool_)
    if not is_known.any() or np.ptp(answers.liking[is_known]) == 0:
        return np.zeros(n)
    by, to, liking = answers.by[is_known], answers.to[is_known], answers.liking[is_known]
    z = (liking - liking.mean()) / liking.std()
    usual = np.bincount(by, z, n) / (np.bincount(by, minlength=n) + 1)
    return np.asarray(np.bincount(to, z - usual[by], n) / (np.bincount(to, minlength=n) + 1))
