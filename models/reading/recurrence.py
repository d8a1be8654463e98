"""When a repeated event happens again: weekly, or on the same weekday of the month, at the same wall-clock time all year.

Each occurrence is reckoned on the wall calendar of the event's zone and only then turned into an instant, so
"Tuesday 19:00" stays 19:00 across daylight saving. Where the change to summer time skips the hour, the occurrence
moves on by what was skipped (02:30 becomes 03:30) and later ones return to 02:30; an hour that comes twice means
the first.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Recurrence:
    """How an event repeats: every so many weeks, or every so many months on one weekday.

    every: "week" or "month". interval: 1 or more; 2 with "week" is every other week. week_of_month, for "month"
    only: 1 to 4, or -1 for the last such weekday; the weekday is that of the start. until (aware) and count end it:
    no occurrence later than until, and at most count of them, the first included. Raises ValueError on anything
    else.
    """

    every: Literal["week", "month"]
    interval: int = 1
    week_of_month: int | None = None
    until: datetime | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        """Refuse a rule that means nothing."""
        if self.every not in ("week", "month") or self.interval < 1:
            raise ValueError("an event repeats every 1 or more weeks or months")
        if (self.every == "month") != (self.week_of_month in (1, 2, 3, 4, -1)):
            raise ValueError("a monthly rule, and no other, has a week of the month: 1 to 4, or -1 for the last")
        if self.count is not None and self.count < 1:
            raise ValueError("an event happens at least once")
        if self.until is not None and self.until.tzinfo is None:
            raise ValueError("until must be aware")


def next_occurrences(rule: Recurrence, start: datetime, zone: ZoneInfo, now: datetime, n: int) -> list[datetime]:
    """The next n starts later than now, aware UTC, oldest first; fewer when the rule ends before.

    start is the first occurrence (aware) and belongs to the series whatever the rule says; zone is where its wall
    clock hangs.
    """
    if n < 1:
        return []
    instants: list[datetime] = []
    for number, instant in enumerate(_occurrences(rule, start, zone)):
        if _is_over(rule, number, instant) or len(instants) == n:
            break
        if instant > now:
            instants.append(instant)
    return instants


def nth_weekday(year: int, month: int, weekday: int, week_of_month: int) -> date:
    """The first (1) to fourth (4) or the last (-1) such weekday of a month; Monday is 0."""
    if week_of_month > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (week_of_month - 1))
    last = date(year, month, calendar.monthrange(year, month)[1])
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def _is_over(rule: Recurrence, number: int, instant: datetime) -> bool:
    return (rule.count is not None and number >= rule.count) or (rule.until is not None and instant > rule.until)


def _occurrences(rule: Recurrence, start: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    wall = start.astimezone(zone)
    yield start.astimezone(UTC)
    for day in _later_days(rule, wall.date()):
        yield datetime.combine(day, wall.time(), tzinfo=zone).replace(fold=0).astimezone(UTC)


def _later_days(rule: Recurrence, first: date) -> Iterator[date]:
    """Every day after the first, up to the end of the calendar."""
    step = 0
    while True:
        step += rule.interval
        try:
            day = _day(rule, first, step)
        except (OverflowError, ValueError):
            return
        if day > first:
            yield day


def _day(rule: Recurrence, first: date, step: int) -> date:
    if rule.week_of_month is None:
        return first + timedelta(weeks=step)
    year, month = divmod(first.year * 12 + first.month - 1 + step, 12)
    return nth_weekday(year, month + 1, first.weekday(), rule.week_of_month)
