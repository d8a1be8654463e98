import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.learning.evaluation import (
    auc,
    brier,
    ece,
    log_loss,
    mean_by_query,
    mrr,
    ndcg_at_k,
    ndcg_by_query,
    paired_bootstrap,
    recall_at_k,
)

# Ranked by score: the relevant are at ranks 2 and 4 of five.
RELEVANT = np.array([False, True, False, True, False])
SCORES = np.array([5.0, 4.0, 3.0, 2.0, 1.0])
NAN = float("nan")


@pytest.mark.parametrize(
    ("metric", "k", "expected"),
    [
        (ndcg_at_k, 3, (1 / np.log2(3)) / (1 + 1 / np.log2(3))),  # one hit at rank 2, two were possible
        (ndcg_at_k, 5, (1 / np.log2(3) + 1 / np.log2(5)) / (1 + 1 / np.log2(3))),  # both found
        (ndcg_at_k, 1, 0.0),  # the first is wrong
        (recall_at_k, 3, 1 / 2),  # one of two
        (recall_at_k, 5, 1.0),  # both
    ],
)
def test_a_ranking_is_worth_its_fraction(metric, k, expected):
    assert metric(RELEVANT, SCORES, k) == pytest.approx(expected)


def test_mrr_is_one_over_the_first_relevant_rank():
    assert mrr(RELEVANT, SCORES) == pytest.approx(1 / 2)


def test_auc_counts_pairs_and_halves_ties():
    # Pairs (happened, not): (3,1) won, (3,2) won, (2,1) won, (2,2) tied: 3.5 of 4.
    happened, scores = np.array([True, True, False, False]), np.array([3.0, 2.0, 1.0, 2.0])

    assert auc(happened, scores) == pytest.approx(3.5 / 4)


def test_brier_is_the_mean_square():
    # (1 - .5)^2 = 1/4, (0 - .25)^2 = 1/16
    assert brier(np.array([True, False]), np.array([0.5, 0.25])) == pytest.approx((1 / 4 + 1 / 16) / 2)


def test_log_loss_of_a_coin_is_log_two():
    assert log_loss(np.array([True, False]), np.array([0.5, 0.5])) == pytest.approx(np.log(2))


def test_ece_weighs_gaps_by_bin_size():
    # Two bins of two: said .1, happened 0/2 (gap .1); said .8, happened 1/2 (gap .3).
    happened, said = np.array([False, False, True, False]), np.array([0.1, 0.1, 0.8, 0.8])

    assert ece(happened, said, n_bins=2) == pytest.approx((0.1 * 2 + 0.3 * 2) / 4)


@pytest.mark.parametrize("metric", [ndcg_at_k, recall_at_k, mrr, auc])
def test_nothing_relevant_is_not_a_number(metric):
    assert np.isnan(metric(np.zeros(5, bool), SCORES))


@pytest.mark.parametrize("metric", [ndcg_at_k, recall_at_k])
def test_a_score_that_is_not_a_number_ranks_last(metric):
    relevant = np.array([True, False, False])

    assert metric(relevant, np.array([NAN, 1.0, 2.0]), 2) == 0.0


def test_auc_of_scores_that_are_not_numbers_is_no_better_than_chance():
    assert auc(np.array([True, False]), np.array([NAN, NAN])) == 0.5
    assert auc(np.array([True, False]), np.array([NAN, 1.0])) == 0.0


def test_queries_without_anything_relevant_are_not_judged():
    query, relevant = np.array([7, 7, 8, 8]), np.array([False, True, False, False])

    ids, values = mean_by_query(recall_at_k, query, relevant, np.array([1.0, 2.0, 1.0, 2.0]))

    assert ids.tolist() == [7]
    assert values.tolist() == [1.0]


@given(st.data())
def test_all_queries_at_once_give_what_one_by_one_gives(data):
    n = data.draw(st.integers(1, 40))
    query = np.array(data.draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)))
    relevant = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    scores = np.array(data.draw(st.lists(st.sampled_from([NAN, 0.0, 1.0, 2.0]), min_size=n, max_size=n)))

    ids, values = ndcg_by_query(query, relevant, scores, 3)

    slow_ids, slow = mean_by_query(lambda r, s: ndcg_at_k(r, s, 3), query, relevant, scores)
    assert ids.tolist() == slow_ids.tolist()
    assert values == pytest.approx(slow)


@given(st.lists(st.tuples(st.booleans(), st.floats(-5, 5)), min_size=1, max_size=30))
def test_metrics_stay_between_zero_and_one(rows):
    relevant, scores = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])

    for metric in (ndcg_at_k, recall_at_k, mrr, auc):
        value = metric(relevant, scores)
        assert np.isnan(value) or -1e-12 <= value <= 1 + 1e-12


def test_the_bootstrap_resamples_members_not_queries():
    # One member's hundred good queries against four members' one bad query each: unsure.
    a = np.concatenate([np.ones(100), np.zeros(4)])
    b = np.concatenate([np.zeros(100), np.ones(4)])
    unit = np.concatenate([np.zeros(100), [1, 2, 3, 4]])

    found = paired_bootstrap(a, b, unit, rng=np.random.default_rng(0))

    assert found.mean == pytest.approx(96 / 104)
    assert found.low < 0


def test_the_bootstrap_is_sure_of_what_holds_for_everyone():
    a, b = np.full(50, 0.6), np.full(50, 0.5)

    found = paired_bootstrap(a, b, np.arange(50), rng=np.random.default_rng(0))

    assert found.low == pytest.approx(0.1)
