"""The last honest look at an event line: what is left of it must not look like time, rhythm or zone.

Words of time that nobody used would stay in the title while the day becomes today. So whatever is left over either leads to
a question (doubt_questions.py), or is told under the preview.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.reading.day_choices import Choose, coming, in_days, on_date
from models.reading.doubt_patterns import DOUBTS, Kind, of_whole_week
from models.reading.leftovers import find_leftovers
from models.reading.loose_ends import find_loose_ends, is_saying
from models.reading.patterns import pattern_of
from models.reading.recurrence import Recurrence
from models.reading.tongues import ForeignWord, find_foreign
from models.reading.wording import MASK, Span, mask, overlaid, scripts_in

# A sign that no line has and no pattern knows.
_NO_WORD = "\x01"
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
_WEEKEND, _FRIDAY = pattern_of("week-?ends?|周末"), 4
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tomorrow")
_DEADLINE = pattern_of(
    r"(?:\b(?:rsvp|reply|answer|sign[- ]?up|register|deadline|due|closes?|closing)\b[^,;]{0,36}|报名|截止|登记)[\s:日期]*"
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


def _is_known(doubt: Doubt, reading: str, known_spans: Sequence[Span]) -> bool:
    is_known = any(one.start < doubt.end and doubt.start < one.end for one in known_spans)
    is_led = _DEADLINE.search(reading[max(0, doubt.start - 40) : doubt.start]) is not None
    return is_known or is_led or reading[doubt.end :].startswith(("前", "截"))


def is_review(doubt: Doubt, text: str) -> bool:
    """Whether these words are what companies call a thing they do each quarter or month."""
    return _REVIEW.match(text.lower(), doubt.start) is not None


def said_again(doubts: Sequence[Doubt], text: str, spans: Sequence[Span], day: date) -> list[Doubt]:
    """The words beside what was used that name the event's day once more: 本周末（19号）, "Do. 11.2."; "Sunday" may be a name."""
    borders = {place for span in spans for place in (span.start, span.end)}
    # "本周 Founder lunch 改到 Friday"; "This week in AI" is a title.
    borders |= {0} if text[:1] > "\u4e00" else set()
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
        and not (_WEEKEND.fullmatch(text[doubt.start : doubt.end].lower()) and day.weekday() >= _FRIDAY)
        and not (is_dated and doubt.kind == "day" and doubt.choose is None)
        and not (doubt.kind == "name_of_rhythm" and _is_rule(text[doubt.start : doubt.end], repeats))
        and not (is_dated and repeats is None and doubt.kind == "rhythm" and _OF_MONTH.match(text, doubt.start))
        and not (is_dated and repeats is None and doubt.kind == "name_of_rhythm" and is_review(doubt, text))
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
