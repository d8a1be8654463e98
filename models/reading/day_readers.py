"""What the words of a day mean: from a match of event_day_patterns to the days it may be, None where it is no day at all."""

import re
from collections.abc import Callable, Mapping

from models.reading.day_choices import (
    Choose,
    OnDate,
    coming,
    in_days,
    in_months,
    last_weekday,
    next_day_of_month,
    of_month,
    of_week,
    of_weekend,
    on_date,
    on_month_end,
    on_nth_weekday,
    on_nth_weekday_of,
)  # fmt: skip
from models.reading.wording import number

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHORTEST = tuple(word[:2] for word in WEEKDAYS)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_ZH_WEEKDAY = "一二三四五六"
DAYS_AFTER = {
    "today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1, "tmw": 1, "tomorow": 1, "tommorow": 1, "tommorrow": 1,
    "tomorrw": 1, "tomorro": 1, "tomoro": 1, "2mrw": 1, "2moro": 1, "2morrow": 1, "2mro": 1, "tomoz": 1, "tmoro": 1,
    "2day": 0, "tdy": 0, "tn": 0, "tnite": 0, "tonite": 0, "2nite": 0, "2night": 0, "tonihgt": 0,
    "day after tomorrow": 2, "今": 0, "明": 1, "后": 2, "大后": 3,
    "yesterday": -1, "last night": -1, "last evening": -1, "昨": -1, "day before yesterday": -2, "前": -2, "大前": -3,
}  # fmt: skip
NIGHTS = frozenset(("tonight", "tn", "tnite", "tonite", "2nite", "2night", "tonihgt"))

Reader = Callable[[re.Match[str]], Choose | None]


_NTH_WORDS = {1: "first 1st 一 1", 2: "second 2nd 二 2", 3: "third 3rd 三 3", 4: "fourth 4th 四 4", -1: "last 最后一"}
_NTH = {word: number for number, words in _NTH_WORDS.items() for word in words.split()}


def nth_of(word: str | None) -> int:
    """Which of a month's weekdays: 1 to 4, -1 for the last; 首个 is said without a number."""
    return _NTH[word] if word else 1


_ZH_FIGURES = frozenset("一二三四五六七八九十")


def read_nth_weekday(match: re.Match[str]) -> Choose:
    """First Tuesday of the month, 每月最后一个周五."""
    weekday, week = weekday_of(match["nth_weekday"]), nth_of(match["nth"])
    if (match["month"] or "")[:3] in MONTHS:
        return on_nth_weekday_of(MONTHS.index(match["month"][:3]) + 1, weekday, week)
    if month_match := re.fullmatch("(?P<month>.+)月份?", match["month"] or ""):
        month = month_match["month"]
        if month.isdecimal() or set(month) <= _ZH_FIGURES:
            return on_nth_weekday_of(number(month), weekday, week) if 1 <= number(month) <= 12 else lambda _: []
    return on_nth_weekday(weekday, week, (match["month"] or "").startswith(("next", "下")))


def weekday_of(word: str) -> int:
    """Monday is 0."""
    if word[:3] in WEEKDAYS:
        return WEEKDAYS.index(word[:3])
    if word[:2] in _SHORTEST:
        return _SHORTEST.index(word[:2])
    return int(word) - 1 if word.isdecimal() else (_ZH_WEEKDAY + "日").index(word.replace("天", "日"))


def _year(word: str | None) -> int | None:
    if not word:
        return None
    value = number(word)
    return value + 2000 if value < 100 else value


def is_gone(parts: Mapping[str, str | None]) -> bool:
    """Whether words name a day that is over at any hour, by their groups: yesterday, last Friday, 上周五, 三天前."""
    which, week = parts.get("which") or "", parts.get("week") or ""
    word = re.sub("^the ", "", parts.get("word") or "")
    return bool(
        parts.get("ago")
        or parts.get("day_before")
        or DAYS_AFTER.get(word, 0) < 0
        or parts.get("year") == "去年"
        or which in ("last", "past", "this past")
        or which.startswith("上")
        or week == "last week"
    )


def read_date(match: re.Match[str]) -> Choose:
    """Figures for year, month and day."""
    return on_date(_year(match["year"]), number(match["month"]), number(match["day"]))


def read_chinese_date(match: re.Match[str]) -> Choose:
    """12月3日, 明年三月五日."""
    years_on = {"去年": -1, "今年": 0, "明年": 1, "后年": 2}.get(match["year"] or "")
    if years_on is None:
        return on_date(_year((match["year"] or "").rstrip("年")), number(match["month"]), number(match["day"]))
    return OnDate(None, number(match["month"]), number(match["day"]), years_on=years_on)


def read_named_month(match: re.Match[str]) -> Choose:
    """3rd of December, Dec 3."""
    return on_date(_year(match["year"]), MONTHS.index(match["month"][:3]) + 1, int(match["day"]))


