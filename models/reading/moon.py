"""Days of the Chinese calendar: 农历九月初九, 正月十五, 腊月二十八, 除夕, and the turns of the sun such as 清明.

Reckoned by lunar_python, which is loaded when the first such day is named; it knows the years 1900 to 2100.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from models.reading.day_choices import Choose
from models.reading.wording import number

_DAY = "(?:初[一二三四五六七八九十]|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|三十|十[一二三四五六七八九]?)"
_MONTH = "(?:十[一二]|[正二三四五六七八九十冬腊])"
# 初五 and 廿五 are days of the moon whatever stands before them; 十五 only where the month is one too.
MOON_DAYS = (
    rf"(?P<named>农历|阴历|旧历)\s?闰?{_MONTH}月{_DAY}日?|[正冬腊]月{_DAY}|大年初[一二三四五六七八九十]|(?:大?年三十|除夕)(?:夜)?"
    rf"|(?P<unnamed>{_MONTH}月(?:初[一二三四五六七八九十]|廿[一二三四五六七八九](?![日号]))|(?<!月)初[一二三四五六七八九十](?![期次中级])(?=[\s早晚上下中]))"
)
_MONTHS = {"正": 1, "冬": 11, "腊": 12}
NEW_YEAR, EVE = (1, 1), (12, 30)


def read_moon_day(match: re.Match[str]) -> Choose:
    """The coming such day."""
    words = match["moon"]
    if ("三十" in words and "月" not in words) or "除夕" in words:
        return new_years_eve
    parts = re.search(rf"(?:(?P<month>{_MONTH})月|大年)?(?P<day>{_DAY})日?$", words)
    if parts is None:  # never: the pattern has a day
        return lambda today: []
    month = parts["month"] or "正"
    return on_moon_day(_MONTHS.get(month) or number(month), number(parts["day"].lstrip("初")))


def on_moon_day(month: int, day: int) -> Choose:
    """That day of the Chinese calendar, of this year or of the next; leap months are not meant."""

    def choose(today: date) -> list[date]:
        days = (_solar_date(year, month, day) for year in (today.year - 1, today.year, today.year + 1))
        return [one for one in days if one is not None and one >= today][:1]

    return choose


def new_years_eve(today: date) -> list[date]:
    """The day before the Chinese new year."""
    return [first - timedelta(days=1) for first in on_moon_day(*NEW_YEAR)(today + timedelta(days=1))]


def on_solar_term(name: str) -> Choose:
    """清明, 冬至: the day on which the sun turns."""

    def choose(today: date) -> list[date]:
        return [one for year in (today.year, today.year + 1) if (one := _turn(year, name)) and one >= today][:1]

    return choose


@cache
def _solar_date(year: int, month: int, day: int) -> date | None:
    return _safely(lambda lunar: lunar.Lunar.fromYmd(year, month, day).getSolar())


@cache
def _turn(year: int, name: str) -> date | None:
    return _safely(lambda lunar: lunar.Lunar.fromYmd(year, 6, 1).getJieQiTable()[name])


def _safely(reckon: Callable[..., object]) -> date | None:
    """The day, None for one that the calendar does not have. The library raises plain Exception for those."""
    import lunar_python

    try:
        year, month, day = str(reckon(lunar_python)).split("-")
    except Exception:
        return None
    return date(int(year), int(month), int(day))
