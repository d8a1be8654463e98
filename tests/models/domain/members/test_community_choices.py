from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.domain.members.community_choices import NotAChoice, choose
from models.tables.community import Community


def make() -> Community:
    return Community(name="Founders", language="en", time_zone="UTC", settings={}, created_at=datetime.now(UTC))


@pytest.mark.parametrize(
    ("words", "zone"), [("Europe/Berlin", "Europe/Berlin"), ("北京", "Asia/Shanghai"), ("UTC+8", "Etc/GMT-8")]
)
def test_a_zone_may_be_named_as_people_name_it(words: str, zone: str) -> None:
    community = make()

    choose(community, "zone", words, languages=("en", "zh"))

    assert community.time_zone == zone


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("language", "xx"),
        ("zone", "Atlantis"),
        ("zone", "Helsinky"),
        ("zone", "USA"),
        ("creators", "me"),
        ("name", "x"),
    ],
)
def test_what_is_no_choice_changes_nothing(what: str, value: str) -> None:
    community = make()

    with pytest.raises(NotAChoice):
        choose(community, what, value, languages=("en", "zh"))

    assert (community.language, community.time_zone, community.settings) == ("en", "UTC", {})
