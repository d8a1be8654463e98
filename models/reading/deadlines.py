"""Days that are none to meet on: to answer by ("RSVP by Wed 6pm", 9月21日24点截止), or given up ("moved from Thu to Fri 8pm")."""

import re
from collections.abc import Sequence
from dataclasses import replace

from models.reading.clocks import ClockMention, find_clocks
from models.reading.days import DayMention
from models.reading.patterns import pattern_of
from models.reading.wording import Span, mask

_LONGEST_LEAD = 32
_BEFORE = pattern_of(
    r"(?:\b(?:by|before|until|deadline|(?:sales|bookings|sign-?ups|applications|registration)\s(?:ends?|closes?))[: ]\s?"
    r"(?:on )?(?:the )?(?P<hour>(?:eod|cob|end of|noon|midnight|[0-9]{1,2}(?:[.:][0-9]{2})?\s?(?:[ap]m)?)\s(?:on )?)?"
    r"|(?:截止|截至)(?:报名|日期|时间|到|至|为|是|[:\s])*|报名(?:到|至)\s?)$"
)
# In "14:00-17:00 截止报名周三" the deadline is still to come.
_AFTER = pattern_of(
    r"\s?(?:之?前(?!天)|截止(?!\s?(?:报名|日期|时间|到|至)?\s?[:为是]?\s?(?:周|星期|礼拜|[0-9今明后]))|为止)"
)
# "明晚7点前到" asks to come, not to answer.
_AFTER_HOUR = pattern_of(rf"(?!\s?之?前\s?(?!报|登|确|回|付|接|提|交|缴|截)){_AFTER.pattern}")
_MOVED = pattern_of(
    r"(?:(?:改|推迟|延期|延后|延|提前|挪|调整)(?:到|至|为|成|在)\s?|(?<=[一二三四五六日天晚号日])改\s?|(?:→|->|=>)\s?"
    r"|\b(?:moved|moving|postponed|rescheduled|shifted|changed|pushed)\s(?:back\s|forward\s)?(?:from\s[^,;]{2,24}\s)?to\s(?:the\s)?)$"
)
_MOVES_FROM = pattern_of(
    r"(?:\b(?:(?:has |is |was )?(?:moved|moving|postponed|rescheduled|shifted|changed|pushed)\s(?:back\s|forward\s)?)?from\s"
    r"(?:the\s)?"
    r"|原定于?|原[计本]?|从)$"
)
_MOVES_TO = pattern_of(
    r"\s?(?:(?:改|推迟|延期|延后|延|提前|挪|调整)(?:到|至|为|成|在)?|→|->|=>"
    r"|(?:(?:is |was |has )?(?:moved|moving|postponed|rescheduled|shifted|changed|pushed)\s(?:back\s|forward\s)?)?to(?=\s))"
)
_FROM_HOUR = pattern_of(
    r"\b(?:has |is |was )?(?:moved|moving|postponed|rescheduled|shifted|changed|pushed|brought)\s(?:up\s|back\s|forward\s)?"
    r"from\s(?:[0-9]{1,2}(?:[:.][0-9]{2})?\s?(?:[ap]m)?|noon)\sto\s(?=[0-9n])"
    r"|(?:时间)?(?:从|由|原定?)(?:早上?|上午|中午|下午|晚上?)?[0-9一二三四五六七八九十]{1,2}[点:](?:半|[0-9]{2})?"
    r"(?:改|提前|推迟|延后|调整)(?:到|至|为|成)\s?"
)
_LASTS_LONG = pattern_of(r"over ?night|all[- ]night|hack|camp|retreat|trip|festival|weekend|通宵|黑客松|营")
_GAP = pattern_of(r"[\s,]{0,2}")


def find_deadlines(reading: str, days: Sequence[DayMention]) -> list[DayMention]:
    """Those of the days that are deadlines, each with the clock time behind it."""
    if not (_AFTER.search(reading) or any(_leads(reading, day) for day in days)):
        return []
    clocks = find_clocks(mask(reading, *days))
    deadlines = [long for day in days if _is_one(day, long := _with_hour(day, reading, clocks), reading)]
    return [replace(day, start=day.start - _hour_before(reading, day)) for day in deadlines]


def is_moved_to(reading: str, when: Span) -> bool:
    """Whether the words say that this day or hour is the new one."""
    match = _MOVED.search(reading[max(0, when.start - 2 * _LONGEST_LEAD) : when.start])
    # "Overnight hack: Fri 8pm → Sat 8am" lasts so long.
    return match is not None and not (match[0][0] in "→-=" and _LASTS_LONG.search(reading))


def find_former(reading: str, days: Sequence[DayMention]) -> list[DayMention]:
    """The days, each with the words of the move around it, from which an event was moved to a later one of the line."""
    later_days = [day for day in days if is_moved_to(reading, day)]
    if not later_days:
        return []
    clocks = find_clocks(mask(reading, *days))
    former_days = [_with_hour(day, reading, clocks) for day in days if day.start < later_days[-1].start]
    return [_with_move(day, reading) for day in former_days]


def find_former_hour(reading: str) -> Span | None:
    """The hour from which an event was moved to another: "moved up from 4 to 3pm", 从7点改到8点."""
    match = _FROM_HOUR.search(reading)
    return match and Span(match.start(), match.end())


def _with_move(day: DayMention, reading: str) -> DayMention:
    before, after = _MOVES_FROM.search(reading, 0, day.start), _MOVES_TO.match(reading, day.end)
    return replace(day, start=before.start() if before else day.start, end=after.end() if after else day.end)


def _hour_before(reading: str, day: DayMention) -> int:
    """How many characters of "by 5pm today" tell the hour before the day."""
    lead = _lead(reading, day)
    return len(lead["hour"] or "") if lead else 0


def _is_one(day: DayMention, long: DayMention, reading: str) -> bool:
    is_before_hour = long is not day and _AFTER_HOUR.match(reading, long.end) is not None
    return _leads(reading, day) or is_before_hour or _AFTER.match(reading, day.end) is not None


def _leads(reading: str, day: DayMention) -> bool:
    return _lead(reading, day) is not None


def _lead(reading: str, day: DayMention) -> re.Match[str] | None:
    return _BEFORE.search(reading[max(0, day.start - _LONGEST_LEAD) : day.start])


def _with_hour(day: DayMention, reading: str, clocks: Sequence[ClockMention]) -> DayMention:
    for clock in clocks:
        if clock.start >= day.end and _GAP.fullmatch(reading[day.end : clock.start]) and not clock.is_bare:
            return replace(day, end=clock.end)
    return day
