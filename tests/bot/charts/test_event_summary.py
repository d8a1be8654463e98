from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageColor

from bot.charts import event_answers, event_summary, theme
from bot.charts.board import Board
from bot.texts.languages import LANGUAGES
from models.domain.events.answer_times import answer_times
from models.domain.events.summaries import Summary
from tests.stage import voice
from tests.test_guards import SENTENCES

STARTS_AT = datetime(2026, 12, 4, 18, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ZONE = ZoneInfo("Europe/Berlin")
FULL = Summary(
    starts_at=STARTS_AT,
    n_invited=24,
    n_yes_of_invited=9,
    n_going=18,
    n_guests=3,
    n_came=12,
    n_came_of_going=11,
    stars=(0, 1, 1, 2, 4),
    answered_at=tuple(STARTS_AT - DAY * days for days in (9, 9, 8, 5, 5, 5, 1)),
    posted_at=STARTS_AT - 10 * DAY,
    invited_at=STARTS_AT - 6 * DAY,
    reminded_at=(STARTS_AT - DAY, STARTS_AT - HOUR),
)
CASES = {
    "all that can be known": FULL,
    "two people": replace(FULL, n_invited=0, n_going=2, n_guests=0, n_came=2, n_came_of_going=2, stars=(0, 0, 0, 0, 1)),
    "hundreds": replace(
        FULL,
        n_invited=1240,
        n_going=400,
        n_came=352,
        stars=(3, 8, 21, 90, 140),
        answered_at=tuple(STARTS_AT - timedelta(minutes=97) * n for n in reversed(range(700))),
    ),
    "nobody checked in": replace(FULL, n_came=None, n_came_of_going=0),
    "nobody rated": replace(FULL, stars=(0, 0, 0, 0, 0)),
    "only those who came unasked": Summary(STARTS_AT, n_came=3),
    "only who said yes": Summary(STARTS_AT, n_going=1),
    "answers within an hour": replace(FULL, answered_at=(STARTS_AT - HOUR, STARTS_AT - HOUR)),
    "answers over a year": replace(FULL, answered_at=(STARTS_AT - 400 * DAY, STARTS_AT)),
    "nobody liked it": replace(FULL, stars=(5, 0, 0, 0, 0)),
}


def drawn(found: Summary, language: str = "en", title: str = "Demo night") -> bytes:
    return event_summary.draw(voice(language, "Europe/Berlin"), found, title=title)


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_whatever_is_known_is_drawn_for_a_phone(case: str, language: str) -> None:
    # A letter that the font lacks would be a box and a warning, and warnings are errors.
    png = drawn(CASES[case], language)

    picture = opened(png)
    assert png.startswith(b"\x89PNG")
    assert len(png) < 200_000
    assert picture.width == 1080
    assert 300 < picture.height < 1600


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_font_has_every_letter_of_every_text_of_a_chart(language: str) -> None:
    file = TTFont(theme.FONTS / "KlatchSans-Regular.otf")
    written = "".join(
        sentence
        for key, sentence in SENTENCES[language].items()
        if key.startswith(("charts.", "times.", "events.zone_offset"))
    )

    assert set(written) | set("0123456789★–:") <= {chr(code) for code in file.getBestCmap()}
    assert theme.letters(is_bold=False) >= file.getBestCmap().keys()


def test_the_bold_font_has_the_numbers() -> None:
    assert {ord(letter) for letter in "0123456789."} <= theme.letters(is_bold=True)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Demo night", "Demo night"),
        ("🎉 Demo night 🎉", "Demo night"),  # emoji
        ("创始人早餐", "创始人早餐"),
        # rarer and traditional characters, names, Cantonese, kana
        *(
            (whole, whole)
            for whole in (
                "瑜伽晨练",
                "香槟酒会",
                "產品沙龍",
                "撸串局",
                "掼蛋之夜",
                "喵星人聚会",
                "鑫鑫的生日",
                "饕餮宴",
                "林喆请客",
                "創業者聚會",
                "週五飯局",
                "聽日飲茶啦，你嚟唔嚟",
                "さくらの会",
            )
        ),
        ("𠮷野家聚餐", "The event"),  # beyond them: another name would be left
        ("Demo 龘 night", "The event"),
        # scripts that must be shaped to be read
        ("مرحبا بالعالم", "The event"),
        ("Demo مرحبا night", "The event"),
        ("שלום AI", "The event"),
        ("สวัสดี", "The event"),
        ("नमस्ते", "The event"),
        ("한국어 모임", "The event"),
        # letters with marks, and other alphabets
        ("Cafe\u0301 Zürich, Łódź, Москва", "Café Zürich, Łódź, Москва"),
        ("Gặp mặt ở Đà Nẵng", "Gặp mặt ở Đà Nẵng"),
        ("Їжа і розмови", "Їжа і розмови"),
        ("Ελληνική βραδιά · Ἀγορά", "Ελληνική βραδιά · Ἀγορά"),
        ("შეხვედრა", "შეხვედრა"),
        ("g\u0308 night", "The event"),  # a mark that would stand beside its letter
        # signs that can be drawn stay, others only at the edges may go
        ("We ❤️ Berlin ☀", "We ❤ Berlin ☀"),
        ("😀 Demo night", "😀 Demo night"),
        ("I 🍕 Berlin", "The event"),
        ("👨‍👩‍👧 Family day", "Family day"),
        ("🇩🇪 Berlin 🇩🇪", "Berlin"),
        ("𝓓𝓮𝓶𝓸 night", "Demo night"),
        ("\u202eevil\u202c <b>$x^2$</b>", "evil <b>$x^2$</b>"),  # neither turned around nor a formula
        ("two\nlines", "two lines"),
        ("🎉🎉", "The event"),
        ("???", "The event"),
        ("", "The event"),
    ],
)
def test_a_title_is_drawn_whole_or_not_at_all(title: str, shown: str) -> None:
    assert theme.readable(title, instead="The event") == shown
    # The smallest picture: only its title is of interest, and a letter that cannot be drawn would warn.
    assert drawn(CASES["only who said yes"], title=title).startswith(b"\x89PNG")


