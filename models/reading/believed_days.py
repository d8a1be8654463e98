"""Which of the days that a line names may be the day of the event: not one to answer by, not one in a name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from models.reading.clocks import ClockMention, find_clocks
from models.reading.day_choices import Choose, on_date
from models.reading.days import DayMention, find_days
from models.reading.deadlines import find_deadlines, find_former
from models.reading.loose_ends import find_exceptions
from models.reading.patterns import pattern_of
from models.reading.wording import MASK, Span, mask

_CLOSE = pattern_of(rf"[\s,;:()\[\]|·@{MASK}-]{{0,12}}(?:(?:at|on|from|the|um|starts?|around)\b[\s:]*)?")
_BOUNDS = pattern_of(
    r"\b(?:from|starting|beginning|starts|begins|until|till|til|through|first (?:one|session|class))\s(?:on\s|is\s)?(?:the\s)?$"
)
# "Thursdays thru September, 5:30pm".
_BOUND_BEHIND = pattern_of(r"\s(?:thru|through|until|till|from|starting|beginning|except|but not)\b")
_STARTS_PART = pattern_of(rf"(?:^|[,;\n({MASK}]|\bon)\s?$")
# "Lau Pa Sat", "at Ruby Tuesday": what stands before a weekday that is part of a name.
_NAME_BEFORE = pattern_of(r"(?:(?:\b(?:at|in|to|from)|@)\s?(?:[A-Z][\w'&.]*\s)+|(?:[A-Z][\w'&.]*\s){2,})$")


_COUNTED = pattern_of(r"in [a-z0-9]+ (?:days?|weeks?|months?)\b")
_AND = pattern_of(r"\s?(?:&|\+|、|,|和|与|及|或|and|or)\s?(?:on\s)?(?:the\s)?")
_FIGURES = pattern_of(r"/|\.[0-9]{1,2}-[0-9]{1,2}\.|[0-9](?:st|nd|rd|th)")
# "Sep 7, 14, 21 at noon".
_NUMBERS_AFTER = pattern_of(
    r"(?:(?:,\s?[0-9]{1,2}){2,}|,?\s?(?:&|and)\s?(?:the\s)?[0-9]{1,2})(?:st|nd|rd|th)?(?=\s?(?:$|[;@]|,\s|at\s|from\s))"
)
_NUMBER_BEFORE = pattern_of(
    r"(?<![0-9/.:])(?P<day>[0-9]{1,2})(?:st|nd|rd|th|[日号])?"
    r"(?:\s?(?:&|\+|、|和|与|及|或)\s?|\s(?:and|or)\s(?:the\s)?|[/,])$"
)


@dataclass(frozen=True)
class BelievedDays:
    """dated is the reading copy with the days marked; days those to believe, asides those on which it is not, former those
    from which it was moved.

    figures such as 15/3 are dates only where something agrees with them.
    """

    text: str
    days: list[DayMention]
    asides: list[DayMention]
    former: list[DayMention]
    figures: list[DayMention]


def believed_days(text: str, reading: str, today: date) -> BelievedDays:
    """The days of a reading copy that may be the event's, seen from today; text is what it was made from.

    Figures such as 12/3 count only beside a clock time or at the start of a part of the line, and only where no surer day
    is named, unless a weekday stands with them ("Sat 28.11").
    """
    every = find_days(reading)
    exceptions = find_exceptions(reading)
    excepted = [day for day in every if day not in _outside([day], exceptions)]
    asides, former = [*find_deadlines(reading, every), *excepted], find_former(reading, every)
    reading = mask(reading, *asides, *former)
    every = _outside(every, [*asides, *former])
    counts = _counts_of_title(every, reading)
    reading, every = mask(reading, *counts), _outside(every, counts)
    text_left = mask(reading, *every)
    likely = [clock for clock in find_clocks(text_left) if clock.is_weak and not clock.is_bare]
    clocks = [clock for clock in find_clocks(text_left) if not clock.is_weak or clock.ends]
    credible_days = [
        day
        for day in every
        if day.is_weak
        and not day.is_gone
        and (
            (clocks and _is_date(reading, day, clocks))
            or _is_beside(day, likely)
            or (day.must_be is not None and (clocks or likely))
            or (day.repeats is not None and clocks and _BOUND_BEHIND.match(reading, day.end))
        )
    ]
    beside_weekday = [day for day in credible_days if day.must_be is not None]
    strong_days = find_days(reading, also_weak=False)
    series = (
        [day for day in every if day.is_weak and day.repeats and (clocks or day in credible_days)]
        if strong_days
        and all(_bounds(reading, day) or _is_within(day, credible_days, reading, clocks) for day in strong_days)
        else []
    )
    days = (
        beside_weekday
        or series
        or ([day for day in strong_days if not day.is_gone] and strong_days)
        or credible_days
        or strong_days
    )
    figures = [day for day in every if day.is_weak and _FIGURES.search(reading, day.start, day.end)]
    return BelievedDays(mask(reading, *days), without_names(text, days, today), asides, former, figures)


def _counts_of_title(days: list[DayMention], reading: str) -> list[DayMention]:
    """The "in 90 days" of a title, where another day stands beside the hour: "customers in 90 days, 10/15, 7pm"."""
    counted = [day for day in days if _COUNTED.match(reading, day.start)]
    others = [day for day in days if day not in counted]
    clocks = [clock for clock in find_clocks(mask(reading, *days)) if not clock.is_weak]
    is_other = any(are_close(reading, day, clock) for day in others for clock in clocks)
    return counted if is_other else []


def _outside(days: Sequence[DayMention], spans: Sequence[Span]) -> list[DayMention]:
    return [day for day in days if not any(one.start < day.end and day.start < one.end for one in spans)]


def _bounds(reading: str, day: DayMention) -> bool:
    """Whether the day only begins or ends a series: "Saturdays 8am from 28 March until May"."""
    return _BOUNDS.search(reading[max(0, day.start - 16) : day.start]) is not None


def find_day_of_end(reading: str) -> list[DayMention]:
    """The Friday of "Thu 11pm-3am Fri": the weekday behind a range, if it is the one after that before it."""
    weekdays = [day for day in find_days(reading) if day.weekday is not None and not day.repeats]
    if len(weekdays) < 2:
        return []
    clocks = [clock for clock in find_clocks(mask(reading, *weekdays)) if clock.ends]
    return [
        later
        for first, later in pairwise(weekdays)
        for clock in clocks
        if first.end <= clock.start < later.start
        and are_close(reading, first, clock)
        and re.fullmatch(r"\s?(?:on\s)?", reading[clock.end : later.start])
        and later.weekday == ((first.weekday or 0) + 1) % len(_WEEK)
    ]


_WEEK = range(7)


def _is_within(day: DayMention, days: Sequence[DayMention], reading: str, clocks: Sequence[ClockMention]) -> bool:
    """Whether days are those within which a series happens: "Tuesdays 8pm, 22 June until 27 July"."""
    series = [one for one in days if one.repeats and any(are_close(reading, one, clock) for clock in clocks)]
    return day.last is not None and bool(series)


def _is_beside(day: DayMention, clocks: Sequence[ClockMention]) -> bool:
    """周末晚上八点: an hour that would be doubtful alone stands right behind."""
    return any(clock.start == day.end for clock in clocks)


def _is_date(reading: str, day: DayMention, clocks: Sequence[ClockMention]) -> bool:
    starts_part = _STARTS_PART.search(reading[: day.start][-8:]) is not None
    return starts_part or any(are_close(reading, day, clock) for clock in clocks)


def without_names(text: str, days: Sequence[DayMention], today: date) -> list[DayMention]:
    """The days, without a weekday that only a name holds: it is not that of "tonight" beside it ("Lau Pa Sat tonight")."""
    return [_without_name(text, day, today) for day in days]


def _without_name(text: str, day: DayMention, today: date) -> DayMention:
    if day.must_be is None or not day.relative_start or day.choose(today)[0].weekday() == day.must_be:
        return day
    is_name = text[day.start].isupper() and _NAME_BEFORE.search(text[: day.start])
    return replace(day, start=day.relative_start, must_be=None) if is_name else day


def are_close(reading: str, one: Span, other: Span) -> bool:
    """Whether nothing but a small word or a sign stands between the two."""
    first, second = sorted((one, other), key=lambda span: span.start)
    return _CLOSE.fullmatch(reading[first.end : second.start]) is not None


def find_joined(reading: str, day: DayMention, days: Sequence[DayMention]) -> list[DayMention]:
    """The other days of "12 March and 19 March, 6pm", 9月20、21日: which of them is meant must be asked."""
    if day.weekday is not None or day.repeats:
        return []
    pairs = [
        one for one in days if one is not day and one.weekday is None and _AND.fullmatch(_between(reading, one, day))
    ]
    if not day.last and (more := _NUMBERS_AFTER.match(reading, day.end)):
        last = re.compile("[0-9]{1,2}").findall(more[0])[-1]
        pairs.append(replace(day, start=day.end, end=more.end(), choose=_same_month_as(day, int(last))))
    number = _NUMBER_BEFORE.search(reading[: day.start]) if reading[day.start].isdecimal() and not day.last else None
    return [*pairs, _same_month(number, day)] if number and not pairs else pairs


def _between(reading: str, one: Span, other: Span) -> str:
    first, second = sorted((one, other), key=lambda span: span.start)
    return reading[first.end : second.start]


def _same_month(number: re.Match[str], day: DayMention) -> DayMention:
    """The 16th of "16th & 17th March"."""
    return replace(day, start=number.start(), end=number.end("day"), choose=_same_month_as(day, int(number["day"])))


def _same_month_as(day: DayMention, number: int) -> Choose:
    return lambda today: [on for one in day.choose(today)[:1] for on in on_date(one.year, one.month, number)(today)]


@dataclass(frozen=True)
class Agreeing:
    """The day that a weekday and a date apart from it name together, and the words of the date."""

    day: DayMention
    words: Span


def find_agreeing(day: DayMention, days: Sequence[DayMention], today: date) -> Agreeing | None:
    """ "20-22 March, kick-off Fri 6pm": the Friday of those days; None where no date has that weekday."""
    if day.weekday is None or day.repeats or day.last:
        return None
    for in_words in days:
        if (
            in_words.weekday is not None
            or in_words.must_be is not None
            or in_words.is_relative
            or in_words.is_gone
            or in_words.feast
        ):
            continue
        agreeing = [
            one
            for choose in (in_words.choose, in_words.otherwise)
            for one in _of_weekday(day.weekday, in_words, choose, today)
        ]
        if agreeing:
            both = replace(
                day,
                choose=on_date(agreeing[0].year, agreeing[0].month, agreeing[0].day),
                weekday=None,
                last=in_words.last,
            )
            return Agreeing(both, Span(in_words.start, in_words.end))
    return None


def _of_weekday(weekday: int, day_mention: DayMention, choose: Choose | None, today: date) -> list[date]:
    """The days of a date, or of several ("20-22 March"), that are ahead and of that weekday."""
    first = choose(today)[:1] if choose else []
    last = day_mention.last(first[0])[:1] if first and day_mention.last else first
    span = range((last[0] - first[0]).days + 1) if first and last else range(0)
    return [one for n in span if (one := first[0] + timedelta(days=n)).weekday() == weekday and one >= today]
