"""Invitations learned on invented evenings whose truth is known: quality floors, no peeking, artefacts."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from models.learning import invitation_model
from models.learning.arrays import DAY, Floats
from models.learning.behaviour_model import BehaviourModel
from models.learning.evaluation import auc, ece, ndcg_at_k
from models.learning.fitting import TooLittleData
from models.learning.gatherings import Answers, Gatherings
from models.learning.invitation_features import FEATURE_NAMES, features
from models.learning.invitation_model import Question
from models.learning.invitation_scores import Moment, hosted_product, moment, popularity, product, recent_activity
from models.learning.store import pack, unpack
from models.learning.synthetic_events import EventTruth, invent_events

KEY = b"a key of this installation"


@cache
def _evenings() -> tuple[Gatherings, EventTruth]:
    return invent_events(np.random.default_rng(7), n_events=320)


@cache
def _judged() -> tuple[BehaviourModel, list[Question]]:
    """Fitted on the first two thirds of the events, with the last third as questions."""
    history, _ = _evenings()
    asked = list(invitation_model.questions(history, since=-np.inf, until=np.inf, n_later=2))
    later = asked[-(len(asked) // 3) :]
    cut = later[0].at.now
    return invitation_model.fit(history.before(cut), now=cut), later


def _mean_gain(scorer: Callable[[Moment], Floats]) -> float:
    gains = []
    for question in _judged()[1]:
        asked = question.at.candidates
        gains.append(ndcg_at_k(question.said_yes[asked], scorer(question.at)[asked]))
    return float(np.mean(gains))


def _learned(at: Moment) -> Floats:
    return invitation_model.score(_judged()[0], at)


@pytest.mark.parametrize(
    ("rule", "margin"),
    [
        (popularity, 1.8),
        (recent_activity, 1.4),
        (product, 1.15),  # what served before, and what learning has to beat
        (hosted_product, 1.05),  # what serves without a model
    ],
)
def test_the_learned_model_beats_each_plain_rule_by_a_margin(rule, margin):
    assert _mean_gain(_learned) > margin * _mean_gain(rule)


def test_its_probabilities_are_calibrated_on_later_events():
    model, later = _judged()
    happened = np.concatenate([question.said_yes[question.at.candidates] for question in later])
    said = np.concatenate([model.predict(invitation_model.columns(model, one.at))[one.at.candidates] for one in later])

    assert ece(happened, said) < 0.02
    assert auc(happened, said) > 0.75


def test_it_agrees_with_the_truth_it_never_saw():
    _, truth = _evenings()
    _, later = _judged()
    true = np.concatenate([truth.says_yes[:, one.at.event][one.at.candidates] for one in later])
    said = np.concatenate([_learned(one.at)[one.at.candidates] for one in later])

    assert auc(true > np.quantile(true, 0.9), said) > 0.75


def test_nothing_that_was_told_later_is_known():
    history, _ = _evenings()
    asked = list(invitation_model.questions(history, since=-np.inf, until=np.inf, n_later=2))[150]
    now = asked.at.now
    no_later = history.before(np.nextafter(now, np.inf))
    event = asked.at.event

    assert np.array_equal(features(moment(no_later, event, now, n_first=3)), features(asked.at))
    assert len(no_later.answers) < len(history.answers)


def test_it_predicts_the_same_after_a_round_trip():
    model, later = _judged()

    again = unpack(pack(model, key=KEY), key=KEY)

    assert np.array_equal(invitation_model.score(again, later[0].at), _learned(later[0].at))


def test_an_artefact_of_fewer_columns_in_another_order_still_serves():
    history, _ = _evenings()
    _, later = _judged()
    names = ("host_share", "product")
    asked = list(invitation_model.questions(history, since=-np.inf, until=later[0].at.now, n_later=2))
    rows = [invitation_model.examples(one) for one in asked[-60:]]
    x = np.concatenate([one.x[:, [FEATURE_NAMES.index(name) for name in names]] for one in rows])
    all_rows = invitation_model.join(rows, FEATURE_NAMES)
    old = invitation_model.fit_examples(replace(all_rows, x=x, feature_names=names))

    assert invitation_model.can_serve(old)
    assert np.isfinite(invitation_model.score(old, later[0].at)).all()


def test_an_artefact_that_asks_for_what_we_do_not_know_does_not_serve():
    model, _ = _judged()

    assert not invitation_model.can_serve(replace(model, feature_names=(*FEATURE_NAMES[1:], "horoscope")))


def test_a_handful_of_events_is_too_little():
    history, _ = invent_events(np.random.default_rng(1), n_events=4)

    with pytest.raises(TooLittleData):
        invitation_model.fit(history, now=float(history.answers.at[-1]) + 30 * DAY)


def _small(*rows: tuple[int, float, int, int, int]) -> Gatherings:
    """Answers of (member, day, event, is yes, stayed away); event 1 is of the same host as event 0, event 2 of another."""
    member, at, event, is_yes, away = zip(*rows, strict=True)
    return Gatherings(
        members=np.arange(1, 6),
        starts_at=np.array([5.0, 50.0, 60.0]) * DAY,
        host=np.array([5, 5, 4]),
        answers=Answers(np.array(member), np.array(at) * DAY, np.array(event), np.array(is_yes), np.array(away)),
    )


def test_the_product_is_what_its_formula_says():
    # Event 0: members 1, 2, 3 on day 0, and 4 says no. Event 1 is known by member 1 on day 60: two half-lives of 20 days and
    # one of 60 later... recency 0.5 ** 3, company 0.5 / sqrt(3).
    history = _small((1, 0, 0, 1, 0), (2, 0, 0, 1, 0), (3, 0, 0, 1, 0), (4, 0, 0, 0, 0), (1, 60, 1, 1, 0))

    found = product(moment(history, 1, 60 * DAY))

    expected = (0.5 / np.sqrt(3) + 1e-3) * np.sqrt(0.5**3)
    assert found == pytest.approx([expected, expected, expected, 0.0, 0.0])


def test_company_of_the_host_counts_for_the_hosts_events_only():
    history = _small((2, 0, 0, 1, 0), (3, 0, 2, 1, 0), (1, 60, 1, 1, 0))

    found = hosted_product(moment(history, 1, 60 * DAY))

    # Neither kept company with member 1; the share of the host's one event is .5 of (.5 + .3) for member 2.
    assert found[1] == pytest.approx(np.sqrt(1e-3 * (0.5 / 0.8 + 1e-2) * 0.5**3))
    assert found[2] == pytest.approx(np.sqrt(1e-3 * 1e-2 * 0.5**3))


def test_a_missed_evening_counts_as_a_yes_until_it_has_begun():
    history = _small((2, 0, 0, 1, 1), (1, 3, 1, 1, 0), (1, 60, 2, 1, 0))

    before, after = moment(history, 1, 3 * DAY), moment(history, 2, 60 * DAY)

    assert popularity(before)[1] == 1
    assert popularity(after)[1] == 0
    assert features(after)[1, FEATURE_NAMES.index("missed")] == pytest.approx(1 / 5)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"members": np.array([1, 2])}, "not among the members"),
        ({"members": np.array([5, 4, 3, 2, 1])}, "sorted"),
        ({"host": np.array([5])}, "different lengths"),
        ({"word_event": np.array([9]), "word": np.array([1])}, "not there"),
    ],
)
def test_arrays_that_disagree_are_refused(change, complaint):
    history = _small((4, 0, 0, 1, 0), (1, 60, 1, 1, 0))

    with pytest.raises(ValueError, match=complaint):
        replace(history, **change)


def test_answers_out_of_order_are_refused():
    with pytest.raises(ValueError, match="order of time"):
        _small((4, 60, 0, 1, 0), (1, 0, 1, 1, 0))
