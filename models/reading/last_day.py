"""Until which day what somebody asks or offers holds, by the day that it names: "before Thursday", 周三前, "tonight". Pure rules.

For what is told days later: an hour with a lawyer on Thursday is no offer on the Monday after.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from models.reading.patterns import pattern_of

# Short English names count with a capital only: people sat in the sun.
_WEEKDAY = [
    pattern_of(rf"\b(?:{short})\b|\b(?i:{name})\b|(?:[周週]|星期|礼拜)[{han}]")
    for short, name, han in (
        ("Mon", "monday", "一"),
        ("Tues?", "tuesday", "二"),
        ("Wed", "wednesday", "三"),
        ("Thurs?|Thu", "thursday", "四"),
        ("Fri", "friday", "五"),
        ("Sat", "saturday", "六"),
        ("Sun", "sunday", "日天"),
    )
]
_NEAR = {
    0: pattern_of(r"\b(?:today|tonight|this (?:morning|afternoon|evening|noon))\b|今天|今晚|今早|今日", re.IGNORECASE),
    1: pattern_of(r"\btomorrow\b|\btmrw?\b|明天|明晚|明早", re.IGNORECASE),
}
_NEXT_WEEK = pattern_of(r"\bnext (?:week|mon|tue|wed|thu|fri|sat|sun)|下(?:个)?(?:周|星期|礼拜)", re.IGNORECASE)
_BEFORE = pattern_of(
    r"\bbefore (?:next )?(?:mon|tue|wed|thu|fri|sat|sun|tomorrow)|"
    r"(?:[周週]|星期|礼拜)[一二三四五六日天](?:之|以)?前|明天(?:之|以)?前",
    re.IGNORECASE,
)
# "At cost until March": to the end of that month, whichever is meant.
_UNTIL_MONTH = pattern_of(
    r"\b(?i:until|till|through) (?i:the end of )?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?=\b|[a-z]{1,6}\b)"
)
# What the first get is gone a day later: "first five who answer", 前5名.
_FOR_THE_FIRST = pattern_of(
    r"\b(?:for|to) the first (?:\d{1,2}|two|three|four|five|six|ten)\b|"
    r"\bfirst (?:\d{1,2}|two|three|four|five|six|ten) (?:people |founders |teams )?(?:who|to|that)\b|"
    r"\bfirst come,? first served\b|前\s?(?:\d{1,2}|[两三四五六七八九十])\s?(?:名|位|个|人)|先到先得",
    re.IGNORECASE,
)
# What comes again every week has no last day.
_AGAIN = pattern_of(r"\b(?:every|each|weekly)\b|(?:mon|tues|wednes|thurs|fri|satur|sun)days\b|每|隔周", re.IGNORECASE)


@lru_cache(maxsize=50_000)
def last_day(text: str, on: date) -> date | None:
    """The latest day named, as seen from the day it was written on; None where none is."""
    if _AGAIN.search(text):
        return None
    days = [on + timedelta(days=after) for after, words in _NEAR.items() if words.search(text)]
    for weekday, words in enumerate(_WEEKDAY):
        if words.search(text):
            days.append(on + timedelta(days=(weekday - on.weekday()) % 7))
    if until := _UNTIL_MONTH.search(text):
        month = 1 + "janfebmaraprmayjunjulaugsepoctnovdec".index(until[1].lower()) // 3
        year = on.year + (month < on.month)
        days.append(date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1))
    if not days:
        return on + timedelta(days=1) if _FOR_THE_FIRST.search(text) else None
    last = max(days) + timedelta(days=7 if _NEXT_WEEK.search(text) else 0)
    # What is wanted before Monday is too late on Monday.
    return max(last - timedelta(days=1), on) if _BEFORE.search(text) else last
