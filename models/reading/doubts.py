"""The last honest look at an event line: what is left of it must not look like time, rhythm or zone.

Words of time that nobody used would stay in the title while the day becomes today. So whatever is left over either leads to
a question (no day was said that we know; a rhythm or a zone that we cannot be sure of), or is told under the preview.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.reading.day_choices import Choose, coming, in_days, on_date
from models.reading.days import DayMention
from models.reading.doubt_patterns import DOUBTS, Kind, of_whole_week
from models.reading.event_draft import Choice, EventLineProblem
from models.reading.leftovers import find_leftovers
from models.reading.loose_ends import find_loose_ends, is_saying
from models.reading.mentions import WhenMentions
from models.reading.patterns import pattern_of
from models.reading.recurrence import Recurrence
from models.reading.tongues import ForeignWord, find_foreign
from models.reading.wording import MASK, Span, mask, overlaid, scripts_in

MOST_CHOICES = 7
# A sign that no line has and no pattern knows.
_NO_WORD = "\x01"
_SATURDAY = 5
_LASTS_DAYS = pattern_of(
    r"\b(?:boot)?camps?\b|\bretreat|\boff-?site|hackathon|\bconference|\bsummit|\bfestival|\bfair\b|\bexpo\b|\btrip\b|\bsprint\b"
    r"|\bcourse\b|\bweek\b|营|黑客松|团建|大会|峰会|展|出游|旅行|论坛"
)
# What companies do each quarter or month, by its name.
_REVIEW = pattern_of(
    r"(?:bi-?)?(?:quarterly|monthly|weekly|daily)\s(?:\w+\s)?(?:review|report|results|planning|update|numbers|figures|okrs?|earnings"
    r"|kick-?off|retro(?:spective)?|all[- ]hands)\b"
)
# A word is a slip for a weekday from this length on; "midday" is none for Monday.
LEAST_LIKE = 6
_WORD = pattern_of(r"(?<![^\W_])[a-z]{6,11}(?![^\W_])")
_NAME_OF_DAY = pattern_of(r"(?:on\s)?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?|week-?ends?")
# "Last Friday of the month drinks, 27 Nov 19:00".
_OF_MONTH = pattern_of(r"of (?:the|each|every|a) ", re.IGNORECASE)
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tomorrow")
# Two days in a row: "Thu or Fri", 周六和周日.
_AND = r"[\s,]{0,2}(?:or|and|&|/|\+|,|、|和|及|与|或|或者|跟)?[\s,]{0,2}"
_DEADLINE = pattern_of(
    r"(?:\b(?:rsvp|reply|answer|sign[- ]?up|register|deadline|due)\b[^,;]{0,20}|报名|截止|登记)[\s:日期]*"
    r"(?:by|before|until|on)?\s?(?:the\s)?$"
)
_ZONE_WORD = pattern_of(rf"{MASK}\s?\(?(?P<zone>[A-Z]{{3,4}}T|[A-Z][a-z]+ [Tt]ime)\)?(?=\s?(?:$|[,;:|\n).@·{MASK}]))")
_NO_ZONES = frozenset("CHAT TEXT TEST START MEET FEST NEXT CHATGPT NFT GPT EXIT DRAFT FIRST PIVOT".split())  # noqa: SIM905


@dataclass(frozen=True)
class Doubt(Span):
    """Words that look like time and were not used, and the days they may mean."""

    kind: Kind
    choose: Choose | None = None


def find_doubts(
    text: str, reading: str, known_spans: Sequence[Span] = (), more_spans: Sequence[Span] = ()
) -> list[Doubt]:
    """What looks like time in the reading copy, where everything that was used is masked; in order of position.

    What is one of the known is no doubt: a day to answer by, another hour of the programme. more_spans: what looks
    like an hour within words that were used.
    """
    doubts: list[Doubt] = []
    bounds = [Doubt(span.start, span.end, "bound") for span in find_loose_ends(reading)]
    scripts = scripts_in(reading)
    for pattern, kind, guess, script in DOUBTS:
        if script is not None and script not in scripts:
            continue
        new = [Doubt(match.start(), match.end(), kind, guess(match)) for match in pattern.finditer(reading)]
        reading = mask(reading, *new) if new else reading
        doubts += new
    doubts = [replace(doubt, kind="gone") if _is_known(doubt, reading, known_spans) else doubt for doubt in doubts]
    text_left = overlaid(mask(text, *doubts), reading)
    doubts += [_foreign(word, text_left) for word in find_foreign(text_left, text)]
    doubts += [
        Doubt(match.start("zone"), match.end("zone"), "zone")
        for match in _ZONE_WORD.finditer(text_left)
        if match["zone"] not in _NO_ZONES
    ]
    reading_left = _neutral(reading, [*doubts, *bounds])
    leftovers = [Doubt(span.start, span.end, "clock") for span in (*find_leftovers(reading_left), *more_spans)]
    doubts += [doubt for doubt in leftovers if not _is_known(doubt, reading, known_spans)]
    return sorted([*doubts, *bounds], key=lambda doubt: doubt.start)


def _neutral(reading: str, spans: Iterable[Span]) -> str:
    """The reading copy without these words, which are no border: what touches them does not touch what was read."""
    for span in spans:
        reading = reading[: span.start] + _NO_WORD * (span.end - span.start) + reading[span.end :]
    return reading


def slips(reading: str) -> Iterable[Doubt]:
    """Words that a slip makes of a weekday: "Thrusday". Only worth asking about where no day was said."""
    # Loaded for the lines without a day.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    for match in _WORD.finditer(reading):
        like = process.extractOne(match[0], _DAY_NAMES, scorer=OSA.distance, score_cutoff=1 if len(match[0]) < 9 else 2)
        if like is not None:
            yield Doubt(match.start(), match.end(), "day", in_days(1) if like[2] == 7 else coming(like[2]))


def _foreign(word: ForeignWord, text: str) -> Doubt:
    kind: Kind = "rhythm" if word.kind == "often" else "weekday" if word.kind == "weekday" else "day"
    if word.kind == "month":
        beside = re.search(r"(?P<day>[0-9]{1,2})\.?\s(?:de\s|d')?$", text[: word.start])
        return Doubt(
            word.start, word.end, kind, on_date(None, word.value, int(beside["day"])) if beside and word.value else None
        )
    if word.value is None:
        return Doubt(word.start, word.end, kind)
    choose = {"weekday": coming, "day": in_days, "week": of_whole_week}.get(word.kind)
    return Doubt(word.start, word.end, kind, choose(word.value) if choose else None)


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


def _is_known(doubt: Doubt, reading: str, known_spans: Sequence[Span]) -> bool:
    is_known = any(one.start < doubt.end and doubt.start < one.end for one in known_spans)
    is_led = _DEADLINE.search(reading[max(0, doubt.start - 40) : doubt.start]) is not None
    return is_known or is_led or reading[doubt.end :].startswith(("前", "截"))


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
    """Whether "starting" leads to a date, not to a series of weekdays, or "of the month" goes with one: told, not asked."""
    is_dated = when.day is not None and when.day.weekday is None and not when.day.repeats
    return (
        is_dated
        and re.match(
            r"(?:starts?|starting|beginning|commencing|of (?:the|each|every|a))\b", text[doubt.start :].lower()
        )
        is not None
    )


def _may_be_rhythm(doubt: Doubt, text: str, when: WhenMentions) -> bool:
    """Whether "monthly" says how often; "quarterly review" with its date is what the event is called."""
    is_dated = when.day is not None and when.day.weekday is None and not when.day.repeats
    return doubt.kind == "name_of_rhythm" and not (is_dated and _is_review(doubt, text))


def _is_review(doubt: Doubt, text: str) -> bool:
    return _REVIEW.match(text.lower(), doubt.start) is not None


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


def said_again(doubts: Sequence[Doubt], text: str, spans: Sequence[Span], day: date) -> list[Doubt]:
    """The words beside what was used that name the event's day once more: 本周末（19号）, "Do. 11.2."; "Sunday" may be a name."""
    borders = {place for span in spans for place in (span.start, span.end)}
    return [
        doubt
        for doubt in doubts
        if doubt.choose
        and day in doubt.choose(day)
        and not _NAME_OF_DAY.fullmatch(text[doubt.start : doubt.end].lower())
        and borders & {*range(doubt.start - 1, doubt.start + 1), *range(doubt.end, doubt.end + 3)}
    ]


