"""An event read from one line: the table of phrasings, the refusals, hostile input."""

import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reading.event_draft import Choice
from models.reading.event_lines import EventDraft, EventLineProblem, read_event_line
from models.reading.recurrence import Recurrence

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # Monday 10:00 in Berlin


@dataclass(frozen=True)
class Phrasing:
    """One row of the table, with the clock, zone and language it was written under."""

    line: str
    expected: EventDraft
    now: datetime
    zone: ZoneInfo
    language: str


def local(words: str, zone: ZoneInfo, beside: datetime | None = None) -> datetime | None:
    """A table's time: "2027-01-08 18:00", "11-27 19:00" of 2026, or "21:30" on the day of beside."""
    if words == "-":
        return None
    if len(words) == 5 and beside:
        words = f"{beside.astimezone(zone):%Y-%m-%d} {words}"
    if len(words) == 11:
        year = f"{beside.astimezone(zone):%Y}" if beside else "2026"
        words = f"{year}-{words}"
    return datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=zone).astimezone(UTC)


def phrasings() -> list[Phrasing]:
    """Every row of event_phrasings.txt."""
    rows, now, zone, language = [], NOW, BERLIN, "en"
    for row in (Path(__file__).parent / "event_phrasings.txt").read_text("utf-8").splitlines():
        if row.startswith("now "):
            _, day, clock, key, language = row.split()
            zone = ZoneInfo(key)
            now = datetime.strptime(f"{day} {clock}", "%Y-%m-%d %H:%M").replace(tzinfo=zone).astimezone(UTC)
        elif row.strip() and not row.startswith("#"):
            line, title, start, end, place, seats, why = row.split(" | ")
            starts_at = local(start, zone)
            extra = dict(word.split("=", 1) for word in why.split() if word.startswith(("link=", "plus=")))
            expected = EventDraft(
                title, starts_at, local(end, zone, starts_at), None if place == "-" else place,
                None if seats == "-" else int(seats), extra.get("link"), int(extra.get("plus", 0)),
            )  # fmt: skip
            rows.append(Phrasing(line, expected, now, zone, language))
    return rows


@pytest.mark.parametrize("row", phrasings(), ids=lambda row: row.line)
def test_a_line_becomes_the_event_its_writer_meant(row: Phrasing) -> None:
    draft = read_event_line(row.line, now=row.now, zone=row.zone, language=row.language)

    assert isinstance(draft, EventDraft)
    assert replace(draft, description=None, zone=None, perhaps_place=None) == row.expected


def test_the_table_is_large_in_both_languages() -> None:
    chinese = sum(row.language == "zh" for row in phrasings())

    assert chinese >= 100
    assert len(phrasings()) - chinese >= 100


