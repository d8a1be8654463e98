"""Where a need or an offer is meant: "in Kreuzberg", "near Alexanderplatz", 上海, 在深圳, remote.

A city or country is known by zone_places.py; a name in capitals behind "in" that no table has is a place unless it is
something people are good at (Python, German, SaaS). What is part of a name ("a Berlin lawyer") stays with it.
"""

from __future__ import annotations

import re

from models.reading.listing_parts import parts_of
from models.reading.listing_place_names import are_known, is_known_place, known_end
from models.reading.listing_place_patterns import (
    AND,
    AROUND,
    AT_SIGN,
    BESIDE,
    FIELD_BEFORE,
    IN,
    IS_ONLINE,
    LABELLED,
    NAME,
    NO_PLACES,
    REGION,
    SURE_WORDS,
    VENUE,
    ZH_IN,
)
from models.reading.places import Text
from models.reading.wording import MASK, Span

_LONGEST_PLACE = 60


def find_listing_place(text: str, reading: str) -> Text | None:
    """The place that a line names, in the member's own spelling; reading has everything else that was understood masked."""
    return (
        _behind_label(text, reading)
        or _whole_part(text, reading)
        or _behind_in(text, reading)
        or _behind_zai(text, reading)
        or _in_front(text, reading)
    )


def _behind_label(text: str, reading: str) -> Text | None:
    for pattern in (LABELLED, AT_SIGN):
        for match in pattern.finditer(reading):
            start, end = match.span("place")
            words = text[start:end].strip(" .:!?")
            if words:
                return Text(
                    match.start() + (reading[match.start()] == " "), start + len(text[start:end].rstrip()), words
                )
    return None


def _whole_part(text: str, reading: str) -> Text | None:
    """A part that is nothing but a place, or several: "Berlin or remote", 上海, "remote ok"; neighbours that are too join it."""
    found: Span | None = None
    for part in parts_of(reading):
        if _is_place(text[part.start : part.end], reading[part.start : part.end]):
            is_beside = found is not None and re.fullmatch(r"[\s,/、]{1,3}", reading[found.end : part.start])
            if found is not None and not is_beside:
                break
            found = Span(found.start if found else part.start, part.end)
        elif found is not None:
            break
    if found is None:
        return None
    lead = re.compile(r"(?:based )?in ").match(reading, found.start)
    return Text(found.start, found.end, text[lead.end() if lead else found.start : found.end])


def _is_place(text: str, reading: str) -> bool:
    names = [name for name in AND.split(reading) if name]
    if not names or len(reading) > _LONGEST_PLACE:
        return False
    is_written_so = not text[0].islower() or IS_ONLINE.match(reading) or re.match("in |near |around ", reading)
    return bool(is_written_so) and all(_is_one_place(name) for name in names)


def _is_one_place(name: str) -> bool:
    """Whether this is "remote", a place, or both: "remote EU"."""
    if BESIDE.fullmatch(name):
        return True
    online = IS_ONLINE.match(name)
    rest = name[online.end() :].strip() if online else name
    return not rest or are_known(
        re.sub(rf"(?:{REGION}+|{AROUND}+)$|^(?:based )?(?:in|near|around|within|from)\s", "", rest)
    )


def _behind_in(text: str, reading: str) -> Text | None:
    for match in IN.finditer(reading):
        start = match.start("place")
        end = _names_end(
            text,
            reading,
            start,
            match["word"],
            is_field=FIELD_BEFORE.search(reading[: match.start()][-24:]) is not None,
        )
        if end is not None:
            is_sure = match["word"].startswith(SURE_WORDS)
            return Text(match.start(), end, text[match.start() if is_sure else start : end])
    return None


def _names_end(text: str, reading: str, start: int, word: str, *, is_field: bool) -> int | None:
    """Where the names that begin here end; None where they are no places."""
    end = _name_end(text, reading, start, word, is_field=is_field)
    while end is not None and (also := AND.match(reading, end)):
        online = IS_ONLINE.match(reading, also.end())
        more = online.end() if online else known_end(text, reading, also.end())
        if more is None:
            break
        end = more
    return end


def _name_end(text: str, reading: str, start: int, word: str, *, is_field: bool) -> int | None:
    known = known_end(text, reading, start)
    if known is not None:
        return known
    name = NAME.match(text, start)
    if name is None or is_field or MASK in reading[start : name.end()] or NO_PLACES.match(reading, start):
        return None
    if word.startswith("at") and not VENUE.search(reading[start : name.end()]):
        return None
    if word.startswith(("across", "within")) or (name[0].isupper() and len(name[0]) <= 4):
        return None
    number = re.compile(r"\s[0-9]{1,4}[a-z]?\b").match(reading, name.end())
    return number.end() if number else name.end()


def _behind_zai(text: str, reading: str) -> Text | None:
    for match in ZH_IN.finditer(reading):
        if is_known_place(match["place"]):
            return Text(match.start(), match.end(), text[match.start("place") : match.end()].removesuffix("的"))
    return None


def _in_front(text: str, reading: str) -> Text | None:
    """上海附近的仓库, "深圳 后端工程师": a known place with which a part begins, apart from what follows."""
    for part in parts_of(reading):
        end = known_end(text, reading, part.start) if not text[part.start].isascii() else None
        if end is None:
            continue
        more = re.compile(rf"{REGION}{{0,2}}(?:的)?\s?").match(reading, end)
        second = known_end(text, reading, end)
        end = second or end
        more = re.compile(rf"(?P<region>{REGION}{{0,2}})(?P<of>的?\s?)").match(reading, end)
        if more and (more["region"] or more["of"]) and more.end() < part.end:
            return Text(part.start, more.end(), text[part.start : more.end("region")])
    return None
