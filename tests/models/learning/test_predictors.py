import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from models.learning.behaviour_model import baseline, fit, fit_or_baseline
from models.learning.fitting import (
    N_BINS,
    Examples,
    TooLittleData,
    calibrate,
    compare,
    fit_boosting,
    fit_logistic,
    join,
)
from models.learning.predictors import Linear, Mean, with_tag, without_tag

NAMES = ("one", "two", "three")


def make_examples(n: int = 3000, *, strength: float = 1.5, seed: int = 0) -> Examples:
    """x[:, 0] and x[:, 1] ** 2 matter, x[:, 2] does not; twenty rows an instant."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3))
    happened = rng.random(n) < 1 / (1 + np.exp(-(strength * (x[:, 0] + x[:, 1] ** 2) - 2)))
    at = np.repeat(np.arange(n // 20), 20).astype(np.float64)
    return Examples(x, happened, at, at.astype(np.int64), np.arange(n) % 20, np.ones(n), NAMES)


def test_copied_trees_say_what_scikit_learn_says():
    examples = make_examples()
    trees = fit_boosting(examples)
    edges = [np.unique(np.quantile(c, np.linspace(0, 1, N_BINS + 1)[1:-1], method="lower")) for c in examples.x.T]
    bins = np.stack([np.searchsorted(e, c) for e, c in zip(edges, examples.x.T, strict=True)], axis=1)

    original = HistGradientBoostingClassifier(
        max_iter=60, learning_rate=0.1, max_leaf_nodes=12, min_samples_leaf=40, l2_regularization=5.0,
        early_stopping=False, random_state=0,
    ).fit(bins, examples.outcome, sample_weight=examples.weight)  # fmt: skip

    assert np.allclose(trees.log_odds(examples.x), original.decision_function(bins))


@pytest.mark.parametrize("fitter", [fit_logistic, fit_boosting])
def test_contributions_add_up_to_the_difference_between_rows(fitter):
    examples = make_examples()
    model = fitter(examples)
    a, b = examples.x[0], examples.x[1]

    said = model.log_odds(np.stack([a, b]))

    assert (model.contributions(a) - model.contributions(b)).sum() == pytest.approx(said[0] - said[1])


@pytest.mark.parametrize("fitter", [fit_logistic, fit_boosting])
def test_what_does_not_matter_contributes_little(fitter):
    examples = make_examples()
    model = fitter(examples)

    shares = np.abs([model.contributions(row) for row in examples.x[:50]]).mean(axis=0)

    assert shares[2] < 0.3 * shares[0]


def test_boosting_refuses_what_is_not_a_number():
    with pytest.raises(ValueError, match="finite"):
        fit_boosting(make_examples()).log_odds(np.array([[np.nan, 0.0, 0.0]]))


def test_an_outlier_does_not_outvote_everything():
    linear = Linear(np.zeros(1), np.ones(1), np.ones(1), np.asarray(0.0))

    assert linear.log_odds(np.array([[1e9]])).tolist() == [Linear.CLIP]


def test_a_mean_of_predictors_survives_being_taken_apart():
    examples = make_examples()
    mean = Mean((fit_logistic(examples), fit_boosting(examples)))

    again = without_tag(with_tag(mean))

    assert np.array_equal(again.log_odds(examples.x), mean.log_odds(examples.x))


def test_calibration_never_falls_and_tells_the_rate():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=5000)
    happened = rng.random(5000) < 1 / (1 + np.exp(-2 * scores + 1))

    calibration = calibrate(scores, happened, np.ones(5000))
    said = calibration(np.linspace(-9, 9, 500))

    assert (np.diff(said) >= 0).all()
    assert 0 < said.min() < said.max() < 1
    assert calibration(scores).mean() == pytest.approx(happened.mean(), abs=0.01)


def test_the_winner_sees_only_what_came_before():
    examples = make_examples()
    seen = []

    def spy(past: Examples) -> Linear:
        seen.append(past.at.max())
        return fit_logistic(past)

    tournament = compare(examples, {"spy": spy}, {})

    borders = sorted(set(seen))
    assert tournament.later.at.min() > borders[0]
    assert len(seen) == 3


def test_a_learned_model_beats_the_untrained_sum_where_there_is_something_to_learn():
    model = fit(make_examples(), fallback_columns=("one", "three"))

    assert model.report["winner"] in ("boosting", "both")
    assert model.report["margin"] > 0.05
    assert model.report["metrics"][model.report["winner"]]["ece"] < 0.03


def test_a_candidate_whose_scores_are_not_numbers_never_wins():
    def broken(past: Examples) -> Linear:
        return Linear(np.zeros(3), np.ones(3), np.full(3, np.nan), np.asarray(0.0))

    model = fit(make_examples(), fallback_columns=("one",), candidates={"broken": broken})

    assert model.report["winner"] == "untrained_sum"


def test_too_little_data_is_said():
    with pytest.raises(TooLittleData, match="too few"):
        fit(make_examples(40), fallback_columns=("one",))


def test_too_little_data_falls_back_to_the_sum_and_says_why():
    model = fit_or_baseline(make_examples(40), fallback_columns=("one",))

    assert model.report["winner"] == "untrained_sum"
    assert "too few" in model.report["why"]
    assert np.argmax(model.predict(np.array([[0.0, 9, 9], [1.0, 0, 0]]))) == 1


def test_without_a_single_row_there_is_still_a_model():
    model = fit_or_baseline(join([], NAMES), fallback_columns=("one",))

    said = model.predict(np.array([[0.0, 0, 0], [1.0, 0, 0]]))

    assert said[0] < said[1] < 0.1


def test_the_fallback_tells_no_more_than_the_base_rate():
    examples = make_examples(500)

    said = baseline(examples, columns=("one",)).predict(examples.x)

    assert abs(said.mean() - examples.outcome.mean()) < 0.08


def test_features_in_the_wrong_number_are_refused():
    model = fit_or_baseline(make_examples(40), fallback_columns=("one",))

    with pytest.raises(ValueError, match="3 features"):
        model.predict(np.zeros((1, 4)))
