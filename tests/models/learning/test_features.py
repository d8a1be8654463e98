from dataclasses import replace

import numpy as np
import pytest

from models.learning import activity_model
from models.learning.dataset import Action, CommunityLog, Feedback, ItemKind, Reactions
from models.learning.features import FALLBACK_COLUMNS, FEATURE_NAMES, snapshot
from models.learning.history import History
from models.learning.interaction_model import examples, outcomes, seen_lately
from models.learning.text import TextSpace
from tests.models.learning.factories import HOUR, MIDNIGHT, invented, make_log, only

DAY = 24 * HOUR


def _history(log: CommunityLog) -> History:
    return History.of(log, TextSpace.fit(log.messages.text, min_texts=1))


def _with_another_future(log: CommunityLog, now: float) -> CommunityLog:
    """The same log until `now`, nonsense afterwards: other members, other words, no reactions, wild feedback."""
    messages, later = log.messages, log.messages.at >= now
    mention_later = later[messages.mentioning]
    return replace(
        log,
        messages=replace(
            messages,
            member=np.where(later, messages.member[0], messages.member),
            text=tuple(
                "pizza pizza?" if is_later else text for is_later, text in zip(later, messages.text, strict=True)
            ),
            reply_to=np.where(later, -1, messages.reply_to),
            mentioned_member=np.where(mention_later, messages.member[0], messages.mentioned_member),
        ),
        reactions=log.reactions.take(log.reactions.at < now),
        feedback=Feedback(
            member=messages.member[:1],
            at=np.array([now]),
            item_kind=np.array([ItemKind.THREAD]),
            item_id=messages.item_id[:1],
            action=np.array([Action.LIKED]),
        ),
    )


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_no_feature_uses_the_future(share):
    log, _, history = invented()
    now = float(log.messages.at[int(share * len(log.messages))]) + 1.0
    space = TextSpace.fit(log.before(now).messages.text, n_directions=32)
    members = seen_lately(history, now)

    real = snapshot(History.of(log, space), now, members)
    other = snapshot(History.of(_with_another_future(log, now), space), now, members)

    assert real.cube.size > 1000
    assert np.array_equal(real.threads, other.threads)
    assert np.array_equal(real.cube, other.cube)