def read_dots(match: re.Match[str]) -> Choose | None:
    """3.12. is 3 December; without the last dot a Chinese line means 12.3."""
    figures = int(match["day"]), int(match["month"])
    is_chinese = not match[0].endswith(".") and not match["year"] and re.search("[\u4e00-\u9fff]", match.string)
    is_american = figures[1] > 12 and bool(match["year"])
    # "8.26 2pm": no hour has such minutes, as a rule.
    is_turned = figures[0] <= 12 < figures[1] <= 31 and bool(figures[1] % 5) and not match[0].endswith(".")
    month, day = figures if is_chinese or is_american or is_turned else figures[::-1]
    return on_date(_year(match["year"]), month, day) if 1 <= month <= 12 else None


def read_slashes(match: re.Match[str]) -> Choose | None:
    """12/3 and 25/12; not 24/7."""
    first, second = int(match["first"]), int(match["second"])
    if ((first, second) == (24, 7) and not match["year"]) or max(first, second) > 31:
        return None
    month, day = (second, first) if first > 12 else (first, second)
    return on_date(_year(match["year"]), month, day)


def read_slashes_turned(match: re.Match[str]) -> Choose | None:
    """3/12 as 3 December, where a weekday beside it says so; None where only one reading is possible."""
    first, second = int(match["first"]), int(match["second"])
    return on_date(_year(match["year"]), second, first) if max(first, second) <= 12 else None


def read_relative_day(match: re.Match[str]) -> Choose:
    """Today, tomorrow, yesterday, 大后天, 前天."""
    before = match.groupdict().get("day_before")
    return in_days(DAYS_AFTER[before.rstrip("天日") if before else re.sub(r"^the |\s+(?=\s)", "", match["word"])])


def read_period(match: re.Match[str]) -> Choose:
    """In two weeks, 三天后, Friday in two weeks, 两周后的周五; two weeks ago, 三天前."""
    count = 2 if match["unit"] == "fortnight" else number(match["count"])
    if match.groupdict().get("ago"):
        count = -count
    unit, weekday = match["unit"].lstrip("个"), match["in_weekday"]
    if unit.startswith("month") or unit == "月":
        return in_months(count)
    if unit.startswith("day") or unit == "天":
        return in_days(count)
    return of_week(count, weekday_of(weekday)) if weekday else in_days(7 * count)


def read_weekday(match: re.Match[str]) -> Choose:
    """Friday, next Friday, Friday of the week after next, last Friday."""
    weekday = weekday_of(match["weekday"])
    which = " ".join(filter(None, (match["which"], match["week"])))
    which = which.replace("wk", "week")
    if "after next" in which:
        return of_week(2, weekday)
    if "this week" in which:
        return of_week(0, weekday)
    if "last week" in which:
        return of_week(-1, weekday)
    if which in ("last", "past", "this past"):
        return last_weekday(weekday)
    return of_week(1, weekday) if "next" in which else coming(weekday)


def read_period_from(match: re.Match[str]) -> Choose:
    """Two weeks from Friday, a week from tomorrow, three weeks today, Friday fortnight."""
    count = 2 if match["unit"] == "fortnight" else number(match.groupdict().get("count") or "1")
    step = count if match["unit"].startswith("day") else 7 * count
    base = match["base"].split()[-1]
    first = in_days(DAYS_AFTER[base]) if base in DAYS_AFTER else coming(weekday_of(base))
    return lambda today: in_days(step)(first(today)[0])


def read_same_day(match: re.Match[str]) -> Choose:
    """下周今天, 下个月的今天."""
    count = match["which"].count("下")
    return in_months(count) if match.groupdict().get("unit") else in_days(7 * count)


def read_week_from_weekday(match: re.Match[str]) -> Choose:
    """A week from Friday."""
    first = coming(weekday_of(match["base"]))
    return lambda today: [first(today)[1]]


def read_chinese_weekday(match: re.Match[str]) -> Choose:
    """周五, 下下周三, 上周五."""
    weekday, which = weekday_of(match["weekday"]), match["which"] or ""
    if "下" in which:
        return of_week(which.count("下") + which.count("再"), weekday)
    if "上" in which:
        return of_week(-which.count("上"), weekday)
    return of_week(0, weekday) if which else coming(weekday)


def read_weekend(match: re.Match[str]) -> Choose:
    """This weekend, 下周末, last weekend."""
    return of_weekend(_steps(match["which"] or ""))


def _steps(which: str) -> int:
    """How many weeks or months on: next, 下下; -1 for the last one."""
    if which == "last" or "上" in which:
        return -1
    return which.count("下") or ("next" in which)


def read_day_of_month(match: re.Match[str]) -> Choose:
    """The 5th of next month, 15号."""
    which = match["which"] or ""
    return of_month(_steps(which), number(match["day"])) if which else next_day_of_month(number(match["day"]))


def read_month_end(match: re.Match[str]) -> Choose:
    """End of the month, 下月底, 9月最后一天."""
    month = match.groupdict().get("month")
    if month:
        return on_month_end(number(month))
    return of_month(_steps(match["which"] or ""), 0)
