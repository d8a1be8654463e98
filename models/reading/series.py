"""What a line says of a series beside its day: how often, from when, until when."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.reading.days import DayMention
from models.reading.patterns import pattern_of
from models.reading.rhythms import RhythmMention, find_rhythm, repeating
from models.reading.series_ends import MOST_TIMES, SeriesEnd, SeriesStart, find_series_end, find_series_start
from models.reading.wording import LEFT, NUMBER, RIGHT, Span, mask, number, present

_COUNT_BEFORE = pattern_of(
    rf"{LEFT}(?<!room )(?<!track )(?<!level )(?<!group )(?<!part )(?<!week )(?P<count>{NUMBER})\s$"
)

# "Monthly breakfast, 1st Friday of the month".
_MONTHLY = pattern_of(rf"{LEFT}monthly{RIGHT}")


@dataclass(frozen=True)
class Series:
    """The day with the rule by which it repeats, and the words for rhythm, start and end."""

    day: DayMention | None
    rhythm: RhythmMention | None = None
    start: SeriesStart | None = None
    end: SeriesEnd | None = None

    @property
    def spans(self) -> list[Span]:
        """What was used beside the day."""
        return present(self.rhythm, self.start, self.end)


def find_series(reading: str, day: DayMention) -> Series:
    """The series of a day, in a reading copy where day and hour are masked; without a rhythm the day alone."""
    rhythm = None if day.last else find_rhythm(reading)
    day = repeating(day, rhythm.rule) if rhythm else day
    if day.if_series and not day.repeats and (_MONTHLY.search(reading) or find_series_end(reading)):
        day = replace(day, repeats=day.if_series)
    if not day.repeats:
        return Series(day, rhythm)
    reading = mask(reading, *present(rhythm))
    start = find_series_start(reading)
    if (count := _count_before(reading, day)) is not None:
        return Series(day, rhythm, start, count)
    end = find_series_end(mask(reading, *present(start))) or (start.until if start else None)
    return Series(day, rhythm, start, end)


def _count_before(reading: str, day: DayMention) -> SeriesEnd | None:
    """How often, right before days in the plural: "six Wednesdays"."""
    match = _COUNT_BEFORE.search(reading[: day.start]) if day.repeats and day.weekday is not None else None
    is_count = match is not None and 1 < number(match["count"]) <= MOST_TIMES
    return SeriesEnd(match.start("count"), match.end("count"), number(match["count"])) if match and is_count else None
