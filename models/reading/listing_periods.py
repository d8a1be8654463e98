"""Stretches of time that a need or an offer lasts: "this week", "until March", "within ten days", 本月内, 未来两周."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from models.reading.day_readers import MONTHS
from models.reading.wording import EN_NUMBERS, LEFT, RIGHT, ZH_NUMBER, Span, mask, number

Day = Callable[[date], date]

_COUNT = rf"(?:[0-9]{{1,3}}|(?:a\s)?(?:couple of|few)|{'|'.join(sorted(EN_NUMBERS, key=len, reverse=True))})"
_ZH_COUNT = rf"(?:[0-9]{{1,3}}|{ZH_NUMBER}{{1,3}}|几)"
_UNIT = rf"(?P<unit>days?|weeks?|fortnight|months?|years?){RIGHT}"
_ZH_UNIT = "(?P<zh_unit>天|日|个?周|个?星期|个?礼拜|个?月|年)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)"
)
# "We may need it": a month stands behind one of these, or with its year.
_TO_MONTH = re.compile(
    r"\b(?:until|till?|to|by|before|in|through|thru|during|of|mid|early|late|from|since|after|starting|this"
    r"|next|for|all)[\s-]$"
)
# A day or a part of the month: "the 3rd of April", "the first week of May".
_PART_OF = re.compile(r"(?:[0-9](?:st|nd|rd|th)?|\b(?:week|weekend|weeks|half|days?|third|quarter|\w+days?))\sof\s$")
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


def find_periods(reading: str) -> list[PeriodMention]:
    """Every such stretch in the reading copy, in order of position."""
    mentions: list[PeriodMention] = []
    for pattern, reader in _RULES:
        new = [mention for match in pattern.finditer(reading) if (mention := reader(match)) is not None]
        reading = mask(reading, *new) if new else reading
        mentions += new
    return sorted(mentions, key=lambda mention: mention.start)


def _week(match: re.Match[str]) -> PeriodMention:
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


def _weekend(match: re.Match[str]) -> PeriodMention:
    weeks = _steps(match)
    return PeriodMention(
        match.start(),
        match.end(),
        lambda today: _monday(today) + timedelta(weeks=weeks, days=5),
        lambda today: _monday(today) + timedelta(weeks=weeks, days=6),
    )


def _month(match: re.Match[str]) -> PeriodMention:
    months, is_end = _steps(match), _names_end(match)
    return PeriodMention(
        match.start(),
        match.end(),
        lambda today: _month_start(today, months),
        lambda today: _month_start(today, months + 1) - timedelta(days=1),
        is_end=is_end,
        is_deadline=is_end or match[0].endswith("内"),
    )


def _named_month(match: re.Match[str]) -> PeriodMention | None:
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


def _part_of_month(match: re.Match[str]) -> PeriodMention | None:
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


def _year(match: re.Match[str]) -> PeriodMention:
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


def _stretch(match: re.Match[str]) -> PeriodMention:
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


_END_OF = r"(?P<end>(?:the\s)?(?:end|last day)\sof\s)"
_OF_WHICH = rf"(?:{_END_OF}(?:the\s|this\s|next\s)?|(?:this|next)\s)"
# How fast something is done, not until when it is offered: 一周内搞定.
_SO_SOON = "(?:就|可以?|能|保证)?(?:搞定|办好|办完|办妥|拿到|拿证|下证|出证|到手|见效|出结果|出报告)"
_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], PeriodMention | None]], ...] = (
    (
        re.compile(
            rf"{LEFT}(?:within|in|for|over|during)\s(?:the\s)?(?:next|coming)\s(?P<count>{_COUNT}\s)?{_UNIT}"
            rf"|(?:未来|接下来|今后)的?\s?(?P<zh_count>{_ZH_COUNT})\s?{_ZH_UNIT}(?:之内|以内|内)?"
        ),
        _stretch,
    ),
    (
        re.compile(
            rf"{LEFT}within\s(?:the\s)?(?P<count>{_COUNT})\s{_UNIT}"
            rf"|(?<![0-9第])(?P<zh_count>{_ZH_COUNT})\s?{_ZH_UNIT}(?:之内|以内|内)(?!{_SO_SOON})"
        ),
        _stretch,
    ),
    (
        re.compile(
            rf"{LEFT}{_OF_WHICH}week{RIGHT}(?:\sor\s(?:the\s)?next(?:\sone|\sweek)?{RIGHT})?(?!\s?end)|{LEFT}(?P<short>eow){RIGHT}"
            r"|(?:下{1,2}|这|本)个?(?:周|星期|礼拜)(?![末一二三四五六日天会报刊])(?:之内|以内|内)?"
        ),
        _week,
    ),
    (
        re.compile(
            rf"{LEFT}(?:(?:this|next|the|the coming|coming)\s)?weekend{RIGHT}|(?:下{{1,2}}|这|本)个?周末"
            r"|周末(?=之?前|以前|截)"
        ),
        _weekend,
    ),
    (
        re.compile(
            rf"{LEFT}{_OF_WHICH}month{RIGHT}|{LEFT}(?P<short>eom){RIGHT}"
            r"|(?:下{1,2}|这|本)个?月(?![0-9初中上])(?:之内|以内|内|[底末])?"
            r"|(?<![0-9一二三四五六七八九十年个份])(?<![0-9]\s)月[底末]"
        ),
        _month,
    ),
    (
        re.compile(
            rf"{LEFT}(?P<part>mid|early|late|beginning of|middle of"
            rf"|start of)[\s-](?P<month>{_MONTH}){RIGHT}(?!\s?[0-9])"
            rf"|(?<![0-9])(?:(?P<zh_month>[0-9]{{1,2}}|{ZH_NUMBER}{{1,3}})\s?月|本月|这个?月"
            r"|下个?月)(?P<zh_part>[上中下]旬|中(?=[,\s]|之?前|以前|$)|初)"
        ),
        _part_of_month,
    ),
    (
        re.compile(
            rf"{LEFT}{_END_OF}?(?P<month>{_MONTH})(?:\s(?P<year>20[0-9]{{2}}))?{RIGHT}(?!\s?(?:the\s)?[0-9])"
            rf"|(?<![0-9])(?:(?P<zh_year>20[0-9]{{2}})年)?(?P<zh_month>[0-9]{{1,2}}|{ZH_NUMBER}{{1,3}})\s?月份?"
            rf"\s?(?![0-9\s{ZH_NUMBER[1:-1]}初中上])[底末]?(?P<short>)(?:之内|以内|内)?"
        ),
        _named_month,
    ),
    (
        re.compile(
            rf"{LEFT}{_OF_WHICH}year{RIGHT}|{LEFT}(?P<short>year[- ]end|eoy){RIGHT}|[今明]年(?:之内|以内"
            r"|内)|[今明]?年[底末](?![会终])"
        ),
        _year,
    ),
)
