"""Until when a need or an offer holds, by what its line says: "until Friday 6pm", "before March", 月底前, "within two weeks".

What the words mean, where people differ:
- "until", "by" and 截止 count their day, "before" and 前 end on the day before it, as in last_day.py; of a week, a month or a
  year that is named as an end ("before the end of March", 月底前) its last day counts. Where an hour is said, it is that hour.
- a day that is no deadline ("a photographer on Friday", "from 3 to 7 March") is the last on which the line is of any use.
- "until March" is to the end of March. A weekend ends on its Sunday.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

from models.reading.believed_days import are_close
from models.reading.clocks import ClockMention, find_clocks
from models.reading.days import DayMention, find_days
from models.reading.event_draft import Choice, NotAnEvent
from models.reading.feasts import BY_COUNTRY, CHINESE_FEASTS, ENGLISH_FEASTS, feast_named
from models.reading.hours import in_part, minutes_of
from models.reading.listing_periods import PeriodMention, find_periods
from models.reading.mentions import WhenMentions
from models.reading.which_day import days_meant, settle_day
from models.reading.wording import LEFT, RIGHT, Span, mask
from models.reading.zone_mentions import find_zone, zone_after

# A clock that stands alone is no day's end further ahead than this.
MAX_AHEAD = timedelta(days=2 * 366)
_LONGEST_LEAD = 40
_LEAD = re.compile(
    r"(?:\b(?:(?:that|which) (?:will )?)?(?:(?:is |are |it's |still |only |just )?"
    r"(?:valid|available|open|free|good|on|here|there|needed"
    r"|required|ends?|ending|expires?"
    r"|closes?|closing|due|deadline|latest|offer|only|just)\s?(?:is|ends)?:?\s)?"
    r"(?P<word>until|till?|'til|by|before|through|thru|(?:no|not) later than|up to|(?<!pick )(?<!picked )up until|latest(?: by"
    r"| on)?|deadline:?|due:?"
    r"|ends?|ending|expires?|closes?|closing|expiry:?|valid to)\s?(?:and including |on |the |this |at )*"
    r"|(?P<zh>(?:有效期?|截止|截至|最晚|最迟|直|一直|持续|开放|限)?(?:日期|时间)?(?:到|至|为|是|在|于|:)"
    r"|截止|截至|最晚|最迟|赶在|在)\s?)$"
)
_TAIL = re.compile(
    r"\s?(?:(?P<before>(?:之前|以前|前(?!天|端|台|沿|期))(?:都?有效|截止)?)|(?:之内|以内|内|截止|为止|止"
    r"|结束|到期|有效|都?有效)"
    r"|,?\s?(?:at the latest|latest|the latest|or (?:earlier|sooner|before)|deadline|max(?!\.?\s?[a-z0-9€$£¥])))"
)
# A day of each month, and one that is left out: 每月15号, "except 24 March".
_NOT_THEN = re.compile(
    r"\b(?:except(?: for)?|excluding|but not|not|apart from|other than)\s(?:on |the |for |between |from )*$"
    r"|每个?月\s?$|(?:除了?|不含|避开)\s?$"
)
# The day has a second one that the reader of days left.
_GOES_ON = re.compile(r"\s?(?:-|到|至)\s?[0-9]{1,2}(?:\s?[日号]|(?![0-9:.点时apAP]))")
# What keeps until then is the thing, not the offer: "best before May", 保质期到8月.
_KEEPS = re.compile(r"(?:\b(?:best|use|warranty|guarantee)\s?|(?<!有)效期|保质期|质保|保修期?)$")
_EXCLUSIVE = frozenset(("before",))
_STARTS = re.compile(
    r"(?:\b(?:from|since|starting|starts?|as of|beginning|after|available from|free from)\s(?:on |in |the )*"
    r"|(?:从|自|自从)\s?)$"
)
_AFTER_START = re.compile(r"\s?(?:onwards?\b|起|开始|以后|之后|后)")
_UNTIL = re.compile(r",?\s(?:before|by|until|till|no later than|latest)\s")
_ONE_DAY = re.compile(r"(?:on |the )*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b")
_ROW = re.compile(r"\s?(?:/|&|\+|、|,?\s?and|和|跟)\s?")
_TO = re.compile(r"\s?(?:-|to|until|till|through|到|至)\s?")
_FEAST = re.compile(
    rf"{LEFT}(?P<feast>{ENGLISH_FEASTS}){RIGHT}|(?P<zh_feast>{CHINESE_FEASTS})节?(?=\s?(?:之前|以前|前|截))"
)
# "By Friday morning" is by noon.
_PART_ENDS = {"morning": 12, "早上": 12, "上午": 12, "早": 12, "早晨": 12, "清晨": 12, "afternoon": 18, "下午": 18}


@dataclass(frozen=True)
class EndMention(Span):
    """When a line's use ends, aware UTC; has_time: an hour was said. is_deadline: the words say nothing but that."""

    ends_at: datetime
    has_time: bool
    is_deadline: bool


