"""Which of the days, clock times, durations and zones in an event line belong together and say when it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from models.reading.believed_days import (
    Agreeing,
    BelievedDays,
    are_close,
    believed_days,
    find_agreeing,
    find_day_of_end,
    find_joined,
)
from models.reading.clocks import ClockMention, Minutes, find_clocks, find_durations, find_end, find_wait
from models.reading.days import DayMention, find_days
from models.reading.deadlines import find_former_hour, is_moved_to
from models.reading.other_clocks import find_elsewhere, find_same_starts, find_translated
from models.reading.patterns import pattern_of
from models.reading.programme import Programme, find_open_end, find_programme
from models.reading.rhythms import RhythmMention
from models.reading.series import Series, find_series
from models.reading.series_ends import SeriesEnd, SeriesStart
from models.reading.vague_hours import VagueHour, find_vague_hour
from models.reading.wording import MASK, Span, mask, overlaid, present
from models.reading.zone_mentions import ZoneMention, find_zone, zone_after

_TO_DAY = pattern_of(r"\s?(?:-|to|until|'?till?|through|thru|到|至|→|-?>)\s?")
_STARTS_PART = pattern_of(rf"(?:^|[,;\n({MASK}]|\bon)\s?$")
_ENDS_PART = pattern_of(rf"\s?(?:$|[,;\n).!?{MASK}@]|-\s|(?:at|with|in|on|this|next|starting|until|till)\b)")
# "Thurs 1230 Amoy": run together, right behind its day.
_RUN_TOGETHER = pattern_of(r"[0-9]{4}$")
# "19h" is rather an hour of the day than a length, other than "2h".
_HOUR_OF_DAY = pattern_of(r"(?:1[3-9]|2[0-3])\s?h$")
# "Friday, 1pm, 24/4"; not "Sat at noon, 3/21 if it rains".
_APART = pattern_of(r"\s?(?:$|[,;|\n])")
_SHORTEST = 15
_HAN = pattern_of("[\u4e00-\u9fff]")
_EVENING = pattern_of(
    r"\b(?:night|evening|dinner|supper|drinks?|beers?|pints?|pub|cocktails?|party|afterwork|after-work|tonight|concert|gig|karaoke"
    r"|poker|comedy|movie|screening)\b|[晚夜]|酒(?!店)|烧烤|撸串|派对|蹦迪|k歌|ktv|演唱会"
)
_MORNING = pattern_of(
    r"\bearly(?![\s-](?:stage|adopter|access|bird (?:ticket|price|until|ends)))\b"
    r"|\b(?:morning|breakfast|brunch|sunrise|run(?:club|ning)?|jog(?:ging)?)\b|[早晨]|[起开]跑|鸣枪|起床|日出|(?<!黑客)马拉松|陪跑|登山|徒步"
)


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
    programme: Programme | None = None
    other_days: tuple[DayMention, ...] = ()
    former: tuple[Span, ...] = ()
    also: Span | None = None
    joined_days: tuple[DayMention, ...] = ()
    # The start once more, on the clocks of other zones.
    same_starts: tuple[Span, ...] = ()
    open_end: Span | None = None
    # What hints at an hour where none is told.
    vague: VagueHour | None = None

    @property
    def asides(self) -> tuple[Span, ...]:
        """What says another time than that of the event: days to answer by or given up, other hours of the programme."""
        return (*self.other_days, *(self.programme.others if self.programme else ()))

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every mention that was used."""
        day = (self.day, self.end_day, self.series_start, self.series_end, self.rhythm)
        time = (self.clock, self.end, self.duration, self.wait, self.zone, self.abbreviation, self.elsewhere)
        label = self.programme.label if self.programme else None
        others = (label, self.also, self.vague, self.open_end, *self.same_starts, *self.former)
        return tuple(span for span in (*day, *time, *others) if span is not None)


def find_when(text: str, reading: str, zone: ZoneInfo, language: str, today: date) -> WhenMentions:
    """The mentions of the reading copy that together say when; text is what it was made from, today the community's."""
    mood = _mood(reading)
    translation = find_translated(text, reading, zone, language)
    reading = mask(reading, *present(translation))
    said_twice = [*present(find_former_hour(reading)), *find_day_of_end(reading)]
    reading = mask(reading, *said_twice)
    same_starts = find_same_starts(text, reading, zone, language, today)
    reading = mask(reading, *same_starts)
    named_zone, wait = find_zone(reading, own=zone.key), find_wait(reading)
    reading = mask(reading, *present(named_zone, wait))
    believed = believed_days(text, reading, today)
    clock = _clock(believed.text, believed.days)
    day = _day(reading, believed.days, clock)
    if not (day or clock or wait):
        day = _day(reading, [mention for mention in find_days(reading) if mention.is_gone], None)
    agreeing = _agreeing(reading, day, clock, believed, today) if day and clock else None
    if agreeing:
        day = agreeing.day
    end_day, end = (None, None) if day and day.repeats else _end(believed.text, believed.days, clock)
    if clock and day and end_day and day == end_day:
        day = None
    abbreviation = zone_after(text, reading, clock.end, zone, language) if clock else None
    if day and clock and wait and not day.repeats:
        wait = None  # "SOC 2 in 30 minutes, Tuesday noon"
    also = agreeing.words if agreeing else None
    rest = mask(reading, *present(day, also, clock, end_day, end, abbreviation))
    elsewhere = translation or find_elsewhere(text, rest, zone, language)
    rest = mask(rest, *present(elsewhere))
    series = find_series(rest, day) if day and not end_day else Series(day)
    rest = mask(rest, *series.spans)
    programme = find_programme(overlaid(rest, believed.text), clock) if clock else None
    if programme and clock and not clock.ends and not end:
        end = programme.end or find_end(overlaid(rest, mask(believed.text, *programme.others)))
    rest = mask(rest, *present(end, programme.label if programme else None))
    duration = None if end or (clock and clock.ends) else _duration(rest)
    return WhenMentions(
        series.day, clock, end_day, end, duration, wait, named_zone, abbreviation, mood, series.end, elsewhere, series.start,
        series.rhythm, programme, tuple(believed.asides), (*believed.former, *said_twice), also,
        tuple(find_joined(reading, day, believed.days)) if day and not end_day else (),
        tuple(same_starts), find_open_end(rest) if clock and not end else None,
        find_vague_hour(rest) if day and not (clock or wait) else None,
    )  # fmt: skip


