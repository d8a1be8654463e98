"""The day an event line names, in English and Chinese: weekdays, relative days, dates in figures and in words.

What the words mean, where people differ:
- weeks begin on Monday. "Fri", "this Friday", 周五: the coming one, today included while the hour is still ahead.
  "next Friday", 下周五: the Friday of next week. 本周五 and 这周五: of this week, even when it is over (then the line is in
  the past).
- "last Friday" is the last one before today, 上周五 that of last week; what is over at any hour (yesterday, 前天, 3 days ago)
  is the day only where no other is named, else it belongs to the title ("Recap of last week, Fri 7pm").
- "Wednesdays 4pm" is every Wednesday, unless a surer day stands in the line ("Founder Fridays, 4 Dec 7pm"). A title
  keeps such a day that is written like the word before it ("Founder Fridays 19:00").
- a date without a year is the next such date, but one that passed less than RECENT_DAYS ago is taken as a slip.
- figures with slashes are in the order of the community's country (see instants.py), unless the first cannot be a month
  (25/12) or a weekday beside them says so (Thu 3/12); with dots
  day.month (3.12.), or month.day where a Chinese line leaves the last dot out (12.3).
- "Saturdays 8am from 28 March until May" is a series that those days bound; a weekday and a date apart from it that agree are
  one day ("20-22 March, kick-off Fri 6pm"); of "16th & 17th March" is asked which, of "Mon-Fri 9.30" whether each.
- a weekend is its Saturday, or its Sunday once Saturday's hour is over.
"""

import re
from dataclasses import dataclass, replace

from models.reading.day_choices import Choose, of_month
from models.reading.day_patterns import RULES
from models.reading.day_readers import NIGHTS, is_gone, nth_of, read_slashes_turned, weekday_of
from models.reading.patterns import pattern_of
from models.reading.recurrence import Recurrence
from models.reading.wording import Span, mask, number, scripts_in

_TO = pattern_of(r"\s?(?:-|to|until|through|thru|到|至)\s?")
# "Moved from Thursday to Friday" names no days in between.
_MOVED_FROM = pattern_of(
    r"\b(?:moved|moving|postponed|rescheduled|shifted|changed|pushed)\sfrom\s(?:the\s)?$|(?:改|调整|原定|原)[于从]?\s?$"
)
_BESIDE = pattern_of(r"[\s,.()\[\]·|/]{0,3}(?:the )?")


@dataclass(frozen=True)
class DayMention(Span):
    """A day that was named: the days it may be, the part of the day ("晚", "evening") and how sure the reading is.

    weekday is set when nothing but a weekday was said, must_be when a weekday was said with a date ("Fri 4 Dec"); 0
    is Monday. last is the last day of several ("3-5 Dec"), to be asked with the first one, last_weekday its weekday in
    "Mon-Fri"; repeats is set after "every" and 每. is_gone: over at any hour ("last Friday"), so a title may mean it too.
    otherwise is another reading of the same figures, for a weekday that contradicts the first ("Thu 3/12"). feast is its
    name where countries differ; is_doubtful: only to be proposed (十月初五 without 农历). is_relative: tonight, 明天;
    relative_start is where such a word begins, behind a weekday. if_series: how a day repeats whose line tells an end ("first
    Wednesday of the month ... until December").
    """

    choose: Choose
    part_of_day: str | None = None
    weekday: int | None = None
    is_weak: bool = False
    must_be: int | None = None
    last: Choose | None = None
    repeats: Recurrence | None = None
    is_gone: bool = False
    otherwise: Choose | None = None
    feast: str | None = None
    is_doubtful: bool = False
    is_relative: bool = False
    last_weekday: int | None = None
    relative_start: int | None = None
    if_series: Recurrence | None = None


def find_days(reading: str, *, also_weak: bool = True) -> list[DayMention]:
    """Every day named in the reading copy, in order of position; no two overlap, weak readings come last in right."""
    mentions: list[DayMention] = []
    scripts = scripts_in(reading)
    for pattern, reader, is_weak, script in RULES:
        if (is_weak and not also_weak) or (script is not None and script not in scripts):
            continue
        new = [
            _mention(match, choose, is_weak)
            for match in pattern.finditer(reading)
            if (choose := reader(match)) is not None
        ]
        if new:
            reading = mask(reading, *new)
            mentions += new
    return _join(sorted(mentions, key=lambda mention: mention.start), reading)


