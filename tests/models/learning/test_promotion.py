import numpy as np
import pytest

from models.learning.promotion import JudgedModel, judge


def _judged(mean: float, *, n: int = 200, seed: int = 0) -> JudgedModel:
    noise = np.random.default_rng(seed).normal(0, 0.1, n)
    return JudgedModel(values=mean + noise - noise.mean(), member=np.arange(n) % 40)


def _verdict(candidate, champion, **baselines):
    return judge(candidate, champion, baselines, metric="ndcg_at_10", rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("candidate", "champion", "popularity", "why", "promote"),
    [
        (0.5, None, 0.3, "no_champion", True),  # the first model that beats the baselines serves
        (0.5, 0.4, 0.3, "better_than_all", True),  # better than everything
        (0.4, 0.4, 0.3, "better_than_all", True),  # as good as the champion, and fresher
        (0.3, 0.4, 0.2, "worse_than_champion", False),  # clearly worse
        (0.3, None, 0.3, "not_better_than_baseline", False),  # no better than showing what is popular
        (0.2, 0.1, 0.3, "not_better_than_baseline", False),  # beats a bad champion, not the baseline
    ],
)
def test_a_model_serves_only_if_it_earned_it(candidate, champion, popularity, why, promote):
    verdict = _verdict(
        _judged(candidate),
        None if champion is None else _judged(champion, seed=1),
        popularity=_judged(popularity, seed=2),
    )

    assert (verdict.why, verdict.promote) == (why, promote)


def test_too_little_data_keeps_and_says_so():
    verdict = _verdict(_judged(0.9, n=20), None, popularity=_judged(0.1, n=20))

    assert not verdict.promote
    assert verdict.why == "too_little_data"
    assert verdict.numbers["queries"] == 20


def test_one_score_that_is_not_a_number_keeps():
    broken = _judged(0.9)
    broken.values[3] = np.nan

    verdict = _verdict(broken, None, popularity=_judged(0.1))

    assert (verdict.promote, verdict.why) == (False, "score_is_not_a_number")


def test_a_champion_that_broke_is_replaced():
    broken = _judged(0.9)
    broken.values[:] = np.nan

    assert _verdict(_judged(0.5), broken, popularity=_judged(0.1)).promote


def test_the_verdict_names_the_baseline_and_the_numbers():
    verdict = _verdict(_judged(0.5), None, popularity=_judged(0.1), recency=_judged(0.6))

    assert verdict.numbers["baseline"] == "recency"
    assert verdict.numbers["gain"] == pytest.approx(-0.1)
    assert verdict.metrics["popularity"] == pytest.approx(0.1)


def test_models_judged_on_different_queries_are_refused():
    with pytest.raises(ValueError, match="same queries"):
        _verdict(_judged(0.5), None, popularity=_judged(0.5, n=100))
