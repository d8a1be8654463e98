"""The time zone an event line names: "7pm Berlin time", 北京时间, CET, UTC+8, America/New_York, "5pm Pacific".

A zone named as one ("Berlin time", UTC+8, a zoneinfo key) counts anywhere in the line; an abbreviation, a region and a place
only right behind a clock time. A place alone there ("7pm Jakarta") may be where the event is: it is asked about, unless
both clocks show the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from models.reading.patterns import pattern_of
from models.reading.wording import LEFT, MASK, RIGHT, Span
from models.reading.zone_places import plain, regions
from models.reading.zones import (
    ABBREVIATIONS,
    WORDLIKE,
    ZoneAnswer,
    keys,
    zone_named,
    zone_of_abbreviation,
    zone_of_place,
)

_OFFSET = pattern_of(
    r"(?<![a-z])\(?(?:utc|gmt)\s?(?P<sign>[+-])\s?(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?\)?(?![0-9:])"
)
_KEY = pattern_of(
    rf"\(?{LEFT}(?P<key>(?:africa|america|asia|atlantic|australia|europe|indian|pacific|us)/[a-z_]+(?:[/-][a-z_]+)*){RIGHT}\)?"
)
_OWN = pattern_of(rf"\(?{LEFT}(?:our|local)\stime{RIGHT}\)?|\(?(?:本地|当地)时间\)?")
_TIME = pattern_of(rf"\s(?:(?:standard|daylight|summer|local)\s)?time{RIGHT}\)?")
_ZH_TIME = pattern_of(r"(?:当地|标准|夏令)?时间\)?")
_ZH_SECTION = pattern_of(r"\(?(?P<section>[东西](?:十?[一二三四五六七八九十])区)(?:时间)?\)?")
_WORDS_BEFORE = pattern_of(r"[^\W\d_][\w.&'/]*(?: [^\W\d_][\w.&'/]*){0,3}$")
_HAN_BEFORE = pattern_of("[\u4e00-\u9fff]{2,8}$")
# "Reunion time!" is no clock of that island.
_NO_CLOCKS = frozenset("reunion easter christmas wake center nice male midway jersey".split())  # noqa: SIM905
_AFTER_CLOCK = pattern_of(rf"\s?[(\[]?(?P<word>[a-z]{{1,5}})[)\]]?{RIGHT}")
_TWIN = pattern_of(rf"\s?[/&]\s?(?P<word>[a-z]{{2,5}}){RIGHT}\)?")
_PLUS = pattern_of(r"\s?(?:\+(?P<hours>[01][0-9]):?(?P<minutes>[0-5][0-9])|(?P<zulu>z))(?![0-9a-z:])")
_PLACE = pattern_of(r"[\s,]{0,2}[(\[]?(?P<name>[^\W\d_][\w.'-]*(?: [^\W\d_][\w.'-]*){0,2}|[\u4e00-\u9fff]{2,6})[)\]]?")
_ENDS_PART = pattern_of(rf"\s?(?:$|[,;:|\n).{MASK}@(·/=]|[-–—]\s|[\u4e00-\u9fff])")
# In small letters these are no words.
_SAFE_IN_SMALL = frozenset("cet cest pst pdt est edt cst cdt gmt utc bst jst sgt hkt aest aedt kst msk brt".split())  # noqa: SIM905


@dataclass(frozen=True)
class ZoneMention(Span):
    """A zone that was named; None when it is the community's own ("local time"). zones: what to ask about instead."""

    zone: tzinfo | None
    zones: tuple[str, ...] = ()


def find_zone(reading: str, *, own: str | None = None) -> ZoneMention | None:
    """The first zone named as one: by offset, by key, or a place with "time"."""
    offset = _OFFSET.search(reading)
    if offset and int(offset["hours"]) <= 14 and int(offset["minutes"] or 0) < 60:
        ahead = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        return ZoneMention(offset.start(), offset.end(), timezone(ahead if offset["sign"] == "+" else -ahead))
    for match in _KEY.finditer(reading) if "/" in reading else ():
        if match["key"] in keys():
            return ZoneMention(match.start(), match.end(), ZoneInfo(keys()[match["key"]]))
    return _of_place(reading, own)


def _of_place(reading: str, own: str | None) -> ZoneMention | None:
    if match := _OWN.search(reading):
        return ZoneMention(match.start(), match.end(), None)
    for match in _TIME.finditer(reading):
        before = _WORDS_BEFORE.search(reading[: match.start()])
        if before and (place := _longest(before, match, reading, own)):
            return place
    for match in _ZH_TIME.finditer(reading):
        before = _HAN_BEFORE.search(reading[: match.start()])
        if before and (place := _longest(before, match, reading, own)):
            return place
    if match := _ZH_SECTION.search(reading):
        zone = zone_named(match["section"]).zone
        return ZoneMention(match.start(), match.end(), ZoneInfo(zone)) if zone else None
    return None