def _agreeing(
    reading: str, day: DayMention, clock: ClockMention, dated_days: BelievedDays, today: date
) -> Agreeing | None:
    """The date that agrees with a weekday; figures only where no hour stands with it ("Sat at noon, 3/21 if it rains")."""
    is_settled = are_close(reading, day, clock)
    figures = [one for one in dated_days.figures if one.last or not is_settled or _stands_apart(one, reading)]
    return find_agreeing(day, [*dated_days.days, *figures], today)


def _stands_apart(figure: DayMention, reading: str) -> bool:
    return reading[: figure.start].rstrip()[-1:] in (",", ";") and _APART.match(reading, figure.end) is not None


def _mood(reading: str) -> str | None:
    if _EVENING.search(reading):
        return "evening"
    return "morning" if _MORNING.search(reading) else None


def _clock(text: str, days: Sequence[DayMention]) -> ClockMention | None:
    """The clock time beside a day, else the first sure one, else the first that may be one."""
    best: tuple[tuple[bool, ...], ClockMention] | None = None
    for clock in find_clocks(text):
        is_beside = any(are_close(text, day, clock) for day in days)
        is_whole = _ENDS_PART.match(text, clock.end) or _HOUR_OF_DAY.search(text[clock.start : clock.end])
        is_whole = is_whole or _RUN_TOGETHER.search(text[clock.start : clock.end])
        is_in_part = any(day.part_of_day and day.end == clock.start for day in days)
        if clock.is_bare and not (is_in_part or (is_beside and is_whole)):
            continue
        is_sure = not clock.is_weak or (is_in_part and not clock.is_bare)
        is_exact = text[clock.start : clock.end] not in ("中午", "正午")
        rank = (is_moved_to(text, clock), is_sure, is_exact, is_beside, clock.ends is not None)
        if best is None or rank > best[0]:
            best = (rank, clock)
    return best[1] if best else None


def _day(reading: str, days: Sequence[DayMention], clock: ClockMention | None) -> DayMention | None:
    """The day beside the clock time, else the last date, else the last weekday."""
    repeating = [day for day in days if day.repeats]
    # Where another day is named too, "last Friday" belongs to the title: "Recap of last Friday, Thu 7pm".
    days = repeating[-1:] or [day for day in days if not day.is_gone] or days
    if not days:
        return None
    beside = [day for day in days if clock and are_close(reading, day, clock) and day.start < clock.start]
    beside = beside or [day for day in days if clock and are_close(reading, day, clock)]
    return (beside or [day for day in days if day.weekday is None] or days)[-1]


def _end(
    text: str, days: Sequence[DayMention], clock: ClockMention | None
) -> tuple[DayMention | None, ClockMention | None]:
    """The end of "Fri 18:00 - Sun 16:00"."""
    if clock is None or clock.ends is not None:
        return None, None
    for day in days:
        if day.start >= clock.end and _TO_DAY.fullmatch(text[clock.end : day.start]):
            after = [later for later in find_clocks(text) if later.start >= day.end and are_close(text, day, later)]
            return (replace(day, start=clock.end), after[0]) if after else (None, None)
    return None, None


def _duration(rest: str) -> Minutes | None:
    """The first duration that is not part of a title: after "for", beside another mention, or alone."""
    for mention in find_durations(rest):
        is_apart = _STARTS_PART.search(rest[: mention.start][-8:]) and _ENDS_PART.match(rest, mention.end)
        is_after = re.search(rf"{MASK}[\s,(]*$", rest[: mention.start][-8:]) and not _HAN.match(rest, mention.end)
        # "5 o'clock, 3 min pitches" last longer.
        is_of_pitch = mention.minutes < _SHORTEST and re.match(r"\s[a-z]", rest[mention.end :]) and not is_apart
        if not mention.is_weak or is_apart or (is_after and not is_of_pitch):
            return mention
    return None
