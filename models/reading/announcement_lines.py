"""The lines of an announcement: one says what the event is, some say when and where, and the rest is its description."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.reading.clocks import ClockMention, find_clocks
from models.reading.counts import find_people, find_plus_ones, find_seats
from models.reading.days import find_days
from models.reading.patterns import pattern_of
from models.reading.places import is_venue
from models.reading.wording import Span, mask, present

_PICTURES = "(?:[\u2190-\u21ff\u2600-\u27bf\u23e9-\u23fa\U0001f000-\U0001faff]\ufe0f?\\s?)*"
_BULLET = r"(?:[-*•·>–]\s?|[0-9一二三四五六七八九]{1,2}\s?[.、)）]\s?)?"
# What leads to time, place, seats or link.
_LABELLED = pattern_of(
    rf"\s?{_BULLET}{_PICTURES}(?:(?:when|where|date|day|time|start|place|venue|location|address|meeting point|seats|spots"
    r"|capacity|places|doors|link|join|zoom|online|format|what time|repeats?)\s?[:：]"
    r"|(?:活动|会议|聚会)?\s?(?:时\s?间|日\s?期|地\s?点|地\s?址|场\s?地|位\s?置|坐标|集合(?:点|时间)?"
    r"|人\s?数|名\s?额|链接|会议号|形式|方式|签到)(?:\s?[:：]|\s))",
    re.IGNORECASE,
)
_TITLED = pattern_of(
    rf"\s?{_BULLET}{_PICTURES}(?:title|event|what|name|主题|活动主题|活动名称|活动|标题|名称|题目)\s?[:：]",
    re.IGNORECASE,
)
_PINNED = pattern_of("\\s?(?:📍|🗓|📅|📆|⏰|⏱|[\U0001f550-\U0001f567]|👥|🎟|🎫|🔗|👉|🏠)\ufe0f?")
_AT = pattern_of(r"\s?(?:@\s?\S|(?:at|in)\s[A-ZÄÖÜ]|在|https?://|www\.)")
# A line of which so much says when is there to say it.
_SHARE = 0.4
# Fewer letters are no title.
_FEWEST_LETTERS = 2


def lines_of(text: str) -> list[Span]:
    """Each line, without its line end."""
    return [Span(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text)]


def title_line(text: str, reading: str) -> int:
    """Which of lines_of() is the title: the one labelled so, else the first with words that say neither when nor where."""
    lines = lines_of(text)
    for number, line in enumerate(lines):
        if _TITLED.match(text[line.start : line.end]):
            return number
    for number, line in enumerate(lines):
        words = text[line.start : line.end]
        is_other = _LABELLED.match(words) or _PINNED.match(words) or _AT.match(words)
        if not is_other and _letters(_without_times(reading[line.start : line.end])) >= _FEWEST_LETTERS:
            return number
    return 0


def find_description(text: str, reading: str) -> list[Span]:
    """The lines below the title that say neither when nor where nor for how many; in order."""
    lines = lines_of(text)
    return [line for line in lines[title_line(text, reading) + 1 :] if _is_prose(text, reading, line)]


def telling_time(lines: Sequence[Span], reading: str) -> list[Span]:
    """Those of the lines that name a day or an hour in passing."""
    return [
        line
        for line in lines
        if _clocks(reading[line.start : line.end]) or find_days(reading[line.start : line.end], also_weak=False)
    ]


def _is_prose(text: str, reading: str, line: Span) -> bool:
    words, read = text[line.start : line.end], reading[line.start : line.end]
    if _LABELLED.match(words) or _PINNED.match(words) or _AT.match(words) or is_venue(words):
        return False
    n_all = max(_letters(read), 1)
    return _letters(_without_times(read)) / n_all > 1 - _SHARE


def _without_times(text: str) -> str:
    """The reading copy of a line without days, hours and seats."""
    days = find_days(text, also_weak=False)
    left = mask(text, *days)
    left = mask(left, *_clocks(left))
    return mask(left, *present(find_seats(left), find_plus_ones(left), find_people(left)))


def _clocks(text: str) -> list[ClockMention]:
    """Hours; not bare numbers: "40 places"."""
    return [clock for clock in find_clocks(text) if not clock.is_bare]


def _letters(words: str) -> int:
    return sum(character.isalnum() for character in words)
