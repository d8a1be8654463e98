"""The instants that the mentions of an event line mean, seen from now: in the future, on the wall clock of the place.

A wall-clock time that the change to summer time skips is refused with the nearest that exists; one that the change
back repeats is the first of the two.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from models.reading.clocks import ClockMention
from models.reading.days import DayMention
from models.reading.event_draft import Choice, EventLineProblem, NotAnEvent
from models.reading.hours import DAY, HALF_DAY, NIGHT, Clock, in_part, minutes_of, minutes_of_range
from models.reading.mentions import WhenMentions
from models.reading.recurrence import Recurrence
from models.reading.series_ends import end_series
from models.reading.vague_hours import VagueHour, likely_for, likely_in
from models.reading.which_day import days_meant, earliest_day, no_such_day, settle_day
from models.reading.wording import reading_copy, words_of

# Nobody plans a meetup further ahead; 2062 is rather a slip for 2026.
MAX_AHEAD = timedelta(days=2 * 366)
# "Tonight 1am" is after midnight.
_SMALL_HOURS = 5 * 60
NOTHING = Choice()


@dataclass(frozen=True)
class Times:
    """The instants, aware UTC."""

    starts_at: datetime
    ends_at: datetime | None
    repeats: Recurrence | None = None


def resolve(
    mentions: WhenMentions, text: str, *, now: datetime, zone: ZoneInfo, language: str = "en", choice: Choice = NOTHING
) -> Times:
    """Start and end of what was mentioned in text, the start after now. Raises NotAnEvent.

    zone is the community's: unless another is named or chosen, that of the times; it also decides which figure of 3/4 is
    the month.
    """
    where = zone_meant(mentions, text, zone, choice)
    if choice.minute is not None and not mentions.clock and not mentions.wait:
        mentions = replace(mentions, clock=_chosen_clock(mentions, choice.minute))
    mentions = settle_day(mentions, text, now.astimezone(where).date(), zone, language, choice)
    if mentions.wait and not mentions.clock:
        starts_at = (now + timedelta(minutes=mentions.wait.minutes)).astimezone(UTC).replace(second=0, microsecond=0)
        wall = starts_at.astimezone(where).replace(tzinfo=None)
        candidate = _Wall(wall, None)
    else:
        today = now.astimezone(where).date()
        clock, days = (
            _needed_clock(mentions, text, now, where),
            days_meant(mentions, text, earliest_day(mentions, text, today)),
        )
        candidate = _first_ahead(_readings(mentions, clock, days, text), now, where)
    starts_at = _instant(candidate.starts, where, text, mentions)
    _refuse_unlikely(starts_at, now, words_of(text, mentions.day, mentions.clock or mentions.wait))
    return Times(
        starts_at,
        _ends_at(starts_at, candidate, mentions, text, now, where),
        _repeats(starts_at, mentions, text, where),
    )


def zone_meant(mentions: WhenMentions, text: str, zone: ZoneInfo, choice: Choice) -> tzinfo:
    """The zone chosen, else that named in the line, else the community's. Raises NotAnEvent where one of several is meant."""
    if choice.zone:
        return ZoneInfo(choice.zone)
    # "8pm EST (UTC-5)": the offset is the surer of the two.
    zone_mention = mentions.zone or mentions.abbreviation
    if zone_mention and zone_mention.zones:
        candidates = tuple(Choice(day=choice.day, zone=one, rhythm=choice.rhythm) for one in zone_mention.zones)
        raise NotAnEvent(EventLineProblem("which_zone", words_of(text, zone_mention).strip("() "), choices=candidates))
    return (zone_mention.zone if zone_mention else None) or zone


@dataclass(frozen=True)
class _Wall:
    """What the clock on the wall shows at the start and at the end."""

    starts: datetime
    ends: datetime | None


def _needed_clock(mentions: WhenMentions, text: str, now: datetime, where: tzinfo) -> ClockMention:
    if mentions.clock is not None:
        return mentions.clock
    if mentions.day is None:
        raise NotAnEvent(EventLineProblem("no_time"))
    today = now.astimezone(where).date()
    days = days_meant(mentions, text, today)
    if max(days) < today:
        raise NotAnEvent(EventLineProblem("in_the_past", words_of(text, mentions.day), day=days[0]))
    raise NotAnEvent(_which_hour(mentions.day, mentions.vague, text, days[0], now.astimezone(where)))


def _which_hour(day: DayMention, vague: VagueHour | None, text: str, on: date, local_now: datetime) -> EventLineProblem:
    """The day is known, its hour not: by the words that hint at it, else by what the event is called."""
    part = day.part_of_day
    likely = vague.likely if vague else likely_in(part) if part else likely_for(reading_copy(text))
    passed = local_now.hour * 60 + local_now.minute if on == local_now.date() else -1
    choices = tuple(Choice(minute=minute) for minute in likely if minute > passed)
    if vague is None and part is None:
        return EventLineProblem("no_time", day=on, choices=choices)
    return EventLineProblem("which_hour", words_of(text, vague or day), day=on, choices=choices)


