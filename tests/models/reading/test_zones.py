"""One table of zones by name, in English and Chinese; nothing is guessed on a likeness."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reading.zones import label, zone_named
from tests.models.reading import cldr


@pytest.mark.parametrize("name", cldr.files())
def test_the_tables_are_what_cldr_says(name: str) -> None:
    # A new Babel brings a new CLDR: python -m tests.models.reading.cldr
    assert (cldr.READING / name).read_text("utf-8") == cldr.files()[name]


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),  # the database's own name
        ("america/new_york", "America/New_York"),  # in small letters
        (" SHANGHAI ", "Asia/Shanghai"),
        ("são paulo", "America/Sao_Paulo"),
        ("Zürich", "Europe/Zurich"),
        ("Wrocław", "Europe/Warsaw"),  # no zone of its own, and a letter that has no accent to lose
        ("北京", "Asia/Shanghai"),
        ("上海", "Asia/Shanghai"),
        ("深圳", "Asia/Shanghai"),
        ("臺北", "Asia/Taipei"),  # traditional
        ("旧金山", "America/Los_Angeles"),
        ("Beijing", "Asia/Shanghai"),
        ("Hangzhou", "Asia/Shanghai"),
        ("San Francisco", "America/Los_Angeles"),
        ("Munich", "Europe/Berlin"),
        ("München", "Europe/Berlin"),
        ("India", "Asia/Kolkata"),
        ("日本", "Asia/Tokyo"),
        ("Berlin, Germany", "Europe/Berlin"),
        ("New York USA", "America/New_York"),  # the city decides
        ("London time", "Europe/London"),
        ("太平洋时间", "America/Los_Angeles"),
        ("EST", "America/New_York"),  # never Australia/West
        ("Eastern", "America/New_York"),  # never Easter Island
        ("Pacific", "America/Los_Angeles"),
        ("CET", "Europe/Berlin"),
        ("PST", "America/Los_Angeles"),
        ("GMT", "UTC"),
        ("UTC", "UTC"),
        ("UTC+8", "Etc/GMT-8"),  # which counts the other way round
        ("GMT+8", "Etc/GMT-8"),
        ("utc -5", "Etc/GMT+5"),
        ("+08:00", "Etc/GMT-8"),
        ("UTC+5:30", "Asia/Kolkata"),  # no zone of Etc/ has half an hour
        ("东八区", "Asia/Shanghai"),
        ("西五区", "Etc/GMT+5"),
    ],
)
def test_a_name_is_a_zone(words: str, zone: str) -> None:
    assert zone_named(words).zone == zone
    ZoneInfo(zone)


@pytest.mark.parametrize(
    ("words", "zones"),
    [
        ("Helsinky", ("Europe/Helsinki",)),  # a slip is asked back
        ("Shenzen", ("Asia/Shanghai",)),
        ("USA", ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")),
        ("加拿大", ("America/Toronto", "America/Vancouver", "America/Edmonton", "America/Halifax")),
        ("Georgia", ("Asia/Tbilisi", "America/New_York")),
        ("IST", ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin")),
        ("AST", ("America/Halifax", "Asia/Riyadh")),
        ("CST", ("America/Chicago", "Asia/Shanghai")),
        ("Central", ("America/Chicago", "Europe/Berlin")),
    ],
)
def test_what_may_be_several_is_asked(words: str, zones: tuple[str, ...]) -> None:
    answer = zone_named(words)

    assert (answer.kind, answer.zones, answer.zone) == ("ask", zones, None)


@pytest.mark.parametrize(
    "words", ["", "my place", "Atlantis", "west", "Londn", "8", "UTC+25", "Etc/GMT+99", "UTC-3:30", "x" * 5_000]
)
def test_what_is_no_zone_is_unknown(words: str) -> None:
    assert (zone_named(words).kind, zone_named(words).zones) == ("unknown", ())


@pytest.mark.parametrize(
    ("words", "own", "language", "zone"),
    [
        ("CST", "Asia/Shanghai", "en", "Asia/Shanghai"),  # who lives there
        ("CST", None, "zh", "Asia/Shanghai"),  # who writes Chinese
        ("CST", "America/Denver", "en", "America/Chicago"),
        ("IST", "Asia/Jerusalem", "en", "Asia/Jerusalem"),
        ("EST", "Australia/Sydney", "en", "Australia/Sydney"),
        ("USA", "America/Denver", "en", "America/Denver"),  # one of them already
    ],
)
def test_the_readers_own_zone_decides_what_places_share(words: str, own: str | None, language: str, zone: str) -> None:
    assert zone_named(words, own=own, language=language).zone == zone


def test_a_fixed_offset_is_shown_as_people_say_it() -> None:
    assert [label(zone) for zone in ("Etc/GMT-8", "Etc/GMT+5", "UTC", "America/Sao_Paulo")] == [
        "UTC+8",
        "UTC-5",
        "UTC",
        "America/Sao Paulo",
    ]


@given(st.text(max_size=60))
def test_no_words_raise_and_every_zone_exists(words: str) -> None:
    for zone in zone_named(words).zones:
        ZoneInfo(zone)


def test_below_six_letters_nothing_is_guessed_from_a_likeness() -> None:
    close_to_short_names = ["Romee", "Pariss", "Limaa", "Osllo", "Bakku"]

    assert [name for name in close_to_short_names if zone_named(name).kind == "sure"] == []
    assert [name for name in close_to_short_names if len(name) < 6 and zone_named(name).kind == "ask"] == []
