"""How often, where a line says it apart from the day: "Retro fortnightly on Thursday 4pm", "Mon 9am weekly", 两周一次.

A word such as "weekly" is taken only beside day or hour; in "Weekly standup, Mon 9:30" it may be a name, which is asked about.
What no rule of ours can say (daily, quarterly, Tuesdays and Thursdays) is asked about, too, see doubt_questions.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from models.reading.days import DayMention
from models.reading.patterns import pattern_of
from models.reading.recurrence import Recurrence
from models.reading.wording import LEFT, MASK, NUMBER, RIGHT, Span, number

_EVERY = pattern_of(
    rf"{LEFT}(?:every|each|once a|once every)\s(?:(?P<other>other|second|2nd|alternate)\s|(?P<count>{NUMBER})\s)?"
    rf"(?P<unit>weeks?|fortnight){RIGHT}"
    r"|(?P<zh_other>隔周|双周|每?两周一次|每?2周一次|每隔一周|每两周|每2周)|(?P<zh_count>每[三四3-4]周)(?:一次)?"
    r"|(?P<zh_week>每周一次|(?:每周|每星期)(?![一二三四五六日天]))"
)
_NAMED = pattern_of(
    rf"{LEFT}(?:(?:and |then )*(?:repeats|repeating|recurring|held) )?"
    rf"(?:(?P<two>fortnightly|bi-?weekly)|(?P<one>weekly)){RIGHT}(?:\s(?:on|at))?"
)
_BEGINS = pattern_of(
    rf"{LEFT}(?P<lead>(?:starting|beginning|commencing|kicking off|first one|from)\s(?:on |from |at )?){MASK}"
)
_BESIDE_BEFORE, _BESIDE_AFTER = pattern_of(rf"{MASK}[\s,;:(-]*$"), pattern_of(rf"[\s,;:)-]*(?:on\s|at\s)?{MASK}")


@dataclass(frozen=True)
class RhythmMention(Span):
    """Every so many weeks."""

    rule: Recurrence


def find_rhythm(reading: str) -> RhythmMention | None:
    """The rhythm said apart, in a reading copy where day and hour are masked."""
    for match in _EVERY.finditer(reading):
        return RhythmMention(match.start(), match.end(), Recurrence("week", interval=_interval(match)))
    for match in _NAMED.finditer(reading):
        if begins := _BEGINS.search(reading, match.end()):
            # The name stays in the title: "Weekly standup starting next Monday".
            return RhythmMention(*begins.span("lead"), Recurrence("week", interval=2 if match["two"] else 1))
        if _BESIDE_BEFORE.search(reading[: match.start()][-8:]) or _BESIDE_AFTER.match(reading, match.end()):
            return RhythmMention(match.start(), match.end(), Recurrence("week", interval=2 if match["two"] else 1))
    return None


def _interval(match: re.Match[str]) -> int:
    if match["other"] or match["zh_other"] or match["unit"] == "fortnight":
        return 2
    if match["zh_count"]:
        return number(match["zh_count"][1])
    return number(match["count"]) if match["count"] else 1


def rhythm_of(choice: str) -> Recurrence | None:
    """The rule of a choice: "week", "week/2"; None for "once" and for what no button of ours says."""
    match = re.fullmatch(r"week(?:/(?P<interval>[1-9]))?", choice)
    return Recurrence("week", interval=int(match["interval"] or 1)) if match else None


def repeating(day: DayMention, rule: Recurrence) -> DayMention:
    """The day as the first of a series; what the day says itself is more than "weekly"."""
    is_more = day.repeats is not None and (day.repeats.every != rule.every or day.repeats.interval > rule.interval)
    return day if is_more else replace(day, repeats=rule)
