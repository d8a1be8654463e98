"""Lines that people write and that were once read wrong, each with what is right."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from models.reading.event_lines import EventDraft, read_event_line
from tests.models.reading.rows import Row, rows_of

TABLES = ("event_cases.txt", "event_announcements.txt")


@pytest.mark.parametrize("row", [row for table in TABLES for row in rows_of(table)], ids=lambda row: row.line)
def test_a_line_is_read_right_or_asked_about(row: Row) -> None:
    read = row.read()

    assert row.faults(read) == [], read


NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Monday blues jam, Thursday 8pm", ("Monday",)),  # a weekday of a name, or a second one
        ("Prep for the 20 March demo, Thu 6pm", ("20 March",)),  # a date of which Thursday is none
        ("Kickoff 12 March, demo day 26 March 6pm", ("12 March",)),  # two dates apart
        ("Ski trip 18/3-19/3, leave 4pm Friday", ("18/3", "19/3")),  # figures with which the Friday does not agree
        ("Call at 3 or 4 tomorrow", ("3 or",)),  # two hours to choose from
        ("9am Friday: yoga. 10am: brunch.", ("10am",)),  # a second hour that no word explains
        ("AMA Thu 8pm, Ticket 9.30am", ("9.30am",)),  # the same
        ("Sunday hike on the 23rd? Meet 9.40", ("on the 23rd",)),  # an ordinal that is no Sunday
        ("Demo night, Tues 3.25, 7pm", ("3.25",)),  # a date in the order of another country
        ("Lau Pa Sat tonight 8pm", ("Sat",)),  # a weekday in the name of a place
        ("虹桥见 周五晚7点去莫干山，周日下午回", ("周日",)),  # the day of the way back
        ("周六9:00-12:00/14:00-17:00 工作坊", ("/14", "17:00")),  # two ranges
        ("Run every Thu 6pm until summer", ("until summer",)),  # the end of a series, of no known day
        ("Run every Thu 6pm until we run out of ideas", ("until we run out of ideas",)),  # the same in a sentence
        ("Run every Thu 6pm for the rest of the term", ("for the rest of the term",)),  # the same without "until"
        ("Breakfast every Wed 8am during term time", ("during term time",)),  # the weeks of a series
        ("Reading group: Thursdays 8pm (except 1 April)", ("except 1 April",)),  # a day that is left out
        ("Workshop Thu 6pm until summer", ("until summer",)),  # no series is said
        ("Meetup Wed 18 March 7pm until the thaw", ("until the thaw",)),  # beside a date, too
        ("每周三晚8点 复盘 到夏天", ("到夏天",)),  # the end of a series in Chinese
        ("每月第一个周三晚7点 例会 到学期结束", ("到学期结束",)),  # of a monthly one
        ("每周日晚8点 书友会 一直到项目做完", ("一直到项目做完",)),  # what "until" leads to is anything
        ("每周六上午9点 羽毛球 五一、国庆除外", ("五一、国庆除外",)),  # feasts that are left out
        ("Writing Mon 8pm, weekly, no class on 23 March", ("no class on 23 March",)),  # a day that is left out
        ("Call every Monday 9:00, as long as people show up", ("as long as people show up",)),  # an end without "until"
        ("每周二晚8点 英语角 寒暑假停", ("寒暑假停",)),  # the weeks of a series in Chinese
        ("每周三晚8点 读书会 到2028年", ("到2028年",)),  # a year
        ("每周三晚8点 读书会 到暑假前", ("到暑假前",)),  # before a time of the year
        ("Stammtisch 19 March 19:00, Uhrzeit offen", ("Uhrzeit offen",)),  # an open hour beside an hour
        ("Lunch every Wed 12:30 but the 25th", ("but the 25th",)),  # a day that is left out
        ("Call maybe Thu 6pm", ("maybe Thu",)),  # what leads to a day and makes it no sure one
        ("Pub quiz Thu 8pm, 2 weeks", ("2 weeks",)),  # a count of weeks by itself
        ("周四晚 八点 or 九点？投票 Demo", ("or 九点",)),  # two hours to choose from
        ("Slots Wed 14:00, 14:30, 15:00", ("14:30", "15:00")),  # several hours
        ("Bootcamp prep starting 18 March 9:00", ("starting",)),  # one day, or the first of several
        ("周五晚8点 桌游 单号", ("单号",)),  # a rule that we have not
        ("火星时间周五20:00 连线", ("火星时间",)),  # a zone that nobody knows
        ("寒假期间每周三晚8点 编程营", ("寒假期间",)),  # the weeks of a series
    ],
)
def test_what_looks_like_time_and_was_not_used_is_told(line: str, words: tuple[str, ...]) -> None:
    read = read_event_line(line, now=NOW, zone=ZoneInfo("Europe/London"))

    assert isinstance(read, EventDraft)
    assert read.unread == words


@pytest.mark.parametrize(
    "line",
    [
        "Monthly mixer: last Thursday of every month, 6.30pm",  # the name says what the rule is
        "Weekly co-working every Wednesday 10-4",  # the same
        "Dinner Sat 7pm, RSVP by Wed 6pm",  # a day to answer by
        "Part 1/2 of the course Thu 7pm",  # a fraction
        "24/7 support talk Thu 6pm",  # a habit
        "Demo Fri 19:00, doors 18:30",  # an hour that its word explains
        "沙龙 周五晚7点 报名截止：周三18:00",  # a day to answer by
        "聚会 周五晚7点 虹桥路1号港汇",  # a house
        "周五 19:00签到 19:30开始 路演",  # an hour that its word explains
        "Fake it till you make it, Thu 6pm",  # a saying
        "Learn through play, Thu 6pm",  # no end of anything
        "Early bird until 15 March. Summit 10 April 9am",  # the end of a price
        "Quarterly review 1 April 10:00",  # a name, with its date
        "周三晚8点 到场即玩",  # another 到
        "周三晚8点 从零到一",  # the same
        "Everything except code, Sat 10am",  # no day is left out
        "What not on LinkedIn belongs, Thu 7pm",  # the same
        "公布名单周五晚8点",  # no week of odd number
        "28 Days Later, Sunday 8pm",  # a film
        "Ship in 30 days, 19 March 7pm",  # a length that a title names
        "Thu 6pm or so: beers",  # the same hour
        "周五晚7点 AI创业3点建议",  # no hour
        "周五晚7点 三天两夜露营说明会",  # what a title is about
        "Midnight runners, Thu 7pm",  # a name
    ],
)
def test_what_is_clear_is_not_told(line: str) -> None:
    read = read_event_line(line, now=NOW, zone=ZoneInfo("Europe/London"))

    assert isinstance(read, EventDraft)
    assert read.unread == ()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Poker night Fri 8pm, Jim's garage, $40 buy-in", "Jim's garage"),  # a name beside the title
        ("Potluck Thu 12:30, kitchen, sign up on the fridge", "kitchen"),  # a room
        ("周五晚七点半 桌游，老地方", "老地方"),  # a few characters
        ("Demo Thu 7pm @ Kranz, Jim's garage", None),  # a place was found
        ("Pitch night Thu 7pm, speakers from four studios", None),  # what is said beside the event
        ("周五晚七点 路演，5个项目，预约制", None),  # the same in Chinese
    ],
)
def test_words_that_may_be_the_place_are_only_proposed(line: str, words: str | None) -> None:
    read = read_event_line(line, now=NOW, zone=ZoneInfo("Europe/London"))

    assert isinstance(read, EventDraft)
    assert (read.perhaps_place, words and read.place) == (words, None)
