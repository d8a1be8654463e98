"""Attention is asked for only where it was offered: consent, pause, quiet hours and one budget over everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.database import Database
from models.domain.introductions.validity import CHECKS
from models.domain.member_time import Defaults, QuietHours, zone_of
from models.domain.sending.attention import (
    BUDGET_WINDOW,
    Standing,
    Verdict,
    decide,
    recent_pushes,
    standing_of,
    subjects,
)
from models.tables.delivery import Delivery
from models.tables.member import Member, Mute
from tests.factories import give_consent, make_community, make_member

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NEVER_QUIET = QuietHours(0, 0, ZoneInfo("UTC"))
NIGHT_IN_BERLIN = QuietHours(22, 8, ZoneInfo("Europe/Berlin"))


def standing(**values: Any) -> Standing:
    fine = {
        "is_reachable": True,
        "has_consent": True,
        "is_muted": False,
        "paused_until": None,
        "quiet": NEVER_QUIET,
        "budget": 3,
    }
    return Standing(**{**fine, **values})


def days_ago(*days: float) -> list[datetime]:
    return [NOW - timedelta(days=number) for number in days]


@pytest.mark.parametrize(
    ("changed", "action", "why", "until"),
    [
        # nothing speaks against it
        ({}, "send", None, None),
        # what no waiting can mend
        ({"is_reachable": False}, "drop", "unreachable", None),
        ({"has_consent": False}, "drop", "no_consent", None),
        ({"is_muted": True}, "drop", "muted", None),
        ({"budget": 0}, "drop", "budget", None),
        # a pause holds until its end, and a past one does not
        ({"paused_until": NOW + timedelta(days=2)}, "hold", "paused", NOW + timedelta(days=2)),
        ({"paused_until": NOW}, "send", None, None),
        # two of three used: one more fits
        ({"recent": days_ago(1, 2)}, "send", None, None),
        # all used: when the oldest leaves the window
        ({"recent": days_ago(6, 1, 2)}, "hold", "budget", NOW + timedelta(days=1)),
        # a budget lowered to 1 after three pushes: the newest has to leave
        ({"recent": days_ago(6, 1, 2), "budget": 1}, "hold", "budget", NOW + timedelta(days=6)),
        # the pause is asked before the budget
        ({"recent": days_ago(1, 2, 3), "paused_until": NOW + timedelta(hours=1)}, "hold", "paused", None),
    ],
)
def test_a_push_is_sent_held_or_dropped(
    changed: dict[str, Any], action: str, why: str | None, until: datetime | None
) -> None:
    verdict = decide(standing(**changed), now=NOW, expires_at=None)

    assert (verdict.action, verdict.why) == (action, why)
    if until is not None:
        assert verdict.until == until


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        # each would be held for a day, and its hour passes before
        ({"paused_until": NOW + timedelta(days=1)}, "paused"),
        ({"recent": days_ago(6, 1, 2)}, "budget"),
        ({"quiet": QuietHours(10, 9, ZoneInfo("UTC"))}, "quiet_hours"),
    ],
)
def test_what_would_expire_while_it_is_held_is_dropped(changed: dict[str, Any], why: str) -> None:
    verdict = decide(standing(**changed), now=NOW, expires_at=NOW + timedelta(hours=20))

    assert verdict == Verdict("drop", why)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        # a winter night (UTC+1), before and after midnight
        ("2026-01-10T21:00+00:00", "2026-01-11T07:00+00:00"),
        ("2026-01-11T06:59+00:00", "2026-01-11T07:00+00:00"),
        # the first and the last quiet instant
        ("2026-01-10T20:59+00:00", None),
        ("2026-01-11T07:00+00:00", None),
        # the night in which clocks go forward: 8 o'clock comes an hour sooner
        ("2026-03-28T21:30+00:00", "2026-03-29T06:00+00:00"),
        # the night in which they go back: an hour later
        ("2026-10-24T20:30+00:00", "2026-10-25T07:00+00:00"),
    ],
)
def test_quiet_hours_run_over_midnight_and_through_daylight_saving(now: str, end: str | None) -> None:
    found = NIGHT_IN_BERLIN.end_after(datetime.fromisoformat(now))

    assert found == (datetime.fromisoformat(end) if end else None)


def test_quiet_hours_that_end_in_the_skipped_hour_end_with_the_gap() -> None:
    quiet = QuietHours(23, 2, ZoneInfo("America/New_York"))

    # 2026-03-08: 02:00 does not exist, 01:59 EST is followed by 03:00 EDT
    assert quiet.end_after(datetime(2026, 3, 8, 6, 30, tzinfo=UTC)) == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)


@given(
    minutes=st.integers(0, 15 * 366 * 24 * 60),
    from_hour=st.integers(0, 23),
    until_hour=st.integers(0, 23),
    zone=st.sampled_from(
        ["UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Africa/Cairo"]
    ),
)
@settings(deadline=None)  # the first look at a zone reads a file
def test_quiet_always_ends_later_and_within_a_day(minutes: int, from_hour: int, until_hour: int, zone: str) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    end = QuietHours(from_hour, until_hour, ZoneInfo(zone)).end_after(now)

    assert end is None or now < end <= now + timedelta(hours=25)


@pytest.mark.parametrize("month", [3, 4, 10, 11])
def test_through_every_change_of_the_clocks_the_wall_clock_decides(month: int) -> None:
    for zone in (ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")):
        quiet = QuietHours(22, 8, zone)
        for quarters in range(30 * 24 * 4):
            now = datetime(2026, month, 1, tzinfo=UTC) + timedelta(minutes=15 * quarters)
            end = quiet.end_after(now)
            hour = now.astimezone(zone).hour

            assert (end is not None) == (hour >= 22 or hour < 8)
            assert end is None or (end.astimezone(zone).hour, end.astimezone(zone).minute) == (8, 0)


def test_the_first_name_that_is_a_zone_counts() -> None:
    assert zone_of(None, "Mars/Olympus", "../etc/passwd", "Asia/Shanghai", "UTC").key == "Asia/Shanghai"
    assert zone_of(None).key == "UTC"


def test_reasons_say_what_a_push_is_about() -> None:
    reasons = ["free text", {"key": "works_on", "about": ["person:42", "topic:5:7"]}, {"key": "popular"}]

    assert subjects(reasons) == {("person", "42"), ("topic", "5:7")}
    assert subjects(None) == set()


async def test_a_standing_is_read_from_the_members_rows(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session, time_zone="Asia/Shanghai")
        mia = await make_member(session, quiet_from_hour=23, attention_budget=5, paused_until=NOW)
        await give_consent(session, mia, community, "invite")
        session.add(Mute(member_id=mia.id, kind="person", target="42", created_at=NOW))
        invite = delivery(mia, kind="invite", community_id=community.id, reasons=[{"about": ["person:42"]}])
        digest = delivery(mia, kind="digest", community_id=community.id)

        towards_invite = await standing_of(session, invite, now=NOW, defaults=Defaults(), checks=CHECKS)
        towards_digest = await standing_of(session, digest, now=NOW, defaults=Defaults(), checks=CHECKS)

    assert towards_invite == Standing(
        is_reachable=True,
        has_consent=True,
        is_muted=True,
        paused_until=NOW,
        quiet=QuietHours(23, 8, ZoneInfo("Asia/Shanghai")),
        budget=5,
        recent=[],
    )
    assert (towards_digest.has_consent, towards_digest.is_muted) == (False, False)


async def test_consent_of_one_community_does_not_reach_another(database: Database) -> None:
    async with database.transaction() as session:
        here, there = await make_community(session), await make_community(session)
        mia = await make_member(session)
        await give_consent(session, mia, here, "digest")
        digest = delivery(mia, kind="digest", community_id=there.id)

        found = await standing_of(session, digest, now=NOW, defaults=Defaults(), checks=CHECKS)

    assert not found.has_consent


async def test_the_budget_counts_every_push_that_may_have_arrived(database: Database) -> None:
    day = timedelta(days=1)
    async with database.transaction() as session:
        mia, tom = await make_member(session), await make_member(session)
        session.add_all(
            [
                # counted: two kinds, in flight, in doubt
                delivery(mia, kind="digest", sent_at=NOW - 6 * day),
                delivery(mia, kind="invite", sent_at=NOW - day),
                delivery(mia, kind="proposal", claimed_at=NOW),
                delivery(mia, kind="digest", claimed_at=NOW - 2 * day, failed_at=NOW, failure="in_doubt"),
                # not counted: too old, refused, held, exempt, somebody else's
                delivery(mia, kind="digest", sent_at=NOW - BUDGET_WINDOW),
                delivery(mia, kind="digest", claimed_at=NOW - day, failed_at=NOW, failure="refused: chat not found"),
                delivery(mia, kind="invite"),
                delivery(mia, kind="reminder", sent_at=NOW - day),
                delivery(tom, kind="digest", sent_at=NOW - day),
            ]
        )
        await session.flush()

        counted = await recent_pushes(session, mia.id, now=NOW)

    assert sorted(counted) == [NOW - 6 * day, NOW - 2 * day, NOW - day, NOW]


def delivery(member: Member, **values: Any) -> Delivery:
    fine = {"method": "sendMessage", "payload": {"text": "Hi"}, "created_at": NOW, "due_at": NOW}
    return Delivery(**{**fine, "member_id": member.id, **values})
