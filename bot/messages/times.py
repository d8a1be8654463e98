"""Instants as members read them: in their own zone where their Telegram can, else on the wall clock of the place."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.texts import Safe, Texts
from models.domain.member_time import zone_of


def moment(texts: Texts, language: str, at: datetime, zone: str, *, has_year: bool = False) -> str:
    """Plain wall-clock text with the zone's offset: "Fri 4 Dec, 19:00 (UTC+1)"; for buttons and answers to presses."""
    place = zone_of(zone)
    return f"{_wall(texts, language, at, place, has_year=has_year)} {offset(texts, language, at, place)}"


def when(
    texts: Texts, language: str, starts_at: datetime, ends_at: datetime | None, zone: str, *, has_year: bool = False
) -> Safe:
    """Start and perhaps end, as HTML that newer clients show in the reader's own zone; the text inside is for the others."""
    place = zone_of(zone)
    start = _wall(texts, language, starts_at, place, has_year=has_year)
    if ends_at is None:
        return _in_own_zone(starts_at, f"{start} {offset(texts, language, starts_at, place)}", "wDt")
    is_same_day = starts_at.astimezone(place).date() == ends_at.astimezone(place).date()
    end = _clock(ends_at, place) if is_same_day else _wall(texts, language, ends_at, place, has_year=has_year)
    end = f"{end} {offset(texts, language, ends_at, place)}"
    return Safe(
        f"{_in_own_zone(starts_at, start, 'wDt')} – {_in_own_zone(ends_at, end, 't' if is_same_day else 'wDt')}"
    )


def day(texts: Texts, language: str, at: datetime, *, has_year: bool = False) -> str:
    """The calendar day of `at` as it is, without any change of zone."""
    return texts.plain(
        language,
        "times.date_and_year" if has_year else "times.date",
        weekday=texts.plain(language, f"times.weekday.{at.weekday()}"),
        day=at.day,
        month=texts.plain(language, f"times.month.{at.month}"),
        year=at.year,
    )


def offset(texts: Texts, language: str, at: datetime, place: ZoneInfo) -> str:
    """The zone's distance from UTC at that instant: "(UTC+5:30)"."""
    minutes = int((at.astimezone(place).utcoffset() or at - at).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    ahead = f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "") if minutes else ""
    return texts.plain(language, "events.zone_offset", offset=ahead)


def _in_own_zone(at: datetime, text: str, form: str) -> Safe:
    # SPEC MessageEntity date_time, format r|w?[dD]?[tT]?: weekday, date and time, or the time alone.
    return Safe(f'<tg-time unix="{int(at.timestamp())}" format="{form}">{text}</tg-time>')


def _wall(texts: Texts, language: str, at: datetime, place: ZoneInfo, *, has_year: bool) -> str:
    date = day(texts, language, at.astimezone(place), has_year=has_year)
    return texts.plain(language, "times.at", date=date, time=_clock(at, place))


def _clock(at: datetime, place: ZoneInfo) -> str:
    return f"{at.astimezone(place):%H:%M}"
