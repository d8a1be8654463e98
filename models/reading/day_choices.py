"""From words to days: each function gives a Choose, which says for a today which days may be meant."""

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.reading.recurrence import nth_weekday

# "20 Nov" on 23 November is rather a slip than an invitation for next year.
RECENT_DAYS = 30
_LAST_YEAR, _LONGEST_MONTH = 9000, 31

# From today to the days that may be meant, best first; empty when no calendar has such a day.
Choose = Callable[[date], list[date]]


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def in_days(days: int) -> Choose:
    """The day that many days from today."""
    return lambda today: [today + timedelta(days=days)]


def of_week(weeks: int, weekday: int) -> Choose:
    """That weekday of the Monday-based week so many weeks from this one."""
    return lambda today: [_monday(today) + timedelta(weeks=weeks, days=weekday)]


def coming(weekday: int) -> Choose:
    """Today if it is that weekday, else the next one; and the one a week later."""
    return lambda today: [today + timedelta(days=(weekday - today.weekday()) % 7 + week) for week in (0, 7)]


def last_weekday(weekday: int) -> Choose:
    """The last such day before today."""
    return lambda today: [today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)]


def of_weekend(weeks: int) -> Choose:
    """The Saturday of that week, then its Sunday."""
    return lambda today: [_monday(today) + timedelta(weeks=weeks, days=day) for day in (5, 6)]


@dataclass(frozen=True)
class OnDate:
    """A Choose: that date, or without a year the next one; empty for a day that the calendar does not have."""

    year: int | None
    month: int
    day: int
    # The year is counted from today's instead (明年 is 1).
    years_on: int | None = None

    def __call__(self, today: date) -> list[date]:
        """The days that may be meant."""
        year = self.year if self.years_on is None else today.year + self.years_on
        if year is not None:
            return _real_days((year, self.month, self.day))
        days = _real_days(*((today.year + step, self.month, self.day) for step in (-1, 0, 1)))
        return [candidate for candidate in days if candidate >= today - timedelta(days=RECENT_DAYS)][:1]

    def figures(self, today: date) -> tuple[int, int, int]:
        """Year, month and day; of a date without a year that of the coming such month."""
        if self.years_on is not None:
            return today.year + self.years_on, self.month, self.day
        return self.year or today.year + (self.month < today.month), self.month, self.day


@dataclass(frozen=True)
class OfMonth:
    """A Choose: that day of the month so many months from this one; day 0 is the last one."""

    months: int
    day: int

    def __call__(self, today: date) -> list[date]:
        """The days that may be meant."""
        year, month = month_later(today, self.months)
        return _real_days((year, month, self.day or _length(year, month)))

    def figures(self, today: date) -> tuple[int, int, int]:
        """Year, month and day."""
        return (*month_later(today, self.months), self.day)


def on_date(year: int | None, month: int, day: int) -> OnDate:
    """That date, or without a year the next one; empty for a day that the calendar does not have."""
    return OnDate(year, month, day)


def of_month(months: int, day: int) -> OfMonth:
    """That day of the month so many months from this one; day 0 is the last one."""
    return OfMonth(months, day)


def missing_day(choose: Choose, today: date) -> tuple[int, int, int] | None:
    """Year, month and day of a date whose month is too short for it (31 April); None for anything else."""
    if not isinstance(choose, OnDate | OfMonth):
        return None
    year, month, day = choose.figures(today)
    is_month = 1 <= year <= _LAST_YEAR and 1 <= month <= 12
    return (year, month, day) if is_month and _length(year, month) < day <= _LONGEST_MONTH else None


def days_around(year: int, month: int) -> list[date]:
    """The last day of a month and the first after it."""
    last = date(year, month, _length(year, month))
    return [last, last + timedelta(days=1)]


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def on_month_end(month: int) -> Choose:
    """The last day of the coming such month; none for a month that no year has."""
    if not 1 <= month <= 12:
        return lambda _: []
    return lambda today: of_month((month - today.month) % 12, 0)(today)


def next_day_of_month(day: int) -> Choose:
    """That day of this month, else of one of the next two."""
    return lambda today: _real_days(*((*month_later(today, step), day) for step in range(3)))


def in_months(months: int) -> Choose:
    """The same day so many months later, or the last one of a shorter month."""

    def choose(today: date) -> list[date]:
        year, month = month_later(today, months)
        return [date(year, month, min(today.day, _length(year, month)))]

    return choose


def month_later(today: date, months: int) -> tuple[int, int]:
    """Year and month so many months on."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return year, month + 1


def _real_days(*figures: tuple[int, int, int]) -> list[date]:
    return list(_each_real_day(figures))


def _each_real_day(figures: tuple[tuple[int, int, int], ...]) -> Iterator[date]:
    for year, month, day in figures:
        if 1 <= year <= _LAST_YEAR and 1 <= month <= 12 and 1 <= day <= _length(year, month):
            yield date(year, month, day)


def on_nth_weekday(weekday: int, week: int, first_month: int) -> Choose:
    """The nth such weekday (-1: the last) of the month so many months on, or of one of the two after it."""
    return lambda today: [
        nth_weekday(*month_later(today, step), weekday, week) for step in range(first_month, first_month + 3)
    ]


def on_nth_weekday_of(month: int, weekday: int, week: int) -> Choose:
    """The nth such weekday (-1: the last) of a month by name, of this year and of the next."""
    return lambda today: [
        day
        for year in (today.year, today.year + 1)
        if (day := nth_weekday(year, month, weekday, week)) >= today - timedelta(days=RECENT_DAYS)
    ]