def _longest(before: re.Match[str], time: re.Match[str], reading: str, own: str | None) -> ZoneMention | None:
    """The longest end of the words before "time" that is a place's name."""
    for start in _starts(before):
        name = plain(reading[start : before.end()])
        answer = None if name in _NO_CLOCKS else zone_of_place(name, own=own) or _short(name, own)
        if answer:
            start -= _opening(reading, start)
            return _mention(start, time.end(), answer)
    return None


def _short(name: str, own: str | None) -> ZoneAnswer | None:
    """ "CET time"."""
    return zone_of_abbreviation(name, own=own, language="en") if len(name) > 1 and name not in WORDLIKE else None


def _starts(before: re.Match[str]) -> Iterator[int]:
    text = before[0]
    if ord(text[0]) > 0x2FFF:
        return iter(range(before.start(), before.end() - 1))
    return iter([before.start(), *(before.start() + gap.end() for gap in re.finditer(" ", text))])


def _opening(reading: str, start: int) -> int:
    """How many characters before the name lead to it: a bracket, "in "."""
    match = re.search(r"(?:[(\[]|\bin\s)$", reading[max(0, start - 4) : start])
    return len(match[0]) if match else 0


def _mention(start: int, end: int, answer: ZoneAnswer) -> ZoneMention:
    if answer.zone:
        return ZoneMention(start, end, ZoneInfo(answer.zone))
    return ZoneMention(start, end, None, answer.zones)


def zone_after(text: str, reading: str, position: int, own: ZoneInfo, language: str) -> ZoneMention | None:
    """A zone right after a clock time: +02:00, an abbreviation, a region, a place that may be meant as one."""
    if match := _PLUS.match(reading, position):
        ahead = timedelta(hours=int(match["hours"] or 0), minutes=int(match["minutes"] or 0))
        return ZoneMention(match.start(), match.end(), timezone(ahead))
    return _abbreviation(text, reading, position, own, language) or _place(text, reading, position, own)


def _abbreviation(text: str, reading: str, position: int, own: ZoneInfo, language: str) -> ZoneMention | None:
    """In capitals; in small letters "et" or "ist" may be any word, and CAT in capitals still an animal."""
    match = _AFTER_CLOCK.match(reading, position)
    if match is None or match["word"] not in ABBREVIATIONS:
        return None
    is_last = _ENDS_PART.match(reading, match.end()) is not None
    is_capital = text[match.start("word") : match.end("word")].isupper()
    if not (is_capital or (match["word"] in _SAFE_IN_SMALL and is_last)) or (match["word"] in WORDLIKE and not is_last):
        return None
    answer = zone_of_abbreviation(match["word"], own=own.key, language=language)
    return _mention(match.start(), _with_twin(match, reading, answer, own, language), answer) if answer else None


def _with_twin(match: re.Match[str], reading: str, answer: ZoneAnswer, own: ZoneInfo, language: str) -> int:
    """Where "SGT/HKT" ends: both show the same."""
    twin = _TWIN.match(reading, match.end("word"))
    other = zone_of_abbreviation(twin["word"], own=own.key, language=language) if twin else None
    is_same = answer.zone and other and other.zone and same_clock(answer.zone, other.zone)
    return twin.end() if twin and is_same else match.end()


def _place(text: str, reading: str, position: int, own: ZoneInfo) -> ZoneMention | None:
    match = _PLACE.match(reading, position)
    if match is None or not (text[match.start("name")].isupper() or ord(text[match.start("name")]) > 0x2FFF):
        return None
    for end in sorted(
        {match.end("name"), *(match.start("name") + gap.start() for gap in re.finditer(" ", match["name"]))}
    ):
        name, closing = plain(reading[match.start("name") : end]), int(reading[end : end + 1] in (")", "]"))
        answer = zone_of_place(name, own=own.key) if name not in _NO_CLOCKS else None
        if answer is None or not _ENDS_PART.match(reading, end + closing):
            continue
        if name in regions():
            return _mention(match.start(), end + closing, answer)
        if not all(same_clock(zone, own.key) for zone in answer.zones):
            return ZoneMention(match.start(), end + closing, None, (*answer.zones, own.key))
    return None


def own_place_after(text: str, reading: str, position: int, own: ZoneInfo) -> Span | None:
    """A place right after a clock time that shows the community's own: "/ 5pm UK"."""
    match = _PLACE.match(reading, position)
    if match is None or not (text[match.start("name")].isupper() or ord(text[match.start("name")]) > 0x2FFF):
        return None
    answer = zone_of_place(plain(match["name"]), own=own.key)
    is_own = answer is not None and all(same_clock(zone, own.key) for zone in answer.zones)
    return Span(match.start(), match.end()) if is_own else None


@cache
def same_clock(one: str, other: str) -> bool:
    """Whether two zones show the same, in winter and in summer."""
    seasons = (datetime(2027, 1, 15, 12, tzinfo=UTC), datetime(2027, 7, 15, 12, tzinfo=UTC))
    return all(at.astimezone(ZoneInfo(one)).utcoffset() == at.astimezone(ZoneInfo(other)).utcoffset() for at in seasons)
