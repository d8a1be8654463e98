"""What an event line says beside title, time and place: below it as lines, behind it as notes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from models.reading.event_lines import EventDraft, read_event_line
from models.reading.notes import find_notes
from models.reading.wording import MASK, reading_copy

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 10, tzinfo=ZONE)  # a Monday


def read(line: str) -> EventDraft:
    found = read_event_line(line, now=NOW, zone=ZONE)
    assert isinstance(found, EventDraft), found
    return found


@pytest.mark.parametrize(
    ("line", "title_and_place", "description"),
    [
        # Sentences below the line.
        (
            "Demo night, Fri 19:00 @ Café Kranz, 20 seats\nWe show what we built this month.\nCome and see!",
            ("Demo night", "Café Kranz"),
            "We show what we built this month.\nCome and see!",
        ),
        # One that names another hour and another day.
        (
            "Demo night, Fri 19:00 @ Kranz\nDoors open at 18:30, the last talk ends about 21:00. On Saturday we rest.",
            ("Demo night", "Kranz"),
            "Doors open at 18:30, the last talk ends about 21:00. On Saturday we rest.",
        ),
        # Labelled lines say when and where, the others describe.
        (
            "Founders dinner\nWhere: Osteria Uno\nWhen: Fri 27 Nov, 19:30\nSpeaker: Ana from Acme\nLet's talk about churn.",
            ("Founders dinner", "Osteria Uno"),
            "Speaker: Ana from Acme\nLet's talk about churn.",
        ),
        # A sentence is the only one to say when.
        (
            "Founders dinner\nWe meet on Friday at 19:30 in the usual corner.\nBring a friend.",
            ("Founders dinner", None),
            "We meet on Friday at 19:30 in the usual corner.\nBring a friend.",
        ),
        # In Chinese.
        (
            "产品沙龙 周五晚7点 @ 西岸咖啡 20人\n这次聊聊增长，也聊聊失败。\n带上你的问题来！",
            ("产品沙龙", "西岸咖啡"),
            "这次聊聊增长，也聊聊失败。\n带上你的问题来！",
        ),
        (
            "产品沙龙\n时间：周五晚7点\n地点：西岸咖啡\n嘉宾：李想\n费用：免费",
            ("产品沙龙", "西岸咖啡"),
            "嘉宾：李想\n费用：免费",
        ),
        # Nothing to describe.
        ("Demo\nWhen: Fri 7pm\nVenue: Level 3\nSeats: 20", ("Demo", "Level 3"), None),
    ],
)
def test_the_first_line_is_the_event_and_the_rest_describes_it(
    line: str, title_and_place: tuple[str, str | None], description: str | None
) -> None:
    found = read(line)

    assert (found.title, found.description) == (title_and_place[0], description)
    assert title_and_place[1] in (None, found.place)


@pytest.mark.parametrize(
    ("line", "title", "description"),
    [
        ("Demo night, Fri 19:00 @ Kranz, 10 € at the door", "Demo night", "10 € at the door"),
        ("Demo night Fri 19:00, free entry", "Demo night", "free entry"),
        ("Demo night, Fri 19:00, €15", "Demo night", "€15"),
        ("Demo night 10 € Fri 19:00", "Demo night", "10 €"),  # right behind the title
        ("Pizza Fri 7pm 5€ entry", "Pizza", "5€ entry"),
        ("Wine tasting Fri 19:00, $25pp incl. cheese", "Wine tasting", "$25pp incl. cheese"),
        ("Free! Demo night, Fri 19:00", "Demo night", "Free"),  # in front
        ("Run club Fri 7am, all welcome, rain or shine", "Run club", "all welcome\nrain or shine"),
        (
            "Hack night Fri 19:00. Bring your laptop, talks in English",
            "Hack night",
            "Bring your laptop\ntalks in English",
        ),
        ("Dinner Fri 19:00 @ Fox, RSVP by Wed", "Dinner", "RSVP by Wed"),
        ("AI沙龙 周五晚7点 @ 咖啡馆 票价 50 元", "AI沙龙", "票价 50 元"),
        ("AI沙龙 周五晚7点 免费", "AI沙龙", "免费"),
        ("读书会 周五晚7点，人均100元，自带书", "读书会", "人均100元\n自带书"),
        ("AI沙龙，周五晚7点，全程英文，AA制", "AI沙龙", "全程英文\nAA制"),
    ],
)
def test_prices_and_notes_go_to_the_description(line: str, title: str, description: str) -> None:
    found = read(line)

    assert (found.title, found.description) == (title, description)


@pytest.mark.parametrize(
    "title",
    [
        "Free pizza",  # more than a price
        "How we got to $1M ARR",  # no price of an evening
        "$10k grants night",
        "Bring & share dinner",  # what the event is called
        "Pitching in English",  # not apart from it
        "Win €1000 hackathon",  # what one may win
        "Pitch for $500",
        "English corner",
        "免费午餐会",
        "欢迎会",
    ],
)
def test_a_title_keeps_what_only_looks_like_a_note(title: str) -> None:
    found = read(f"{title}, Fri 19:00 @ Kranz")

    assert (found.title, found.description) == (title, None)


def test_notes_stand_apart_from_what_was_understood() -> None:
    reading = reading_copy(f"demo {MASK * 4} free {MASK * 4}")

    [note] = find_notes(reading)

    assert reading[note.start : note.end] == "free"


@pytest.mark.parametrize(
    ("line", "title", "description"),
    [
        (
            "Founders breakfast, Fri 8:30, hosted by Ana, speakers from four studios",
            "Founders breakfast",
            "hosted by Ana\nspeakers from four studios",
        ),
        ("Info session Thu 17:00, talks 17:30 @ Kranz", "Info session", "talks 17:30"),  # an hour of the programme
        (
            "Registration closes 30 Nov: Startup bootcamp 4 Dec 9:00",
            "Startup bootcamp",
            "Registration closes 30 Nov",
        ),  # in front
        ("不见不散！周五晚7点 产品沙龙", "产品沙龙", "不见不散！"),  # a greeting in front
        ("周日羽毛球 下午3点到5点 新手请自备球拍", "羽毛球", "新手请自备球拍"),  # blanks stand for commas
        ("Snacks, drinks & demos, Fri 19:00", "Snacks, drinks & demos", None),  # a comma within the title
        ("Hackathon Fri 18:00 kick-off", "Hackathon kick-off", None),  # nothing parts it from the title
    ],
)
def test_what_stands_apart_from_the_title_is_told_beside_it(line: str, title: str, description: str | None) -> None:
    draft = read(line)

    assert (draft.title, draft.description) == (title, description)