@pytest.mark.parametrize("title", ["An evening with " * 20, "x" * 300, "创始人年度大会" * 20, "a $5 dinner, or $6"])
def test_a_long_title_ends_within_the_picture(title: str) -> None:
    picture = opened(drawn(FULL, title=title))

    ground = ImageColor.getrgb(theme.GROUND)
    right_margin = picture.crop((theme.WIDTH - 40, 0, theme.WIDTH, 200))
    assert {colour for _, colour in right_margin.getcolors() or []} == {ground}


def longest_run(picture: Image.Image, colour: str) -> int:
    """The longest row of pixels of a colour."""
    wanted = ImageColor.getrgb(colour)
    pixels = picture.load()
    assert pixels is not None
    runs = [
        sum(1 for _ in group)
        for y in range(picture.height)
        for is_wanted, group in groupby(pixels[x, y] == wanted for x in range(picture.width))
        if is_wanted
    ]
    return max(runs, default=0)


def test_bars_are_as_long_as_their_numbers_are_large() -> None:
    picture = opened(drawn(replace(FULL, answered_at=(), stars=(0,) * 5)))

    invited, going, came = (longest_run(picture, colour) for colour in (theme.BLUE, theme.TEAL, theme.GREEN))

    assert going / invited == pytest.approx(18 / 24, abs=0.02)
    assert came / invited == pytest.approx(12 / 24, abs=0.02)


def test_shares_are_of_those_who_could_go_on() -> None:
    shown = [(step.name, step.n, step.part) for step in event_summary.steps(FULL)]

    # Of the 24 invited 9 go, and others too; one of the 12 who came had not said so; 8 rated it.
    assert shown == [("invited", 24, (9, 24)), ("going", 18, None), ("came", 12, (11, 18)), ("liked", 6, (6, 8))]


def test_steps_that_are_not_known_are_left_out() -> None:
    found = replace(FULL, n_invited=0, n_came=None, stars=(0,) * 5)

    assert [step.name for step in event_summary.steps(found)] == ["going"]


@pytest.mark.parametrize(
    ("most", "step"), [(1, 1), (4, 1), (5, 2), (8, 2), (9, 5), (20, 5), (21, 10), (40, 10), (76, 20), (4000, 1000)]
)
def test_lines_stand_at_round_numbers_of_people(most: int, step: int) -> None:
    assert event_answers.tick_step(most) == step


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", [case for case in CASES if CASES[case].answered_at])
def test_labels_of_time_do_not_run_into_each_other(case: str, language: str) -> None:
    found = CASES[case]
    times = answer_times(found.answered_at, starts_at=STARTS_AT, posted_at=found.posted_at, zone=ZONE)
    assert times is not None

    labels = event_answers.labels(voice(language, ZONE.key), times)

    board = Board(10)
    room = (theme.WIDTH - 2 * theme.MARGIN - event_answers.AXIS) / len(times.counts)
    apart = [(b - a) * room for (a, _), (b, _) in pairwise(labels)]
    widest = max(board.width_of(words, theme.NOTE) for _, words in labels)
    assert 1 <= len(labels) <= 7
    assert all(gap > widest + 8 for gap in apart)


@pytest.mark.parametrize("colour", [theme.INK, theme.MUTED, theme.AMBER])
def test_words_stand_out_from_their_ground(colour: str) -> None:
    def luminance(name: str) -> float:
        parts = [value / 255 for value in ImageColor.getrgb(name)]
        red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    # WCAG 2: 4.5 to 1 for text.
    assert (luminance(colour) + 0.05) / (luminance(theme.GROUND) + 0.05) > 4.5


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {},
            [
                ("invited", "9 said yes · 38%"),
                ("going", None),
                ("came", "11 of 18 going · 61%"),
                ("liked", "6 of 8 ratings"),
            ],
        ),
        # One invitation is no step before two who go anyway, and no percentage.
        (
            {
                "n_invited": 1,
                "n_yes_of_invited": 0,
                "n_going": 2,
                "n_came": 2,
                "n_came_of_going": 2,
                "stars": (0,) * 5,
            },
            [("going", None), ("came", "2 of 2 going")],
        ),
    ],
)
def test_shares_are_told_of_what_they_are_a_part_of(
    changes: dict[str, object], told: list[tuple[str, str | None]]
) -> None:
    steps = event_summary.steps(replace(FULL, **changes))

    assert [(one.name, one.part and event_summary.share(voice(), one)) for one in steps] == told
