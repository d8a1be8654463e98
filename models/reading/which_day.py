"""The day that the mentions of an event line mean: one is settled on, or it is asked which, or no calendar has it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from models.reading.day_choices import Choose, days_around, missing_day, on_date
from models.reading.days import DayMention
from models.reading.event_draft import Choice, EventLineProblem, NotAnEvent
from models.reading.feasts import day_of
from models.reading.mentions import WhenMentions
from models.reading.wording import words_of

# Figures whose usual order means a day months away, or one that is over, were written in the other order.
NEAR = timedelta(days=60)
# Which figure of 3/4 is the month: the day comes first almost everywhere, the month in the United States and East Asia.
_MONTH_FIRST = ("America/Indiana/", "America/Kentucky/", "America/North_Dakota/", "US/")
_MONTH_FIRST_ZONES = frozenset(
    "America/New_York America/Detroit America/Chicago America/Menominee America/Denver America/Boise America/Phoenix "  # noqa: SIM905
    "America/Los_Angeles America/Anchorage America/Juneau Pacific/Honolulu Pacific/Guam Asia/Manila Asia/Shanghai Asia/Urumqi "
    "Asia/Taipei Asia/Tokyo Asia/Seoul PRC".split()
)
# Canada writes both, and a fixed offset is no country.
_UNDECIDED = frozenset(
    ["America/Toronto", "America/Vancouver", "America/Edmonton", "America/Winnipeg", "America/Halifax", "UTC"]
)


def settle_day(
    mentions: WhenMentions, text: str, today: date, zone: ZoneInfo, language: str, choice: Choice
) -> WhenMentions:
    """The mentions with the one day that is meant. Raises NotAnEvent where that has to be asked."""
    day = mentions.day
    if choice.day is not None:
        wall = on_date(choice.day.year, choice.day.month, choice.day.day)
        if day is None:
            # A day that was chosen stands nowhere in the text.
            return replace(mentions, day=DayMention(0, 0, wall))
        return replace(mentions, day=replace(day, choose=wall, otherwise=None, must_be=None, last=None, weekday=None))
    if day is None:
        return mentions
    if day.feast:
        day = replace(day, choose=day_of(day.feast, zone.key))
        if not day.choose(today):
            raise NotAnEvent(EventLineProblem("which_day", words_of(text, day)))
    if day.is_doubtful:
        days = tuple(Choice(day=one) for one in day.choose(today))
        raise NotAnEvent(EventLineProblem("which_day", words_of(text, day), choices=days))
    if day.otherwise and (day.must_be is None or _both_fall_on(day.must_be, day.choose, day.otherwise, today)):
        day = replace(day, choose=_in_order(day, day.otherwise, text, today, zone, language), otherwise=None)
    return replace(mentions, day=day)


def _both_fall_on(weekday: int, one: Choose, other: Choose, today: date) -> bool:
    """Whether 12/3 is a Thursday both ways."""
    return all(days and days[0].weekday() == weekday for days in (one(today), other(today)))


def _in_order(day: DayMention, day_first: Choose, text: str, today: date, zone: ZoneInfo, language: str) -> Choose:
    """3/4 as the country writes it; the other way round where that alone is near. Asked where no country decides."""
    order = _order_of(zone.key, language)
    first, other = (day.choose, day_first) if order == "month" else (day_first, day.choose)
    is_near, is_other_near = _is_near(first(today), today), _is_near(other(today), today)
    if order is None and is_near == is_other_near and first(today) != other(today):
        days = sorted({*first(today), *other(today)} - {one for one in (*first(today), *other(today)) if one < today})
        raise NotAnEvent(
            EventLineProblem("which_day", words_of(text, day), choices=tuple(Choice(day=one) for one in days))
        )
    return first if is_near or not is_other_near else other


def _is_near(days: list[date], today: date) -> bool:
    return any(timedelta() <= day - today <= NEAR for day in days)


def _order_of(zone: str, language: str) -> Literal["month", "day"] | None:
    """The order of the country of a zone, or of Chinese; None where neither decides."""
    if language == "zh" or zone in _MONTH_FIRST_ZONES or zone.startswith(_MONTH_FIRST):
        return "month"
    return None if zone in _UNDECIDED or zone.startswith("Etc/") else "day"


def earliest_day(mentions: WhenMentions, text: str, today: date) -> date:
    """Today, or the day from which a series goes on ("starting next week", 下周起)."""
    begins = mentions.series_start
    if begins is None:
        return today
    days = begins.first(today)
    if not days:
        raise NotAnEvent(EventLineProblem("impossible_time", words_of(text, begins)))
    return max(days[0], today)


def days_meant(mentions: WhenMentions, text: str, today: date) -> list[date]:
    """The days that may be meant, best first."""
    mention = mentions.day
    if mention is None:
        return [today, today + timedelta(days=1)]
    days = mention.choose(today)
    if mentions.series_start:
        days = [day for day in days if day >= today]
    if not days:
        raise NotAnEvent(no_such_day(mention, mention.choose, text, today))
    if mention.must_be not in (None, days[0].weekday()) and mention.otherwise:
        days = [day for day in mention.otherwise(today) if day.weekday() == mention.must_be] or days
    if mention.must_be not in (None, days[0].weekday()):
        raise NotAnEvent(EventLineProblem("weekday_differs", words_of(text, mention), day=days[0]))
    return days


def no_such_day(mention: DayMention, choose: Choose, text: str, today: date) -> EventLineProblem:
    """No calendar has the day; of a month that is only too short for it, the days around its end may be meant."""
    missing, words = missing_day(choose, today), words_of(text, mention)
    if missing is None:
        return EventLineProblem("impossible_time", words)
    around = [] if mention.last else [day for day in days_around(*missing[:2]) if day >= today]
    return EventLineProblem("no_such_day", words, choices=tuple(Choice(day=day) for day in around), missing=missing)
