"""What a line says of a series beside its day: how often, from when, until when."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.reading.days import DayMention
from models.reading.rhythms import RhythmMention, find_rhythm, repeating
from models.reading.series_ends import SeriesEnd, SeriesStart, find_series_end, find_series_start
from models.reading.wording import Span, mask, present


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
    if day.if_series and not day.repeats and find_series_end(reading):
        day = replace(day, repeats=day.if_series)
    if not day.repeats:
        return Series(day, rhythm)
    reading = mask(reading, *present(rhythm))
    start = find_series_start(reading)
    end = find_series_end(mask(reading, *present(start))) or (start.until if start else None)
    return Series(day, rhythm, start, end)
