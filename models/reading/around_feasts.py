"""Days told by a feast that is another day: "the Friday before Easter", "the day after Christmas", 春节后第一个周五.

Whether the feast or its holidays are meant is left open ("after Chinese New Year"), so such a day is only proposed.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from models.reading.day_choices import Choose, in_days
from models.reading.day_readers import nth_of, weekday_of
from models.reading.feasts import CHINESE_FEASTS, ENGLISH_FEASTS, feast_named
from models.reading.wording import LEFT, RIGHT, number

_WEEKDAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
EN_AROUND = (
    rf"(?P<unnamed>{LEFT}(?:the\s)?(?:(?P<step>day|evening|night|weekend)|(?:(?P<nth>first|second|third|last)\s)?(?P<by>{_WEEKDAY}))\s"
    rf"(?P<side>after|before)\s(?:the\s)?(?P<around>{ENGLISH_FEASTS}){RIGHT})"
)
ZH_AROUND = (
    rf"(?P<unnamed>(?P<around>{CHINESE_FEASTS})节?[长小]?(?:假期?)?的?(?:"
    r"(?P<step>第[二三四五六七]天|次日|翌日|后一天|(?P<side>前一[天晚]))"
    r"|(?:(?P<before>之前|以前|前)|之后|以后|过后|后)的?(?:第?(?P<nth>[一二三]|首)|最后一)?个?(?:周|星期|礼拜)"
    r"(?P<by>[一二三四五六日天])))"
)
# So long are the holidays that some mean by the feast.
_HOLIDAYS = timedelta(days=7)
_LONGEST_AGO = timedelta(days=35)


def read_around(match: re.Match[str]) -> Choose:
    """The days that may be meant, the first one first; none where the feast itself depends on the country."""
    feast = feast_named(match["around"])
    is_before = match["side"] not in (None, "after") or bool(match.groupdict().get("before"))

    def choose(today: date) -> list[date]:
        feasts = {*feast(today - _LONGEST_AGO), *feast(today)}
        days = {day for one in feasts for day in _days(match, one, is_before=is_before)}
        return sorted(day for day in days if day >= today)[:2]

    return choose


def _days(match: re.Match[str], feast: date, *, is_before: bool) -> list[date]:
    if match["step"] and match["step"] != "weekend":
        nth = number(match["step"][1]) if match["step"].startswith("第") else 2
        return in_days(-1 if is_before else nth - 1)(feast)
    weekday = weekday_of(match["by"] or "sat")
    if is_before:
        return [feast - timedelta(days=(feast.weekday() - weekday - 1) % 7 + 1)]
    weeks = max(nth_of(None if match["nth"] in (None, "首") else match["nth"]), 1) - 1
    return [_first_after(begins, weekday) + timedelta(weeks=weeks) for begins in (feast, feast + _HOLIDAYS)]


def _first_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)
