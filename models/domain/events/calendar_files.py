"""Events for people's own calendars: an .ics file or feed, and links that add one event to Google's or Microsoft's.

A subscribed feed follows every change, a downloaded file none; so a file is for one event and the feed is what to offer first.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from models.domain.events.calendar_zones import described_zone, offset_of
from models.reading.positions import Position
from models.tables.event import USUAL_LENGTH, RsvpStatus

if TYPE_CHECKING:
    from icalendar import Calendar, Event

# How often a calendar should fetch a feed again; Google ignores it and comes a few times a day.
REFRESH = timedelta(hours=1)

PRODUCT = "-//Klatch//Klatch//EN"


@dataclass(frozen=True)
class CalendarEvent:
    """One event as a calendar knows it.

    uid is stable for the life of the event and differs from every other's; sequence rises with each change that people should
    see; changed_at is when that was. Instants are aware; zone is where its wall clock hangs. Raises ValueError on a
    naive instant, an empty uid, or an end that is not after the start.
    """

    uid: str
    title: str
    starts_at: datetime
    zone: ZoneInfo
    changed_at: datetime
    ends_at: datetime | None = None
    sequence: int = 0
    is_cancelled: bool = False
    # What its reader answered, where it is one reader's calendar: maybe and waitlisted are no appointments yet.
    answer: RsvpStatus | None = None
    place: str | None = None
    link: str | None = None
    description: str | None = None
    position: Position | None = None

    def __post_init__(self) -> None:
        """Refuse what no calendar would read."""
        if not self.uid:
            raise ValueError("a calendar event needs a uid")
        if any(
            instant is not None and instant.tzinfo is None
            for instant in (self.starts_at, self.ends_at, self.changed_at)
        ):
            raise ValueError("the instants of a calendar event must be aware")
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            raise ValueError("a calendar event ends after it starts")

    @property
    def shown_until(self) -> datetime:
        """Its end, or the usual one: calendars want one."""
        return self.ends_at or self.starts_at + USUAL_LENGTH

    @property
    def status(self) -> str:
        """In RFC 5545's words."""
        if self.is_cancelled:
            return "CANCELLED"
        return "TENTATIVE" if self.answer in (RsvpStatus.MAYBE, RsvpStatus.WAITLISTED) else "CONFIRMED"

    @property
    def where(self) -> str | None:
        """The place, or its point on the map, or the link of an event online."""
        return self.place or (str(self.position) if self.position else None) or self.link


def event_file(event: CalendarEvent) -> str:
    """The .ics text (RFC 5545, CRLF) that adds one event, or takes it out again when it is cancelled."""
    return _text([event], "CANCEL" if event.is_cancelled else "PUBLISH", None)


def calendar_feed(events: Sequence[CalendarEvent], name: str) -> str:
    """The .ics text of a feed to subscribe to, in order of start; cancelled events stay, marked, so that they are struck."""
    return _text(sorted(events, key=lambda event: (event.starts_at, event.uid)), "PUBLISH", name)


def google_link(event: CalendarEvent) -> str:
    """A page of Google Calendar with the event filled in: on its clock, or in UTC where that clock shows an hour twice."""
    walls = [_wall(instant, event.zone) for instant in (event.starts_at, event.shown_until)]
    if any(wall.tzinfo is UTC for wall in walls):
        walls = [wall.astimezone(UTC) for wall in walls]
    start, end = (f"{wall:%Y%m%dT%H%M%S}{'Z' if wall.tzinfo is UTC else ''}" for wall in walls)
    parameters = {"action": "TEMPLATE", "text": event.title, "dates": f"{start}/{end}", "ctz": event.zone.key}
    return _link("https://calendar.google.com/calendar/render", parameters | _rest("details", event))


def outlook_link(event: CalendarEvent, *, at_work: bool = False) -> str:
    """A page of Outlook on the web with the event filled in; at_work for Microsoft 365 accounts."""
    start, end = (f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for instant in (event.starts_at, event.shown_until))
    parameters = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": event.title,
        "startdt": start,
        "enddt": end,
    }
    host = "outlook.office.com" if at_work else "outlook.live.com"
    return _link(f"https://{host}/calendar/0/deeplink/compose", parameters | _rest("body", event))