@pytest.mark.parametrize(
    ("line", "code", "part"),
    [
        ("", "no_title", ""),  # nothing at all
        ("   \n ", "no_title", ""),  # nothing to see
        ("!!! ... ???", "no_title", ""),  # only punctuation
        ("。。，，！！", "no_title", ""),  # only Chinese punctuation
        ("\u202e\u200b\u200f", "no_title", ""),  # only marks that nobody sees
        ("Fri 19:00", "no_title", ""),  # a time without an event
        ("周五晚7点 @ 咖啡馆 20人", "no_title", ""),  # all but a title
        ("Demo night", "no_time", ""),  # a title alone
        ("Demo之夜", "no_time", ""),  # the same in Chinese
        ("Demo night on Friday", "no_time", ""),  # a day without an hour
        ("Demo 30 Feb 19:00", "no_such_day", "30 Feb"),  # no such day
        ("Demo 2月30日19:00", "no_such_day", "2月30日"),  # the same in Chinese
        ("Demo 2027-02-29 19:00", "no_such_day", "2027-02-29"),  # not a leap year
        ("Demo 12月32日19:00", "impossible_time", "12月32日"),  # no month is so long
        ("Demo 13月3日19:00", "impossible_time", "13月3日"),  # no year has so many
        ("Demo Fri 25:00", "impossible_time", "25:00"),  # no such hour
        ("Demo Fri 19:75", "impossible_time", "19:75"),  # no such minute
        ("Demo 周五晚25点", "impossible_time", "25点"),  # the same in Chinese
        ("Demo Fri 19:00-25:00", "impossible_time", "19:00-25:00"),  # only the end is impossible
        ("Demo Fri 13am", "impossible_time", "13am"),  # the two halves contradict
        ("Demo Fri 5 Dec 19:00", "weekday_differs", "Fri 5 Dec"),  # 5 December 2026 is a Saturday
        ("Demo 12月5日(周五)19:00", "weekday_differs", "12月5日(周五)"),  # the same in Chinese
        ("Demo 2020-01-01 19:00", "in_the_past", "2020-01-01 19:00"),  # years ago
        ("Demo 20 Nov 19:00", "in_the_past", "20 Nov 19:00"),  # three days ago, rather a slip than next year
        ("Demo today 09:30", "in_the_past", "today 09:30"),  # half an hour ago
        ("Demo 上周五 19:00", "in_the_past", "上周五 19:00"),  # last week's
        ("Demo yesterday 8am", "in_the_past", "yesterday 8am"),  # the day is said, so it is no coming 8:00
        ("yesterday evening 7pm Demo", "in_the_past", "yesterday evening 7pm"),  # the day first
        ("Demo the day before yesterday 7pm", "in_the_past", "the day before yesterday 7pm"),  # two days
        ("Demo last Friday 7pm", "in_the_past", "last Friday 7pm"),  # the last one before today
        ("Demo this past Friday 7pm", "in_the_past", "this past Friday 7pm"),  # the same
        ("Demo Friday last week 7pm", "in_the_past", "Friday last week 7pm"),  # of the week before
        ("Demo last night 9pm", "in_the_past", "last night 9pm"),  # yesterday's
        ("Demo last weekend 11:00", "in_the_past", "last weekend 11:00"),  # its Saturday
        ("Demo 2 days ago 7pm", "in_the_past", "2 days ago 7pm"),  # counted
        ("Demo on the 5th of last month 7pm", "in_the_past", "the 5th of last month 7pm"),  # a month
        ("昨天晚上8点 Demo", "in_the_past", "昨天晚上8点"),  # yesterday in Chinese
        ("前天下午3点 路演", "in_the_past", "前天下午3点"),  # two days
        ("大前天上午10点 路演", "in_the_past", "大前天上午10点"),  # three
        ("上周末 10:00 爬山", "in_the_past", "上周末 10:00"),  # last weekend
        ("上个月5号晚8点 复盘", "in_the_past", "上个月5号晚8点"),  # last month
        ("三天前晚上7点 复盘", "in_the_past", "三天前晚上7点"),  # counted
        ("去年12月3日 19:00 年会", "in_the_past", "去年12月3日 19:00"),  # last year
        ("yesterday 8am Demo", "in_the_past", "yesterday 8am"),  # in front
        ("Demo the day before yesterday 19:00", "in_the_past", "the day before yesterday 19:00"),  # two days ago
        ("Demo last night 8pm", "in_the_past", "last night 8pm"),  # its evening
        ("Demo last night at 1", "in_the_past", "last night at 1"),  # early today, and over
        ("Demo last Monday 19:00", "in_the_past", "last Monday 19:00"),  # on a Monday: a week ago
        ("Demo last weekend 15:00", "in_the_past", "last weekend 15:00"),  # its Saturday
        ("Demo 3 days ago 19:00", "in_the_past", "3 days ago 19:00"),  # counted back
        ("昨天晚上8点 复盘", "in_the_past", "昨天晚上8点"),  # yesterday
        ("昨晚8点 复盘", "in_the_past", "昨晚8点"),  # in short
        ("前天下午3点 复盘", "in_the_past", "前天下午3点"),  # two days ago
        ("大前天19:00 复盘", "in_the_past", "大前天19:00"),  # three days ago
        ("上周五晚7点 复盘", "in_the_past", "上周五晚7点"),  # last week's
        ("上周末 15:00 爬山", "in_the_past", "上周末 15:00"),  # its Saturday
        ("三天前 19:00 复盘", "in_the_past", "三天前 19:00"),  # counted back
        ("两个月前 19:00 复盘", "in_the_past", "两个月前 19:00"),  # months too
        ("上个月5号 19:00 复盘", "in_the_past", "上个月5号 19:00"),  # last month's
        ("下个月第一个周三晚上 创始人晚餐 8人", "which_hour", "下个月第一个周三晚上"),  # an evening is no hour
        (
            "Standup every Tue 10:00 until 1 Nov 2026",
            "ends_before_it_starts",
            "until 1 Nov 2026",
        ),  # a series that is over
        ("Demo yesterday", "in_the_past", "yesterday"),  # an hour would not help
        ("Demo 20 Nov", "in_the_past", "20 Nov"),  # nor on a date that is over
        ("Yesterday's demo", "in_the_past", "Yesterday"),  # whose demo
        ("昨天的活动", "in_the_past", "昨天的"),  # the same in Chinese
        ("上周五 复盘", "in_the_past", "上周五"),  # last week's
        ("Recap of last Friday, tomorrow", "no_time", ""),  # a title's day asks for no other
        ("Demo Fri 19:00-18:00", "ends_before_it_starts", "19:00-18:00"),  # 23 hours are a slip
        ("Retreat 6 Dec 18:00 - 4 Dec 16:00", "ends_before_it_starts", "6 Dec 18:00 - 4 Dec 16:00"),  # turned round
        ("Demo 2062-12-03 19:00", "too_far", "2062-12-03 19:00"),  # rather 2026
        ("Demo in 900 weeks 19:00", "too_far", "in 900 weeks 19:00"),  # seventeen years
        ("Demo 28 March 2027 02:30", "skipped_hour", "28 March 2027 02:30"),  # the clock goes from 2 to 3 that night
        ("Demo Fri 19:00, 0 seats", "impossible_capacity", "0 seats"),  # nobody could come
        ("Demo 周五19:00 限999999人", "impossible_capacity", "限999999人"),  # nobody has such a room
        ("x" * 5_000, "too_long", ""),  # no line
    ],
)
def test_a_line_that_cannot_be_an_event_says_why(line: str, code: str, part: str) -> None:
    problem = read_event_line(line, now=NOW, zone=BERLIN)

    assert isinstance(problem, EventLineProblem)
    assert (problem.code, problem.part) == (code, part)


