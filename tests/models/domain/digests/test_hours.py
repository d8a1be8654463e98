from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import dropwhile
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.domain.digests import hours
from models.domain.digests.hours import DigestTime
from models.domain.member_time import Defaults
from models.tables.community import Community
from models.tables.member import Frequency, Member
from tests.village import NOW

# Troll's clocks leap two hours at once: there the digest of one night of the year comes an hour late.
ZONES = sorted(name for name in available_timezones() if "/" in name and name != "Antarctica/Troll")
QUARTER = timedelta(minutes=15)
FIRST = datetime(2024, 1, 1, tzinfo=UTC)


def _quarter(instant: datetime) -> int:
    return (instant - FIRST) // QUARTER


def member(**values: Any) -> Member:
    return Member(
        **{"name": "Mia", "is_bot": False, "reachable_at": NOW, "digest": "daily", "digest_hour": 9, **values}
    )


@pytest.mark.parametrize(
    ("values", "now", "due"),
    [
        ({}, NOW, True),
        # Up to three hours late, when we were down at the hour.
        ({}, NOW + timedelta(hours=2, minutes=59), True),
        ({}, NOW + timedelta(hours=3), False),
        ({}, NOW - timedelta(minutes=1), False),
        ({"digest": "never"}, NOW, False),
        # NOW is a Monday; on other days the hour is for what would be over by then.
        ({"digest": "weekly"}, NOW, True),
        ({"digest": "weekly"}, NOW + timedelta(days=1), True),
        ({"digest": "weekly"}, NOW + timedelta(days=1, hours=3), False),
        # What the installation says holds until the member chooses.
        ({"digest": None, "digest_hour": None}, NOW, True),
        # Nine in Shanghai is one in UTC; nine in UTC is five in the afternoon there.
        ({"time_zone": "Asia/Shanghai"}, NOW, False),
        ({"time_zone": "Asia/Shanghai"}, NOW - timedelta(hours=8), True),
        # Monday 9:00 in Auckland is Sunday in UTC.
        ({"digest": "weekly", "time_zone": "Pacific/Auckland"}, NOW - timedelta(hours=13), True),
        # Seven is quiet until eight, so it comes at eight; nine at night is quiet until ten in the morning.
        ({"digest_hour": 7}, NOW - timedelta(hours=2), False),
        ({"digest_hour": 7}, NOW - timedelta(hours=1), True),
        ({"digest_hour": 21, "quiet_from_hour": 20, "quiet_until_hour": 10}, NOW + timedelta(hours=12), False),
        ({"digest_hour": 21, "quiet_from_hour": 20, "quiet_until_hour": 10}, NOW + timedelta(hours=1), True),
        ({"paused_until": NOW + timedelta(days=1)}, NOW, False),
        ({"paused_until": NOW}, NOW, True),
        ({"blocked_at": NOW}, NOW, False),
        ({"reachable_at": None}, NOW, False),
        ({"is_bot": True}, NOW, False),
    ],
)
def test_a_digest_comes_at_the_members_own_hour(values: dict[str, Any], now: datetime, due: bool) -> None:
    assert hours.is_due(member(**values), Community(time_zone="UTC"), Defaults(), now) is due


@given(
    frequency=st.sampled_from([Frequency.DAILY, Frequency.WEEKLY]),
    hour=st.integers(0, 23),
    zone=st.sampled_from(ZONES),
    quarter=st.integers(0, _quarter(datetime(2030, 1, 1, tzinfo=UTC))),
)
# The hour that Cairo leaves out at midnight, that Havana repeats, and half of one on Lord Howe.
@example(
    Frequency.DAILY,
    0,
    "Africa/Cairo",
    (datetime(2026, 4, 23, tzinfo=UTC) - datetime(2024, 1, 1, tzinfo=UTC)) // QUARTER,
)
@example(
    Frequency.DAILY,
    0,
    "America/Havana",
    (datetime(2026, 11, 1, tzinfo=UTC) - datetime(2024, 1, 1, tzinfo=UTC)) // QUARTER,
)
@example(
    Frequency.DAILY,
    2,
    "Australia/Lord_Howe",
    (datetime(2026, 10, 3, tzinfo=UTC) - datetime(2024, 1, 1, tzinfo=UTC)) // QUARTER,
)
def test_the_next_time_is_the_first_instant_at_which_it_begins(
    frequency: Frequency, hour: int, zone: str, quarter: int
) -> None:
    now = FIRST + quarter * QUARTER
    time = DigestTime(frequency, hour, ZoneInfo(zone))

    at = time.next_after(now)

    assert at is not None
    assert now < at <= now + timedelta(days=8)
    assert time.is_now(at)
    assert not time.is_now(at - timedelta(seconds=1))
    between = [now + n * QUARTER for n in range(1, -(-(at - now) // QUARTER))]
    # What is open on the way is the rest of the present one.
    states = [time.is_now(one) for one in [now, *between]]
    assert not any(dropwhile(bool, states))


@pytest.mark.parametrize(
    ("frequency", "now", "is_between"),
    [
        ("weekly", NOW, False),
        ("weekly", NOW + timedelta(days=1), True),
        ("daily", NOW + timedelta(days=1), False),
        # Monday in Auckland is Sunday in UTC.
        ("weekly", NOW - timedelta(hours=13), False),
    ],
)
def test_only_weekly_readers_have_days_between(frequency: str, now: datetime, is_between: bool) -> None:
    zone = "Pacific/Auckland" if now < NOW else "UTC"
    time = hours.digest_time(member(digest=frequency, time_zone=zone), Community(time_zone="UTC"), Defaults())

    assert time.is_between(now) is is_between


def test_who_wants_none_has_no_next_time() -> None:
    assert DigestTime(Frequency.NEVER, 9, ZoneInfo("UTC")).next_after(NOW) is None


NINE = NOW  # a Monday, nine o'clock in UTC


@pytest.mark.parametrize(
    ("now", "due_at", "comes"),
    [
        (NINE + timedelta(hours=5), NINE, True),  # we were down from eight to two
        (NINE + timedelta(hours=12), NINE, True),  # nine in the evening
        (NINE + timedelta(hours=13), NINE, False),  # their night has begun
        (NINE + timedelta(hours=22), NINE, False),  # seven in the morning
        (NINE + timedelta(hours=29), NINE, True),  # down since yesterday
        (NINE + timedelta(hours=5), NINE + timedelta(hours=24), False),  # today's was looked at
        (NINE + timedelta(hours=5), datetime(1970, 1, 1, tzinfo=UTC), False),  # chosen just now
        (NINE + timedelta(hours=5), None, False),
    ],
)
def test_what_was_due_today_comes_as_long_as_its_reader_is_awake(
    now: datetime, due_at: datetime | None, comes: bool
) -> None:
    time = hours.digest_time(member(digest="weekly"), Community(time_zone="UTC"), Defaults())

    assert time.is_made_up(now, due_at) is comes
