"""Hours that a line only hints at ("Friday evening", "after lunch", 下班后), and which hours are likely meant: to be asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.reading.hours import MORNING
from models.reading.patterns import pattern_of
from models.reading.wording import LEFT, MASK, RIGHT, Span


@dataclass(frozen=True)
class VagueHour(Span):
    """Words that tell about when; likely are starts in minutes from the beginning of the day, earliest first."""

    likely: tuple[int, ...]


def _at(*hours: float) -> tuple[int, ...]:
    return tuple(round(60 * hour) for hour in hours)


# Where nothing hints at an hour: those at which most events begin.
USUAL = _at(9, 12, 18, 18.5, 19, 20)
_MORNING, _AFTERNOON, _EVENING = _at(8, 9, 10, 11), _at(14, 15, 16, 17), _at(18, 18.5, 19, 19.5, 20, 21)
_LATE, _NOON, _DUSK = _at(21, 22, 23), _at(12, 12.5, 13, 13.5), _at(17, 18, 19, 20)
_LEAD = r"(?:(?:some ?time|any ?time)\s)?(?:(?:right|straight|just)\s)?(?:(?:in the|during the|at|around|over|for)\s)?"
_STANDS_ALONE = rf"(?:(?<=[,;(|\n{MASK}])|(?<=[,;(|\n{MASK}]\s)){{}}(?=\s?(?:[,;)|\n{MASK}]|$))"

_TABLE: tuple[tuple[tuple[int, ...], str, str], ...] = (
    (_at(13, 13.5, 14, 14.5), "after lunch", "(?:午饭|午餐|中饭)[之以]?后|午后"),
    (_at(10, 10.5, 11, 11.5), "before lunch", "(?:午饭|午餐)[之以]?前"),
    (_at(17.5, 18, 18.5, 19), "after[ -]?work(?: hours)?|after hours|after the office", "下班[之以]?后|收工[之以]?后"),
    (_at(20, 20.5, 21, 21.5), "after (?:dinner|supper)", "(?:晚饭|晚餐)[之以]?后"),
    (_at(9, 9.5, 10, 10.5), "after breakfast", "(?:早饭|早餐)[之以]?后"),
    (_at(12.5, 13, 19, 19.5, 20), "after (?:the )?meal", "饭后"),
    (_at(16, 17, 17.5, 18), "eod|cob|end of (?:the )?(?:work(?:ing)? )?day|close of business", "下班前|快下班"),
    (_NOON, "lunch ?time|lunch ?hour|noonish", "午饭时间|饭点|午休(?:时间)?"),
    (_at(18.5, 19, 19.5, 20), "dinner ?time|supper ?time", "(?:晚饭|晚餐)时间"),
    (_at(8, 8.5, 9, 9.5), "breakfast ?time|first thing", "一大早|大清早"),
    (_at(5.5, 6, 6.5, 7), "sunrise|dawn|first light", "日出时|天亮时"),
    (_DUSK, "sunset|dusk|sundown|golden hour", "日落时|天黑[之以]?后|傍晚"),
    (_MORNING, "(?:early|late) morning|(?:in|during) the morning", "上午|早上"),
    (_AFTERNOON, "(?:early|late) afternoon|(?:in|during) the afternoon", "下午"),
    (_LATE, "late (?:at )?night|late evening", "深夜|半夜"),
    (_EVENING, "early evening|(?:in|during) the evening|at night", "晚上|晚间"),
    (_LATE, _STANDS_ALONE.format("late"), "很晚"),
    (_MORNING, _STANDS_ALONE.format("(?:am|mornings?)"), "早晨|清晨"),
    (_AFTERNOON, _STANDS_ALONE.format("(?:pm|afternoons?)"), "下午"),
    (_EVENING, _STANDS_ALONE.format("(?:evenings?|nights?)"), "夜里"),
)
_HINTS = tuple(
    (likely, pattern_of(rf"{LEFT}{_LEAD}(?:{english}){RIGHT}|(?:{chinese})")) for likely, english, chinese in _TABLE
)
_BEHIND, _BORDER = pattern_of(rf"{MASK}[\s,(]{{0,2}}$"), pattern_of(rf"\s?(?:[,;.!)|\n@{MASK}]|$)")
# Meals and the like that a title names: they hint, but are not the hour's words.
_OF_TITLES: tuple[tuple[tuple[int, ...], str], ...] = (
    (_at(10.5, 11, 11.5, 12), r"\bbrunch\b|早午餐"),
    (_at(7.5, 8, 8.5, 9), r"\bbreakfast\b|早餐|早茶"),
    (_NOON, r"\blunch\b|午餐|午饭"),
    (_at(18.5, 19, 19.5, 20), r"\b(?:dinner|supper)\b|晚餐|晚饭|火锅|烧烤"),
    (_EVENING, r"\b(?:night|drinks?|beers?|pub|party|concert|gig|movie)\b|之夜|喝酒|酒局|派对"),
    (_at(7, 7.5, 8, 9), r"\b(?:run|jog|hike|swim|yoga)\b|晨跑|跑步|徒步|爬山"),
)


def find_vague_hour(reading: str) -> VagueHour | None:
    """The words of the reading copy that tell about when, the surest kind first; not those of a title ("After work drinks")."""
    for likely, pattern in _HINTS:
        for match in pattern.finditer(reading):
            if _BEHIND.search(reading[: match.start()]) or _BORDER.match(reading, match.end()):
                return VagueHour(match.start(), match.end(), likely)
    return None


def likely_in(part: str) -> tuple[int, ...]:
    """Starts that are likely in a part of the day, as it was said with the day: "evening", 下午."""
    if part in MORNING or part == "凌晨":
        return _MORNING
    parts = {
        "afternoon": _AFTERNOON,
        "下午": _AFTERNOON,
        "午后": _AFTERNOON,
        "中午": _NOON,
        "noon": _NOON,
        "傍晚": _DUSK,
    }
    return parts.get(part, _EVENING)


def likely_for(reading: str) -> tuple[int, ...]:
    """Starts that are likely where no word tells the hour: by what the event is called, else the usual ones."""
    return next((likely for likely, words in _OF_TITLES if re.search(words, reading)), USUAL)
