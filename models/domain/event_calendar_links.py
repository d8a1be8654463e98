"""An event of ours as a calendar's event, and the links that add it to one."""

from __future__ import annotations

from datetime import datetime

from models.domain.attention import zone_of
from models.domain.calendar_files import CalendarEvent, google_link, outlook_link
from models.tables.event import Event


def calendar_event(event: Event, now: datetime) -> CalendarEvent:
    """The event as calendars know it; `now` stands for when it changed, which the row does not keep."""
    ends_at = event.ends_at if event.ends_at and event.ends_at > event.starts_at else None
    return CalendarEvent(
        uid=event.calendar_uid,
        title=event.title,
        starts_at=event.starts_at,
        ends_at=ends_at,
        zone=zone_of(event.time_zone),
        changed_at=now,
        sequence=event.sequence,
        is_cancelled=event.status == "cancelled",
        place=event.place,
        link=event.link,
        description=event.description,
    )


def links(event: Event, now: datetime) -> list[tuple[str, str]]:
    """(label, address) of pages that add the event to a calendar on the web."""
    shown = calendar_event(event, now)
    return [("📅 Google", google_link(shown)), ("📅 Outlook", outlook_link(shown))]
