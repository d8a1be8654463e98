"""No window of Telegram's published limits is ever exceeded, and nobody waits for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.pacing import ALARM_CHATS, ALARM_WINDOW, Limiter, Limits

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
MIA, TOM, CLUB, BAR = 11, 12, -100, -200
# (which chat, is it an edit, seconds since the call before was wanted)
WISHES = st.lists(
    st.tuples(
        st.sampled_from([MIA, TOM, CLUB, BAR, *range(20, 60)]),
        st.booleans(),
        st.sampled_from([0.0, 0.0, 0.01]) | st.floats(0, 5),
    ),
    max_size=150,
)


def most_within(times: list[datetime], window: timedelta) -> int:
    """The largest number of `times` in any half-open window of that length."""
    ordered = sorted(times)
    return max((sum(1 for at in ordered[i:] if at < start + window) for i, start in enumerate(ordered)), default=0)


@given(WISHES)
@settings(max_examples=60, deadline=None)
def test_no_window_of_a_published_limit_is_ever_exceeded(wishes: list[tuple[int, bool, float]]) -> None:
    limits = Limits()
    limiter = Limiter(limits)
    calls: list[tuple[int, bool, datetime]] = []
    now = NOW

    for address, is_edit, pause in wishes:
        now += timedelta(seconds=pause)
        at = limiter.next_slot(address, now, is_edit=is_edit)
        limiter.note(address, at, is_edit=is_edit)
        calls.append((address, is_edit, at))
        now = max(now, at)

    assert most_within([at for _, _, at in calls], SECOND) <= limits.per_second
    for address in {address for address, _, _ in calls}:
        to_chat = [at for chat, _, at in calls if chat == address]
        edits = [at for chat, is_edit, at in calls if chat == address and is_edit]
        assert most_within(to_chat, SECOND) <= 1
        assert address > 0 or most_within(to_chat, MINUTE) <= limits.per_group_minute
        assert address > 0 or most_within(edits, MINUTE) <= limits.edits_per_group_minute


@given(WISHES)
@settings(max_examples=60, deadline=None)
def test_no_chat_starves(wishes: list[tuple[int, bool, float]]) -> None:
    limiter = Limiter(Limits())
    now = NOW

    for address, is_edit, pause in wishes:
        now += timedelta(seconds=pause)
        at = limiter.next_slot(address, now, is_edit=is_edit)
        limiter.note(address, at, is_edit=is_edit)
        now = max(now, at)

        # Whatever happened, the longest wait is a group's minute, and at that instant the chat is not busy.
        free_at = limiter.next_slot(CLUB, now)
        assert free_at <= now + MINUTE
        assert CLUB not in limiter.busy(free_at)[0]


@given(WISHES)
@settings(max_examples=40, deadline=None)
def test_busy_chats_are_those_without_a_slot_now(wishes: list[tuple[int, bool, float]]) -> None:
    limiter = Limiter(Limits(per_second=1000))
    now = NOW
    for address, is_edit, pause in wishes:
        now += timedelta(seconds=pause)
        if limiter.next_slot(address, now, is_edit=is_edit) == now:
            limiter.note(address, now, is_edit=is_edit)

    nothing, edits = limiter.busy(now)
    change_at = limiter.next_change(now)

    chats = {address for address, _, _ in wishes}
    assert nothing == {address for address in chats if limiter.next_slot(address, now) > now}
    assert nothing | edits == {address for address in chats if limiter.next_slot(address, now, is_edit=True) > now}
    assert (change_at is not None) == bool(nothing | edits)
    if change_at is not None:
        later_nothing, later_edits = limiter.busy(change_at)
        assert len(later_nothing) + len(later_edits) < len(nothing) + len(edits) or later_nothing < nothing


def test_a_chat_gets_one_message_a_second() -> None:
    limiter = Limiter(Limits())

    limiter.note(MIA, NOW)

    assert limiter.next_slot(MIA, NOW) == NOW + SECOND
    assert limiter.next_slot(TOM, NOW) == NOW


def test_a_group_gets_twenty_calls_a_minute_edits_included() -> None:
    limiter = Limiter(Limits())
    for second in range(20):
        limiter.note(CLUB, NOW + second * SECOND, is_edit=second % 2 == 0)

    assert limiter.next_slot(CLUB, NOW + 20 * SECOND) == NOW + MINUTE


def test_edits_leave_room_for_messages() -> None:
    limiter = Limiter(Limits())
    for second in range(12):
        limiter.note(CLUB, NOW + second * SECOND, is_edit=True)
    now = NOW + 12 * SECOND

    assert limiter.next_slot(CLUB, now, is_edit=True) == NOW + MINUTE
    assert limiter.next_slot(CLUB, now) == now


def test_edits_in_a_private_chat_have_no_share_to_keep() -> None:
    limiter = Limiter(Limits())
    for second in range(30):
        limiter.note(MIA, NOW + second * SECOND, is_edit=True)

    assert limiter.next_slot(MIA, NOW + 30 * SECOND, is_edit=True) == NOW + 30 * SECOND


def test_all_chats_together_stay_below_thirty_a_second() -> None:
    limiter = Limiter(Limits())
    for address in range(28):
        limiter.note(address, NOW)

    assert limiter.overall_slot(NOW) == limiter.next_slot(99, NOW) == NOW + SECOND


def test_a_slow_answer_moves_the_next_slot() -> None:
    limiter = Limiter(Limits())
    limiter.note(MIA, NOW)

    limiter.note_end(MIA, NOW + 4 * SECOND)

    assert limiter.next_slot(MIA, NOW + 4 * SECOND) == NOW + 5 * SECOND


def test_retry_after_holds_up_that_chat_only() -> None:
    limiter = Limiter(Limits())

    limiter.note_refusal(CLUB, NOW, 17 * SECOND)

    assert limiter.next_slot(CLUB, NOW) == NOW + 17 * SECOND
    assert limiter.next_slot(MIA, NOW) == NOW


def test_when_several_chats_are_told_to_wait_everything_waits() -> None:
    limiter = Limiter(Limits())

    for address in range(ALARM_CHATS):
        limiter.note_refusal(address, NOW, 5 * SECOND)

    assert limiter.next_slot(99, NOW) == NOW + 5 * SECOND


def test_refusals_far_apart_are_no_alarm() -> None:
    limiter = Limiter(Limits())

    for number in range(ALARM_CHATS):
        limiter.note_refusal(number, NOW + number * ALARM_WINDOW, SECOND)

    now = NOW + ALARM_CHATS * ALARM_WINDOW
    assert limiter.next_slot(99, now) == now


def test_what_no_limit_looks_back_to_is_forgotten() -> None:
    limiter = Limiter(Limits())
    for address in range(500):
        limiter.note(address, NOW)

    limiter.note(MIA, NOW + 2 * MINUTE)

    assert len(limiter._calls) == 1


@pytest.mark.parametrize("address", [7, -7])
def test_a_clock_that_was_a_day_ahead_silences_nobody(address: int) -> None:
    limiter = Limiter(Limits())
    for n in range(40):
        limiter.note(address, NOW + timedelta(days=1, seconds=3 * n), is_edit=True)

    assert limiter.overall_slot(NOW) == NOW
    assert limiter.busy(NOW) == (set(), set())
    assert limiter.next_slot(address, NOW, is_edit=True) == NOW
    assert limiter.next_change(NOW) is None
