from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.messages import event_lists, event_management, events
from bot.messages.outgoing import cut
from bot.messages.reasons import reason
from bot.messages.times import moment, when
from bot.playground.server.entities import utf16_length
from bot.playground.server.markup import parse_html
from models.domain.events.cards import EventView
from models.domain.invitations.turnout import Forecast
from models.reading.positions import Position
from tests.stage import TEXTS, voice

STARTS_AT = datetime(2026, 12, 4, 18, tzinfo=UTC)
KRANZ = Position(52.5031, 13.3289)
VIEW = EventView(
    id=1,
    community_id=1,
    title="Demo night",
    description=None,
    place="Café Kranz",
    link=None,
    starts_at=STARTS_AT,
    ends_at=STARTS_AT + timedelta(hours=2),
    time_zone="Europe/Berlin",
    capacity=20,
    plus_ones=0,
    rsvp_until=None,
    status="published",
    is_over=False,
)


@pytest.mark.parametrize(
    ("zone", "language", "shown"),
    [
        ("Europe/Berlin", "en", "Fri 4 Dec, 19:00 Berlin time"),
        ("Asia/Kolkata", "en", "Fri 4 Dec, 23:30 Kolkata time"),
        ("America/St_Johns", "en", "Fri 4 Dec, 14:30 St John’s time"),
        ("UTC", "en", "Fri 4 Dec, 18:00 (UTC)"),
        ("Asia/Shanghai", "zh", "12月5日 周六 02:00 北京时间"),  # the next day there, on China's one clock
        ("Nowhere/Nothing", "en", "Fri 4 Dec, 18:00 (UTC)"),  # a zone that is none
        ("Etc/GMT-8", "zh", "12月5日 周六 02:00 (UTC+8)"),  # no place
        ("Europe/Berlin", "zh", "12月4日 周五 19:00 柏林时间"),
    ],
)
def test_a_moment_is_told_on_the_wall_clock_of_a_place(zone: str, language: str, shown: str) -> None:
    assert moment(voice(language, zone), STARTS_AT) == shown


@pytest.mark.parametrize(
    ("language", "values", "shown"),
    [
        ("en", {}, ("Café Kranz", "https://www.google.com/maps/search/?api=1&query=Caf%C3%A9+Kranz")),
        ("zh", {"place": "三里屯"}, ("三里屯", "https://uri.amap.com/search?keyword=%E4%B8%89%E9%87%8C%E5%B1%AF")),
        # the very point
        (
            "en",
            {"position": KRANZ},
            ("Café Kranz", "https://www.google.com/maps/search/?api=1&query=52.503100,13.328900"),
        ),
        (
            "zh",  # the longitude first, and not in China's own grid
            {"position": KRANZ, "place": "咖啡馆&co"},
            (
                "咖啡馆&co",
                "https://uri.amap.com/marker?position=13.328900,52.503100"
                "&name=%E5%92%96%E5%95%A1%E9%A6%86%26co&coordinate=wgs84",
            ),
        ),
        # a point without a name
        (
            "en",
            {"position": KRANZ, "place": None},
            ("On the map", "https://www.google.com/maps/search/?api=1&query=52.503100,13.328900"),
        ),
        # also where there is a link besides
        (
            "en",
            {"position": KRANZ, "link": "https://a.example/1"},
            ("Café Kranz", "https://www.google.com/maps/search/?api=1&query=52.503100,13.328900"),
        ),
    ],
)
def test_a_place_leads_to_the_map_its_reader_can_open(
    language: str, values: dict[str, Any], shown: tuple[str, str]
) -> None:
    text, entities = parse_html(str(events.card(voice(language, VIEW.time_zone), replace(VIEW, **values)).text))

    link = next(one for one in entities if one["type"] == "text_link")
    units = text.encode("utf-16-le")
    words = units[2 * link["offset"] : 2 * (link["offset"] + link["length"])].decode("utf-16-le")
    assert (words, link["url"]) == shown