def _chosen_clock(mentions: WhenMentions, minute: int) -> ClockMention:
    """An hour that was chosen stands nowhere in the text; as a word, so that no part of the day turns it."""
    at = mentions.day.end if mentions.day else 0
    return ClockMention(at, at, Clock(minute // 60, minute % 60, None, "word"))


def _readings(mentions: WhenMentions, clock: ClockMention, days: list[date], text: str) -> Iterator[_Wall]:
    """Each way to read the start, best first: on each day, on the first also in its other half if that is open."""
    starts = _said_with(mentions.day, clock.starts)
    first, last = _minutes(starts, _said_end(mentions, clock), mentions, words_of(text, clock, mentions.end))
    if mentions.day and mentions.day.part_of_day in NIGHT and first < _SMALL_HOURS:
        first, last = first + DAY, None if last is None else last + DAY
    is_open = starts.part_of_day is None and starts.precision in ("bare", "short") and first < HALF_DAY
    for number, day in enumerate(days):
        yield _on(day, first, last)
        if number == 0 and is_open and (mentions.day is None or len(days) == 1):
            yield _on(day, first + HALF_DAY, None if last is None else last + HALF_DAY * (last <= first + HALF_DAY))


def _said_with(day: DayMention | None, clock: Clock) -> Clock:
    return in_part(clock, day.part_of_day) if day and day.part_of_day else clock


def _said_end(mentions: WhenMentions, clock: ClockMention) -> Clock | None:
    if clock.ends or mentions.end_day:
        return clock.ends
    return mentions.end.starts if mentions.end else None


def _minutes(starts: Clock, ends: Clock | None, mentions: WhenMentions, words: str) -> tuple[int, int | None]:
    first = minutes_of(starts, mentions.mood)
    is_later = any(one is not None and one.ends_next_day for one in (mentions.clock, mentions.end))
    both = None if ends is None else minutes_of_range(starts, ends, mentions.mood, ends_next_day=is_later)
    if first is None or (ends is not None and both is None):
        raise NotAnEvent(EventLineProblem("impossible_time", words))
    if both is None:
        return first, None
    if both[1] is None:
        raise NotAnEvent(EventLineProblem("ends_before_it_starts", words))
    return both


def _on(day: date, first: int, last: int | None) -> _Wall:
    midnight = datetime.combine(day, time())
    return _Wall(midnight + timedelta(minutes=first), None if last is None else midnight + timedelta(minutes=last))


def _first_ahead(readings: Iterator[_Wall], now: datetime, where: tzinfo) -> _Wall:
    """The first reading that is still ahead, else the best one."""
    best = list(readings)
    return next((wall for wall in best if wall.starts.replace(tzinfo=where) > now), best[0])


def _instant(wall: datetime, where: tzinfo, text: str, mentions: WhenMentions) -> datetime:
    instant = wall.replace(tzinfo=where).astimezone(UTC)
    if instant.astimezone(where).replace(tzinfo=None) != wall:
        words = words_of(text, mentions.day, mentions.clock)
        raise NotAnEvent(EventLineProblem("skipped_hour", words, understood_at=instant))
    return instant


def _refuse_unlikely(starts_at: datetime, now: datetime, words: str) -> None:
    if starts_at <= now:
        raise NotAnEvent(EventLineProblem("in_the_past", words, understood_at=starts_at))
    if starts_at - now > MAX_AHEAD:
        raise NotAnEvent(EventLineProblem("too_far", words, understood_at=starts_at))


def _ends_at(
    starts_at: datetime, start: _Wall, mentions: WhenMentions, text: str, now: datetime, where: tzinfo
) -> datetime | None:
    if mentions.duration:
        return starts_at + timedelta(minutes=mentions.duration.minutes)
    first_day = start.starts.date()
    ends = _on_its_day(mentions, text, first_day) or _on_last_day(mentions.day, start, first_day, text)
    if ends is None:
        return None
    ends_at = ends.replace(tzinfo=where).astimezone(UTC)
    if ends_at <= starts_at:
        words = words_of(text, mentions.day, mentions.clock, mentions.end)
        raise NotAnEvent(EventLineProblem("ends_before_it_starts", words, understood_at=starts_at))
    return ends_at


def _repeats(starts_at: datetime, mentions: WhenMentions, text: str, where: tzinfo) -> Recurrence | None:
    if mentions.day is None or mentions.day.repeats is None:
        return None
    rule = end_series(mentions.day.repeats, mentions.series_end, starts_at, where)
    if rule is None:
        words = words_of(text, mentions.series_end)
        raise NotAnEvent(EventLineProblem("ends_before_it_starts", words, understood_at=starts_at))
    return rule


def _on_last_day(day: DayMention | None, start: _Wall, first_day: date, text: str) -> datetime | None:
    """The end of "3-5 Dec 10:00-18:00"; without an hour the last day's own end."""
    if day is None or day.last is None:
        return start.ends
    last = [later for later in day.last(first_day) if later >= first_day]
    if not last:
        raise NotAnEvent(no_such_day(day, day.last, text, first_day))
    if start.ends is None:
        return datetime.combine(last[0] + timedelta(days=1), time())
    return start.ends + (last[0] - first_day)


def _on_its_day(mentions: WhenMentions, text: str, first_day: date) -> datetime | None:
    """The end of "Fri 18:00 - Sun 16:00", its day counted from the first."""
    if mentions.end_day is None or mentions.end is None:
        return None
    days = days_meant(replace(mentions, day=mentions.end_day), text, first_day)
    clock = _said_with(mentions.end_day, mentions.end.starts)
    return _on(days[0], _minutes(clock, None, mentions, words_of(text, mentions.end))[0], None).starts
