"""The days and stretches that a need's or an offer's line names, before any is taken for its end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from models.reading.days import DayMention, find_days
from models.reading.feasts import BY_COUNTRY, CHINESE_FEASTS, ENGLISH_FEASTS, feast_named
from models.reading.listing_period_readers import PeriodMention
from models.reading.patterns import pattern_of
from models.reading.wording import LEFT, RIGHT

_ONE_DAY = pattern_of(r"(?:on |the )*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b")
_ROW = pattern_of(r"\s?(?:/|&|\+|、|,?\s?and|和|跟)\s?")
_FEAST = pattern_of(
    rf"{LEFT}(?P<feast>{ENGLISH_FEASTS}){RIGHT}|(?P<zh_feast>{CHINESE_FEASTS})节?(?=\s?(?:之前|以前|前|截))"
)


def apart_from_days(periods: list[PeriodMention], reading: str) -> list[PeriodMention]:
    """The periods that are no part of a day's name: "Wednesday next week"."""
    days = [day for day in find_days(reading) if not (day.repeats or day.is_gone or day.is_doubtful or day.is_weak)]
    return [
        period
        for period in periods
        if not any(
            day.start <= period.start and period.end <= day.end and _ONE_DAY.match(reading, day.start) for day in days
        )
    ]


def without_lists(mentions: list[DayMention | PeriodMention], reading: str) -> list[DayMention | PeriodMention]:
    """The mentions without weekdays that stand in a row and mean each week's: "Tue/Thu evening", 周二和周四."""
    rows = [
        (first, second)
        for first, second in pairwise(mentions)
        if _is_weekday(first) and _is_weekday(second) and _ROW.fullmatch(reading[first.end : second.start])
    ]
    return [mention for mention in mentions if not any(mention in row for row in rows)]


def _is_weekday(mention: DayMention | PeriodMention) -> bool:
    return isinstance(mention, DayMention) and mention.weekday is not None


def feasts(reading: str) -> Iterator[DayMention]:
    """Feasts that an end is told by: "before Christmas", 春节前."""
    for match in _FEAST.finditer(reading):
        name = match["feast"] or match["zh_feast"]
        yield DayMention(
            match.start(), match.end(), feast_named(name), is_weak=True, feast=name if name in BY_COUNTRY else None
        )


def is_each_day(day: DayMention) -> bool:
    """Whether "Mon-Fri" may mean each of the days rather than an end."""
    return day.weekday is not None and day.last_weekday is not None
