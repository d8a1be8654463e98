"""The days of a line that may end a need or an offer: the last day of each, whether its words say so, the hour beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from models.reading.believed_days import are_close
from models.reading.clocks import ClockMention, find_clocks
from models.reading.days import DayMention, find_days
from models.reading.event_draft import Choice, NotAnEvent
from models.reading.listing_days import apart_from_days, feasts, is_each_day, without_lists
from models.reading.listing_end_patterns import (
    AFTER_START,
    GOES_ON,
    KEEPS,
    LEAD,
    LONGEST_LEAD,
    NOT_THEN,
    STARTS,
    TAIL,
    UNTIL,
)
from models.reading.listing_period_readers import PeriodMention
from models.reading.listing_periods import find_periods
from models.reading.mentions import WhenMentions
from models.reading.patterns import pattern_of
from models.reading.which_day import days_meant, settle_day
from models.reading.wording import Span, mask

# "A van for one Saturday": whichever.
_ANY_ONE = pattern_of(r"\b(?:one|an?|any|some)\s$", re.IGNORECASE)
WEEK = timedelta(weeks=1)
_TO = pattern_of(r"\s?(?:-|to|until|till|through|到|至)\s?")


@dataclass(frozen=True)
class LastDay(Span):
    """A named day or period with its lead and tail: its last day, the hour beside it."""

    last: date
    is_deadline: bool
    clock: ClockMention | None = None
    part_of_day: str | None = None


def last_days(text: str, reading: str, today: date, zone: ZoneInfo) -> Iterator[LastDay]:
    """Every such day in the reading copy of text, stretches first; today is the community's."""
    periods = apart_from_days(find_periods(reading), reading)
    rest = mask(reading, *periods)
    mentions: list[DayMention | PeriodMention] = [
        *periods,
        *(day for day in find_days(rest) if not (day.repeats or day.is_gone or day.is_doubtful or is_each_day(day))),
    ]
    mentions = sorted([*mentions, *feasts(mask(rest, *mentions))], key=lambda mention: mention.start)
    mentions = without_lists(mentions, reading)
    clocks = [clock for clock in find_clocks(mask(rest, *mentions)) if not clock.is_bare]
    spans = list(_stretches(mentions, reading, today))
    yield from spans
    mentions = [one for one in mentions if not any(span.start <= one.start < span.end for span in spans)]
    for mention in mentions:
        if (day := _day_of(mention, clocks, text, reading, today, zone, "zh" if _has_han(text) else "en")) is not None:
            yield day


def _stretches(mentions: Sequence[DayMention | PeriodMention], reading: str, today: date) -> Iterator[LastDay]:
    """Two of them that say from when to when: "from April to September", 4月到6月."""
    for first, second in pairwise(mentions):
        lead = STARTS.search(reading[max(0, first.start - LONGEST_LEAD) : first.start])
        if isinstance(second, PeriodMention) and _TO.fullmatch(reading[first.end : second.start]):
            starts = first.first(today) if isinstance(first, PeriodMention) else first.choose(today)[0]
            yield LastDay(
                first.start - (len(lead[0]) if lead else 0),
                second.end,
                second.last(max(starts, today)),
                is_deadline=False,
            )


def _has_han(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def _day_of(
    mention: DayMention | PeriodMention,
    clocks: Sequence[ClockMention],
    text: str,
    reading: str,
    today: date,
    zone: ZoneInfo,
    language: str,
) -> LastDay | None:
    clock = next((clock for clock in clocks if _belongs(reading, mention, clock)), None)
    start, end = _both(mention, clock)
    lead = LEAD.search(reading[max(0, start - LONGEST_LEAD) : start])
    tail = TAIL.match(reading, end)
    # 16到19号 is a stretch, not 到19号.
    if lead and reading[: start - len(lead[0])][-1:].isdigit():
        lead = None
    if (lead and KEEPS.search(reading[: start - len(lead[0])])) or NOT_THEN.search(reading[:start]):
        return None
    if isinstance(mention, DayMention) and mention.last is None and GOES_ON.match(reading, mention.end):
        return None
    if STARTS.search(reading[max(0, start - LONGEST_LEAD) : start]) and not (
        isinstance(mention, DayMention) and mention.last
    ):
        return None
    if AFTER_START.match(reading, end):
        return None
    is_until = clock is not None and UNTIL.fullmatch(reading[mention.end : clock.start]) is not None
    is_deadline = is_until or bool(lead or tail) or (isinstance(mention, PeriodMention) and mention.is_deadline)
    if isinstance(mention, DayMention) and mention.is_weak and not is_deadline:
        return None
    last = _last_day(mention, text, today, zone, language)
    if last is None or _ANY_ONE.search(reading[:start]):
        return None
    is_before = bool((lead and lead["word"] == "before") or (tail and tail["before"]))
    is_weekday = isinstance(mention, DayMention) and mention.weekday is not None
    if last == today and is_weekday and clock is None and (is_before or not is_deadline):
        # "Thursday" on a Thursday may be the next one, "before Thursday" surely is: what stays open longer hurts nobody.
        last += WEEK
    is_end = isinstance(mention, PeriodMention) and mention.is_end
    if is_before and clock is None and not is_end:
        first = mention.first(today) if isinstance(mention, PeriodMention) else last
        last = max(first - timedelta(days=1), today)
    return LastDay(
        start - (len(lead[0]) if lead else 0),
        tail.end() if tail else end,
        last,
        is_deadline,
        clock,
        None if isinstance(mention, PeriodMention) else mention.part_of_day,
    )


def _belongs(reading: str, mention: Span, clock: ClockMention) -> bool:
    """Whether a clock time tells the hour of this day: "Friday 6pm", "today before 6pm"."""
    return are_close(reading, mention, clock) or UNTIL.fullmatch(reading[mention.end : clock.start]) is not None


def _both(mention: Span, clock: ClockMention | None) -> tuple[int, int]:
    if clock is None:
        return mention.start, mention.end
    return min(mention.start, clock.start), max(mention.end, clock.end)


def _last_day(
    mention: DayMention | PeriodMention, text: str, today: date, zone: ZoneInfo, language: str
) -> date | None:
    """The day meant, or the last of several; None where the figures may mean two days or a weekday contradicts them."""
    if isinstance(mention, PeriodMention):
        return mention.last(today)
    try:
        settled = settle_day(WhenMentions(day=mention), text, today, zone, language, Choice())
        days = [day for day in days_meant(settled, text, today) if day >= today]
    except NotAnEvent:
        return None
    if not days or mention.last is None:
        return days[0] if days else None
    later = [day for day in mention.last(days[0]) if day >= days[0]]
    return later[0] if later else None
