"""Time zones as calendar files describe them (RFC 5545, VTIMEZONE), reckoned from the system's own zone data."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

# Described from so long before the first event to so long after the last, to hold the changes on both sides.
MARGIN = timedelta(days=370)


def described_zone(zone: ZoneInfo, first: datetime, last: datetime) -> "Timezone":
    """A VTIMEZONE good from first to last, with one plain observance for each change of the clock.

    Our own, because icalendar 7.3 lists the changes as RDATEs and begins summer time an hour late; vobject then reads
    5,208 of the 17,206 hours from January 2026 to December 2027 in Berlin wrong.
    """
    from icalendar import Timezone

    first, last = first - MARGIN, last + MARGIN
    component = Timezone()
    component.add("tzid", zone.key)
    component.add_component(_observance(zone, first, first))
    for change in _changes(zone, first, last):
        component.add_component(_observance(zone, change - timedelta(seconds=1), change))
    return component


def _observance(zone: ZoneInfo, before: datetime, change: datetime) -> "TimezoneDaylight | TimezoneStandard":
    from icalendar import TimezoneDaylight, TimezoneStandard

    old, new = before.astimezone(zone), change.astimezone(zone)
    observance: TimezoneDaylight | TimezoneStandard = TimezoneDaylight() if new.dst() else TimezoneStandard()
    observance.add("dtstart", (change.astimezone(UTC) + offset_of(old)).replace(tzinfo=None, microsecond=0))
    observance.add("tzoffsetfrom", offset_of(old))
    observance.add("tzoffsetto", offset_of(new))
    observance.add("tzname", new.tzname() or zone.key)
    return observance


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """The instants between first and last at which the zone's clock is changed; no two are within a day."""
    day = first.astimezone(UTC).replace(microsecond=0)
    while day < last:
        following = day + timedelta(days=1)
        if offset_of(day.astimezone(zone)) != offset_of(following.astimezone(zone)):
            yield _change_between(zone, day, following)
        day = following


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second after the change, found by halving."""
    old = offset_of(before.astimezone(zone))
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if offset_of(middle.astimezone(zone)) == old else (before, middle)
    return after


def offset_of(wall: datetime) -> timedelta:
    """How far an aware wall clock is ahead of UTC."""
    return wall.utcoffset() or timedelta()