def unread(
    doubts: Sequence[Doubt], text: str, day: date, *, is_dated: bool, repeats: Recurrence | None = None
) -> tuple[str, ...]:
    """The words to tell under the preview: not what is over or means what was read; beside a date, no season."""
    bounds = [doubt for doubt in doubts if doubt.kind == "bound"]
    bounds = [one for one in bounds if repeats or not is_saying(text[one.start : one.end])]
    spans = bounds + [
        doubt
        for doubt in doubts
        if doubt.kind not in ("gone", "season", "bound")
        and not any(one.start < doubt.end and doubt.start < one.end for one in bounds)
        and not (doubt.choose and day in doubt.choose(day))
        and not (is_dated and doubt.kind == "day" and doubt.choose is None)
        and not (doubt.kind == "name_of_rhythm" and _is_rule(text[doubt.start : doubt.end], repeats))
        and not (is_dated and repeats is None and doubt.kind == "rhythm" and _OF_MONTH.match(text, doubt.start))
        and not (is_dated and repeats is None and doubt.kind == "name_of_rhythm" and _is_review(doubt, text))
    ]
    in_order = sorted(spans, key=lambda doubt: doubt.start)
    return tuple(dict.fromkeys(text[doubt.start : doubt.end].strip() for doubt in in_order))


def _is_rule(word: str, rule: Recurrence | None) -> bool:
    """Whether "Monthly" says of a series what its rule is."""
    if rule is None:
        return False
    every = "month" if word.lower() == "monthly" else "week"
    interval = 1 if word.lower() in ("weekly", "monthly") else 2
    return (every, interval) == (rule.every, rule.interval) and not word.lower().startswith(("quarter", "dai"))
