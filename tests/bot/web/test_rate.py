from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.web.calendar import Rate

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_so_many_are_let_through_and_the_next_is_told_how_long_to_wait() -> None:
    rate = Rate(2, timedelta(seconds=10))

    waits = [rate.wait("mia", after(seconds)) for seconds in (0, 1, 2.5, 9.9, 10, 10.5)]

    assert waits == [0, 0, 8, 1, 0, 1]


def test_each_key_has_a_count_of_its_own() -> None:
    rate = Rate(1, timedelta(seconds=10))

    assert [rate.wait(who, NOON) for who in ("mia", "jo", "mia")] == [0, 0, 10]


def test_it_remembers_only_so_many_keys() -> None:
    rate = Rate(1, timedelta(seconds=10), keys=2)

    assert [rate.wait(who, NOON) for who in ("mia", "jo", "wei", "mia", "wei")] == [0, 0, 0, 0, 10]
