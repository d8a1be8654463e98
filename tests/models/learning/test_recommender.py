import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.learning.evaluation import ndcg_at_k
from models.learning.factors import right_singular_vectors
from models.learning.features import snapshot
from models.learning.recommender import COLD_SOURCES, SOURCES, TopN, candidates, source_scores
from tests.models.learning.factories import invented


def _view():
    log, truth, history = invented()
    return snapshot(history, float(log.messages.at[-1]) - 3 * 86_400, np.append(truth.members, 999_999))


def test_each_source_gives_its_best():
    view = _view()
    found = candidates(view, per_source=3)
    scores = source_scores(view)

    for s, name in enumerate(SOURCES):
        for row in np.flatnonzero(~view.is_cold):
            mine = found.thread_column[(found.member_row == row) & found.found_by[:, s]]
            best = np.sort(scores[name][row])[::-1][:3]
            assert sorted(scores[name][row][mine], reverse=True) == [score for score in best if score > 0]


def test_cold_members_get_what_is_popular_or_recent_and_it_says_so():
    found = candidates(_view(), per_source=4)
    cold = np.flatnonzero(found.is_cold)

    assert len(cold) > 0
    assert all(set(found.sources(i)) <= set(COLD_SOURCES) for i in cold)


def test_every_pair_was_found_by_some_source():
    found = candidates(_view())

    assert found.found_by.any(axis=1).all()
    assert len(np.unique(np.stack([found.member_row, found.thread_column]), axis=1).T) == len(found.member_row)


def _tastes(seed: int = 0):
    """60 members with one of four tastes take items of it more often; returns pairs to learn from and those held out."""
    rng = np.random.default_rng(seed)
    taste = rng.integers(0, 4, 60)
    liked = taste[:, None] == np.arange(80)[None, :] % 4
    taken = rng.random((60, 80)) < np.where(liked, 0.5, 0.03) * rng.uniform(0.3, 1.0, 80)[None, :]
    held = taken & (rng.random(taken.shape) < 0.3)
    return taken & ~held, held


def test_taste_beats_popularity_by_far():
    taken, held = _tastes()
    model = TopN.fit(*np.nonzero(taken), n_members=60, n_items=80, n_factors=8, n_neighbours=20)

    def mean(scores):
        scores = np.where(taken, -np.inf, scores)
        judged = held.any(axis=1)
        return np.mean([ndcg_at_k(h, s) for h, s in zip(held[judged], scores[judged], strict=True)])

    assert mean(model.scores(np.arange(60))) > 1.5 * mean(np.tile(model.popularity, (60, 1)))


def test_nothing_taken_is_recommended_and_nothing_twice():
    taken, _ = _tastes()
    model = TopN.fit(*np.nonzero(taken), n_members=61, n_items=80)

    best = model.recommend(np.arange(61), 10)

    assert not taken[np.arange(60)[:, None], best[:60]].any()
    assert all(len(set(row)) == 10 for row in best.tolist())


def test_a_member_who_took_nothing_gets_what_is_popular():
    taken, _ = _tastes()
    model = TopN.fit(*np.nonzero(taken), n_members=61, n_items=80)

    assert model.recommend(np.array([60]), 5)[0].tolist() == np.argsort(-taken.sum(axis=0), kind="stable")[:5].tolist()


def test_nothing_to_learn_from_is_said():
    with pytest.raises(ValueError, match="nothing to learn"):
        TopN.fit(np.zeros(0, int), np.zeros(0, int), n_members=3, n_items=3)


@given(n_rows=st.integers(1, 30), n_columns=st.integers(1, 30), n=st.integers(1, 8), seed=st.integers(0, 99))
def test_directions_are_those_of_the_exact_decomposition(n_rows, n_columns, n, seed):
    from scipy.sparse import csr_array

    table = np.random.default_rng(seed).normal(size=(n_rows, n_columns))

    found = right_singular_vectors(csr_array(table), n)

    _, _, exact = np.linalg.svd(table, full_matrices=False)
    assert np.allclose(np.abs(np.sum(found * exact[: found.shape[1]].T, axis=0)), 1.0, atol=1e-6)