def test_a_missing_hour_is_asked_for_with_the_day_that_was_understood() -> None:
    problem = read_event_line("Demo night on Friday", now=NOW, zone=BERLIN)

    hours = tuple(Choice(minute=minute) for minute in (18 * 60, 18 * 60 + 30, 19 * 60, 19 * 60 + 30, 20 * 60, 21 * 60))
    assert problem == EventLineProblem("no_time", day=date(2026, 11, 27), choices=hours)


@pytest.mark.parametrize(
    ("line", "part", "first", "title"),
    [
        ("Demo night Friday evening", "Friday evening", "18:00", "Demo night"),  # a part of the day
        ("Walk Sat morning", "Sat morning", "08:00", "Walk"),  # another
        ("Drinks Fri after work", "after work", "17:30", "Drinks"),  # what comes before
        ("Talk on Friday after lunch @ Kranz", "after lunch", "13:00", "Talk"),  # the same, with a place
        ("Call Friday EOD", "EOD", "16:00", "Call"),  # the end of a day
        ("Beers Friday, late", "late", "21:00", "Beers"),  # a word by itself
        ("Demo Fri sometime in the evening", "sometime in the evening", "18:00", "Demo"),  # a whole phrase
        ("周五晚上 产品沙龙", "周五晚上", "18:00", "产品沙龙"),  # in Chinese
        ("周五下班后 喝一杯", "下班后", "17:30", "喝一杯"),  # after work
        ("周六午饭后 散步", "午饭后", "13:00", "散步"),  # after lunch
        ("every Friday evening book club", "every Friday evening", "18:00", "book club"),  # of a series
        ("After work drinks, Friday evening", "Friday evening", "18:00", "After work drinks"),  # the same
        ("Late night hack, Friday evening", "Friday evening", "18:00", "Late night hack"),  # not what it is called
    ],
)
def test_an_hour_that_is_only_hinted_at_is_asked_for(line: str, part: str, first: str, title: str) -> None:
    problem = read_event_line(line, now=NOW, zone=BERLIN)

    assert isinstance(problem, EventLineProblem)
    assert (problem.code, problem.part) == ("which_hour", part)
    read = read_event_line(line, now=NOW, zone=BERLIN, choice=problem.choices[0])
    assert isinstance(read, EventDraft)
    assert f"{read.starts_at.astimezone(BERLIN):%H:%M}" == first
    assert read.title == title


