"""When people answered: instants put into equal boxes of time that a chart or a line of text can show. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

Unit = Literal["hour", "day", "week"]
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
# Answers that fell closer together are shown by the hour, with so much of what was before and after.
SHOWN_BY_HOUR, AROUND_HOURS = timedelta(days=2), timedelta(hours=12)
# A bar a day can still be told from its neighbours on a phone.
MOST_DAYS = 60


@dataclass(frozen=True)
class AnswerTimes:
    """`counts[i]` answers fell between `edges[i]` and `edges[i + 1]` (UTC): shapes (n,) and (n + 1,)."""

    unit: Unit
    edges: tuple[datetime, ...]
    counts: tuple[int, ...]

    def position(self, at: datetime) -> float | None:
        """Where an instant stands, in boxes from the left edge; None outside."""
        if not self.edges[0] <= at <= self.edges[-1]:
            return None
        index = min(bisect_right(self.edges, at) - 1, len(self.counts) - 1)
        # Days differ by an hour where clocks change.
        return index + (at - self.edges[index]) / (self.edges[index + 1] - self.edges[index])


def answer_times(
    answers: Sequence[datetime],
    *,
    starts_at: datetime,
    posted_at: datetime | None,
    zone: ZoneInfo,
    has_room_for_hours: bool = True,
) -> AnswerTimes | None:
    """Answers (sorted, until the start) by the hour, by the day or by the week on the wall clock of `zone`; None without any.

    Days and weeks run from the card or the first answer to the start; hours only around the answers, because a start that
    is weeks away would leave them a sliver.
    """
    if not answers:
        return None
    first, last = answers[0], answers[-1]
    if has_room_for_hours and last - first <= SHOWN_BY_HOUR:
        edges, unit = _hours(first, last, starts_at, posted_at, zone), "hour"
    else:
        edges, unit = _days(min(first, posted_at or first), starts_at, zone)
    return AnswerTimes(unit, edges, _counts(answers, edges))  # type: ignore[arg-type]


def _hours(
    first: datetime, last: datetime, starts_at: datetime, posted_at: datetime | None, zone: ZoneInfo
) -> tuple[datetime, ...]:
    begins = posted_at if posted_at and first - AROUND_HOURS <= posted_at < first else first
    ends = starts_at if starts_at - last <= AROUND_HOURS else last
    # The zone's own full hour: some are half an hour off.
    edge = begins.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    edges = [edge]
    while edges[-1] <= last or edges[-1] < ends:
        edges.append(edges[-1] + HOUR)
    return tuple(edges)


def _days(begins: datetime, starts_at: datetime, zone: ZoneInfo) -> tuple[tuple[datetime, ...], Unit]:
    first, last = begins.astimezone(zone).date(), starts_at.astimezone(zone).date()
    n_days = (last - first).days + 1
    if n_days <= MOST_DAYS:
        return tuple(_midnight(first + DAY * number, zone) for number in range(n_days + 1)), "day"
    first -= timedelta(days=first.weekday())
    n_weeks = ((last - first).days + 7) // 7
    return tuple(_midnight(first + WEEK * number, zone) for number in range(n_weeks + 1)), "week"


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    # In UTC, where a difference is the time that passed.
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _counts(answers: Sequence[datetime], edges: Sequence[datetime]) -> tuple[int, ...]:
    return tuple(sum(left <= at < right for at in answers) for left, right in pairwise(edges))