@dataclass(frozen=True)
class _Day(Span):
    """A named day or period with its lead and tail: its last day, the hour beside it."""

    last: date
    is_deadline: bool
    clock: ClockMention | None = None
    part_of_day: str | None = None


def find_end(text: str, reading: str, *, now: datetime, zone: ZoneInfo) -> EndMention | None:
    """The end that a line names; None where none is, or none that is sure and ahead of now.

    reading is the reading copy of text, what is no time of it masked; now is aware, zone the community's.
    """
    today = now.astimezone(zone).date()
    days = list(_days(text, reading, today, zone))
    deadlines = [day for day in days if day.is_deadline]
    chosen = (deadlines or sorted(days, key=lambda day: day.last))[-1:]
    ends = [_ends(day, text, reading, zone) for day in chosen] or [_hour_alone(text, reading, now, zone)]
    return next((end for end in ends if end and now < end.ends_at < now + MAX_AHEAD), None)


def _days(text: str, reading: str, today: date, zone: ZoneInfo) -> Iterator[_Day]:
    periods = _apart_from_days(find_periods(reading), reading)
    rest = mask(reading, *periods)
    mentions: list[DayMention | PeriodMention] = [
        *periods,
        *(day for day in find_days(rest) if not (day.repeats or day.is_gone or day.is_doubtful or is_each_day(day))),
    ]
    mentions = sorted([*mentions, *_feasts(mask(rest, *mentions))], key=lambda mention: mention.start)
    mentions = _without_lists(mentions, reading)
    clocks = [clock for clock in find_clocks(mask(rest, *mentions)) if not clock.is_bare]
    spans = list(_stretches(mentions, reading, today))
    yield from spans
    mentions = [one for one in mentions if not any(span.start <= one.start < span.end for span in spans)]
    for mention in mentions:
        if (day := _day_of(mention, clocks, text, reading, today, zone, "zh" if _has_han(text) else "en")) is not None:
            yield day


def _apart_from_days(periods: list[PeriodMention], reading: str) -> list[PeriodMention]:
    """The periods that are no part of a day's name: "Wednesday next week"."""
    days = [day for day in find_days(reading) if not (day.repeats or day.is_gone or day.is_doubtful or day.is_weak)]
    return [
        period
        for period in periods
        if not any(
            day.start <= period.start and period.end <= day.end and _ONE_DAY.match(reading, day.start) for day in days
        )
    ]


def _without_lists(mentions: list[DayMention | PeriodMention], reading: str) -> list[DayMention | PeriodMention]:
    """The mentions without weekdays that stand in a row and mean each week's: "Tue/Thu evening", 周二和周四."""
    rows = [
        (first, second)
        for first, second in pairwise(mentions)
        if _is_weekday(first) and _is_weekday(second) and _ROW.fullmatch(reading[first.end : second.start])
    ]
    return [mention for mention in mentions if not any(mention in row for row in rows)]


def _is_weekday(mention: DayMention | PeriodMention) -> bool:
    return isinstance(mention, DayMention) and mention.weekday is not None


def _feasts(reading: str) -> Iterator[DayMention]:
    """Feasts that an end is told by: "before Christmas", 春节前."""
    for match in _FEAST.finditer(reading):
        name = match["feast"] or match["zh_feast"]
        yield DayMention(
            match.start(), match.end(), feast_named(name), is_weak=True, feast=name if name in BY_COUNTRY else None
        )


def _stretches(mentions: Sequence[DayMention | PeriodMention], reading: str, today: date) -> Iterator[_Day]:
    """Two of them that say from when to when: "from April to September", 4月到6月."""
    for first, second in pairwise(mentions):
        lead = _STARTS.search(reading[max(0, first.start - _LONGEST_LEAD) : first.start])
        if isinstance(second, PeriodMention) and _TO.fullmatch(reading[first.end : second.start]):
            starts = first.first(today) if isinstance(first, PeriodMention) else first.choose(today)[0]
            yield _Day(
                first.start - (len(lead[0]) if lead else 0),
                second.end,
                second.last(max(starts, today)),
                is_deadline=False,
            )


