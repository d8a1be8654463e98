"""From the matches of listing_periods.py to stretches of time: their first and last day, as seen from today."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from models.reading.day_readers import MONTHS
from models.reading.patterns import pattern_of
from models.reading.wording import Span, number

Day = Callable[[date], date]
# "We may need it": a month stands behind one of these, or with its year.
_TO_MONTH = pattern_of(
    r"\b(?:until|till?|to|by|before|in|through|thru|during|of|mid|early|late|from|since|after|starting|this"
    r"|next|for|all)[\s-]$"
)
# A day or a part of the month: "the 3rd of April", "the first week of May".
_PART_OF = pattern_of(r"(?:[0-9](?:st|nd|rd|th)?|\b(?:week|weekend|weeks|half|days?|third|quarter|\w+days?))\sof\s$")
_MONTHS_IN_A_YEAR = 12
_DAYS_OF = {"d": 1, "w": 7, "f": 14, "天": 1, "日": 1, "周": 7, "星": 7, "礼": 7}
_FRIDAY, _SUNDAY = 4, 6
_DAY_OF_PART = {
    "mid": 15, "middle of": 15, "early": 10, "beginning of": 10, "start of": 10, "上旬": 10, "初": 10, "中": 15, "中旬": 20,
}  # fmt: skip


@dataclass(frozen=True)
class PeriodMention(Span):
    """A stretch of time that was named: its first and its last day, as seen from today.

    is_end: its words name its end ("end of March", "within two weeks"), so that "before" does not mean its beginning.
    is_deadline: they alone say that something ends with it.
    """

    first: Day
    last: Day
    is_end: bool = False
    is_deadline: bool = False


def read_week(match: re.Match[str]) -> PeriodMention:
    """This week, 下周内: to its Sunday, or its Friday where the end of the working week is named."""
    weeks, is_end = _steps(match), bool(match["end"] or match["short"])
    last = _FRIDAY if match["short"] else _SUNDAY
    return PeriodMention(
        match.start(),
        match.end(),
        lambda today: _monday(today) + timedelta(weeks=weeks),
        lambda today: _monday(today) + timedelta(weeks=weeks, days=last),
        is_end=is_end,
        is_deadline=is_end or match[0].endswith("内"),
    )


def read_weekend(match: re.Match[str]) -> PeriodMention:
    """A weekend, which ends on its Sunday."""
    weeks = _steps(match)
    return PeriodMention(
        match.start(),
        match.end(),
        lambda today: _monday(today) + timedelta(weeks=weeks, days=5),
        lambda today: _monday(today) + timedelta(weeks=weeks, days=6),
    )


def read_month(match: re.Match[str]) -> PeriodMention:
    """This month, 月底: to its last day."""
    months, is_end = _steps(match), _names_end(match)
    return PeriodMention(
        match.start(),
        match.end(),
        lambda today: _month_start(today, months),
        lambda today: _month_start(today, months + 1) - timedelta(days=1),
        is_end=is_end,
        is_deadline=is_end or match[0].endswith("内"),
    )


def read_named_month(match: re.Match[str]) -> PeriodMention | None:
    """Until March, 三月份: to the end of that month; None where the word may be no month."""
    words, year = match["month"], int(match["year"] or match["zh_year"] or 0)
    month = MONTHS.index(words[:3]) + 1 if words else number(match["zh_month"])
    is_led = match["end"] or match["year"] or _TO_MONTH.search(match.string[max(0, match.start() - 12) : match.start()])
    if not 1 <= month <= _MONTHS_IN_A_YEAR or (words and not is_led) or _is_part_named(match):
        return None

    def first(today: date) -> date:
        return date(year or today.year + (month < today.month), month, 1)

    is_end = _names_end(match)
    return PeriodMention(
        match.start(),
        match.end(),
        first,
        lambda today: _month_start(first(today), 1) - timedelta(days=1),
        is_end=is_end,
        is_deadline=is_end or match[0].endswith("内"),
    )


def _is_part_named(match: re.Match[str]) -> bool:
    """Whether what stands before the month names less than all of it."""
    return _PART_OF.search(match.string[max(0, match.start() - 20) : match.start()]) is not None


def read_part_of_month(match: re.Match[str]) -> PeriodMention | None:
    """Mid-April, 四月中旬: to its tenth, fifteenth, twentieth or last day."""
    words, zh_month = match["month"], match["zh_month"]
    month = MONTHS.index(words[:3]) + 1 if words else number(zh_month) if zh_month else 0
    part = match["part"] or match["zh_part"]
    if month > _MONTHS_IN_A_YEAR:
        return None

    def last(today: date) -> date:
        first = date(today.year + (month < today.month), month, 1) if month else _month_start(today, _steps(match))
        day = _DAY_OF_PART.get(part)
        return first.replace(day=day) if day else _month_start(first, 1) - timedelta(days=1)

    return PeriodMention(match.start(), match.end(), last, last, is_end=True)


def read_year(match: re.Match[str]) -> PeriodMention:
    """This year, 年底: to its last day."""
    years = int("next" in match[0] or "明" in match[0])
    is_end = _names_end(match)
    return PeriodMention(
        match.start(),
        match.end(),
        lambda today: date(today.year + years, 1, 1),
        lambda today: date(today.year + years, 12, 31),
        is_end=is_end,
        is_deadline=is_end or match[0].endswith("内"),
    )


def read_stretch(match: re.Match[str]) -> PeriodMention:
    """Within ten days, 两周内: so long from today."""
    groups = match.groupdict()
    count = _count((groups.get("count") or groups.get("zh_count") or "1").strip())
    unit = (groups.get("unit") or groups.get("zh_unit") or "").lstrip("个")[0]

    def last(today: date) -> date:
        if unit in "m月":
            return _month_start(today, count) + timedelta(days=min(today.day, 28) - 1)
        return today + timedelta(days=365 * count if unit in "y年" else _DAYS_OF[unit] * count)

    return PeriodMention(match.start(), match.end(), lambda today: today, last, is_end=True, is_deadline=True)


def _count(words: str) -> int:
    """Few and 几 are three."""
    if words.endswith("couple of"):
        return 2
    return 3 if words.endswith(("few", "几")) else number(words)


def _names_end(match: re.Match[str]) -> bool:
    return bool(match["end"] or match["short"]) or re.search("[底末](?:之内|以内|内)?$", match[0]) is not None


def _steps(match: re.Match[str]) -> int:
    """How many weeks or months on."""
    return match[0].count("下") or int("next" in match[0])


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _month_start(day: date, months: int) -> date:
    month = day.year * _MONTHS_IN_A_YEAR + day.month - 1 + months
    return date(month // _MONTHS_IN_A_YEAR, month % _MONTHS_IN_A_YEAR + 1, 1)
