"""Repeated events: the calendar of the rule, and the same wall-clock time across daylight saving."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reading.recurrence import Recurrence, next_occurrences, nth_weekday

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKLY = Recurrence("week")


def wall(occurrences: list[datetime], zone: ZoneInfo) -> list[str]:
    """What the clock on the wall shows."""
    return [f"{instant.astimezone(zone):%m-%d %H:%M}" for instant in occurrences]


@pytest.mark.parametrize(
    ("zone", "start", "expected_wall", "expected_utc"),
    [
        # Berlin leaves summer time on 25 October 2026
        (BERLIN, (2026, 10, 20, 19, 0), ["10-20 19:00", "10-27 19:00"], [17, 18]),
        # and begins it on 28 March 2027
        (BERLIN, (2027, 3, 23, 19, 0), ["03-23 19:00", "03-30 19:00"], [18, 17]),
        # New York leaves it on 1 November 2026
        (NEW_YORK, (2026, 10, 29, 19, 0), ["10-29 19:00", "11-05 19:00"], [23, 0]),
        # and begins it on 14 March 2027
        (NEW_YORK, (2027, 3, 11, 19, 0), ["03-11 19:00", "03-18 19:00"], [0, 23]),
        # China has none
        (SHANGHAI, (2026, 10, 20, 19, 0), ["10-20 19:00", "10-27 19:00"], [11, 11]),
    ],
)
def test_a_weekly_event_keeps_its_wall_clock_time(
    zone: ZoneInfo, start: tuple[int, int, int, int, int], expected_wall: list[str], expected_utc: list[int]
) -> None:
    first = datetime(*start, tzinfo=zone)

    found = next_occurrences(WEEKLY, first, zone, first - timedelta(days=1), 2)

    assert wall(found, zone) == expected_wall
    assert [instant.hour for instant in found] == expected_utc
    assert {instant.tzinfo for instant in found} == {UTC}


def test_an_occurrence_in_the_skipped_hour_moves_on_and_the_next_returns() -> None:
    first = datetime(2027, 3, 21, 2, 30, tzinfo=BERLIN)

    found = next_occurrences(WEEKLY, first, BERLIN, first, 2)

    assert wall(found, BERLIN) == ["03-28 03:30", "04-04 02:30"]


def test_an_occurrence_in_the_repeated_hour_is_the_first_of_the_two() -> None:
    first = datetime(2026, 10, 18, 2, 30, tzinfo=BERLIN)

    found = next_occurrences(WEEKLY, first, BERLIN, first, 1)

    assert found == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


def test_only_what_is_later_than_now_is_told() -> None:
    first = datetime(2026, 11, 3, 19, 0, tzinfo=BERLIN)

    found = next_occurrences(WEEKLY, first, BERLIN, datetime(2026, 11, 17, 19, 0, tzinfo=BERLIN), 2)

    assert wall(found, BERLIN) == ["11-24 19:00", "12-01 19:00"]


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        (Recurrence("week", interval=2), (2026, 11, 27), ["11-27", "12-11", "12-25", "01-08"]),  # every other Friday
        (Recurrence("month", week_of_month=1), (2026, 12, 1), ["12-01", "01-05", "02-02", "03-02"]),  # first Tuesday
        (Recurrence("month", week_of_month=4), (2026, 11, 26), ["11-26", "12-24", "01-28", "02-25"]),  # fourth Thursday
        (Recurrence("month", week_of_month=-1), (2026, 11, 27), ["11-27", "12-25", "01-29", "02-26"]),  # last Friday
        (
            Recurrence("month", interval=3, week_of_month=1),
            (2026, 12, 1),
            ["12-01", "03-02", "06-01", "09-07"],
        ),  # quarterly
        (Recurrence("week", count=3), (2026, 11, 27), ["11-27", "12-04", "12-11"]),  # three times
        (
            Recurrence("week", until=datetime(2026, 12, 4, 18, 0, tzinfo=UTC)),
            (2026, 11, 27),
            ["11-27", "12-04"],
        ),  # to the minute
        (
            Recurrence("week", until=datetime(2026, 12, 4, 17, 59, tzinfo=UTC)),
            (2026, 11, 27),
            ["11-27"],
        ),  # a minute short
    ],
)
def test_a_rule_gives_the_days_of_the_calendar(
    rule: Recurrence, start: tuple[int, int, int], expected: list[str]
) -> None:
    first = datetime(*start, 19, 0, tzinfo=BERLIN)

    found = next_occurrences(rule, first, BERLIN, first - timedelta(minutes=1), 4)

    assert [f"{instant.astimezone(BERLIN):%m-%d}" for instant in found] == expected


def test_a_count_counts_from_the_first_not_from_now() -> None:
    first = datetime(2026, 11, 27, 19, 0, tzinfo=BERLIN)

    found = next_occurrences(Recurrence("week", count=3), first, BERLIN, first + timedelta(days=8), 5)

    assert wall(found, BERLIN) == ["12-11 19:00"]


def test_none_are_told_when_none_are_asked_for() -> None:
    assert (
        next_occurrences(WEEKLY, datetime(2026, 11, 27, tzinfo=UTC), BERLIN, datetime(2026, 1, 1, tzinfo=UTC), 0) == []
    )


@pytest.mark.parametrize(
    ("year", "month", "weekday", "week", "expected"),
    [
        (2026, 12, 1, 1, date(2026, 12, 1)),  # the month begins with it
        (2026, 11, 5, 4, date(2026, 11, 28)),  # the fourth of four
        (2026, 10, 5, -1, date(2026, 10, 31)),  # the last of five is the month's last day
        (2028, 2, 1, -1, date(2028, 2, 29)),  # a leap day
    ],
)
def test_a_weekday_of_a_month_is_found(year: int, month: int, weekday: int, week: int, expected: date) -> None:
    assert nth_weekday(year, month, weekday, week) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"every": "week", "interval": 0},  # never
        {"every": "day"},  # not offered
        {"every": "month"},  # which week?
        {"every": "month", "week_of_month": 5},  # not every month has a fifth
        {"every": "week", "week_of_month": 1},  # weeks have no week of the month
        {"every": "week", "count": 0},  # not even once
        {"every": "week", "until": datetime(2026, 12, 4)},  # noqa: DTZ001 - naive on purpose
    ],
)
def test_a_rule_that_means_nothing_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"event|rule|until"):
        Recurrence(**wrong)  # type: ignore[arg-type]


@given(
    start=st.integers(1_600_000_000, 2_000_000_000),
    gap_days=st.integers(-100, 400),
    zone=st.sampled_from([BERLIN, NEW_YORK, SHANGHAI]),
    interval=st.integers(1, 5),
)
def test_weekly_occurrences_rise_and_stay_on_their_weekday(
    start: int, gap_days: int, zone: ZoneInfo, interval: int
) -> None:
    first = datetime.fromtimestamp(start, UTC)
    now = first + timedelta(days=gap_days)

    found = next_occurrences(Recurrence("week", interval), first, zone, now, 5)

    assert len(found) == 5
    assert found == sorted(set(found))
    assert all(instant > now for instant in found)
    assert {instant.astimezone(zone).weekday() for instant in found} == {first.astimezone(zone).weekday()}
