from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.events.answer_times import MOST_DAYS, answer_times

STARTS_AT = datetime(2026, 12, 4, 18, tzinfo=UTC)
BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def before(*spans: timedelta) -> list[datetime]:
    return sorted(STARTS_AT - span for span in spans)


def test_answers_of_many_days_are_counted_by_the_local_day_until_the_start() -> None:
    # 23:30 UTC is the next day in Berlin already.
    answers = before(9 * DAY, 4 * DAY - 5.5 * HOUR, 4 * DAY - 6 * HOUR, timedelta(0))

    found = answer_times(answers, starts_at=STARTS_AT, posted_at=STARTS_AT - 10 * DAY, zone=BERLIN)

    assert found is not None
    assert found.unit == "day"
    assert found.counts == (0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 1)
    assert [edge.astimezone(BERLIN).isoformat() for edge in (found.edges[0], found.edges[-1])] == [
        "2026-11-24T00:00:00+01:00",
        "2026-12-05T00:00:00+01:00",
    ]


@pytest.mark.parametrize(
    ("posted_before", "starts_after", "begins", "ends"),
    [
        (2 * HOUR, 20 * DAY, "10:00", "21:00"),  # the start is far away: only the answers, and the card before them
        (2 * DAY, 20 * DAY, "12:00", "21:00"),  # the card is long ago
        (2 * HOUR, 9 * HOUR, "10:00", "22:00"),  # the start is near
    ],
)
def test_answers_that_came_together_are_counted_by_the_hour(
    posted_before: timedelta, starts_after: timedelta, begins: str, ends: str
) -> None:
    first = datetime(2026, 11, 2, 12, 20, tzinfo=UTC)
    answers = [first, first + 10 * timedelta(minutes=1), first + 8 * HOUR]

    found = answer_times(
        answers,
        starts_at=first + starts_after + timedelta(minutes=40),
        posted_at=first - posted_before,
        zone=ZoneInfo("UTC"),
    )

    assert found is not None
    assert (found.unit, sum(found.counts)) == ("hour", 3)
    assert (f"{found.edges[0]:%H:%M}", f"{found.edges[-1]:%H:%M}") == (begins, ends)


def test_hours_are_those_of_the_wall_clock() -> None:
    found = answer_times(before(HOUR), starts_at=STARTS_AT, posted_at=None, zone=KOLKATA)

    assert found is not None
    assert f"{found.edges[0].astimezone(KOLKATA):%H:%M}" == "22:00"


def test_a_long_time_is_counted_by_weeks_from_monday() -> None:
    found = answer_times(before((MOST_DAYS + 1) * DAY, DAY), starts_at=STARTS_AT, posted_at=None, zone=BERLIN)

    assert found is not None
    assert (found.unit, found.edges[0].astimezone(BERLIN).weekday(), len(found.counts)) == ("week", 0, 10)


def test_a_day_that_loses_an_hour_is_a_box_like_the_others() -> None:
    starts_at = datetime(2026, 3, 31, 12, tzinfo=UTC)
    answers = [starts_at - 5 * DAY, starts_at]

    found = answer_times(answers, starts_at=starts_at, posted_at=None, zone=BERLIN)

    assert found is not None
    assert len(found.counts) == 6
    noon_of_29_march = datetime(2026, 3, 29, 12, tzinfo=BERLIN)
    # 11 of its 23 hours are over.
    assert found.position(noon_of_29_march) == pytest.approx(3 + 11 / 23)
    assert found.position(found.edges[0] - HOUR) is None
    assert found.position(found.edges[-1]) == 6


def test_without_answers_there_is_nothing_to_count() -> None:
    assert answer_times([], starts_at=STARTS_AT, posted_at=STARTS_AT - DAY, zone=BERLIN) is None


@given(
    minutes=st.lists(st.integers(0, 500_000), min_size=1, max_size=30),
    posted=st.none() | st.integers(0, 600_000),
    zone=st.sampled_from([BERLIN, KOLKATA, ZoneInfo("America/St_Johns")]),
)
def test_every_answer_is_counted_once(minutes: list[int], posted: int | None, zone: ZoneInfo) -> None:
    answers = before(*(timedelta(minutes=n) for n in minutes))
    posted_at = None if posted is None else STARTS_AT - timedelta(minutes=posted)

    found = answer_times(answers, starts_at=STARTS_AT, posted_at=posted_at, zone=zone)

    assert found is not None
    assert sum(found.counts) == len(answers)
    assert len(found.edges) == len(found.counts) + 1
    assert len(found.counts) <= 110
    assert all(left < right for left, right in zip(found.edges, found.edges[1:], strict=False))
    assert found.position(answers[0]) is not None