def _has_han(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def _day_of(
    mention: DayMention | PeriodMention,
    clocks: Sequence[ClockMention],
    text: str,
    reading: str,
    today: date,
    zone: ZoneInfo,
    language: str,
) -> _Day | None:
    clock = next((clock for clock in clocks if _belongs(reading, mention, clock)), None)
    start, end = _both(mention, clock)
    lead = _LEAD.search(reading[max(0, start - _LONGEST_LEAD) : start])
    tail = _TAIL.match(reading, end)
    # 16到19号 is a stretch, not 到19号.
    if lead and reading[: start - len(lead[0])][-1:].isdigit():
        lead = None
    if (lead and _KEEPS.search(reading[: start - len(lead[0])])) or _NOT_THEN.search(reading[:start]):
        return None
    if isinstance(mention, DayMention) and mention.last is None and _GOES_ON.match(reading, mention.end):
        return None
    if _STARTS.search(reading[max(0, start - _LONGEST_LEAD) : start]) and not (
        isinstance(mention, DayMention) and mention.last
    ):
        return None
    if _AFTER_START.match(reading, end):
        return None
    is_until = clock is not None and _UNTIL.fullmatch(reading[mention.end : clock.start]) is not None
    is_deadline = is_until or bool(lead or tail) or (isinstance(mention, PeriodMention) and mention.is_deadline)
    if isinstance(mention, DayMention) and mention.is_weak and not is_deadline:
        return None
    last = _last_day(mention, text, today, zone, language)
    if last is None:
        return None
    is_before = bool((lead and lead["word"] == "before") or (tail and tail["before"]))
    is_end = isinstance(mention, PeriodMention) and mention.is_end
    if is_before and clock is None and not is_end:
        first = mention.first(today) if isinstance(mention, PeriodMention) else last
        last = max(first - timedelta(days=1), today)
    return _Day(
        start - (len(lead[0]) if lead else 0),
        tail.end() if tail else end,
        last,
        is_deadline,
        clock,
        None if isinstance(mention, PeriodMention) else mention.part_of_day,
    )


def is_each_day(day: DayMention) -> bool:
    """Whether "Mon-Fri" may mean each of the days rather than an end."""
    return day.weekday is not None and day.last_weekday is not None


def _belongs(reading: str, mention: Span, clock: ClockMention) -> bool:
    """Whether a clock time tells the hour of this day: "Friday 6pm", "today before 6pm"."""
    return are_close(reading, mention, clock) or _UNTIL.fullmatch(reading[mention.end : clock.start]) is not None


def _both(mention: Span, clock: ClockMention | None) -> tuple[int, int]:
    if clock is None:
        return mention.start, mention.end
    return min(mention.start, clock.start), max(mention.end, clock.end)


def _last_day(
    mention: DayMention | PeriodMention, text: str, today: date, zone: ZoneInfo, language: str
) -> date | None:
    """The day meant, or the last of several; None where the figures may mean two days or a weekday contradicts them."""
    if isinstance(mention, PeriodMention):
        return mention.last(today)
    try:
        settled = settle_day(WhenMentions(day=mention), text, today, zone, language, Choice())
        days = [day for day in days_meant(settled, text, today) if day >= today]
    except NotAnEvent:
        return None
    if not days or mention.last is None:
        return days[0] if days else None
    later = [day for day in mention.last(days[0]) if day >= days[0]]
    return later[0] if later else None


def _ends(day: _Day, text: str, reading: str, zone: ZoneInfo) -> EndMention | None:
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


def _minutes(day: _Day) -> int | None:
    """Minutes from the start of the last day to the hour that was said; None where none was, or none that exists."""
    if day.clock is not None:
        said = day.clock.ends or day.clock.starts
        return minutes_of(in_part(said, day.part_of_day) if day.part_of_day else said)
    hour = _PART_ENDS.get(day.part_of_day or "") if day.is_deadline else None
    return None if hour is None else hour * 60


def _hour_alone(text: str, reading: str, now: datetime, zone: ZoneInfo) -> EndMention | None:
    """ "until 6pm": today."""
    for clock in find_clocks(reading):
        lead = _LEAD.search(reading[max(0, clock.start - _LONGEST_LEAD) : clock.start])
        tail = _TAIL.match(reading, clock.end)
        if (lead or tail) and not clock.is_bare:
            start = clock.start - (len(lead[0]) if lead else 0)
            day = _Day(start, tail.end() if tail else clock.end, now.astimezone(zone).date(), True, clock)
            return _ends(day, text, reading, zone)
    return None