def test_of_today_only_hours_that_are_ahead_are_offered() -> None:
    problem = read_event_line("Drinks this evening", now=datetime(2026, 11, 23, 18, 40, tzinfo=BERLIN), zone=BERLIN)

    assert isinstance(problem, EventLineProblem)
    assert [choice.minute for choice in problem.choices] == [19 * 60, 19 * 60 + 30, 20 * 60, 21 * 60]


@pytest.mark.parametrize("line", ["Dinner Fri 7ish", "Dinner Fri around 7", "周五7点左右 吃饭", "周五七点多 吃饭"])
def test_about_an_hour_is_that_hour(line: str) -> None:
    read = read_event_line(line, now=NOW, zone=BERLIN)

    assert isinstance(read, EventDraft)
    assert f"{read.starts_at.astimezone(BERLIN):%a %H:%M}" == "Fri 19:00"
    assert read.title in ("Dinner", "吃饭")


def test_a_skipped_hour_is_refused_with_the_one_that_exists() -> None:
    problem = read_event_line("Call 28 March 2027 02:30", now=NOW, zone=BERLIN)

    assert isinstance(problem, EventLineProblem)
    assert problem.understood_at == datetime(2027, 3, 28, 3, 30, tzinfo=BERLIN)


def test_a_past_start_is_refused_with_the_time_as_understood() -> None:
    problem = read_event_line("Demo 2020-01-01 19:00", now=NOW, zone=BERLIN)

    assert isinstance(problem, EventLineProblem)
    assert problem.understood_at == datetime(2020, 1, 1, 19, 0, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("line", "title", "rule"),
    [
        ("Standup every Tuesday 10:00", "Standup", Recurrence("week")),  # each week
        ("每周五晚7点 读书会", "读书会", Recurrence("week")),  # the same in Chinese
        ("Drinks every other Friday 6pm", "Drinks", Recurrence("week", interval=2)),  # every other
        ("Call every 2nd Tuesday 8am", "Call", Recurrence("week", interval=2)),  # in figures
        ("每两周的周五晚7点 读书会", "读书会", Recurrence("week", interval=2)),  # the same in Chinese
        ("Club first Tuesday of every month 19:00", "Club", Recurrence("month", week_of_month=1)),  # by weekday
        ("每月最后一个周五晚7点 读书会", "读书会", Recurrence("month", week_of_month=-1)),  # the last one
        ("Club first Tuesday of the month 19:00", "Club", None),  # this one only
        ("Founder Fridays 19:00", "Founder Fridays", Recurrence("week")),  # a name and its days in one
        ("founder fridays 7pm @ Kranz", "founder fridays", Recurrence("week")),  # typed in a hurry
        ("Demo @ Kranz Fridays 7pm", "Demo", Recurrence("week")),  # the place's name is another
        ("Office hours Wednesdays 4pm", "Office hours", Recurrence("week")),  # written unlike the word before it
        ("Standup on Mondays 9:30", "Standup", Recurrence("week")),  # on Mondays is no name
    ],
)
def test_every_makes_an_event_repeat(line: str, title: str, rule: Recurrence | None) -> None:
    draft = read_event_line(line, now=NOW, zone=BERLIN)

    assert isinstance(draft, EventDraft)
    assert (draft.title, draft.repeats) == (title, rule)


