"""The same start told on another clock: "17:00 CET / 11am ET", 周四晚8点（美西时间早5点）."""

import re
from zoneinfo import ZoneInfo

from models.reading.clocks import find_clocks
from models.reading.wording import MASK, Span, mask, present
from models.reading.zone_mentions import find_zone, own_place_after, zone_after
from models.reading.zone_places import plain
from models.reading.zones import zone_of_place

_ON_ANOTHER_CLOCK_SOMEWHERE = re.compile(rf"{MASK}\s?[/=]")
_ON_ANOTHER_CLOCK = re.compile(rf"{MASK}\s?[/=]\s?$")
_BRACKETS = re.compile(r"[(\[](?P<inside>[^()\[\]\n]{3,60})[)\]]")


def find_translated(text: str, reading: str, zone: ZoneInfo, language: str) -> Span | None:
    """Brackets that hold an hour with its zone, behind an hour outside of them."""
    for match in _BRACKETS.finditer(reading):
        zone_answer = find_zone(match["inside"], own=zone.key)
        hours = [clock for clock in find_clocks(mask(match["inside"], *present(zone_answer))) if not clock.is_bare]
        if not hours or not any(not clock.is_bare for clock in find_clocks(reading[: match.start()])):
            continue
        end = match.start("inside") + hours[-1].end
        names_zone = zone_answer or _begins_with_place(match["inside"], hours[-1].start, zone)
        if names_zone or zone_after(text, reading, end, zone, language):
            return Span(match.start(), match.end())
    return None


def _begins_with_place(inside: str, position: int, own: ZoneInfo) -> bool:
    """Whether a place stands right before the hour in brackets: （美东早9点）, "(London 2pm)"."""
    return zone_of_place(plain(inside[:position]), own=own.key) is not None


def find_elsewhere(text: str, rest: str, zone: ZoneInfo, language: str) -> Span | None:
    """The same start on another clock, behind the first: "17:00 CET / 11am ET"."""
    if not _ON_ANOTHER_CLOCK_SOMEWHERE.search(rest):
        return None
    for clock in find_clocks(rest):
        before = _ON_ANOTHER_CLOCK.search(rest[: clock.start][-4:])
        zone_answer = _zone_or_own(text, rest, clock.end, zone, language) if before else None
        if before and zone_answer:
            return Span(clock.start - len(before[0]) + 1, zone_answer.end)
    return None


def _zone_or_own(text: str, rest: str, position: int, zone: ZoneInfo, language: str) -> Span | None:
    return zone_after(text, rest, position, zone, language) or own_place_after(text, rest, position, zone)
