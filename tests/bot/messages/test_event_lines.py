from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest

from bot.callbacks import EventHourButton, EventLineButton
from bot.messages.event_lines import problem, question, unread
from models.reading.event_draft import Choice, EventDraft, EventLineProblem
from tests.stage import voice

STARTS_AT = datetime(2026, 12, 4, 18, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (EventLineProblem("no_title"), "What's it called?"),
        (EventLineProblem("no_time"), "When does it start?"),
        (EventLineProblem("no_time", day=STARTS_AT.date()), "On Fri 4 Dec, but at what time?"),
        (
            EventLineProblem("which_hour", "after lunch", day=STARTS_AT.date()),
            "“after lunch”: on Fri 4 Dec, at what time?",
        ),
        (EventLineProblem("impossible_time", "25:00"), "“25:00”"),
        (EventLineProblem("no_such_day", "31 Feb", missing=(2027, 2, 31)), "February has no 31st. Which day?"),
        (EventLineProblem("no_such_day", "30 Feb", missing=(2027, 2, 30)), "February has no 30th. Which day?"),
        (EventLineProblem("no_such_day", "31/4", missing=(2027, 4, 31)), "April has no 31st. Which day?"),
        (EventLineProblem("no_such_day", "29 Feb", missing=(2027, 2, 29)), "February 2027 has no 29th. Which day?"),
        (EventLineProblem("skipped_hour", "2:30", STARTS_AT), "The nearest time is Fri 4 Dec 2026, 19:00 Berlin time"),
        (EventLineProblem("weekday_differs", "Mon 4 Dec", day=STARTS_AT.date()), "that day is Fri 4 Dec"),
        (EventLineProblem("in_the_past", "4 Dec", STARTS_AT), "Fri 4 Dec 2026, 19:00 Berlin time has passed"),
        (EventLineProblem("in_the_past", "4 Dec", day=STARTS_AT.date()), "Fri 4 Dec has passed"),
        (EventLineProblem("too_far", "2062", STARTS_AT), "more than two years away"),
        (EventLineProblem("ends_before_it_starts", "9-8", STARTS_AT), "would end before it starts"),
        (EventLineProblem("impossible_capacity", "0 seats"), "how many seats"),
        (EventLineProblem("too_long"), "too long"),
        (
            EventLineProblem("which_day", "next week", choices=(Choice(day=STARTS_AT.date()),)),
            "I can't tell the day from “next week”",
        ),
        (EventLineProblem("which_day", "soon"), "Send the line again with a day"),  # none to offer
        (EventLineProblem("which_zone", "IST", choices=(Choice(zone="Asia/Kolkata"),)), "“IST”: on whose clock?"),
        (EventLineProblem("which_zone", "NEST"), "I don't know the time zone “NEST”"),
        (EventLineProblem("which_rhythm", "daily", choices=(Choice(rhythm="once"),)), "“daily”: how often?"),
    ],
)
def test_every_problem_of_a_line_is_one_clear_question(found: EventLineProblem, said: str) -> None:
    assert said in problem(voice(zone="Europe/Berlin"), found)
    assert problem(voice("zh", "Europe/Berlin"), found)


@pytest.mark.parametrize(
    ("found", "labels"),
    [
        (
            EventLineProblem("which_day", "Thu or Fri", choices=(Choice(date(2026, 12, 3)), Choice(date(2026, 12, 4)))),
            ["Thu 3 Dec", "Fri 4 Dec"],
        ),
        (
            EventLineProblem("which_zone", "IST", choices=(Choice(zone="Asia/Kolkata"), Choice(zone="Asia/Jerusalem"))),
            ["Kolkata (UTC+5:30)", "Jerusalem (UTC+2)"],
        ),
        (
            EventLineProblem("which_rhythm", "biweekly", choices=(Choice(rhythm="once"), Choice(rhythm="week/2"))),
            ["Just once", "🔁 Every 2 weeks"],
        ),
        (
            EventLineProblem("which_rhythm", "Tue and Thu", choices=(Choice(date(2026, 12, 3), rhythm="week"),)),
            ["🔁 Every week · Thu 3 Dec"],
        ),
        (EventLineProblem("which_day", "soon"), []),
        (
            EventLineProblem(
                "which_hour", "evening", day=STARTS_AT.date(), choices=(Choice(minute=1080), Choice(minute=1110))
            ),
            ["18:00", "18:30"],
        ),
        (EventLineProblem("no_time", day=STARTS_AT.date(), choices=(Choice(minute=540),)), ["09:00"]),
        (
            EventLineProblem(
                "no_such_day", choices=(Choice(date(2027, 4, 30)), Choice(date(2027, 5, 1))), missing=(2027, 4, 31)
            ),
            ["Fri 30 Apr", "Sat 1 May"],
        ),
    ],
)
def test_a_question_offers_the_answers_that_are_known(found: EventLineProblem, labels: list[str]) -> None:
    shown = question(voice(), found, now=NOW)

    assert [button.label for row in shown.rows for button in row] == labels


@pytest.mark.parametrize(
    ("missing", "said"),
    [((2027, 2, 31), "2月没有31号，是哪一天？"), ((2027, 2, 29), "2027年2月没有29号，是哪一天？")],
)
def test_a_day_that_its_month_lacks_is_named_in_chinese(missing: tuple[int, int, int], said: str) -> None:
    assert problem(voice("zh"), EventLineProblem("no_such_day", "?", missing=missing)) == said


def test_a_button_with_an_hour_keeps_what_was_chosen_before() -> None:
    found = EventLineProblem("which_hour", "eve", choices=(Choice(date(2026, 12, 3), "Asia/Kolkata", "week/2", 1110),))

    [[button]] = question(voice(), replace(found, day=date(2026, 12, 3)), now=NOW).rows

    assert EventHourButton.unpack(button.data) == EventHourButton(1110, 20261203, "week/2", "Asia/Kolkata")


def test_a_button_keeps_what_was_chosen_before() -> None:
    found = EventLineProblem("which_zone", "IST", choices=(Choice(date(2026, 12, 3), "Asia/Kolkata", "week/2"),))

    [[button]] = question(voice(), found, now=NOW).rows

    assert EventLineButton.unpack(button.data) == EventLineButton(20261203, "week/2", "Asia/Kolkata")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "I didn't use “Friday” and “每周”"), ("zh", "“Friday”和“每周”没有当作时间")]
)
def test_words_that_were_not_used_are_told_under_the_preview(language: str, said: str) -> None:
    assert said in str(unread(voice(language), EventDraft("Demo", STARTS_AT, unread=("Friday", "每周"))))


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "If it is “Jim's garage”, write @ before it"), ("zh", "如果是“Jim's garage”，请在它前面加上 @")],
)
def test_words_that_may_be_the_place_are_told_under_the_preview(language: str, said: str) -> None:
    assert said in unescape(str(unread(voice(language), EventDraft("Demo", STARTS_AT, perhaps_place="Jim's garage"))))


def test_nothing_is_told_of_a_line_that_was_read_whole() -> None:
    assert unread(voice(), EventDraft("Demo", STARTS_AT)) is None
