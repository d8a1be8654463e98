from __future__ import annotations

from datetime import timedelta

import pytest

from models.domain.member_time import Defaults
from models.domain.members import preferences
from models.domain.members.preferences import NotAChoice
from models.tables.member import Member
from tests.village import NOW


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("digest", "daily"),
        ("hour", "20"),
        ("quiet", "23-7"),
        ("budget", "7"),
        ("zone", "Asia/Tokyo"),
        ("meeting", "online"),
    ],
)
def test_what_is_pressed_holds_from_then_on(what: str, value: str) -> None:
    member = Member(name="Mia")

    preferences.choose(member, what, value)

    assert preferences.current(member, what, defaults=Defaults(), zone=member.time_zone or "UTC") == value


def test_nothing_chosen_means_the_defaults() -> None:
    chosen = {
        what: preferences.current(Member(name="Mia"), what, defaults=Defaults(), zone="UTC")
        for what in ("digest", "hour", "quiet", "budget", "meeting")
    }

    assert chosen == {"digest": "weekly", "hour": "9", "quiet": "22-8", "budget": "3", "meeting": "in_person"}


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("digest", "hourly"),
        ("hour", "25"),
        ("quiet", "8"),
        ("budget", "1000"),
        ("zone", "Mars/Base"),
        ("meeting", "maybe"),
        ("name", "x"),
    ],
)
def test_a_forged_value_changes_nothing(what: str, value: str) -> None:
    member = Member(name="Mia")

    with pytest.raises(NotAChoice):
        preferences.choose(member, what, value)

    assert member.digest is member.digest_hour is member.attention_budget is member.time_zone is None


def test_a_zone_that_was_typed_may_be_chosen_by_its_button() -> None:
    member = Member(name="Mia")

    preferences.choose(member, "zone", "Europe/Helsinki")

    assert member.time_zone == "Europe/Helsinki"


def test_a_pause_lasts_as_long_as_was_pressed_and_can_be_ended() -> None:
    member = Member(name="Mia")

    preferences.pause(member, "month", now=NOW)
    assert member.paused_until == NOW + timedelta(days=30)
    preferences.pause(member, "resume", now=NOW)
    assert member.paused_until is None
    with pytest.raises(NotAChoice):
        preferences.pause(member, "decade", now=NOW)
