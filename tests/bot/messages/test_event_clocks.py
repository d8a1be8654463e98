"""A room has one clock, whoever reads; where one joins from anywhere, the reader's counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from bot.messages import event_lists, event_notices, events
from bot.messages.times import when
from bot.playground.server.markup import parse_html
from bot.texts import Voice
from models.domain.events.cards import EventView
from models.reading.positions import Position
from models.tables.event import Event, EventStatus
from tests.bot.messages.test_events import VIEW
from tests.stage import voice

STARTS_AT = datetime(2026, 12, 4, 18, tzinfo=UTC)  # Friday 19:00 in Berlin
ROOM = replace(
    VIEW, starts_at=STARTS_AT, ends_at=None, time_zone="Europe/Berlin", place="Café Kranz", link=None, rsvp_until=None
)


def reader(zone: str, language: str = "en") -> Voice:
    """Somebody who chose this clock."""
    return replace(voice(language, zone), is_own_clock=True)


def row(view: EventView) -> Event:
    return Event(
        id=view.id, title=view.title, place=view.place, link=view.link, time_zone=view.time_zone,
        starts_at=view.starts_at, ends_at=view.ends_at, status=EventStatus.PUBLISHED,
    )  # fmt: skip


EVERYWHERE: list[Callable[[Voice, EventView], str]] = [
    lambda voice, view: events.card(voice, view).text,
    lambda voice, view: events.preview(voice, view).text,
    lambda voice, view: events.private_view(voice, view, own=None).text,
    lambda voice, view: events.put_aside(voice, row(view)).text,
    lambda voice, view: event_lists.private_event_list(voice, [view], own={}).text,
    lambda voice, view: event_notices.still_coming(voice, row(view)).text,
    lambda voice, view: event_notices.soon(voice, row(view), leaves_at=STARTS_AT - timedelta(hours=1)).text,
    lambda voice, view: event_notices.move(voice, row(view)).text,
    lambda voice, view: event_notices.called_off(voice, row(view)).text,
    lambda voice, view: event_notices.promotion(voice, row(view), until=view.starts_at - timedelta(minutes=30)).text,
]


@pytest.mark.parametrize("told", EVERYWHERE)
def test_a_room_has_its_own_clock_wherever_it_is_told(told: Callable[[Voice, EventView], str]) -> None:
    text, entities = parse_html(told(reader("Europe/Lisbon"), ROOM))

    assert "19:00 Berlin" in unescape(text)
    assert "18:00" not in text
    assert "UTC" not in text
    # Without a format the words stand, also on clients that would turn a time into the reader's.
    assert [one.get("date_time_format") for one in entities if one["type"] == "date_time"].count(None) >= 1
    assert all("date_time_format" not in one for one in entities)


@pytest.mark.parametrize("told", EVERYWHERE)
def test_an_event_online_stays_on_the_clock_of_its_reader(told: Callable[[Voice, EventView], str]) -> None:
    online = replace(ROOM, place=None, link="https://meet.example/1")

    text = told(reader("Europe/Lisbon"), online)

    assert "18:00" in text
    assert "18:00 Lisbon time" in text
    assert "Berlin" not in text


@pytest.mark.parametrize(
    ("own", "shown"),
    [
        (reader("Europe/Lisbon"), "Fri 4 Dec, 19:00 Berlin time"),  # another hour there
        (reader("Europe/Lisbon", "zh"), "12月4日 周五 19:00 柏林时间"),  # in Chinese
        (reader("Asia/Shanghai"), "Fri 4 Dec, 19:00 Berlin time"),  # another day there
        (reader("Europe/Paris"), "Fri 4 Dec, 19:00 Berlin time"),  # another zone with the same hour
        (voice("en", "Europe/Lisbon"), "Fri 4 Dec, 19:00 Berlin time"),  # nobody knows where they are
        (voice("zh", "Asia/Shanghai"), "12月4日 周五 19:00 柏林时间"),
    ],
)
def test_a_zone_is_called_by_its_place(own: Voice, shown: str) -> None:
    assert parse_html(when(own.in_room("Europe/Berlin"), STARTS_AT))[0] == shown


def test_the_place_of_a_zone_stands_once_behind_an_end() -> None:
    told = when(reader("Europe/Lisbon").in_room("Europe/Berlin"), STARTS_AT, STARTS_AT + timedelta(hours=2))

    assert parse_html(told)[0] == "Fri 4 Dec, 19:00 – 21:00 Berlin time"


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT-8"])
def test_a_zone_without_a_place_keeps_its_distance_from_utc(zone: str) -> None:
    assert "(UTC" in when(reader("Europe/Berlin").in_room(zone), STARTS_AT)


def test_a_point_on_the_map_is_a_room() -> None:
    pointed = replace(ROOM, place=None, position=Position(52.5, 13.3), link="https://a.example/1")

    assert "19:00 Berlin" in events.card(reader("Europe/Lisbon"), pointed).text


def test_the_clock_of_a_group_is_that_of_its_rooms() -> None:
    group = Voice(voice().texts, "en", ZoneInfo("Europe/Berlin"))

    assert "19:00 Berlin time" in events.card(group, ROOM).text
