from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.messages import clocks, community_settings, preferences, setup
from bot.messages.preferences import OwnClock
from bot.texts.languages import LANGUAGES
from models.domain.members.communities import HeardCounts, Inspection
from models.domain.members.rights import Creators
from tests.stage import voice

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHOICES = {
    "digest": "weekly",
    "hour": "9",
    "quiet": "22-8",
    "budget": "3",
    "zone": "Europe/Berlin",
    "meeting": "in_person",
}
BERLIN = OwnClock(["Europe/Berlin"], is_guessed=False)
GUESSED = OwnClock(["Europe/Berlin"], is_guessed=True)
MIXED = OwnClock(["Europe/Berlin", "Asia/Shanghai"], is_guessed=True)


def overview(language: str, own_clock: OwnClock, *, leaves_at: int = 9, **choices: str) -> str:
    return preferences.overview(
        voice(language),
        CHOICES | choices,
        own_clock=own_clock,
        leaves_at=leaves_at,
        paused_until=None,
        n_left_out=0,
        now=NOW,
    ).text


@pytest.mark.parametrize(
    ("language", "own_clock", "hour", "quiet", "zone"),
    [
        ("en", BERLIN, "9:00", "22:00 to 8:00", "Berlin time"),
        ("zh", BERLIN, "9:00", "22:00 到 8:00", "柏林时间"),
        ("zh", OwnClock(["Asia/Shanghai"], is_guessed=False), "9:00", "22:00 到 8:00", "北京时间"),
        ("en", OwnClock(["Etc/GMT-8"], is_guessed=False), "9:00", "22:00 to 8:00", "UTC+8"),
        # Nobody's morning is claimed to be known: in Shanghai that is the afternoon.
        (
            "en",
            GUESSED,
            "9:00 Berlin time",
            "22:00 to 8:00 Berlin time",
            "Berlin time, only my guess (it's 10:00 there)",
        ),
        ("zh", GUESSED, "9:00（柏林时间）", "22:00 到 8:00（柏林时间）", "柏林时间，我猜的（那边现在 10:00）"),
        (
            "en",
            MIXED,
            "9:00 by each group's clock",
            "22:00 to 8:00 by each group's clock",
            "Berlin time and Shanghai time, as in each group, until you tell me yours",
        ),
        (
            "zh",
            MIXED,
            "9:00（按各群的时间）",
            "22:00 到 8:00（按各群的时间）",
            "柏林时间和北京时间，各按各群的，等你告诉我你的",
        ),
    ],
)
def test_settings_say_whose_clock_their_hours_are_read_from(
    language: str, own_clock: OwnClock, hour: str, quiet: str, zone: str
) -> None:
    said = overview(language, own_clock)

    assert [value for value in (hour, quiet, zone) if f"<b>{value}</b>" not in said] == []


@pytest.mark.parametrize(
    ("language", "held"), [("en", "8:00, when your quiet hours end"), ("zh", "8:00，免打扰一结束就发")]
)
def test_settings_tell_the_hour_at_which_a_digest_really_leaves(language: str, held: str) -> None:
    assert held in overview(language, BERLIN, hour="7", leaves_at=8)


@pytest.mark.parametrize(
    ("language", "told"), [("en", "on Mondays, and what can't wait until then"), ("zh", "每周一，等不及的提前发")]
)
def test_a_weekly_digest_is_not_said_to_come_on_mondays_alone(language: str, told: str) -> None:
    assert told in overview(language, BERLIN)


def _screens(language: str, zone: str) -> list[Any]:
    own, checked = voice(language, zone), Inspection(is_admin=True, reads_everything=True, is_supergroup=True)
    choices = setup.Choices(has_language=True, has_zone=True)
    asked = setup.Choices(has_language=True, has_zone=False, zones=[zone], shows_all=True)
    counts = HeardCounts(1, 1, 1, 1)
    return [
        overview_of(own, zone),
        preferences.page(own, "zone", zone),
        preferences.no_such_zone(own, "x", [zone]),
        clocks.confirmation(own),
        community_settings.settings(own, community="Club", creators=Creators.ADMINS, now=NOW),
        community_settings.settings(own, community="Club", creators=Creators.ADMINS, now=NOW, is_zone_chosen=False),
        community_settings.no_such_zone(own, "x", [zone]),
        *(
            setup.report(own, checked, counts, one, chat_id=1, bot_username="k", now=NOW, can_pin=False)
            for one in (choices, asked)
        ),
    ]


def overview_of(own: Any, zone: str) -> Any:
    clock = OwnClock([zone], is_guessed=True)
    return preferences.overview(own, CHOICES, own_clock=clock, leaves_at=9, paused_until=None, n_left_out=0, now=NOW)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Sao_Paulo", "Asia/Shanghai"])
def test_no_screen_shows_a_clock_by_its_key(language: str, zone: str) -> None:
    for screen in _screens(language, zone):
        labels = [button.label for row in screen.rows for button in row]
        assert not [words for words in (screen.text, *labels) if zone in words or "Europe/" in words]
