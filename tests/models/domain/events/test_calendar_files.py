"""Calendar files, read back with vobject, which shares no code with the library that writes them."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from models.domain.events.calendar_files import (
    CalendarEvent,
    calendar_feed,
    event_file,
    google_link,
    outlook_link,
    subscribe_link,
)
from models.tables.event import RsvpStatus

BERLIN = ZoneInfo("Europe/Berlin")
DEMO = CalendarEvent(
    uid="event-7@klatch",
    title="Demo night, 之夜; part 2",
    starts_at=datetime(2026, 11, 27, 18, 0, tzinfo=UTC),
    ends_at=datetime(2026, 11, 27, 20, 30, tzinfo=UTC),
    zone=BERLIN,
    changed_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    place="Café Kranz, Hauptstr. 12",
    description="Bring a laptop.\nDoors 18:30.",
)


def read(text: str) -> list[vobject.base.Component]:
    """The events of a calendar, and none of the zones another test had read under the same name."""
    vobject.icalendar.__dict__["__tzidMap"].clear()
    return list(vobject.readOne(text).contents.get("vevent", []))


def test_a_calendar_reads_the_event_as_it_was_written() -> None:
    (event,) = read(event_file(DEMO))

    assert event.uid.value == "event-7@klatch"
    assert event.summary.value == "Demo night, 之夜; part 2"
    assert event.dtstart.value == DEMO.starts_at
    assert event.dtend.value == DEMO.ends_at
    assert event.location.value == "Café Kranz, Hauptstr. 12"
    assert event.description.value == "Bring a laptop.\nDoors 18:30."
    assert event.dtstamp.value == DEMO.changed_at
    assert (event.sequence.value, event.status.value) == ("0", "CONFIRMED")


def test_the_start_is_told_on_the_clock_of_its_zone() -> None:
    text = event_file(DEMO)

    assert "DTSTART;TZID=Europe/Berlin:20261127T190000\r\n" in text
    assert text.index("BEGIN:VTIMEZONE") < text.index("BEGIN:VEVENT")


def test_lines_are_as_the_standard_wants_them() -> None:
    text = event_file(replace(DEMO, description="长" * 300))

    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_change_keeps_the_uid_and_raises_the_sequence() -> None:
    (event,) = read(event_file(replace(DEMO, sequence=3)))

    assert (event.uid.value, event.sequence.value) == (DEMO.uid, "3")


def test_a_cancelled_event_takes_itself_out() -> None:
    text = event_file(replace(DEMO, is_cancelled=True, sequence=4))

    assert "METHOD:CANCEL\r\n" in text
    assert read(text)[0].status.value == "CANCELLED"


def test_a_feed_has_a_name_and_every_event_in_order_of_start() -> None:
    later = replace(DEMO, uid="event-8@klatch", starts_at=DEMO.starts_at + timedelta(days=7), ends_at=None)
    cancelled = replace(DEMO, uid="event-6@klatch", starts_at=DEMO.starts_at - timedelta(days=7), is_cancelled=True)

    text = calendar_feed([later, DEMO, cancelled], "Founders Berlin")

    assert [event.uid.value for event in read(text)] == ["event-6@klatch", "event-7@klatch", "event-8@klatch"]
    assert "METHOD:PUBLISH\r\n" in text
    assert "X-WR-CALNAME:Founders Berlin\r\n" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text


def test_the_zone_of_most_events_is_described_and_the_others_are_told_in_utc() -> None:
    shanghai = replace(DEMO, uid="event-9@klatch", zone=ZoneInfo("Asia/Shanghai"))
    utc = replace(DEMO, uid="event-10@klatch", zone=ZoneInfo("UTC"))

    text = calendar_feed([DEMO, replace(DEMO, uid="event-8@klatch"), shanghai, utc], "All")

    assert re.findall("TZID:(.+)\r", text) == ["Europe/Berlin"]
    assert text.count("DTSTART;TZID=Europe/Berlin:20261127T190000\r\n") == 2
    assert text.count("DTSTART:20261127T180000Z\r\n") == 2
    assert {event.dtstart.value for event in read(text)} == {DEMO.starts_at}


def test_a_feed_of_many_zones_over_two_years_comes_to_its_events_soon() -> None:
    zones = (
        "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "Asia/Shanghai",
        "Asia/Kolkata", "Australia/Sydney", "Africa/Casablanca", "Pacific/Auckland", "Asia/Tehran",
    )  # fmt: skip
    events = [
        replace(
            DEMO, uid=f"{number}@klatch", zone=ZoneInfo(key), title="产品之夜", ends_at=None,
            starts_at=DEMO.starts_at + timedelta(days=65 * number),
        )
        for number, key in enumerate(zones)
    ]  # fmt: skip

    text = calendar_feed(events, "创始人")

    # Google garbles Chinese behind some 200 lines.
    assert text.split("BEGIN:VEVENT")[0].count("\r\n") < 100
    assert [event.dtstart.value for event in read(text)] == [event.starts_at for event in events]


@pytest.mark.parametrize(
    ("answer", "status"),
    [("going", "CONFIRMED"), ("maybe", "TENTATIVE"), ("waitlisted", "TENTATIVE"), (None, "CONFIRMED")],
)
def test_what_is_not_certain_yet_is_tentative(answer: str | None, status: str) -> None:
    told = RsvpStatus(answer) if answer else None

    (event,) = read(event_file(replace(DEMO, answer=told)))
    (cancelled,) = read(event_file(replace(DEMO, answer=told, is_cancelled=True)))

    assert event.status.value == status
    assert cancelled.status.value == "CANCELLED"


def test_an_empty_feed_is_a_calendar() -> None:
    assert read(calendar_feed([], "Nothing yet")) == []


@pytest.mark.parametrize(
    "key",
    [
        "Europe/Berlin",  # changes in March and October
        "America/New_York",  # changes on other days
        "Australia/Sydney",  # summer over the new year
        "Australia/Lord_Howe",  # changes by half an hour
        "Asia/Kolkata",  # half an hour off, never changes
        "Asia/Shanghai",  # never changes
    ],
)
def test_the_hours_around_each_change_of_the_clock_are_read_as_what_they_are(key: str) -> None:
    zone, first = ZoneInfo(key), datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    hours = [first + timedelta(hours=number) for number in range(2 * 365 * 24)]
    offsets = [hour.astimezone(zone).utcoffset() for hour in hours]
    changed = [number for number in range(1, len(hours)) if offsets[number] != offsets[number - 1]]
    tried = {near for number in changed for near in range(number - 4, number + 5)} | set(range(0, len(hours), 101))
    events = [
        replace(DEMO, uid=f"{number}@klatch", starts_at=hours[number], ends_at=None, zone=zone) for number in tried
    ]

    found = {event.uid.value: event.dtstart.value.timestamp() for event in read(calendar_feed(events, "Hours"))}

    assert found == {event.uid: event.starts_at.timestamp() for event in events}


def test_importing_the_module_loads_no_calendar_library() -> None:
    loaded = "import sys, models.domain.events.calendar_files; print({'icalendar', 'dateutil'} & set(sys.modules))"

    answer = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "set()"


def test_an_event_without_an_end_is_shown_three_hours_long() -> None:
    (event,) = read(event_file(replace(DEMO, ends_at=None)))

    assert event.dtend.value - event.dtstart.value == timedelta(hours=3)


def test_an_event_online_has_its_link_for_a_place() -> None:
    (event,) = read(event_file(replace(DEMO, place=None, link="https://meet.example.org/a?b=1,2")))

    assert event.location.value == "https://meet.example.org/a?b=1,2"
    assert event.url.value == "https://meet.example.org/a?b=1,2"


def test_a_title_cannot_add_a_property_of_its_own() -> None:
    text = event_file(replace(DEMO, title="Demo\r\nATTENDEE:mailto:a@example.org\x00\x0b"))

    assert "\r\nATTENDEE" not in text
    assert read(text)[0].summary.value == "Demo\nATTENDEE:mailto:a@example.org"


def test_google_is_told_the_wall_clock_and_the_zone() -> None:
    asked = parse_qs(urlsplit(google_link(DEMO)).query)

    assert asked["dates"] == ["20261127T190000/20261127T213000"]
    assert asked["ctz"] == ["Europe/Berlin"]
    assert asked["text"] == ["Demo night, 之夜; part 2"]
    assert asked["location"] == ["Café Kranz, Hauptstr. 12"]


@pytest.mark.parametrize(
    ("zone", "starts_at", "hours", "dates"),
    [
        # 25 October 2026 in Berlin: from 02:30 summer time to 02:30 winter time
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 1, "20261025T003000Z/20261025T013000Z"),
        # only one end of it lies in the hour that comes twice
        ("Europe/Berlin", datetime(2026, 10, 24, 22, 30, tzinfo=UTC), 2, "20261024T223000Z/20261025T003000Z"),
        ("Europe/Berlin", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 1, "20261025T013000Z/20261025T023000Z"),
        # the same on another continent
        ("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), 1, "20261101T053000Z/20261101T063000Z"),
        # half an hour comes twice
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, 45, tzinfo=UTC), 1, "20260404T144500Z/20260404T154500Z"),
        # a day later, and where nothing comes twice
        ("Europe/Berlin", datetime(2026, 10, 26, 1, 30, tzinfo=UTC), 1, "20261026T023000/20261026T033000"),
        ("Asia/Shanghai", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 1, "20261025T083000/20261025T093000"),
    ],
)
def test_google_is_told_utc_where_an_hour_comes_twice(zone: str, starts_at: datetime, hours: int, dates: str) -> None:
    event = replace(DEMO, zone=ZoneInfo(zone), starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours))

    asked = parse_qs(urlsplit(google_link(event)).query)

    assert asked["dates"] == [dates]
    assert asked["ctz"] == [zone]


@pytest.mark.parametrize(("at_work", "host"), [(False, "outlook.live.com"), (True, "outlook.office.com")])
def test_outlook_is_told_the_instants(at_work: bool, host: str) -> None:
    address = urlsplit(outlook_link(DEMO, at_work=at_work))
    asked = parse_qs(address.query)

    assert address.netloc == host
    assert (asked["startdt"], asked["enddt"]) == (["2026-11-27T18:00:00Z"], ["2026-11-27T20:30:00Z"])
    assert asked["subject"] == ["Demo night, 之夜; part 2"]


def test_a_feed_is_subscribed_to_by_webcal() -> None:
    assert subscribe_link("https://klatch.example.org/feed/abc.ics") == "webcal://klatch.example.org/feed/abc.ics"
    with pytest.raises(ValueError, match="http"):
        subscribe_link("javascript:alert(1)")


@pytest.mark.parametrize(
    "wrong",
    [
        {"uid": ""},  # nothing to recognise it by
        {"starts_at": datetime(2026, 11, 27, 18, 0)},  # noqa: DTZ001 - naive on purpose
        {"ends_at": DEMO.starts_at},  # no time at all
    ],
)
def test_an_event_that_no_calendar_would_read_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="calendar event"):
        replace(DEMO, **wrong)


@given(title=st.text(max_size=120), place=st.text(max_size=120))
def test_any_words_come_back_as_one_readable_event(title: str, place: str) -> None:
    text = event_file(replace(DEMO, title=title, place=place))

    (event,) = read(text)

    assert event.dtstart.value == DEMO.starts_at