@pytest.mark.parametrize(
    ("line", "title", "count", "last"),
    [
        ("Weekly standup every Mon 9:30 until March", "Weekly standup", None, "2027-02-28"),  # before March begins
        ("Standup every Mon 9:30 through March", "Standup", None, "2027-03-31"),  # March included
        ("Standup every Mon 9:30 until the end of January", "Standup", None, "2027-01-31"),  # said so
        ("Standup every Tue 10:00 until 15 Dec", "Standup", None, "2026-12-15"),  # a day, which is no clock time
        ("Standup every Mon 9:30 until December", "Standup", None, "2026-11-30"),  # one week is left
        ("Standup every Mon 9:30 for 8 weeks", "Standup", 8, None),  # the first one counts
        ("Standup every other Mon 9:30 for 8 weeks", "Standup", 4, None),  # every second week of them
        ("Standup every Tue 10:00-11:00, 6 times", "Standup", 6, None),  # counted
        ("Club first Tuesday of every month 19:00 for 6 months", "Club", 6, None),  # months of a monthly one
        ("Standup every Mon 9:30 for 2 months", "Standup", None, "2027-01-29"),  # months of a weekly one: 30 days each
        ("Office hours: Wednesdays 4pm", "Office hours", None, None),  # every Wednesday
        ("Standup every Mon 9:30 until 10:00", "Standup", None, None),  # the end of the day's meeting
        ("Standup every Mon 9:30, RSVP until Sun", "Standup", None, None),  # the end of answers
        ("每周一早上9:30 站会 直到3月", "站会", None, "2027-02-28"),  # before March begins
        ("每周五晚7点到9点 读书会 到12月底", "读书会", None, "2026-12-31"),  # beside an end of the evening
        ("每周五晚7点 读书会，直到12月25日", "读书会", None, "2026-12-25"),  # a day
        ("每周五晚7点 读书会 到明年3月", "读书会", None, "2027-02-28"),  # next year's
        ("每周五晚7点 读书会 共6次", "读书会", 6, None),  # counted
        ("每周五晚7点 读书会 持续8周", "读书会", 8, None),  # weeks
    ],
)
def test_a_series_ends_when_its_line_says_so(line: str, title: str, count: int | None, last: str | None) -> None:
    draft = read_event_line(line, now=NOW, zone=BERLIN)

    assert isinstance(draft, EventDraft)
    assert draft.repeats is not None
    until = draft.repeats.until
    assert (draft.title, draft.repeats.count) == (title, count)
    assert (f"{until.astimezone(BERLIN):%Y-%m-%d}" if until else None) == last


def test_labelled_lines_are_read_like_one() -> None:
    draft = read_event_line("What: Demo night\nWhen: Fri 19:00\nWhere: Kranz\nSeats: 20", now=NOW, zone=BERLIN)

    assert draft == EventDraft("Demo night", datetime(2026, 11, 27, 18, 0, tzinfo=UTC), place="Kranz", capacity=20)


def test_marks_that_turn_or_hide_text_do_not_reach_the_draft() -> None:
    draft = read_event_line("\u202eDemo\u200b night\u2066 Fri 19:00 @ Ca\u0301fe\u00ad", now=NOW, zone=BERLIN)

    assert isinstance(draft, EventDraft)
    assert (draft.title, draft.place) == ("Demo night", "Cáfe")


def test_a_naive_now_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="aware"):
        read_event_line("Demo Fri 19:00", now=NOW.replace(tzinfo=None), zone=BERLIN)


@pytest.mark.parametrize(
    "line",
    [
        "x" * 5_000,
        "周" * 1_000,
        "1" * 1_000,
        "1:" * 500,
        "1-" * 500,
        "@ " * 500,
        "在咖啡 " * 250,
        "Fri 19:00 " * 99,
        "20 seats " * 110,
        "at a " * 200,
        "((" * 500,
        "a,b@" * 250,
        "\u202e\u200b" * 500,
        "http://" * 140,
        "7 to " * 200,
        "晚7点到" * 200,
        "half past " * 100,
        "前天" * 500,
        "last Fri " * 110,
        ", Bar A" * 140,
        "every Mon 9:00 " + "until Mon " * 95,
        "by 5pm today " * 75,
        "moved to Fri 7pm " * 58,
        "改到周五晚8点" * 140,
        "(5pm CET) " * 99,
        "9月20、" * 190,
    ],
    ids=lambda line: line[:10],
)
def test_a_hostile_line_is_answered(line: str) -> None:
    # A pattern that tries every way to split such a line would not come back.
    assert isinstance(read_event_line(line, now=NOW, zone=BERLIN), EventDraft | EventLineProblem)


def test_importing_the_module_loads_no_date_library() -> None:
    loaded = (
        "import sys, models.reading.event_lines; print({'dateparser', 'sqlalchemy', 'telegram'} & set(sys.modules))"
    )

    answer = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "set()"


