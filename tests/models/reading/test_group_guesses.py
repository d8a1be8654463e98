from __future__ import annotations

import pytest

from models.reading.group_guesses import Signs, language_of, zones_of

CHINESE, ENGLISH = ["大家好，今晚谁来？"] * 10, ["Who comes tonight?"] * 10


@pytest.mark.parametrize(
    ("signs", "language"),
    [
        (Signs("上海创业者"), "zh"),
        (Signs("Berlin Founders"), "en"),
        # Both scripts, or nothing but a picture: who knows.
        (Signs("创始人圆桌 / Founders' Table"), None),
        (Signs("🚀"), None),
        # A Latin name is fashion in Shanghai too.
        (Signs("Founders", clients=["zh-hans"]), None),
        (Signs("上海创业者", clients=["en"]), "zh"),
        (Signs("Gründer München", clients=["de"]), "en"),
        # What is written counts more than the name.
        (Signs("Founders", CHINESE, ["en"]), "zh"),
        (Signs("创始人圆桌", ENGLISH), "en"),
        (Signs("Founders", [*CHINESE, *ENGLISH]), None),
        # A few words are no talk yet.
        (Signs("Founders", CHINESE[:3]), "en"),
    ],
)
def test_the_language_is_what_the_group_is_written_in(signs: Signs, language: str | None) -> None:
    assert language_of(signs) == language


@pytest.mark.parametrize(
    ("signs", "zones"),
    [
        (Signs("Berlin Founders"), ("Europe/Berlin",)),
        (Signs("新加坡华人创业"), ("Asia/Singapore", "Asia/Shanghai")),
        (Signs("NYC Hardware"), ("America/New_York",)),
        (Signs("San Francisco AI"), ("America/Los_Angeles",)),
        # Towns that are words, regions that are clubs, letters that are no city here.
        (Signs("Reading group: Nice people"), ()),
        (Signs("The Pacific Club of la bella vita"), ()),
        (Signs("Founders", clients=["de"]), ("Europe/Berlin",)),
        (Signs("Founders", clients=["en"]), ()),
        (Signs("Founders", zones=["Asia/Tokyo", "Europe/Paris", "Europe/Paris"]), ("Europe/Paris", "Asia/Tokyo")),
        (Signs("Founders", ["See you in Lisbon"] * 3), ("Europe/Lisbon",)),
        (Signs("Founders", ["See you in Lisbon"] * 2), ()),
        (Signs("创始人圆桌"), ("Asia/Shanghai",)),
    ],
)
def test_zones_are_proposed_from_what_the_group_says_of_itself(signs: Signs, zones: tuple[str, ...]) -> None:
    assert zones_of(signs) == zones
