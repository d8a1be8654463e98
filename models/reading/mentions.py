"""Which of the days, clock times, durations and zones in an event line belong together and say when it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from models.reading.clocks import ClockMention, Minutes, find_clocks, find_durations, find_end, find_wait
from models.reading.days import DayMention, find_days
from models.reading.rhythms import RhythmMention, find_rhythm
from models.reading.rhythms import repeating as repeating_day
from models.reading.series_ends import SeriesEnd, SeriesStart, find_series_end, find_series_start
from models.reading.wording import MASK, Span, masked
from models.reading.zone_mentions import ZoneMention, find_zone, zone_after

_CLOSE = re.compile(rf"[\s,;:()\[\]|·@{MASK}-]{{0,12}}(?:(?:at|on|from|the|um|starts?|around)\b[\s:]*)?")
_TO_DAY = re.compile(r"\s?(?:-|to|until|till|到|至)\s?")
_ON_ANOTHER_CLOCK_SOMEWHERE = re.compile(rf"{MASK}\s?[/=]")
_ON_ANOTHER_CLOCK = re.compile(rf"{MASK}\s?[/=]\s?$")
_STARTS_PART = re.compile(rf"(?:^|[,;\n({MASK}]|\bon)\s?$")
_ENDS_PART = re.compile(rf"\s?(?:$|[,;\n).!?{MASK}@]|(?:at|with|in)\b)")
# "19h" is rather an hour of the day than a length, other than "2h".
_HOUR_OF_DAY = re.compile(r"(?:1[3-9]|2[0-3])\s?h$")
_DEADLINE_BEFORE = re.compile(r"\b(?:by|before|until|deadline)[: ]\s?(?:the )?$|截止[日期时间:]*\s?$")
_DEADLINE_AFTER = re.compile(r"\s?(?:之?前(?!天)|截止|为止)")
_HAN = re.compile("[\u4e00-\u9fff]")
_EVENING = re.compile(
    r"\b(?:night|evening|dinner|drinks?|beers?|party|afterwork|after-work|tonight|concert)\b|[晚夜]|酒"
)
_MORNING = re.compile(r"\b(?:morning|breakfast|brunch|sunrise|run(?:club|ning)?|jog(?:ging)?)\b|[早晨]")


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
    series_end: SeriesEnd | None = None
    elsewhere: Span | None = None
    series_start: SeriesStart | None = None
    rhythm: RhythmMention | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every mention that was used."""
        day = (self.day, self.end_day, self.series_start, self.series_end, self.rhythm)
        time = (self.clock, self.end, self.duration, self.wait, self.zone, self.abbreviation, self.elsewhere)
        return tuple(span for span in (*day, *time) if span is not None)


def find_when(text: str, reading: str, zone: ZoneInfo, language: str) -> WhenMentions:
    """The mentions of the reading copy that together say when; text is what it was made from."""
    mood = _mood(reading)
    named_zone, wait = find_zone(reading, own=zone.key), find_wait(reading)
    reading = masked(reading, *_present(named_zone, wait))
    dated, days = _sure(reading)
    repeating = [one for one in days if one.repeats]
    clock = _clock(dated, days)
    day = repeating[-1] if repeating else _day(reading, days, clock)
    if not (day or clock or wait):
        day = _day(reading, [gone for gone in find_days(reading) if gone.is_gone], None)
    end_day, end = (None, None) if repeating else _end(dated, days, clock)
    if clock and day and end_day and day == end_day:
        day = None
    abbreviation = zone_after(text, reading, clock.end, zone, language) if clock and not named_zone else None
    rest = masked(reading, *_present(day, clock, end_day, end, abbreviation))
    elsewhere = _elsewhere(text, rest, zone, language)
    rest = masked(rest, *_present(elsewhere))
    rhythm = find_rhythm(rest) if day and not end_day and not day.last else None
    rest = masked(rest, *_present(rhythm))
    series_start = series_end = None
    if day and rhythm:
        day = repeating_day(day, rhythm.rule)
    if day and day.repeats:
        series_start = find_series_start(rest)
        rest = masked(rest, *_present(series_start))
        series_end = (series_start.until if series_start else None) or find_series_end(rest)
        rest = masked(rest, *_present(series_end))
    if clock and not clock.ends and not end:
        end = find_end(rest)
        rest = masked(rest, *_present(end))
    duration = None if end or (clock and clock.ends) else _duration(rest)
    return WhenMentions(
        day,
        clock,
        end_day,
        end,
        duration,
        wait,
        named_zone,
        abbreviation,
        mood,
        series_end,
        elsewhere,
        series_start,
        rhythm,
    )


