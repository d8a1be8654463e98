from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.domain.members.community_choices import NotAChoice, choose, zone_of_words
from models.tables.community import Community


def make() -> Community:
    return Community(name="Founders", language="en", time_zone="UTC", settings={}, created_at=datetime.now(UTC))


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("São Paulo", "America/Sao_Paulo"),
        ("北京", "Asia/Shanghai"),
        ("San Francisco", "America/Los_Angeles"),  # no zone of its own
        ("UTC", "UTC"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_zones_are_found_by_the_names_people_use(words: str, zone: str | None) -> None:
    assert zone_of_words(words) == zone


@pytest.mark.parametrize(
    ("what", "value"), [("language", "xx"), ("zone", "Atlantis"), ("creators", "me"), ("name", "x")]
)
def test_what_is_no_choice_changes_nothing(what: str, value: str) -> None:
    community = make()

    with pytest.raises(NotAChoice):
        choose(community, what, value, languages=("en", "zh"))

    assert (community.language, community.time_zone, community.settings) == ("en", "UTC", {})
