"""The description of an event: which lines of an announcement it is, and how it reads beside what was understood."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from models.reading.announcement_lines import find_description, lines_of, telling_time, title_line
from models.reading.mentions import find_when
from models.reading.wording import Span, mask


def description_lines(text: str, reading: str, zone: ZoneInfo, language: str, now: datetime) -> list[Span]:
    """The lines that describe the event; those that alone say when are read for that as well, and stay with the title."""
    prose = find_description(text, reading) if "\n" in text else []
    if not prose:
        return prose
    head = find_when(text, mask(reading, *prose), zone, language, now.astimezone(zone).date())
    tells = telling_time(prose, reading)
    if not tells or head.wait or (head.clock and head.day):
        return prose
    return [line for line in prose if line not in tells]


def other_lines(text: str, reading: str, spans: list[Span]) -> list[Span]:
    """The lines beside that of the title in which words were left over: they are not of the title."""
    lines = lines_of(text)
    if len(lines) < 2:
        return []
    title = lines[title_line(text, reading)]
    found = saying_more(mask(text, *spans), lines)
    title = title if title in found else (found or [title])[0]
    return [line for line in lines if line != title]


def saying_more(text_left: str, lines: list[Span]) -> list[Span]:
    """Those of which words are left besides a label."""
    words = {
        line: re.sub(r"^[^\w]*(?:\w+\s?[:：]|(?:时间|日期|地点|地址)\s)", "", text_left[line.start : line.end])
        for line in lines
    }
    return [line for line in lines if sum(character.isalnum() for character in words[line]) > 1]


def description(text: str, spans: list[Span]) -> str | None:
    """What is said beside title, time and place, in the order in which it was written, a line each."""
    ordered = sorted(spans, key=lambda span: (span.start, -span.end))
    apart = [one for one in ordered if not any(one is not other and _is_in(one, other) for other in ordered)]
    return "\n".join(text[one.start : one.end].strip() for one in apart) or None


def _is_in(one: Span, other: Span) -> bool:
    return other.start <= one.start and one.end <= other.end and (one.end - one.start) < (other.end - other.start)
