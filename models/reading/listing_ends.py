"""Until when a need or an offer holds, by what its line says: "until Friday 6pm", "before March", 月底前, "within two weeks".

What the words mean, where people differ:
- "until", "by" and 截止 count their day, "before" and 前 end on the day before it, as in last_day.py; of a week, a month or a
  year that is named as an end ("before the end of March", 月底前) its last day counts. Where an hour is said, it is that hour.
- a day that is no deadline ("a photographer on Friday", "from 3 to 7 March") is the last on which the line is of any use.
- "until March" is to the end of March. A weekend ends on its Sunday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from models.reading.clocks import find_clocks
from models.reading.hours import in_part, minutes_of
from models.reading.listing_end_patterns import (
    LEAD,
    LONGEST_LEAD,
    PART_ENDS,
    TAIL,
)
from models.reading.listing_last_days import LastDay, last_days
from models.reading.wording import Span
from models.reading.zone_mentions import find_zone, zone_after

# A clock that stands alone is no day's end further ahead than this.
MAX_AHEAD = timedelta(days=2 * 366)


@dataclass(frozen=True)
class EndMention(Span):
    """When a line's use ends, aware UTC; has_time: an hour was said. is_deadline: the words say nothing but that."""

    ends_at: datetime
    has_time: bool
    is_deadline: bool


def find_end(text: str, reading: str, *, now: datetime, zone: ZoneInfo) -> EndMention | None:
    """The end that a line names; None where none is, or none that is sure and ahead of now.

    reading is the reading copy of text, what is no time of it masked; now is aware, zone the community's.
    """
    today = now.astimezone(zone).date()
    days = list(last_days(text, reading, today, zone))
    deadlines = [day for day in days if day.is_deadline]
    chosen = (deadlines or sorted(days, key=lambda day: day.last))[-1:]
    ends = [_ends(day, text, reading, zone) for day in chosen] or [_hour_alone(text, reading, now, zone)]
    return next((end for end in ends if end and now < end.ends_at < now + MAX_AHEAD), None)


def _ends(day: LastDay, text: str, reading: str, zone: ZoneInfo) -> EndMention | None:
    where: tzinfo = zone
    end, minutes = day.end, _minutes(day)
    if day.clock is not None:
        named = find_zone(reading, own=zone.key) or zone_after(text, reading, day.clock.end, zone, "en")
        if named is not None and named.zones:
            return None
        if named is not None and named.start <= end + 2:
            where, end = named.zone or zone, max(end, named.end)
    if day.clock is not None and minutes is None:
        return None
    has_time = minutes is not None
    midnight = datetime.combine(day.last, time(), tzinfo=where)
    wall = (
        midnight + timedelta(minutes=minutes)
        if minutes is not None
        else midnight.replace(hour=23, minute=59, second=59)
    )
    return EndMention(day.start, end, wall.astimezone(UTC), has_time, day.is_deadline)


def _minutes(day: LastDay) -> int | None:
    """Minutes from the start of the last day to the hour that was said; None where none was, or none that exists."""
    if day.clock is not None:
        said = day.clock.ends or day.clock.starts
        return minutes_of(in_part(said, day.part_of_day) if day.part_of_day else said)
    hour = PART_ENDS.get(day.part_of_day or "") if day.is_deadline else None
    return None if hour is None else hour * 60


def _hour_alone(text: str, reading: str, now: datetime, zone: ZoneInfo) -> EndMention | None:
    """ "until 6pm": today."""
    for clock in find_clocks(reading):
        lead = LEAD.search(reading[max(0, clock.start - LONGEST_LEAD) : clock.start])
        tail = TAIL.match(reading, clock.end)
        if (lead or tail) and not clock.is_bare:
            start = clock.start - (len(lead[0]) if lead else 0)
            day = LastDay(start, tail.end() if tail else clock.end, now.astimezone(zone).date(), True, clock)
            return _ends(day, text, reading, zone)
    return None