def _mention(match: re.Match[str], choose: Choose, is_weak: bool) -> DayMention:
    groups = match.groupdict()
    weekday = groups.get("weekday")
    part = "night" if match[0].split()[0] in NIGHTS else groups.get("part") or groups.get("part_of_last")
    part = "evening" if part == "eve" else part
    last = groups.get("last")
    return DayMention(
        match.start(), match.end(), choose, part, None if weekday is None else weekday_of(weekday), is_weak,
        last=_same_month(number(last)) if last else None, repeats=_repeats(groups), is_gone=is_gone(groups),
        otherwise=read_slashes_turned(match) if "second" in groups else None, feast=groups.get("feast"),
        is_doubtful=bool(groups.get("unnamed")), is_relative=bool(groups.get("word")),
        if_series=_monthly(groups) if groups.get("month") == "the month" else None,
    )  # fmt: skip


def _same_month(day: int) -> Choose:
    """That day of the month of the first day, which is what it is asked with."""
    return of_month(0, day)


def _repeats(groups: dict[str, str | None]) -> Recurrence | None:
    """Every Friday, every other Friday, 每周五, 每两周的周五, first Friday of every month, 每月第一个周五."""
    every = groups.get("every")
    is_monthly = groups.get("each") or (groups.get("monthly") is not None and groups["monthly"] != "the month")
    if not every and not is_monthly:
        return None
    if groups.get("nth_weekday"):
        return _monthly(groups)
    return Recurrence("week", interval=_interval(every or ""))


def _monthly(groups: dict[str, str | None]) -> Recurrence:
    return Recurrence("month", week_of_month=nth_of(groups["nth"]))


def _interval(every: str) -> int:
    """Every how many weeks."""
    if re.search("other|second|two|2|两|二|隔|双|alternate|bi-?weekly|fortnight", every):
        return 2
    return 3 if re.search("[三3]", every) else 4 if re.search("[四4]", every) else 1


def _join(mentions: list[DayMention], reading: str) -> list[DayMention]:
    """The mentions, with those made one that belong together."""
    days: list[DayMention] = []
    for mention in mentions:
        both = _as_one(days[-1], mention, reading) if days else None
        days[-1:] = [both] if both else [*days[-1:], mention]
    return days


def _as_one(first: DayMention, second: DayMention, reading: str) -> DayMention | None:
    """Several days ("Mon-Fri"), or a weekday beside a date ("Fri 4 Dec", "12月4日(周五)"); None for two days apart."""
    gap = reading[first.end : second.start]
    is_moved = _MOVED_FROM.search(reading[: first.start][-24:]) is not None
    if _TO.fullmatch(gap) and not (
        is_moved or (first.repeats and second.weekday is None) or first.part_of_day or first.last or second.last
    ):
        return replace(
            first, end=second.end, last=second.choose, last_weekday=second.weekday, part_of_day=second.part_of_day
        )
    if first.repeats and _TO.fullmatch(gap):
        # "Thursdays through Thanksgiving" is a series with its end.
        return None
    if not _BESIDE.fullmatch(gap) or (first.weekday is None) == (second.weekday is None):
        return None
    date_mention, weekday_mention = (first, second) if first.weekday is None else (second, first)
    if date_mention.last and weekday_mention.repeats:
        # "20 September - 15 October, every Monday" is a series within those days.
        return None
    if weekday_mention.is_gone:
        # "Recap of last Friday, tomorrow 7pm" names two.
        return None
    end = second.end + (reading[second.end : second.end + 1] in tuple(")]"))
    part = second.part_of_day or first.part_of_day
    return replace(
        date_mention,
        start=first.start,
        end=end,
        part_of_day=part,
        weekday=None,
        must_be=weekday_mention.weekday,
        relative_start=second.start if date_mention is second and second.is_relative else None,
    )