ZONES = st.sampled_from(
    [ZoneInfo(key) for key in ("Europe/Berlin", "Asia/Shanghai", "America/New_York", "Asia/Kolkata")]
)
NOWS = st.integers(978_307_200, 3_786_912_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))  # 2001 to 2090
WORDS = st.sampled_from(
    (
        *(
            "Demo",
            "Fri",
            "next",
            "19:00",
            "7-9pm",
            "@",
            "Kranz",
            "周五",
            "下周",
            "晚7点",
            "到",
            "9点",
            "20人",
            "seats",
            "12/3",
            "3.12.",
        ),
        *(
            "30",
            "Feb",
            "at",
            "in",
            "for",
            "2",
            "hours",
            "tomorrow",
            "明晚",
            ",",
            "(",
            ")",
            "-",
            "25:00",
            "CET",
            "UTC+8",
            "12月3日",
        ),
        *(
            "https://a.io/x",
            "每",
            "every",
            "noon",
            "半",
            "在",
            "the",
            "of",
            "month",
            "last",
            "两周后",
            "+1",
            "until",
            "Sun",
        ),
    )
)
LINES = st.one_of(
    st.text(max_size=80), st.lists(WORDS, max_size=12).map(" ".join), st.lists(WORDS, max_size=12).map("".join)
)


@pytest.mark.parametrize(
    ("line", "missing", "days"),
    [
        ("Demo 31 Feb 19:00", (2027, 2, 31), ["2027-02-28", "2027-03-01"]),  # the coming February
        ("Demo Feb 30, 7pm", (2027, 2, 30), ["2027-02-28", "2027-03-01"]),  # the month first
        ("Demo 31 April 19:00", (2027, 4, 31), ["2027-04-30", "2027-05-01"]),  # a month of 30 days
        ("Demo 31.6. 19:00", (2027, 6, 31), ["2027-06-30", "2027-07-01"]),  # in figures
        ("Demo 31 Nov 19:00", (2026, 11, 31), ["2026-11-30", "2026-12-01"]),  # this month's end is ahead
        ("Demo 29 Feb 19:00", (2027, 2, 29), ["2027-02-28", "2027-03-01"]),  # no leap year is near
        ("Demo Wed 31 Feb 19:00", (2027, 2, 31), ["2027-02-28", "2027-03-01"]),  # with a weekday
        ("2月30日晚7点 Demo", (2027, 2, 30), ["2027-02-28", "2027-03-01"]),  # in Chinese
        ("明年6月31日晚7点 Demo", (2027, 6, 31), ["2027-06-30", "2027-07-01"]),  # of a year that is counted
    ],
)
def test_a_day_that_its_month_lacks_is_asked_about(line: str, missing: tuple[int, int, int], days: list[str]) -> None:
    read = read_event_line(line, now=NOW, zone=BERLIN)

    assert isinstance(read, EventLineProblem)
    assert (read.code, read.missing) == ("no_such_day", missing)
    assert [str(choice.day) for choice in read.choices] == days
    assert isinstance(read_event_line(line, now=NOW, zone=BERLIN, choice=read.choices[0]), EventDraft)


@given(line=LINES, now=NOWS, zone=ZONES)
def test_no_line_raises_and_no_draft_is_in_the_past(line: str, now: datetime, zone: ZoneInfo) -> None:
    read = read_event_line(line, now=now, zone=zone)

    if isinstance(read, EventDraft):
        assert read.starts_at > now
        assert read.starts_at.tzinfo is UTC
        assert read.ends_at is None or read.ends_at > read.starts_at
        assert read.title
        assert not any(ord(character) < 32 for character in read.title + (read.place or ""))


FORMATS = (
    "Demo %Y-%m-%d %H:%M", "Demo %d %B %Y %H:%M", "Demo %b %d, %Y, %I:%M %p", "Demo %d.%m.%Y %H:%M",
    "Demo %a %d %b %Y %H:%M", "Demo %Y年%m月%d日%H点%M分", "%Y年%m月%d日 %H:%M Demo", "%H:%M on %d/%b/%Y Demo".replace("/", " "),
)  # fmt: skip