def _elsewhere(text: str, rest: str, zone: ZoneInfo, language: str) -> Span | None:
    """The same start on another clock, behind the first: "17:00 CET / 11am ET"."""
    if not _ON_ANOTHER_CLOCK_SOMEWHERE.search(rest):
        return None
    for clock in find_clocks(rest):
        before = _ON_ANOTHER_CLOCK.search(rest[: clock.start][-4:])
        named = zone_after(text, rest, clock.end, zone, language) if before else None
        if before and named:
            return Span(clock.start - len(before[0]) + 1, named.end)
    return None


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


def _sure(reading: str) -> tuple[str, list[DayMention]]:
    """The days to believe, and the reading with them marked.

    Figures such as 12/3 count only beside a clock time or at the start of a part of the line, and only where no surer day
    is named, unless a weekday stands with them ("Sat 28.11").
    """
    every = [day for day in find_days(reading) if not _is_deadline(reading, day)]
    dated = masked(reading, *every)
    clocks = [clock for clock in find_clocks(dated) if not clock.is_weak or clock.ends]
    likely = [clock for clock in find_clocks(dated) if clock.is_weak and not clock.is_bare]
    believed = [
        day
        for day in every
        if day.is_weak and not day.is_gone and ((clocks and _is_date(reading, day, clocks)) or _is_beside(day, likely))
    ]
    beside_weekday = [day for day in believed if day.must_be is not None]
    surely = find_days(reading, also_weak=False)
    # A day to answer by holds no clock time either: "10:00 until 15 Dec".
    deadlines: list[DayMention] = []
    meant: list[DayMention] = []
    for day in surely:
        (deadlines if _is_deadline(reading, day) else meant).append(day)
    days = beside_weekday or ([day for day in meant if not day.is_gone] and meant) or believed or meant
    return masked(reading, *days, *deadlines), days


def _is_beside(day: DayMention, clocks: Sequence[ClockMention]) -> bool:
    """周末晚上八点: an hour that would be doubtful alone stands right behind."""
    return any(clock.start == day.end for clock in clocks)


def _is_date(reading: str, day: DayMention, clocks: Sequence[ClockMention]) -> bool:
    starts_part = _STARTS_PART.search(reading[: day.start][-8:]) is not None
    return starts_part or any(_are_close(reading, day, clock) for clock in clocks)


def _clock(dated: str, days: Sequence[DayMention]) -> ClockMention | None:
    """The clock time beside a day, else the first sure one, else the first that may be one."""
    best: tuple[tuple[bool, bool, bool], ClockMention] | None = None
    for clock in find_clocks(dated):
        is_beside = any(_are_close(dated, day, clock) for day in days)
        is_whole = _ENDS_PART.match(dated, clock.end) or _HOUR_OF_DAY.search(dated[clock.start : clock.end])
        is_in_part = any(day.part_of_day and day.end == clock.start for day in days)
        if clock.is_bare and not (is_in_part or (is_beside and is_whole)):
            continue
        rank = (not clock.is_weak, is_beside, clock.ends is not None)
        if best is None or rank > best[0]:
            best = (rank, clock)
    return best[1] if best else None


def _day(reading: str, days: Sequence[DayMention], clock: ClockMention | None) -> DayMention | None:
    """The day beside the clock time, else the last date, else the last weekday."""
    # Where another day is named too, "last Friday" belongs to the title: "Recap of last Friday, Thu 7pm".
    days = [day for day in days if not day.is_gone] or days
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
        is_after = re.search(rf"{MASK}[\s,(]*$", rest[: found.start][-8:]) and not _HAN.match(rest, found.end)
        if not found.is_weak or is_apart or is_after:
            return found
    return None
