"""Which of the days, clock times, durations and zones in an event line belong together and say when it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from models.domain.event_clocks import ClockMention, Minutes, find_clocks, find_durations, find_end, find_wait
from models.domain.event_days import DayMention, find_days
from models.domain.event_wording import MASK, Span, masked
from models.domain.event_zones import ZoneMention, find_zone, zone_after

_CLOSE = re.compile(rf"[\s,;:()\[\]|·@{MASK}-]{{0,12}}(?:(?:at|on|from|the|um|starts?|around)\b[\s:]*)?")
_TO_DAY = re.compile(r"\s?(?:-|to|until|till|到|至)\s?")
_STARTS_PART = re.compile(rf"(?:^|[,;\n({MASK}]|\bon)\s?$")
_ENDS_PART = re.compile(rf"\s?(?:$|[,;\n).{MASK}@])")
_DEADLINE_BEFORE = re.compile(r"\b(?:by|before|until|deadline)[: ]\s?(?:the )?$|截止[日期时间:]*\s?$")
_DEADLINE_AFTER = re.compile(r"\s?(?:之?前|截止|为止)")
_EVENING = re.compile(
    r"\b(?:night|evening|dinner|drinks?|beers?|party|afterwork|after-work|tonight|concert)\b|[晚夜]|酒"
)
_MORNING = re.compile(r"\b(?:morning|breakfast|brunch|sunrise|run)\b|[早晨]")


@dataclass(frozen=True)
class WhenMentions:
    """What a line says about time; the spans are everything that is not title or place."""

    day: DayMention | None = None
    clock: ClockMention | None = None
    end_day: DayMention | None = None
    end: ClockMention | None = None
    duration: Minutes | None = None
    wait: Minutes | None = None
    zone: ZoneMention | None = None
    abbreviation: ZoneMention | None = None
    mood: str | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every mention that was used."""
        every = (self.day, self.clock, self.end_day, self.end, self.duration, self.wait, self.zone, self.abbreviation)
        return tuple(span for span in every if span is not None)


def find_when(text: str, reading: str, zone: ZoneInfo, language: str) -> WhenMentions:
    """The mentions of the reading copy that together say when; text is what it was made from."""
    mood = _mood(reading)
    named_zone, wait = find_zone(reading), find_wait(reading)
    reading = masked(reading, *_present(named_zone, wait))
    days = [day for day in find_days(reading) if not _is_deadline(reading, day)]
    dated, days = _sure(reading, days)
    clock = _clock(dated, days)
    day = _day(reading, days, clock)
    end_day, end = _end(dated, days, clock)
    if clock and day and end_day and day == end_day:
        day = None
    abbreviation = zone_after(text, reading, clock.end, zone, language) if clock and not named_zone else None
    rest = masked(reading, *_present(day, clock, end_day, end, abbreviation))
    if clock and not clock.ends and not end:
        end = find_end(rest)
        rest = masked(rest, *_present(end))
    duration = None if end or (clock and clock.ends) else _duration(rest)
    return WhenMentions(day, clock, end_day, end, duration, wait, named_zone, abbreviation, mood)


def _present(*spans: Span | None) -> list[Span]:
    return [span for span in spans if span is not None]


def _mood(reading: str) -> str | None:
    if _EVENING.search(reading):
        return "evening"
    return "morning" if _MORNING.search(reading) else None


def _is_deadline(reading: str, day: DayMention) -> bool:
    """Whether the day is one to answer by, not to meet on."""
    return bool(
        _DEADLINE_BEFORE.search(reading[max(0, day.start - 16) : day.start]) or _DEADLINE_AFTER.match(reading, day.end)
    )


def _are_close(reading: str, one: Span, other: Span) -> bool:
    first, second = sorted((one, other), key=lambda span: span.start)
    return _CLOSE.fullmatch(reading[first.end : second.start]) is not None


def _sure(reading: str, days: Sequence[DayMention]) -> tuple[str, list[DayMention]]:
    """The days to believe, and the reading with them marked: weak ones only where no other day is named."""
    strong = [day for day in days if not day.is_weak]
    if strong:
        return masked(reading, *strong), strong
    dated = masked(reading, *days)
    clocks = [clock for clock in find_clocks(dated) if not clock.is_weak]
    weak = [
        day
        for day in days
        if clocks
        and (_STARTS_PART.search(reading[: day.start][-8:]) or any(_are_close(reading, day, clock) for clock in clocks))
    ]
    return masked(reading, *weak), weak


def _clock(dated: str, days: Sequence[DayMention]) -> ClockMention | None:
    """The clock time beside a day, else the first sure one, else the first that may be one."""
    best: tuple[tuple[bool, bool, bool], ClockMention] | None = None
    for clock in find_clocks(dated):
        is_beside = any(_are_close(dated, day, clock) for day in days)
        if clock.is_bare and not (is_beside and _ENDS_PART.match(dated, clock.end)):
            continue
        rank = (not clock.is_weak, is_beside, clock.ends is not None)
        if best is None or rank > best[0]:
            best = (rank, clock)
    return best[1] if best else None


def _day(reading: str, days: Sequence[DayMention], clock: ClockMention | None) -> DayMention | None:
    """The day beside the clock time, else the last date, else the last weekday."""
    if not days:
        return None
    beside = [day for day in days if clock and _are_close(reading, day, clock) and day.start < clock.start]
    beside = beside or [day for day in days if clock and _are_close(reading, day, clock)]
    return (beside or [day for day in days if day.weekday is None] or days)[-1]


def _end(
    dated: str, days: Sequence[DayMention], clock: ClockMention | None
) -> tuple[DayMention | None, ClockMention | None]:
    """The end of "Fri 18:00 - Sun 16:00"."""
    if clock is None or clock.ends is not None:
        return None, None
    for day in days:
        if day.start >= clock.end and _TO_DAY.fullmatch(dated[clock.end : day.start]):
            after = [later for later in find_clocks(dated) if later.start >= day.end and _are_close(dated, day, later)]
            return (replace(day, start=clock.end), after[0]) if after else (None, None)
    return None, None


def _duration(rest: str) -> Minutes | None:
    """The first duration that is not part of a title: after "for", beside another mention, or alone."""
    for found in find_durations(rest):
        is_apart = _STARTS_PART.search(rest[: found.start][-8:]) and _ENDS_PART.match(rest, found.end)
        is_after = re.search(rf"{MASK}[\s,(]*$", rest[: found.start][-8:])
        if not found.is_weak or is_apart or is_after:
            return found
    return None