@given(minutes=st.integers(60, 300 * 24 * 60), now=NOWS, zone=ZONES, form=st.sampled_from(FORMATS))
def test_a_written_date_is_read_as_what_it_was(minutes: int, now: datetime, zone: ZoneInfo, form: str) -> None:
    starts_at = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    wall = starts_at.astimezone(zone).replace(fold=0)

    read = read_event_line(wall.strftime(form), now=now, zone=zone)

    if wall.astimezone(UTC) > now:  # the first of an hour that comes twice may be over
        assert read == EventDraft("Demo", wall.astimezone(UTC))


@given(minutes=st.integers(60, 55 * 24 * 60), now=NOWS, zone=ZONES)
def test_figures_with_slashes_are_in_the_order_of_the_country(minutes: int, now: datetime, zone: ZoneInfo) -> None:
    starts_at = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    wall = starts_at.astimezone(zone).replace(fold=0)
    form = "%m/%d" if zone.key in ("America/New_York", "Asia/Shanghai") else "%d/%m"

    read = read_event_line(wall.strftime(f"Demo {form}/%Y at %H:%M"), now=now, zone=zone)

    if wall.astimezone(UTC) > now:
        assert read == EventDraft("Demo", wall.astimezone(UTC))


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("Dinner, Fri 19:00, Katz Orange", "Katz Orange"),  # the first name behind the time
        ("Dinner, Fri 19:00, Brawn, Columbia Rd. £45pp", "Brawn, Columbia Rd"),  # with its street, without the price
        ("Dinner, Fri 19:00, chez Ana", "chez Ana"),  # somebody's home
        ("Call Fri 19:00 on Discord", "Discord"),  # no room
        ("散步 周六早8点 豫园南门集合", "豫园南门"),  # where people gather
        ("读书会 周六下午3点 静安图书馆", "静安图书馆"),  # what ends like a venue
        ("AMA, Fri 19:00, Jane Doe (Stripe)", None),  # a guest, with what they do
        ("Fireside chat, Fri 19:00, Maria Lopez on selling to banks", None),  # no name alone
        ("Book club, Fri 19:00, English", None),  # a language
        ("Standup 9:45 Fri, Maybe Monday", None),  # another day
        ("Fri 19:00, Demo Night", None),  # what the event is called
        ("Demo night, Fri 19:00, Christmas Edition", None),  # what kind it is
        ("周五晚7点 参观博物馆", None),  # what is done there
    ],
)
def test_a_place_without_a_sign_is_a_name_behind_the_time(line: str, place: str | None) -> None:
    read = read_event_line(line, now=NOW, zone=BERLIN)

    assert isinstance(read, EventDraft)
    assert read.place == place


def test_an_end_after_midnight_is_the_first_such_hour() -> None:
    read = read_event_line("Late show Fri, 23:30 to 2:00", now=NOW, zone=BERLIN)

    assert isinstance(read, EventDraft)
    assert read.ends_at == datetime(2026, 11, 28, 2, 0, tzinfo=BERLIN)


def test_a_rhythm_in_the_name_that_contradicts_the_series_is_asked_about() -> None:
    problem = read_event_line("Biweekly founder circle, Thursdays 19:30", now=NOW, zone=BERLIN)

    assert isinstance(problem, EventLineProblem)
    assert (problem.code, problem.part) == ("which_rhythm", "Biweekly")
    assert [choice.rhythm for choice in problem.choices] == ["week/2", "week"]


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("Demo Fri 19:00 Lisbon time @ Time Out Market", "Europe/Lisbon"),  # a place whose clock shows another hour
        ("周五晚7点 北京时间 Demo @ 三里屯", "Asia/Shanghai"),  # in Chinese
        ("Demo Fri 19:00 Paris time @ Station F", None),  # the same hour
        ("Demo Fri 19:00 PST @ Kranz", None),  # no place
        ("Demo Fri 19:00 UTC+3 @ Kranz", None),  # an offset
        ("Demo Fri 19:00 @ Kranz", None),  # the community's own
    ],
)
def test_a_place_whose_clock_is_another_is_kept_with_the_draft(line: str, zone: str | None) -> None:
    read = read_event_line(line, now=NOW, zone=BERLIN)

    assert isinstance(read, EventDraft)
    assert read.zone == zone
