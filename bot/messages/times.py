"""Instants as members read them: in their own zone where their Telegram can, else on the voice's clock.

Whose clock it is, is said as people do: by the place of its zone ("19:00 Berlin time"), by its distance from UTC where it has
none. Times of a room are its own for everybody; a tap still shows the reader's own.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from babel.dates import format_date, format_timedelta, get_timezone_location

from bot.texts import Safe, Voice
from models.reading.zones import label

DAY, WEEK = timedelta(days=1), timedelta(days=7)
# Babel goes on to weeks from so many of them on.
NO_LARGER_UNIT = 1000.0
# Before that nobody remembers the day.
A_WHILE = timedelta(days=45)


def moment(voice: Voice, at: datetime, *, has_year: bool = False) -> str:
    """Plain wall-clock text with the zone's place: "Fri 4 Dec, 19:00 Berlin time"; for buttons and answers to presses."""
    return f"{_wall(voice, at, has_year=has_year)} {_zone(voice, at)}"


def when(voice: Voice, starts_at: datetime, ends_at: datetime | None = None, *, has_year: bool = False) -> Safe:
    """Start and perhaps end, as HTML that newer clients show in the reader's own zone; the text inside is for the others."""
    start = _wall(voice, starts_at, has_year=has_year)
    if ends_at is None:
        return _in_own_zone(voice, starts_at, f"{start} {_zone(voice, starts_at)}", "wDt")
    is_same_day = starts_at.astimezone(voice.zone).date() == ends_at.astimezone(voice.zone).date()
    end = clock(voice, ends_at) if is_same_day else _wall(voice, ends_at, has_year=has_year)
    end = f"{end} {_zone(voice, ends_at)}"
    form = "t" if is_same_day else "wDt"
    return Safe(f"{_in_own_zone(voice, starts_at, start, 'wDt')} – {_in_own_zone(voice, ends_at, end, form)}")


def day(voice: Voice, on: date, *, has_year: bool = False) -> str:
    """A calendar day; of an instant that of its own zone: "Fri 4 Dec"."""
    return format_date(on, voice.plain("times.day_and_year" if has_year else "times.day"), locale=voice.locale)


def day_without_weekday(voice: Voice, on: date) -> str:
    """The same, shorter: "4 Dec"."""
    return format_date(on, voice.plain("times.day_without_weekday"), locale=voice.locale)


def month(voice: Voice, on: date, *, has_year: bool = False) -> str:
    """The month of a day: "February", or "February 2027"."""
    return format_date(on, voice.plain("times.month_and_year" if has_year else "times.month"), locale=voice.locale)


def ago(voice: Voice, at: datetime, now: datetime) -> str:
    """How long ago something was: "2 h ago", 5 小时前; from a day on the weekday, "Tue", from a week on the day, "4 Dec".

    Whose clock is not known is told no day, which may be another there: "2 days ago".
    """
    time_passed = max(now - at, timedelta(minutes=1))
    if voice.is_unsure:
        return _how_long_ago(voice, time_passed)
    on = at.astimezone(voice.zone)
    # On a Monday "Mon" would be today.
    if now.astimezone(voice.zone).date() - on.date() >= WEEK:
        return day_without_weekday(voice, on)
    if time_passed >= DAY:
        return format_date(on, voice.plain("times.weekday"), locale=voice.locale)
    return _how_long_ago(voice, time_passed)


def _how_long_ago(voice: Voice, time_passed: timedelta) -> str:
    """ "2 h ago"; from a day on in days, however many: what began four days and 23 hours ago began five days ago."""
    if time_passed >= DAY:
        whole_days = timedelta(days=round(time_passed / DAY))
        span = format_timedelta(whole_days, granularity="day", threshold=NO_LARGER_UNIT, locale=voice.locale)
    else:
        span = format_timedelta(time_passed, granularity="minute", threshold=1, format="narrow", locale=voice.locale)
    # Our sentences put a space between a number and its unit, in every language.
    return voice.plain("times.ago", span=re.sub(r"(?<=\d)(?=[^\W\d])", " ", span))


def back_then(voice: Voice, at: datetime, now: datetime) -> str:
    """When something was, as a part of a sentence: "today", "on Tuesday", "on 4 Nov", "in March"; days as in ago()."""
    if voice.is_unsure and now - at < A_WHILE:
        return _how_long_ago(voice, max(now - at, timedelta(minutes=1)))
    on, today = at.astimezone(voice.zone).date(), now.astimezone(voice.zone).date()
    days_passed = today - on
    if days_passed < 2 * DAY:
        return voice.plain("times.today" if on == today else "times.yesterday")
    form = "weekday_then" if days_passed < WEEK else "day_then" if days_passed < A_WHILE else "month_then"
    key = f"times.{form}"
    return voice.plain(key, on=format_date(on, voice.plain(f"{key}_form"), locale=voice.locale))


def offset(voice: Voice, at: datetime) -> str:
    """The distance of the voice's clock from UTC at that instant: "(UTC+5:30)"."""
    minutes = int((at.astimezone(voice.zone).utcoffset() or at - at).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    ahead = f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "") if minutes else ""
    return voice.plain("events.zone_offset", offset=ahead)


def _zone(voice: Voice, at: datetime) -> str:
    """Whose clock it is: that of a place, else so far from UTC."""
    return name_of_clock(voice, voice.zone.key) if has_place(voice.zone.key) else offset(voice, at)


def name_of_clock(voice: Voice, zone: str) -> str:
    """A zone as people say it: "Berlin time", 柏林时间, "UTC+8"."""
    if not has_place(zone):
        return label(zone)
    # China has one clock, and calls it Beijing's.
    return (
        voice.plain("times.of_china")
        if zone == "Asia/Shanghai"
        else voice.plain("times.of_place", place=city(voice, zone))
    )


def place_or_offset(voice: Voice, zone: str) -> str:
    """The same for a choice among several: "Berlin", 柏林, "UTC+8"."""
    return city(voice, zone) if has_place(zone) else label(zone)


def has_place(zone: str) -> bool:
    """Whether a zone is called by a place, as UTC and Etc/GMT-8 are not."""
    return "/" in zone and not zone.startswith("Etc/")


def city(voice: Voice, zone: str) -> str:
    """The place of a zone in the reader's language: "Kolkata", 加尔各答."""
    return get_timezone_location(zone, locale=voice.locale, return_city=True)


def _in_own_zone(voice: Voice, at: datetime, text: str, form: str) -> Safe:
    # SPEC MessageEntity date_time, format r|w?[dD]?[tT]?: weekday, date and time, or the time alone; without one the text
    # stands as it is, and clients show their own time only when it is tapped.
    if voice.is_of_room:
        return Safe(f'<tg-time unix="{int(at.timestamp())}">{text}</tg-time>')
    return Safe(f'<tg-time unix="{int(at.timestamp())}" format="{form}">{text}</tg-time>')


def _wall(voice: Voice, at: datetime, *, has_year: bool) -> str:
    on = day(voice, at.astimezone(voice.zone), has_year=has_year)
    return voice.plain("times.at", day=on, time=clock(voice, at))


def clock(voice: Voice, at: datetime) -> str:
    """What the voice's clock shows: "19:00"."""
    return f"{at.astimezone(voice.zone):%H:%M}"
