import subprocess
import sys

import numpy as np

from models.learning.arrays import positions
from models.learning.synthetic import act_probability, invent
from models.learning.synthetic_topics import TOPICS
from tests.models.learning.factories import invented


def test_the_same_chance_gives_the_same_community():
    first, _ = invent(np.random.default_rng(3), n_members=20, n_weeks=2)
    second, _ = invent(np.random.default_rng(3), n_members=20, n_weeks=2)

    assert first.messages.text == second.messages.text
    assert np.array_equal(first.messages.at, second.messages.at)


def test_acting_happens_as_often_as_the_truth_says():
    log, truth, _ = invented()
    happened = np.zeros(truth.acts.shape, bool)
    happened[positions(log.messages.member, truth.members), truth.thread] = True
    sure = truth.acts > 0.3  # enough cases to compare; an opener is certain

    assert abs(happened[sure].mean() - truth.acts[sure].mean()) < 0.03
    assert not happened[truth.acts == 0].any()


def test_taste_and_friendship_raise_the_chance():
    _, truth, _ = invented()
    at = float(truth.here_from.min())
    here = truth.here_from <= at
    opener, friend = (int(i[0]) for i in np.nonzero(truth.is_friend & here[:, None] & here[None, :]))

    with_friend = act_probability(truth, opener, 0, at)[friend]
    stranger = int(np.flatnonzero(~truth.is_friend[friend] & (np.arange(len(truth.members)) != friend))[0])

    assert with_friend > act_probability(truth, stranger, 0, at)[friend]


def test_nobody_writes_before_coming():
    log, truth, _ = invented()
    row = positions(log.messages.member, truth.members)

    assert (log.messages.at >= truth.here_from[row]).all()


def test_lines_are_written_in_both_languages_with_words_filled_in():
    log, _, _ = invented()
    chinese = sum(any("\u4e00" <= c <= "\u9fff" for c in text) for text in log.messages.text)

    assert 0.2 < chinese / len(log.messages) < 0.7
    assert not any("{" in text for text in log.messages.text)


def test_every_topic_speaks_both_languages():
    for topic in TOPICS:
        for part in (topic.words, topic.openers, topic.replies):
            assert set(part) == {"en", "zh"}
            assert all(len(lines) >= 4 for lines in part.values())


def test_inventing_needs_no_heavy_library():
    check = "import sys, models.learning.synthetic; sys.exit(any(m in sys.modules for m in ('scipy', 'sklearn', 'sqlalchemy')))"

    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_serving_a_model_needs_no_training_library():
    check = (
        "import sys, models.learning.store, models.learning.features, models.learning.behaviour_model; "
        "sys.exit(any(m in sys.modules for m in ('sklearn', 'skops', 'sqlalchemy')))"
    )

    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
