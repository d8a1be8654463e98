from __future__ import annotations

import numpy as np
import pytest

from models.learning.arrays import Floats
from models.learning.evaluation import auc
from models.learning.yes_model import Answers, fit, fit_if_better, rule


def crowd(n: int, n_answers: int, *, spread: float, seed: int = 1) -> tuple[Answers, Floats]:
    """Members who differ in how much they like and are liked, and the true chance of each answer."""
    rng = np.random.default_rng(seed)
    gives, gets = rng.normal(0, spread, n), rng.normal(0, spread, n)
    by = rng.integers(0, n, n_answers)
    to = (by + rng.integers(1, n, n_answers)) % n
    chance = 1 / (1 + np.exp(0.3 - gives[by] - gets[to]))
    yes = rng.random(n_answers) < chance
    return Answers(n, by, to, yes, gets[to] + rng.normal(0, 1, n_answers)), chance


def test_the_rule_is_shrunken_shares_worked_out_by_hand() -> None:
    # 0 said yes twice to 1; 1 said no once to 0: two of three are yeses.
    answers = Answers(2, np.array([0, 0, 1]), np.array([1, 1, 0]), np.array([True, True, False]))

    model = rule(answers, prior=1.0)

    # given by 0: (2 + 2/3) / 3 = 8/9, got by 1: the same; odds 8 * 8 / 2 = 32.
    assert model.chance(np.array([0]), np.array([1])) == pytest.approx([32 / 33])
    # given by 1: (0 + 2/3) / 2 = 1/3, got by 0: the same; odds 1/2 * 1/2 / 2 = 1/8.
    assert model.chance(np.array([1]), np.array([0])) == pytest.approx([1 / 9])
    assert model.worth(np.array([0]), np.array([1])) == pytest.approx([32 / 33 / 9])


def test_nobody_known_is_the_average() -> None:
    answers = Answers(4, np.array([0, 1]), np.array([1, 0]), np.array([True, False]))

    for model in (rule(answers), fit(answers)):
        assert model.chance(np.array([2]), np.array([3])) == pytest.approx([0.5], abs=1e-3)


def test_learning_finds_who_is_liked_and_who_likes() -> None:
    answers, _ = crowd(120, 3_000, spread=1.2)
    before, after = answers.part(slice(0, 1_500)), answers.part(slice(1_500, None))

    learned, plain = fit(before), rule(before)

    assert auc(after.yes, learned.chance(after.by, after.to)) > 0.76
    assert auc(after.yes, learned.chance(after.by, after.to)) > auc(after.yes, plain.chance(after.by, after.to)) + 0.005


def test_learning_serves_only_where_it_beats_the_rule_on_later_answers() -> None:
    clear, _ = crowd(120, 3_000, spread=1.2)
    noise, _ = crowd(120, 3_000, spread=0.0)
    few, _ = crowd(20, 150, spread=1.2)

    assert fit_if_better(clear) is not None
    assert fit_if_better(noise) is None
    assert fit_if_better(few) is None


def test_how_pleasant_somebody_was_found_counts_where_it_is_known() -> None:
    answers, _ = crowd(60, 600, spread=1.0)
    unknown = Answers(60, answers.by, answers.to, answers.yes, np.full(600, np.nan))

    assert np.corrcoef(fit(answers).gets, fit(unknown).gets)[0, 1] < 0.999
    assert fit(unknown).gets == pytest.approx(fit(Answers(60, answers.by, answers.to, answers.yes)).gets)


def test_no_answer_is_no_model() -> None:
    none = np.empty(0, dtype=np.int64)

    with pytest.raises(ValueError, match="nobody"):
        fit(Answers(3, none, none, np.empty(0, dtype=np.bool_)))
    assert rule(Answers(3, none, none, np.empty(0, dtype=np.bool_))).chance(np.array([0]), np.array([1])) == 0.5
