"""Days and ages as readers of each language say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.messages.times import ago, day
from tests.stage import voice

NOW = datetime(2026, 3, 10, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "has_year", "said"),
    [
        ("en", False, "Tue 10 Mar"),
        ("en", True, "Tue 10 Mar 2026"),
        ("zh", False, "3月10日 周二"),
        ("zh", True, "2026年3月10日 周二"),
    ],
)
def test_a_day_is_said_as_the_language_does(language: str, has_year: bool, said: str) -> None:
    assert day(voice(language), NOW, has_year=has_year) == said


@pytest.mark.parametrize(
    ("passed", "english", "chinese"),
    [
        (timedelta(seconds=5), "1 m ago", "1 分钟前"),
        (timedelta(minutes=59), "59 m ago", "59 分钟前"),
        (timedelta(hours=2), "2 h ago", "2 小时前"),
        (timedelta(hours=23), "23 h ago", "23 小时前"),
        (timedelta(days=3), "Sat", "周六"),
        (timedelta(days=7), "3 Mar", "3月3日"),
        # The same weekday a week ago reads as today.
        (timedelta(days=6, hours=20), "3 Mar", "3月3日"),
        # A clock that is a little ahead of ours.
        (timedelta(seconds=-30), "1 m ago", "1 分钟前"),
    ],
)
def test_an_age_is_told_in_one_unit(passed: timedelta, english: str, chinese: str) -> None:
    assert [ago(voice(language), NOW - passed, NOW) for language in ("en", "zh")] == [english, chinese]


def test_an_age_of_weeks_is_the_day_on_the_readers_clock() -> None:
    late = NOW - timedelta(days=8) + timedelta(hours=5)

    assert ago(voice(zone="Asia/Shanghai"), late, NOW + timedelta(days=1)) == "3 Mar"
    assert ago(voice(zone="UTC"), late, NOW + timedelta(days=1)) == "2 Mar"
