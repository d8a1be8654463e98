"""What is asked of the doubts that an event line leaves: which day, which rhythm, which zone.

No day was said that we know, or several; a rhythm or a zone that we cannot be sure of. One question at a time, with the
answers as choices where they are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from models.reading.days import DayMention
from models.reading.doubts import Doubt, is_review, slips
from models.reading.event_draft import Choice, EventLineProblem
from models.reading.mentions import WhenMentions
from models.reading.patterns import pattern_of
from models.reading.wording import MASK, Span

MOST_CHOICES = 7
_SATURDAY = 5
_LASTS_DAYS = pattern_of(
    r"\b(?:boot)?camps?\b|\bretreat|\boff-?site|hackathon|\bconference|\bsummit|\bfestival|\bfair\b|\bexpo\b|\btrip\b|\bsprint\b"
    r"|\bcourse\b|\bweek\b|营|黑客松|团建|大会|峰会|展|出游|旅行|论坛"
)
# Two days in a row: "Thu or Fri", 周六和周日.
_AND = r"[\s,]{0,2}(?:or|and|&|/|\+|,|、|和|及|与|或|或者|跟)?[\s,]{0,2}"


def question(
    doubts: Sequence[Doubt], text: str, reading: str, when: WhenMentions, today: date, choice: Choice
) -> EventLineProblem | None:
    """The one thing to ask about what is left over; None where it may be told under the preview."""
    return (
        (None if choice.day else _about_day(doubts, text, reading, when, today))
        or (None if choice.rhythm else _about_rhythm(doubts, text, when))
        or (None if choice.zone else _about_zone(doubts, text))
    )


def _about_day(
    doubts: Sequence[Doubt], text: str, reading: str, when: WhenMentions, today: date
) -> EventLineProblem | None:
    days = [doubt for doubt in doubts if doubt.kind in ("weekday", "day")]
    if when.day is None and when.wait is None:
        days = days or [doubt for doubt in doubts if doubt.kind == "season"] or list(slips(reading))
        return _which_day(days or [_as_doubt(one) for one in when.other_days], text, today)
    if when.day is None:
        return None
    if when.joined_days:
        several = sorted((*when.joined_days, when.day), key=lambda day: day.start)
        ahead = {one for day in several for one in day.choose(today)[:1] if one >= today}
        return _question(text[several[0].start : several[-1].end], sorted(ahead)) if len(ahead) > 1 else None
    joined_doubts = [
        doubt
        for doubt in days
        if doubt.kind == "weekday"
        and (when.day.weekday, when.day.must_be) != (None, None)
        and not _is_same_weekday(doubt, when.day, today)
        and _is_joined(doubt, when.day, reading)
    ]
    if joined_doubts and not when.day.last:
        both = [*joined_doubts, Doubt(when.day.start, when.day.end, "weekday", when.day.choose)]
        day_doubts = _which_day(sorted(both, key=lambda doubt: doubt.start), text, today)
        return _each_week(day_doubts) if day_doubts and when.day.repeats else day_doubts
    # 开学第一周周三, "second week of May, Thursday": which Wednesday?
    beside = next((doubt for doubt in days if doubt.choose is None and _touches(doubt, when.day, reading)), None)
    if beside is not None and when.day.weekday is not None and not when.day.repeats:
        return _question(text[beside.start : when.day.end], [day for day in when.day.choose(today) if day >= today])
    # "Demo next week, all of us, Fri 6pm": this Friday or that of next week?
    week = next(
        (doubt for doubt in days if doubt.kind == "day" and doubt.choose and when.day.weekday is not None), None
    )
    if week is not None and week.choose is not None and not when.day.repeats:
        first_choice = when.day.choose(today)[:1]
        of_week = [day for day in week.choose(today) if day.weekday() == when.day.weekday]
        return (
            _question(text[week.start : week.end], [*of_week, *first_choice])
            if of_week and of_week != first_choice
            else None
        )
    return None


def _touches(doubt: Doubt, day: Span, reading: str) -> bool:
    first, second = sorted((doubt, day), key=lambda span: span.start)
    return re.fullmatch(r"[\s,的]{0,2}(?:(?:of|on|in)\s)?(?:the\s)?", reading[first.end : second.start]) is not None


def _is_same_weekday(doubt: Doubt, day: DayMention, today: date) -> bool:
    """Whether the day of a series is only named twice: "Build in public Mondays, every Monday"."""
    days = doubt.choose(today) if doubt.choose and day.repeats else []
    return bool(days) and days[0].weekday() == day.weekday


def _is_joined(doubt: Doubt, day: Span, reading: str) -> bool:
    first, second = sorted((doubt, day), key=lambda span: span.start)
    gap = re.sub(f"^(?:早上?|上午|中午|下午|晚上?)|{MASK}", "", reading[first.end : second.start])
    other = re.sub(
        r"\b[0-9]{1,2}(?:st|nd|rd|th)?\b|\b(?:mon|tues?|wed(?:nes|s)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b|(?:周|星期|礼拜)?[一二三四五六日天](?:早上?|上午|中午|下午|晚上?)?",
        ",",
        gap,
    )
    return re.fullmatch(rf"(?:{_AND})*", other) is not None


def _as_doubt(day: DayMention) -> Doubt:
    """The only day that a line names is one to answer by, so perhaps the event's, too."""
    return Doubt(day.start, day.end, "day", day.choose)