def test_no_feature_of_staying_uses_the_future():
    log, _, _ = invented()
    now = float(log.messages.at[len(log.messages) // 2]) + 1.0
    members = activity_model.active_between(log, now - 28 * DAY, now)

    real = activity_model.features(log, now, members)

    assert np.array_equal(real, activity_model.features(_with_another_future(log, now), now, members))


def test_a_member_not_in_the_log_appears_in_no_array():
    log, truth, history = invented()
    left_out = int(truth.members[np.bincount(log.messages.member - truth.members[0]).argmax()])
    kept = only(log, (member for member in truth.members if member != left_out))
    cut = History.of(kept, TextSpace.fit(kept.messages.text, n_directions=32))
    now = float(log.messages.at[-1]) - 5 * DAY

    learnt = examples(cut, np.array([now]), rng=np.random.default_rng(0))

    assert left_out in seen_lately(history, now)
    assert left_out not in kept.members
    assert left_out not in learnt.member
    assert left_out not in activity_model.examples(kept, np.array([now - 14 * DAY])).member


def test_what_somebody_wrote_moves_nobody_elses_features_once_they_are_left_out():
    log, truth, _ = invented()
    left_out = int(log.messages.member[0])
    others = truth.members[truth.members != left_out]
    now = float(log.messages.at[-1]) - 5 * DAY
    space = TextSpace.fit(only(log, others).messages.text, n_directions=32)
    lines = zip(log.messages.member, log.messages.text, strict=True)
    texts = tuple(f"{text} pizza" if member == left_out else text for member, text in lines)
    louder = replace(log, messages=replace(log.messages, text=texts))

    before = snapshot(History.of(only(log, others), space), now, others)
    after = snapshot(History.of(only(louder, others), space), now, others)

    assert np.array_equal(before.cube, after.cube)


def test_every_column_has_a_name_and_is_finite():
    log, truth, history = invented()

    view = snapshot(history, float(log.messages.at[-1]), truth.members)

    assert view.cube.shape == (len(truth.members), len(view.threads), len(FEATURE_NAMES))
    assert len(set(FEATURE_NAMES)) == len(FEATURE_NAMES)
    assert np.isfinite(view.cube).all()
    assert set(FALLBACK_COLUMNS) <= set(FEATURE_NAMES)


def test_somebody_unknown_is_cold():
    log, _, history = invented()

    view = snapshot(history, float(log.messages.at[-1]), np.array([999_999]))

    assert view.is_cold.tolist() == [True]
    assert view.column("kin").max() == 0.0
    assert view.column("topic_affinity").max() == 0.0
    assert view.column("people").max() > 0.0


@pytest.mark.parametrize("now", [MIDNIGHT - DAY, MIDNIGHT + 400 * DAY])
def test_before_and_long_after_everything_no_thread_is_live(now):
    _, truth, history = invented()

    assert snapshot(history, now, truth.members).cube.shape[:2] == (len(truth.members), 0)


def test_an_empty_log_has_empty_snapshots():
    view = snapshot(_history(CommunityLog()), MIDNIGHT, np.array([1, 2]))

    assert view.cube.shape == (2, 0, len(FEATURE_NAMES))


# Ana (1) and Bo (2) talked about customs before; Bo now opens a thread about customs, Cy (3) one about fonts.
STORY = make_log(
    (1, 0, "customs papers are late"),
    (2, 0.1, "customs always are"),
    (3, 30, "font for the landing page, which?"),
    (2, 60, "customs again, new papers"),
    (3, 61, "font looks fine now"),
    reply_to={1: 0, 4: 2},
)


def _story(name: str, member: int, hours: float = 62, log: CommunityLog = STORY) -> dict[str, float]:
    """The feature of one member for the live threads, by the first words of their first message."""
    view = snapshot(_history(log), MIDNIGHT + hours * HOUR, np.array([member]))
    history = _history(log)
    first = {int(t): log.messages.text[int(np.flatnonzero(history.thread == t)[0])].split()[0] for t in view.threads}
    return dict(zip([first[int(t)] for t in view.threads], view.column(name)[0].tolist(), strict=True))


def test_company_i_kept_draws_me():
    kin = _story("kin", 1)

    assert kin["customs"] > kin["font"] == 0.0


def test_what_i_wrote_about_draws_me():
    affinity = _story("topic_affinity", 1)

    assert affinity["customs"] > affinity["font"] + 0.3


def test_who_answered_me_draws_me():
    assert _story("they_answered_me", 1)["customs"] > 0.0
    assert _story("i_answered_them", 1)["customs"] == 0.0


def test_my_own_part_is_known():
    assert _story("i_opened", 3) == {"customs": 0.0, "font": 1.0}
    assert _story("my_messages", 3)["font"] == pytest.approx(np.log(3))  # log1p of two
    assert _story("i_spoke_last", 3)["font"] == 1.0


def test_reactions_count_for_the_thread_and_for_me():
    log = replace(
        STORY,
        reactions=Reactions(member=np.array([1, 2]), at=np.full(2, MIDNIGHT + 61.5 * HOUR), message=np.array([4, 4])),
    )

    assert _story("reactions", 3, log=log)["font"] == pytest.approx(np.log(3))
    assert _story("i_reacted", 1, log=log) == {"customs": 0.0, "font": pytest.approx(np.log(2))}


def test_less_like_this_is_remembered_for_what_is_alike():
    log = replace(
        STORY,
        feedback=Feedback(
            member=np.array([1]),
            at=np.array([MIDNIGHT + 40 * HOUR]),
            item_kind=np.array([ItemKind.THREAD]),
            item_id=STORY.messages.item_id[2:3],
            action=np.array([Action.LESS_LIKE_THIS]),
        ),
    )

    disliked = _story("disliked_similar", 1, log=log)

    assert disliked["font"] > disliked["customs"] + 0.3
    assert _story("disliked_similar", 2, log=log) == {"customs": 0.0, "font": 0.0}


def test_a_mention_after_my_last_word_waits_for_me():
    log = make_log(
        (1, 0, "hi"),
        (2, 1, "@one?"),
        (1, 2, "yes"),
        (2, 3, "and @one?"),
        reply_to={1: 0, 2: 1, 3: 2},
        mentions={1: 1, 3: 1},
    )

    assert _story("i_was_mentioned", 1, 4, log)["hi"] == pytest.approx(np.log(2))  # only the second still waits
    assert _story("i_was_answered", 1, 4, log)["hi"] == pytest.approx(np.log(2))


def test_acting_is_writing_reacting_or_opening():
    log = replace(
        make_log((1, 0, "a"), (2, 1, "b"), (3, 60, "c"), reply_to={1: 0, 2: 1}),
        reactions=Reactions(member=np.array([4]), at=np.array([MIDNIGHT + HOUR]), message=np.array([0])),
        feedback=Feedback(
            member=np.array([5, 6]),
            at=np.full(2, MIDNIGHT + HOUR),
            item_kind=np.full(2, ItemKind.THREAD),
            item_id=np.array([500, 500]),
            action=np.array([Action.CLICKED, Action.SHOWN]),
        ),
    )
    history = _history(log)
    view = snapshot(history, MIDNIGHT + 0.5 * HOUR, np.array([1, 2, 3, 4, 5, 6]))

    happened = outcomes(history, view)

    # 1 wrote before, 3 wrote after the 48 h, 6 was only shown it
    assert happened[:, 0].tolist() == [False, True, False, True, True, False]