def test_newer_clients_get_the_instant_itself() -> None:
    text, entities = parse_html(when(voice(zone="Europe/Berlin"), STARTS_AT, STARTS_AT + timedelta(hours=2)))

    assert text == "Fri 4 Dec, 19:00 – 21:00 Berlin time"
    assert [(one["unix_time"], one["date_time_format"]) for one in entities] == [
        (1796407200, "wDt"),
        (1796414400, "t"),
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("filling", ["丁", "🎉"])
def test_hostile_words_neither_break_the_markup_nor_outgrow_a_caption(language: str, filling: str) -> None:
    nasty = "<b>\u202e\u200b&'\"" + filling * 300
    view = replace(
        VIEW,
        title=nasty[:120],
        place=nasty[:200],
        link=f'https://example.org/"><b>{"x" * 500}',
        description=nasty + "\n" + nasty,
        hosts=(nasty,) * 5,
        names=(nasty,) * 5,
        n_going=20,
        n_maybe=5,
        n_waitlisted=7,
        rsvp_until=STARTS_AT,
        repeats={"every": "week", "interval": 2, "until": "2027-02-28T22:59:59+00:00"},
        has_picture=True,
    )

    text, _ = parse_html(str(events.card(voice(language, view.time_zone), view).text))

    assert utf16_length(text) <= 1024
    assert "\u202e" not in text


@pytest.mark.parametrize(
    ("language", "more", "said"),
    [
        ("en", {}, "🔁 Every week"),  # until somebody stops it
        ("en", {"until": "2027-02-28T22:59:59+00:00"}, "🔁 Every week until Sun 28 Feb 2027"),  # the last day it may be
        ("en", {"count": 6}, "🔁 Every week, 6 times in all"),  # the first one included
        ("zh", {"until": "2027-02-28T22:59:59+00:00"}, "🔁 每周，到2027年2月28日 周日为止"),
        ("zh", {"count": 6}, "🔁 每周，共 6 次"),
    ],
)
def test_a_series_says_how_long_it_goes_on(language: str, more: dict[str, Any], said: str) -> None:
    view = replace(VIEW, repeats={"every": "week", "interval": 1, "until": None, "count": None, **more})

    for shown in (
        events.card(voice(language, view.time_zone), view),
        events.preview(voice(language, view.time_zone), view),
    ):
        assert said in shown.text.split("\n")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_under_a_picture_the_description_takes_what_room_is_left(language: str) -> None:
    view = replace(VIEW, description="Bring a question. " * 200, names=("Mia", "Jo"), n_going=2, has_picture=True)

    caption, _ = parse_html(str(events.card(voice(language, view.time_zone), view).text))
    in_private, _ = parse_html(str(events.private_view(voice(language, view.time_zone), view, own=None).text))

    assert 1000 < utf16_length(caption) <= 1024
    assert re.search(r"(question\.?|Bring|a)…\n", caption)
    assert caption.endswith({"en": "Mia and Jo", "zh": "Mia和Jo"}[language])
    assert utf16_length(in_private) > 3000


@pytest.mark.parametrize(
    ("words", "longest", "kept"),
    [
        ("short", 5, "short"),
        ("two words", 8, "two…"),
        ("two words more", 10, "two words…"),  # the cut falls on a blank
        ("a " + "x" * 50, 10, "a xxxxxxx…"),  # an endless word is cut rather than lost
        ("一二三四五六", 4, "一二三…"),
        ("🎉🎉🎉", 4, "🎉…"),  # never half an emoji
        ("first, second", 8, "first…"),
        ("words", 1, "…"),
        ("words", 0, ""),
    ],
)
def test_words_are_cut_at_their_ends(words: str, longest: int, kept: str) -> None:
    assert cut(words, longest) == kept


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_reason_is_a_sentence_in_every_language(language: str) -> None:
    values = {"first": "Mia", "second": "Jo", "host": "Ana", "n": 2, "word": "hardware", "field": "hardware"}
    keys = [key for key in TEXTS.keys(language) if key.startswith("invitations.reason.")]

    told = [
        reason(
            voice(language),
            {"key": key.removeprefix("invitations.reason."), "values": values},
            section="invitations",
            now=VIEW.starts_at,
        )
        for key in keys
    ]

    assert len(told) == 11
    assert not any(re.search(r"[{}]", one) for one in told)


def test_a_cancelled_event_has_no_buttons() -> None:
    card = events.card(voice(), replace(VIEW, status="cancelled"))

    assert card.text.startswith("❌ <b>Cancelled</b>")
    assert card.rows == []


def test_nothing_planned_says_how_to_plan() -> None:
    assert "/event" in event_lists.event_list(voice(), [], link="https://t.me/klatch_bot?start=x").text


@pytest.mark.parametrize(
    ("n_open", "may_add", "language", "told"),
    [
        (0, 0.0, "en", "🔮 About 12 will come (most likely 10 to 14)."),
        (9, 0.3, "en", "🔮 About 12 will come (most likely 10 to 14)."),  # nobody, rounded
        (1, 0.6, "en", "(most likely 10 to 14).\n1 open invitation may bring 1 more."),
        (9, 3.4, "en", "(most likely 10 to 14).\n9 open invitations may bring about 3 more."),
        (9, 3.4, "zh", "之间）。\n另有 9 份邀请还没答复，可能再来 3 人左右。"),
    ],
)
def test_the_forecast_tells_apart_what_open_invitations_may_bring(
    n_open: int, may_add: float, language: str, told: str
) -> None:
    forecast = Forecast(12.2, 10, 14, n_open=n_open, may_add=may_add)

    shown = event_management.management(voice(language), VIEW, forecast=forecast).text

    assert shown.endswith(told)