def _which_day(doubts: Sequence[Doubt], text: str, today: date) -> EventLineProblem | None:
    if not doubts:
        return None
    per_doubt = [doubt.choose(today) if doubt.choose else [] for doubt in doubts]
    # Of a weekday the coming one; of a week or a date all.
    days = [
        day
        for doubt, doubt_days in zip(doubts, per_doubt, strict=True)
        for day in (doubt_days[:1] if doubt.kind == "weekday" else doubt_days)
    ]
    return _question(
        text[doubts[0].start : doubts[-1].end] if len(doubts) > 1 else text[doubts[0].start : doubts[0].end], days
    )


def _question(part: str, days: Iterable[date]) -> EventLineProblem:
    choices = list(dict.fromkeys(days))[:MOST_CHOICES]
    return EventLineProblem(
        "which_day", part.replace(MASK, " ").strip(" ,"), choices=tuple(Choice(day=day) for day in choices)
    )


def _each_week(problem: EventLineProblem) -> EventLineProblem:
    """A series has one weekday: which?"""
    return EventLineProblem(
        "which_rhythm", problem.part, choices=tuple(Choice(day=one.day, rhythm="week") for one in problem.choices)
    )


def _about_rhythm(doubts: Sequence[Doubt], text: str, when: WhenMentions) -> EventLineProblem | None:
    if (
        when.day is not None
        and when.day.last
        and _is_each_day(when.day, text, is_short=when.clock is not None and when.clock.ends is not None)
    ):
        return EventLineProblem("which_rhythm", text[when.day.start : when.day.end], choices=(Choice(rhythm="once"),))
    often = [doubt for doubt in doubts if doubt.kind == "rhythm" or _may_be_rhythm(doubt, text, when)]
    often = [doubt for doubt in often if not _only_begins(doubt, text, when)]
    if when.day is not None and when.day.repeats:
        other = next((doubt for doubt in often if _is_every_other(text[doubt.start : doubt.end])), None)
        if other and (when.day.repeats.every, when.day.repeats.interval) == ("week", 1):
            # "Biweekly circle, Thursdays 7pm": each, or every other?
            choices = (Choice(rhythm="week/2"), Choice(rhythm="week"))
            return EventLineProblem("which_rhythm", text[other.start : other.end].strip(), choices=choices)
        often = [doubt for doubt in often if doubt.kind == "rhythm" and not _is_weekly(text[doubt.start : doubt.end])]
    if not often:
        return None
    part = text[often[0].start : often[0].end].strip()
    known = "week/2" if _is_every_other(part) else "week" if _is_weekly(part) else None
    rhythms = ("once", known) if known else ("once",)
    return EventLineProblem("which_rhythm", part, choices=tuple(Choice(rhythm=rhythm) for rhythm in rhythms))


def _only_begins(doubt: Doubt, text: str, when: WhenMentions) -> bool:
    """Whether "starting" leads to a date, not to a series of weekdays, or "of the month" goes with one: told, not asked.

    So does the "First" of "First Monday mixer: Mon 1 Feb".
    """
    is_nth = (
        re.match(r"(?:first|last|[1-5](?:st|nd|rd|th))$", text[doubt.start : doubt.end].strip().lower()) is not None
    )
    if is_nth and when.day is not None and when.day.must_be is not None:
        return True
    is_dated = when.day is not None and when.day.weekday is None and not when.day.repeats
    return (
        is_dated
        and re.match(
            r"(?:starts?|starting|beginning|commencing|of (?:the|each|every|a))\b",
            text[doubt.start :].lower(),
        )
        is not None
    )


def _may_be_rhythm(doubt: Doubt, text: str, when: WhenMentions) -> bool:
    """Whether "monthly" says how often; "quarterly review" with its date is what the event is called."""
    is_dated = when.day is not None and when.day.weekday is None and not when.day.repeats
    return doubt.kind == "name_of_rhythm" and not (is_dated and is_review(doubt, text))


def _is_each_day(day: DayMention, text: str, *, is_short: bool) -> bool:
    """Whether "Mon-Fri 9.30" may mean each of the days, not one event that lasts all of them."""
    is_of_weekdays = day.weekday is not None and day.last_weekday is not None
    is_week = is_of_weekdays and (is_short or (day.weekday or 0) < (day.last_weekday or 0) < _SATURDAY)
    return is_week and _LASTS_DAYS.search(text.lower()) is None


def _is_every_other(words: str) -> bool:
    return re.search("fortnight|bi-?week|双周|隔周|两周", words.lower()) is not None


def _is_weekly(words: str) -> bool:
    return re.search(r"\bweekly\b|every week|每周|每星期", words.lower()) is not None


def _about_zone(doubts: Sequence[Doubt], text: str) -> EventLineProblem | None:
    zone = next((doubt for doubt in doubts if doubt.kind == "zone"), None)
    return EventLineProblem("which_zone", text[zone.start : zone.end].strip()) if zone else None
