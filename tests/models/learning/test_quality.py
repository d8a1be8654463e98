"""Quality floors on invented members whose tastes are known: split in time, fixed seed, a stated margin each."""

from functools import cache

import numpy as np
import pytest

from models.learning import activity_model, interaction_model
from models.learning.arrays import positions
from models.learning.behaviour_model import BehaviourModel
from models.learning.evaluation import auc, ece, ndcg_by_query
from models.learning.features import snapshot
from models.learning.fitting import Examples
from models.learning.interaction_model import HORIZON_DAYS, decision_instants, examples, seen_lately
from tests.models.learning.factories import invented

DAY = 86_400.0


@cache
def _fitted() -> tuple[BehaviourModel, Examples]:
    """Fitted on the first seven of ten weeks, with examples of the last three: every member seen, every twelve hours."""
    log, _, history = invented()
    split, end = float(log.messages.at[0]) + 49 * DAY, float(log.messages.at[-1])
    rng = np.random.default_rng(0)
    model = interaction_model.fit(history, decision_instants(log, split), rng=rng)
    later = examples(history, np.arange(split, end - HORIZON_DAYS * DAY, DAY / 2), rng=rng, max_rows=10**9)
    return model, later


def _mean_gain(later: Examples, scores: np.ndarray) -> float:
    return float(ndcg_by_query(later.query, later.outcome, scores)[1].mean())


def _column(later: Examples, name: str) -> np.ndarray:
    return later.x[:, later.feature_names.index(name)]


@pytest.mark.parametrize(
    ("column", "sign", "margin"),
    [
        ("people", 1, 1.2),  # popularity
        (
            "minutes_since_last",
            -1,
            1.03,
        ),  # recency: what was just written in goes on, hard to beat where threads are woven
        ("kin", 1, 1.2),  # company kept
        ("topic_affinity", 1, 1.2),  # what was written about
        ("affinity_now", 1, 1.05),  # the decayed product
    ],
)
def test_the_ranker_beats_each_plain_rule_by_a_margin(column, sign, margin):
    model, later = _fitted()

    learned = _mean_gain(later, model.score(later.x))

    assert learned > margin * _mean_gain(later, sign * _column(later, column))


def test_the_ranker_beats_the_untrained_sum():
    model, _ = _fitted()

    assert model.report["winner"] != "untrained_sum"
    assert model.report["margin"] > 0.03


def test_the_rankers_probabilities_are_calibrated_on_later_data():
    model, later = _fitted()
    weights = later.weight.astype(np.int64)  # a quiet query stands for several
    happened, said = np.repeat(later.outcome, weights), np.repeat(model.predict(later.x), weights)

    assert ece(happened, said) < 0.02
    assert auc(happened, said) > 0.85


def test_the_ranker_agrees_with_the_truth_it_never_saw():
    model, _ = _fitted()
    log, truth, history = invented()
    now = float(log.messages.at[-1]) - 5 * DAY
    view = snapshot(history, now, seen_lately(history, now))
    fresh = view.column("my_messages") == 0
    # A woven thread is taken for the true thread of its first message.
    first = np.array([np.flatnonzero(history.thread == thread)[0] for thread in view.threads])
    true = truth.acts[positions(view.members, truth.members)][:, truth.thread[first]]
    said = model.score(view.rows()).reshape(view.cube.shape[:2])

    likely = true[fresh] > np.quantile(true[fresh], 0.9)

    assert auc(likely, said[fresh]) > 0.65


def test_reasons_name_what_moved_the_score():
    model, later = _fitted()
    best = int(np.argmax(model.score(later.x)))

    reasons = model.contributions(later.x[best])

    assert set(reasons) == set(later.feature_names)
    assert next(iter(reasons.values())) == max(reasons.values(), key=abs)
    assert sum(reasons.values()) > 0


def test_the_learned_topics_are_the_true_tastes():
    log, truth, history = invented()
    now = float(log.messages.at[-1])
    view = snapshot(history, now, truth.members)
    first = np.array([np.flatnonzero(history.thread == thread)[0] for thread in view.threads])
    taste = truth.tastes[:, truth.thread_topic[truth.thread[first]]]
    known = np.bincount(positions(log.messages.member, truth.members), minlength=len(truth.members)) >= 20

    affinity = view.column("topic_affinity")[known]

    assert auc((taste[known] > 0.3).ravel(), affinity.ravel()) > 0.7


def test_staying_is_foretold():
    log, _, _ = invented()
    start, end = float(log.messages.at[0]), float(log.messages.at[-1])
    model = activity_model.fit(log, np.arange(start + 14 * DAY, start + 35 * DAY, DAY))
    later = activity_model.examples(log, np.arange(start + 49 * DAY, end - 14 * DAY, DAY))

    learned = auc(later.outcome, model.score(later.x))

    assert learned > 0.9
    assert learned > auc(later.outcome, _column(later, "recency")) - 0.01
    assert ece(later.outcome, model.predict(later.x)) < 0.1


def test_a_handful_of_messages_gets_the_untrained_sum():
    log, _, history = invented()

    model = interaction_model.fit(history, log.messages.at[30:33] + 1, rng=np.random.default_rng(0))

    assert model.report["winner"] == "untrained_sum"
    assert "too few" in model.report["why"]