def subscribe_link(feed_url: str) -> str:
    """The webcal: address that Apple's and other calendars subscribe to at a tap.

    Telegram takes only http, https and tg in buttons: put it on a web page. Raises ValueError unless feed_url is http or https.
    """
    address = re.fullmatch(r"https?://(.+)", feed_url)
    if address is None:
        raise ValueError("a feed has an http or https address")
    return "webcal://" + address[1]


def _link(page: str, parameters: dict[str, str]) -> str:
    return f"{page}?{urlencode(parameters, quote_via=quote)}"


def _rest(name_of_description: str, event: CalendarEvent) -> dict[str, str]:
    description = {name_of_description: _description(event), "location": event.where}
    return {name: value for name, value in description.items() if value}


def _description(event: CalendarEvent) -> str:
    return "\n\n".join(filter(None, (event.description, event.link)))


def _text(events: Sequence[CalendarEvent], method: str, name: str | None) -> str:
    from icalendar import Calendar  # loads dateutil and 90 ms of parsers, which few requests need

    calendar = Calendar()
    for key, value in (("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", method)):
        calendar.add(key, value)
    if name is not None:
        _add_feed(calendar, _clean(name))
    description = _describe_zones(events)
    if description is not None:
        calendar.add_component(described_zone(description.zone, description.first, description.last))
    for event in events:
        calendar.add_component(
            _component(event, is_local=description is not None and event.zone.key == description.zone.key)
        )
    return str(calendar.to_ical(), "utf-8")


def _add_feed(calendar: "Calendar", name: str) -> None:
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")


def _component(event: CalendarEvent, *, is_local: bool) -> "Event":
    from icalendar import Event

    component = Event()
    component.add("uid", event.uid)
    component.add("sequence", event.sequence)
    component.add("dtstamp", event.changed_at.astimezone(UTC))
    component.add("last-modified", event.changed_at.astimezone(UTC))
    zone = event.zone if is_local else ZoneInfo("UTC")
    component.add("dtstart", _wall(event.starts_at, zone))
    component.add("dtend", _wall(event.shown_until, zone))
    component.add("status", event.status)
    for key, value in (("summary", event.title), ("location", event.where), ("description", _description(event))):
        if value:
            component.add(key, _clean(value))
    if event.position:
        component.add("geo", (event.position.latitude, event.position.longitude))
    if event.link:
        component.add("url", _clean(event.link))
    return component


def _clean(words: str) -> str:
    """Without the control characters that RFC 5545 forbids in text."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", words.replace("\r\n", "\n"))


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    """The instant on the zone's clock; in UTC while that clock shows the same hour twice, which readers take differently."""
    wall = instant.astimezone(zone)
    is_shown_twice = offset_of(wall.replace(fold=0)) > offset_of(wall.replace(fold=1))
    return instant.astimezone(UTC) if is_shown_twice or zone.key == "UTC" else wall


@dataclass(frozen=True)
class _DescribedZone:
    """The one zone that a calendar describes, and from when to when."""

    zone: ZoneInfo
    first: datetime
    last: datetime


def _describe_zones(events: Iterable[CalendarEvent]) -> _DescribedZone | None:
    """The zone that most events hang in; those of others are told in UTC, which reads the same on everybody's clock.

    Described are only the years in use: Google garbles Chinese behind some 200 lines without an event (issue 157 of
    TimeTree-Exporter), and nine zones took 306.
    """
    by_zone: dict[str, list[CalendarEvent]] = {}
    for event in events:
        if event.zone.key != "UTC":
            by_zone.setdefault(event.zone.key, []).append(event)
    if not by_zone:
        return None
    most = max(by_zone.values(), key=lambda group: (len(group), group[0].zone.key))
    return _DescribedZone(
        most[0].zone, min(event.starts_at for event in most), max(event.shown_until for event in most)
    )
