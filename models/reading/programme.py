"""The hours of an event that names several: "18:00 arrival, 18:30 start, 21:00 finish", 19:00签到 19:30开始 21:00结束.

The event starts with the hour that stands with its day; an hour of its end is its end, and any other stays in the title, where
people read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from models.reading.clocks import ClockMention, find_clocks
from models.reading.patterns import pattern_of
from models.reading.wording import LEFT, MASK, RIGHT, Span, mask

_ARRIVAL = (
    rf"签到|入场|入席|入座|候场|迎宾|进场|集合|报到|到场|{LEFT}(?:check-?in|arrivals?|arrive|doors(?: open)?|registration|welcome"
    rf"|networking){RIGHT}"
)
_START = (
    rf"(?:正式|准时)?(?:开始|开场|开讲|开演|开饭|开席|开赛)|出发|发车|{LEFT}(?:(?:talks?|show|dinner|film|match)(?:\sstarts?)?|starts?|begins?|leave|leaving|depart(?:s|ure|ing)?"
    rf"|kick-?off){RIGHT}"
)
_FINISH = rf"结束|散(?:场|会|伙)?(?=$|[\\s,;.])|解散|收工|{LEFT}(?:ends?|finish(?:es)?|closes?|wraps? up){RIGHT}"
_PART = f"(?P<arrival>{_ARRIVAL})|(?P<start>{_START})|(?P<finish>{_FINISH})"
_ANY = pattern_of(_PART)
_BEFORE = pattern_of(rf"(?:{_PART})(?P<gap>\s?:?\s?(?:(?:at|by|from)\s)?)$")
_AFTER = pattern_of(rf"(?P<gap>\s?)(?:{_PART})")

_OPEN_END = pattern_of(
    r"[\s,-]{0,2}(?<![a-z])(?:(?:until|'?till?) (?:late|whenever|we drop|the end)|late|open end)"
    rf"(?=\s?(?:$|[,;|\n.)@(]|{MASK}))"
)


@dataclass(frozen=True)
class Programme:
    """Beside the start: the hour of the end, the word that goes with the start, and the other hours."""

    end: ClockMention | None = None
    label: Span | None = None
    others: tuple[Span, ...] = ()


@dataclass(frozen=True)
class _Part(Span):
    """An hour with the word that says what happens then: "arrival", "start", "finish"."""

    name: str
    label: Span
    clock: ClockMention


def find_programme(reading: str, start: ClockMention) -> Programme:
    """What happens at the other hours of a reading copy; nothing where no word says so."""
    if not _ANY.search(reading):
        return Programme()
    later = [clock for clock in find_clocks(mask(reading, start)) if not clock.is_bare]
    parts = list(_parts(reading, sorted([start, *later], key=lambda clock: clock.start)))
    others = [part for part in parts if part.clock is not start]
    ends = [part for part in others if part.name == "finish" and part.clock.ends is None]
    own = next((part.label for part in parts if part.clock is start and part.name == "arrival"), None)
    end = ends[0] if ends and start.ends is None else None
    return Programme(
        ClockMention(end.start, end.end, end.clock.starts) if end else None,
        own if own and (others or reading.startswith("doors", own.start)) else None,
        tuple(Span(part.start, part.end) for part in others if part is not end),
    )


def find_open_end(reading: str) -> Span | None:
    """An end left open, "till late", by itself behind a mention or at the end of a part: it says no more than none."""
    match = _OPEN_END.search(reading)
    return match and Span(match.start(), match.end())


def _parts(reading: str, clocks: Iterable[ClockMention]) -> Iterable[_Part]:
    """Each hour with its word, the nearer one where one stands on either side; no word goes with two hours."""
    n_read = 0
    for clock in clocks:
        inside = _ANY.search(reading, clock.start, clock.end)
        before, after = _BEFORE.search(reading, n_read, clock.start), _AFTER.match(reading, clock.end)
        match = inside or _nearer(before, after)
        if match is None or match.lastgroup is None:
            continue
        name = next(name for name in ("arrival", "start", "finish") if match[name])
        label = Span(*match.span(name))
        n_read = max(clock.end, label.end)
        yield _Part(min(clock.start, label.start), n_read, name, label, clock)


def _nearer(before: re.Match[str] | None, after: re.Match[str] | None) -> re.Match[str] | None:
    if before is None or after is None:
        return before or after
    return after if len(after["gap"]) < len(before["gap"]) else before
