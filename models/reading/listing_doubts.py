"""The last honest look at a need or an offer: what is left of its line and looks like time, price or zone is told."""

from __future__ import annotations

from models.reading.believed_days import are_close
from models.reading.clocks import find_clocks
from models.reading.days import find_days
from models.reading.doubts import find_doubts
from models.reading.listing_days import is_each_day
from models.reading.listing_figures import find_figures
from models.reading.listing_periods import find_periods
from models.reading.patterns import pattern_of
from models.reading.wording import MASK, Span, mask

# Words of time that describe what is wanted or offered: "weekly sessions", last month's numbers.
_DESCRIBING = frozenset(("gone", "rhythm", "name_of_rhythm", "season"))
# So do its weekdays and its pace: "on Mondays", "one call a month", "any time".
_DESCRIBES = pattern_of(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days|a (?:month|h|day|week|year)|any ?time|soon|asap|all day"
    r"|全天|随时|有空|抽空|近期"
)
# "April and May", without a word that leads to them; "before summer".
_MONTH = pattern_of(
    r"\b(?:January|February|March|April|May(?! (?:I|we|be))|June|July|August|September|October|November"
    r"|December)\b(?!\s?[0-9])"
    r"|(?<![0-9.])[0-9]{1,2}\.[0-9]{1,2}\s?(?:-|到|至)\s?[0-9]{1,2}\.[0-9]{1,2}(?![0-9.])"
    r"|\b(?:before|by|until|till|after|in|during|end of|deadline|due):? (?:the )?[qQ][1-4]\b"
    r"|\b(?:before|by|until|till|after|this|next)(?: the)? (?:spring|summer|autumn|winter)\b"
)


def find_listing_doubts(text: str, reading: str) -> tuple[str, ...]:
    """The words of text, as written, that no field took; reading has everything masked that one took."""
    every_day = find_days(reading)
    days = [day for day in every_day if not (day.repeats or day.is_gone or day.is_weak or is_each_day(day))]
    again = [day for day in every_day if day.repeats or is_each_day(day)]
    hours = [
        clock for clock in find_clocks(mask(reading, *again)) if any(are_close(reading, day, clock) for day in again)
    ]
    reading = mask(reading, *again, *hours)
    periods: list[Span] = list(find_periods(mask(reading, *days)))
    periods += [
        Span(match.start(), match.end())
        for match in _MONTH.finditer(mask(text, *days, *periods))
        if reading[match.start()] != MASK
    ]
    figures = find_figures(mask(reading, *days, *periods))
    rest = mask(reading, *days, *periods, *figures)
    others = [
        doubt
        for doubt in find_doubts(text, rest)
        if doubt.kind not in _DESCRIBING and not _DESCRIBES.fullmatch(rest[doubt.start : doubt.end].strip())
    ]
    spans = _apart([*days, *periods, *figures, *others])
    return tuple(dict.fromkeys(words for span in spans if (words := text[span.start : span.end].strip(" ,;.，。"))))


def _apart(spans: list[Span]) -> list[Span]:
    """The spans in order of position, without those that begin inside another."""
    apart: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
    return apart
