import numpy as np
import pytest

from models.learning.dataset import CommunityLog
from models.learning.threads import parents, summarise, weave
from tests.models.learning.factories import HOUR, MIDNIGHT, invented, make_log


def test_a_reply_link_decides_whatever_lies_between():
    log = make_log((1, 0, "about customs"), (2, 0.1, "unrelated pizza talk"), (3, 30, "yes"), reply_to={2: 0})

    assert weave(log)[2] == weave(log)[0]


def test_an_addressee_is_answered_at_their_latest_message():
    log = make_log(
        (1, 0, "which carrier for pallets"),
        (2, 0.02, "lunch anyone"),
        (3, 0.04, "noodles please"),
        (4, 0.06, "@one try a small carrier"),
        mentions={3: 1},
    )

    assert parents(log)[3] == 0


def test_one_thought_in_two_messages_is_one_thread():
    log = make_log((1, 0, "so the factory called"), (1, 0.01, "and they doubled it"))

    assert weave(log).tolist() == [0, 0]


def test_silence_and_another_subject_begin_a_thread():
    log = make_log((1, 0, "the factory called"), (2, 9, "new visa rules in Germany"))

    assert weave(log).tolist() == [0, 1]


def test_another_topic_of_the_forum_is_another_thread():
    log = make_log((1, 0, "pallets"), (2, 0.01, "pallets"))
    apart = CommunityLog(messages=type(log.messages)(**{**log.messages.__dict__, "topic": np.array([5, 6])}))

    assert weave(apart).tolist() == [0, 1]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_later_messages_change_no_thread(share):
    log, _, _ = invented()
    n = int(share * len(log.messages))

    known = weave(log.before(log.messages.at[n]))

    assert np.array_equal(known, weave(log)[: len(known)])


def test_weaving_the_last_weeks_gives_the_same_threads_for_those_within():
    log, _, _ = invented()
    start = log.messages.at[len(log.messages) // 2]
    whole, part = weave(log), weave(log.where(lambda table: table.at >= start))
    offset = len(whole) - len(part)
    begun_before = np.unique(whole[:offset])
    within = ~np.isin(whole[offset:], begun_before)

    pairs = {(int(a), int(b)) for a, b in zip(whole[offset:][within], part[within], strict=True)}

    assert within.sum() > 100
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def test_reply_links_recover_true_threads_better_than_time_alone():
    log, truth, history = invented()

    def share_together(thread: np.ndarray) -> float:
        """Share of neighbouring messages of a true thread that are put into one thread."""
        order = np.lexsort((np.arange(len(thread)), truth.thread))
        same = truth.thread[order[1:]] == truth.thread[order[:-1]]
        return float((thread[order[1:]] == thread[order[:-1]])[same].mean())

    by_hour = (log.messages.at // HOUR).astype(np.int64)

    assert share_together(history.thread) > share_together(by_hour) + 0.3


def test_a_thread_knows_who_is_in_it_and_whether_its_question_was_answered():
    log = make_log(
        (1, 0, "Does anyone know a good notary?"),
        (1, 0.01, "in Berlin"),
        (2, 1, "try mine"),
        (3, 1.1, "mine too"),
        (4, 40, "Where is the deck?"),
        reply_to={1: 0, 2: 0, 3: 2},
    )

    threads = summarise(log, weave(log))

    assert threads.size.tolist() == [4, 1]
    assert threads.opener.tolist() == [1, 4]
    assert threads.is_question.tolist() == [True, True]
    assert threads.is_answered.tolist() == [True, False]
    assert threads.participant[threads.thread_of == 0].tolist() == [1, 2, 3]
    assert threads.first_at[0] == MIDNIGHT
    assert threads.last.tolist() == [3, 4]


def test_taking_threads_keeps_their_people():
    log = make_log((1, 0, "a"), (2, 40, "b"), (3, 80, "c"))

    taken = summarise(log, weave(log)).take(np.array([2, 0]))

    assert taken.opener.tolist() == [3, 1]
    assert sorted(zip(taken.thread_of.tolist(), taken.participant.tolist(), strict=True)) == [(0, 3), (1, 1)]


def test_an_empty_log_has_no_threads():
    assert len(weave(CommunityLog())) == 0
