"""The same start told on another clock: "17:00 CET / 11am ET", 周四晚8点（美西时间早5点）."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.reading.clocks import ClockMention, find_clocks
from models.reading.hours import DAY, minutes_of
from models.reading.patterns import pattern_of
from models.reading.wording import MASK, Span, mask, present
from models.reading.zone_mentions import ZoneMention, find_zone, own_place_after, same_clock, zone_after
from models.reading.zone_places import plain
from models.reading.zones import zone_of_place

_ON_ANOTHER_CLOCK_SOMEWHERE = pattern_of(rf"{MASK}\s?[/=]")
_ON_ANOTHER_CLOCK = pattern_of(rf"{MASK}\s?[/=]\s?$")
_BRACKETS = pattern_of(r"[(\[](?P<inside>[^()\[\]\n]{3,60})[)\]]")


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


_DAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}|(?:周|星期)[一二三四五六日天]|次日|前一天|当天)"
_BETWEEN = pattern_of(rf"[\s,;/|=&()\[\]]{{0,4}}(?:(?:or|and|which is|i\.e\.)\s)?(?:{_DAY}[\s,]?)?")
# The day that the other clock shows goes with it.
_DAY_BEFORE = pattern_of(rf"(?<![a-z]){_DAY}[\s,]?$")
_OF_LIST = pattern_of(r"[/|=(\[][\s]?$")
# Who writes down the other clocks may forget that one of them was put forward.
_SUMMER_TIME = 60


def find_same_starts(text: str, reading: str, zone: ZoneInfo, language: str, today: date) -> list[Span]:
    """Of "11am ET, 8am PT, 17:00 CEST" all but the one to read: that of the community's own clock, else the first.

    Only where they show the same instant; what contradicts is left in the line.
    """
    pairs = list(_pairs(text, reading, zone, language))
    if len(pairs) < 2:
        return []
    if pairs[0][1].start == pairs[0][1].end and any(_minutes_apart(pairs[0], pair, zone, today) for pair in pairs):
        return []
    own = next((pair for pair in pairs if _is_own(pair[1], zone)), None)
    first = next((pair for pair in pairs if pair[1].zone), pairs[0])
    kept = own if own and all(_minutes_apart(own, pair, zone, today) == 0 for pair in pairs) else first
    same = [pair for pair in pairs if pair is not kept and _minutes_apart(kept, pair, zone, today) <= _SUMMER_TIME]
    # Its own place by its name says nothing more once it was chosen: "5pm UK" in London.
    words = [Span(kept[1].start, kept[1].end)] if same and kept[1].zone is zone else []
    return [*(_whole(clock, zone_mention, reading) for clock, zone_mention in same), *words]


def _whole(clock: ClockMention, zone_mention: ZoneMention, reading: str) -> Span:
    start, end = min(clock.start, zone_mention.start), max(clock.end, zone_mention.end)
    day = _DAY_BEFORE.search(reading, 0, start)
    return Span(day.start() if day and _OF_LIST.search(reading, 0, day.start()) else start, end)


def _pairs(text: str, reading: str, zone: ZoneInfo, language: str) -> Iterator[tuple[ClockMention, ZoneMention]]:
    """The hours with a zone each that stand in a row; the first may have none, which is the community's."""
    n_done = None
    for clock in find_clocks(reading):
        zone_mention = _named_beside(clock, n_done or 0, text, reading, zone, language)
        if zone_mention is None and (n_done is not None or clock.is_weak or clock.is_bare):
            continue
        zone_mention = zone_mention or ZoneMention(clock.end, clock.end, zone)
        if n_done is not None and not _BETWEEN.fullmatch(reading[n_done : min(zone_mention.start, clock.start)]):
            return
        yield clock, zone_mention
        n_done = max(clock.end, zone_mention.end)


def _named_beside(
    clock: ClockMention, n_done: int, text: str, reading: str, zone: ZoneInfo, language: str
) -> ZoneMention | None:
    """The zone behind an hour, or 首尔时间 right before it."""
    if zone_mention := zone_after(text, reading, clock.end, zone, language):
        return zone_mention
    if own := own_place_after(text, reading, clock.end, zone):
        return ZoneMention(own.start, own.end, zone)
    before = find_zone(reading[n_done : clock.start].rstrip(), own=zone.key) if n_done else None
    if before is None or n_done + before.end != len(reading[: clock.start].rstrip()):
        return None
    return ZoneMention(n_done + before.start, n_done + before.end, before.zone or zone, before.zones)


def _is_own(zone_mention: ZoneMention, zone: ZoneInfo) -> bool:
    return isinstance(zone_mention.zone, ZoneInfo) and same_clock(zone_mention.zone.key, zone.key)


def _minutes_apart(
    one: tuple[ClockMention, ZoneMention], other: tuple[ClockMention, ZoneMention], zone: ZoneInfo, today: date
) -> int:
    """How far two hours are from being one instant, in the zones that each may name."""
    offs = [
        abs((first - second + DAY // 2) % DAY - DAY // 2)
        for first in _utc_minutes(*one, zone, today)
        for second in _utc_minutes(*other, zone, today)
    ]
    return min(offs, default=DAY)


def _utc_minutes(clock: ClockMention, zone_mention: ZoneMention, zone: ZoneInfo, today: date) -> list[int]:
    minutes = minutes_of(clock.starts)
    at = datetime.combine(today, time(12), tzinfo=UTC)
    zones = [zone_mention.zone] if zone_mention.zone else [ZoneInfo(key) for key in zone_mention.zones] or [zone]
    offsets = [at.astimezone(one).utcoffset() or timedelta() for one in zones]
    return [] if minutes is None else [minutes - round(offset.total_seconds() / 60) for offset in offsets]
