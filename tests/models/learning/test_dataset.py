import numpy as np
import pytest

from models.learning.dataset import CommunityLog, ItemKind, Joins, Messages, Reactions, RsvpCode, Rsvps
from tests.models.learning.factories import HOUR, MIDNIGHT, make_log


def _every_id(log: CommunityLog) -> set[int]:
    about_members = log.feedback.item_id[log.feedback.item_kind == ItemKind.MEMBER]
    return {int(i) for i in np.concatenate([log.members, log.messages.mentioned_member, about_members])}


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="different lengths"):
        Joins(member=np.array([1, 2]), at=np.array([0.0]))


def test_a_message_that_replies_to_a_later_one_is_refused():
    with pytest.raises(ValueError, match="earlier message"):
        make_log((1, 0, "a"), (2, 1, "b"), reply_to={0: 1})


def test_messages_out_of_order_are_refused():
    with pytest.raises(ValueError, match="order of time"):
        make_log((1, 2, "a"), (2, 1, "b"))


def test_an_instant_that_is_not_a_number_is_refused():
    with pytest.raises(ValueError, match="not a number"):
        Joins(member=np.array([1]), at=np.array([np.nan]))


def test_a_reaction_to_no_message_is_refused():
    with pytest.raises(ValueError, match=r"Reactions\.message"):
        CommunityLog(reactions=Reactions(member=np.array([1]), at=np.array([0.0]), message=np.array([0])))


def test_columns_cannot_be_written_to():
    log = make_log((1, 0, "a"))

    with pytest.raises(ValueError, match="read-only"):
        log.messages.member[0] = 2


def test_before_keeps_what_was_known_just_before():
    log = make_log((1, 0, "a"), (2, 1, "b"), (3, 2, "c"), reply_to={1: 0, 2: 1}, mentions={1: 1, 2: 2})

    known = log.before(MIDNIGHT + 2 * HOUR)

    assert known.messages.member.tolist() == [1, 2]
    assert known.messages.reply_to.tolist() == [-1, 0]
    assert known.messages.mentioned_member.tolist() == [1]


def test_replies_to_what_is_cut_off_are_cut():
    log = make_log((1, 0, "a"), (2, 1, "b"), (3, 2, "c"), reply_to={1: 0, 2: 1})

    later = log.where(lambda table: table.at >= MIDNIGHT + HOUR)

    assert later.messages.text == ("b", "c")
    assert later.messages.reply_to.tolist() == [-1, 0]


def test_rows_of_one_member_go_with_all_that_hangs_on_them():
    log = CommunityLog(
        messages=make_log((1, 0, "a"), (9, 1, "b"), (2, 2, "c"), reply_to={1: 0, 2: 1}, mentions={0: 2, 1: 2}).messages,
        reactions=Reactions(member=np.array([9, 2, 1]), at=np.zeros(3), message=np.array([0, 1, 2])),
        rsvps=Rsvps(member=np.array([9]), at=np.zeros(1), event=np.array([4]), status=np.array([RsvpCode.GOING])),
        joins=Joins(member=np.array([1, 2, 9]), at=np.zeros(3)),
    )

    kept = log.where(lambda table: table.member != 9)

    assert kept.members.tolist() == [1, 2]
    assert kept.messages.text == ("a", "c")
    assert kept.messages.reply_to.tolist() == [-1, -1]
    assert kept.messages.mentioning.tolist() == [0]
    assert kept.reactions.message.tolist() == [1]


def test_an_empty_log_is_a_log():
    log = CommunityLog()

    assert len(log.before(1.0).members) == 0
    assert len(Messages()) == 0
