from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.messages.event_summaries import funnel, report, sparkline
from bot.playground.server.entities import utf16_length
from bot.playground.server.markup import parse_html
from bot.texts.languages import LANGUAGES
from models.domain.events.summaries import Summary
from models.tables.event import Event
from tests.stage import voice

STARTS_AT = datetime(2026, 3, 10, 14, tzinfo=UTC)
EVENT = Event(id=7, title="Demo night", starts_at=STARTS_AT, time_zone="Europe/Berlin")
FOUND = Summary(
    starts_at=STARTS_AT,
    n_invited=9,
    n_yes_of_invited=4,
    n_going=6,
    n_came=5,
    n_came_of_going=5,
    stars=(0, 0, 1, 1, 2),
    answered_at=(STARTS_AT - timedelta(days=3), STARTS_AT - timedelta(days=1)),
)


def said(found: Summary, *, picture: bytes | None, event: Event = EVENT, language: str = "en") -> list[tuple[str, Any]]:
    return [tuple(call) for call in report(voice(language, event.time_zone), event, summary=found, picture=picture)]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "4 of 9 invited said yes · 6 signed up → 5 came · 3 of 4 liked it"),
        (
            {"n_invited": 3, "n_yes_of_invited": 3, "n_gave_back": 1, "n_going": 2, "n_came": None, "stars": (0,) * 5},
            "3 of 3 invited said yes · 1 of them gave the seat back · 2 signed up",
        ),
        ({"n_invited": 0}, "6 signed up → 5 came · 3 of 4 liked it"),
        # Two go, whom nobody invited: one invitation that was not taken is no step before them.
        ({"n_invited": 1, "n_yes_of_invited": 0, "n_going": 2, "n_came": None}, "2 signed up · 3 of 4 liked it"),
        ({"n_came": None, "n_came_of_going": 0}, "4 of 9 invited said yes · 6 signed up · 3 of 4 liked it"),
        ({"stars": (0,) * 5}, "4 of 9 invited said yes · 6 signed up → 5 came"),
        ({"stars": (4, 0, 0, 0, 0)}, "4 of 9 invited said yes · 6 signed up → 5 came · 0 of 4 liked it"),
        # More came than said yes.
        (
            {"n_going": 2, "n_came_of_going": 2, "n_invited": 0},
            "2 signed up → 2 came · 3 came unannounced · 3 of 4 liked it",
        ),
        ({"n_going": 0, "n_came_of_going": 0, "n_invited": 0}, "5 came unannounced · 3 of 4 liked it"),
    ],
)
def test_the_funnel_tells_numbers_that_can_be_compared(changes: dict[str, Any], line: str) -> None:
    assert funnel(voice(), Summary(**{**vars(FOUND), **changes})) == line


def test_the_picture_shows_when_people_answered_and_without_it_the_text_does() -> None:
    [(with_picture, photo)] = said(FOUND, picture=b"png")
    [(alone, text)] = said(FOUND, picture=None)

    assert (with_picture, alone) == ("sendPhoto", "sendMessage")
    assert b64decode(photo["photo"]["upload"]) == b"png"
    assert (
        photo["caption"] == "📊 <b>Demo night</b>: what came of it\n"
        "4 of 9 invited said yes · 6 signed up → 5 came · 3 of 4 liked it\n⭐ 4.2 of 5, from 4"
    )
    assert text["text"] == f"{photo['caption']}\nAnswers by day: █▁█▁"


def test_sentences_that_fit_stand_below_and_no_second_message_comes() -> None:
    [(_, photo)] = said(Summary(**{**vars(FOUND), "sentences": ("More!", "<Loud>")}), picture=b"png")

    assert photo["caption"].endswith("💬 More!\n💬 &lt;Loud&gt;")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("filling", ["words and words ", "一二三，四五六。", "🎉", "x"])
@pytest.mark.parametrize("n", [3, 6, 7])
def test_a_caption_always_fits_and_all_that_was_written_follows(language: str, filling: str, n: int) -> None:
    sentences = tuple(f"{number} {filling * 500}"[:500] for number in range(n))
    event = Event(id=7, title="<b>🎉" * 30, starts_at=STARTS_AT, time_zone="UTC")

    (method, photo), (_, follows) = said(
        Summary(**{**vars(FOUND), "sentences": sentences}), picture=b"png", event=event, language=language
    )

    caption, _ = parse_html(photo["caption"])
    assert method == "sendPhoto"
    assert utf16_length(caption) <= 1024
    assert "…" in caption
    if "text" in follows:
        text, _ = parse_html(follows["text"])
        assert utf16_length(text) <= 4096
        assert all(one.strip() in text for one in sentences)


def test_what_is_too_long_for_a_message_comes_as_a_file() -> None:
    sentences = tuple(f"{number} " + "x" * 490 for number in range(30))

    (_, photo), (method, document) = said(Summary(**{**vars(FOUND), "sentences": sentences}), picture=b"png")

    assert "All 30 sentences follow." in photo["caption"]
    assert method == "sendDocument"
    assert b64decode(document["document"]["upload"]).decode("utf-8-sig").split("\n\n") == list(sentences)
    assert document["caption"] == "💬 <b>Demo night</b>: what was written"


def test_excerpts_end_with_whole_words() -> None:
    sentences = ("Bring more prototypes to look at next time please. " * 9,) * 4

    (_, photo), _ = said(Summary(**{**vars(FOUND), "sentences": sentences}), picture=b"png")

    excerpts = [line for line in photo["caption"].splitlines() if line.startswith("💬")]
    assert len(excerpts) == 3
    assert all(line.rstrip("…").split()[-1] in sentences[0].split() for line in excerpts)


def test_where_nobody_said_yes_that_is_all_there_is_to_say() -> None:
    [(method, payload)] = said(Summary(STARTS_AT), picture=None)

    assert method == "sendMessage"
    assert "nobody said yes" in payload["text"]


@pytest.mark.parametrize(("counts", "bars"), [((), ""), ((0, 0), ""), ((1,), "█"), ((0, 7, 14), "▁▅█")])
def test_answers_over_time_are_drawn_in_letters(counts: tuple[int, ...], bars: str) -> None:
    assert sparkline(counts) == bars
