"""Words that bound an event or a series and that no rule could read: "until summer", 到学期结束, "except 1 April".

Whatever day was read beside them, they are told under the preview: an end that is passed over in silence is a series without one.
"""

from __future__ import annotations

import re

from models.reading.feasts import ENGLISH_FEASTS
from models.reading.patterns import pattern_of
from models.reading.wording import LEFT, MASK, RIGHT, Span

_REST = rf"(?:(?!\.\s)[^,;|\n()\[\]{MASK}!?@])"
_TERM = "term|semester|trimester|season|school year|academic year|holidays|year|month|quarter|spring|summer|autumn|fall|winter"
_UNTIL = pattern_of(
    rf"{LEFT}(?:until|till|til){RIGHT}\s?{_REST}{{2,50}}"
    rf"|{LEFT}(?:through|thru)\s(?:the\s|this\s|next\s)?(?:end|{_TERM}|school|finals|break|lent){RIGHT}{_REST}{{0,30}}"
    rf"|{LEFT}(?:during|throughout|over|in)\s(?:the\s|this\s|next\s)?(?:{_TERM}|school|term[\s-]time|lent|advent|ramadan|finals)"
    rf"(?:\s(?:break|term|time|holidays?))?{RIGHT}"
    rf"|(?<={MASK})\s(?:through|thru)\s{_REST}{{2,50}}"
    rf"|{LEFT}(?:for|during|in|throughout|outside|outside of)\s(?:the\s)?(?:(?:rest|remainder)\sof\s(?:the\s)?[a-z]+"
    rf"|(?:school\s)?term[\s-]?time|school holidays){RIGHT}"
    rf"|{LEFT}(?:all|the whole)\s(?:{_TERM}){RIGHT}|{LEFT}term[\s-]time only{RIGHT}"
    rf"|{LEFT}as long as{RIGHT}\s{_REST}{{2,50}}|{LEFT}while (?:it|stocks?|supplies|they|space) lasts?{RIGHT}"
)
_ZH_TIME = (
    "学期|学年|暑假|寒假|假期|开学|放假|[春夏秋冬][天季]|[春夏秋冬](?=$|\\s)"
    "|天亮|天黑|结束|为止|20[0-9]{2}年|年[底末]|月[底末]|季度|过年|圣诞"
)
_ZH_UNTIL = pattern_of(
    rf"(?:直|一直|持续)[到至]{_REST}{{1,16}}"
    rf"|(?:寒假|暑假|寒暑假|学期|假期|封闭期)(?:期?间|[里内中])"
    rf"|(?:(?<![\u4e00-\u9fff0-9a-z])|(?<=截))[到至](?:(?!\s){_REST}){{0,8}}?(?:{_ZH_TIME})(?:(?!\s){_REST}){{0,6}}"
)
# "Everything except code, Sat 10am" leaves out no day.
_SOME_DAY = (
    rf"(?:[0-9]|{LEFT}(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|easter|christmas|xmas|week|{ENGLISH_FEASTS}"
    r"|(?:bank |public |school )?hol(?:iday)?s?|half[\s-]term|feasts?|thanksgiving|summer|term))"
)
_EXCEPT = pattern_of(
    rf"{LEFT}(?:except|excluding|excl\.|but(?=\s(?:on\s)?the\s[0-9])|but not|not on"
    r"|not(?:\s(?:in|during|over|at))?(?=\s(?:the\s)?(?:half|term|school|bank|summer|winter|easter|christmas|july|august|december))"
    r"|skip(?:s|ping)?|minus|apart from|other than|no (?:session|class|meeting|meetup|run)s? (?:on|in|over))"
    rf"{RIGHT}(?={_REST}{{0,16}}{_SOME_DAY}){_REST}{{2,40}}"
    r"|(?<![0-9/.])[0-9]{1,2}[/.月][0-9]{1,2}[日号]?\s?(?:停课?|休息|暂停|不上课|不办|不开|取消)"
    rf"|(?<![^\s,;(\[{MASK}])(?:[^\s,;|\n()\[\]{MASK}]{{1,8}},){{0,3}}[^\s,;|\n()\[\]]{{1,16}}除外|除了?[^\s,;|\n()\[\]]{{1,12}}(?:之?外|以外)|[逢遇][^\s,;|\n()\[\]]{{1,8}}(?:停|暂停|取消|顺延|休息)"
    rf"|(?<![^\s,;(\[{MASK}])[^\s,;|\n()\[\]不{MASK}]{{1,8}}(?:停(?:[课办更]|[一两]次)?|休息|暂停|不办|不开)(?=$|[\s,;)]|{MASK})"
)
_PATTERNS = (_UNTIL, _ZH_UNTIL, _EXCEPT)
# "RSVP until Sunday", "early bird until May" bound something else.
_OF_OTHERS = pattern_of(
    r"(?:rsvps?|answers?|reply|sign[- ]?ups?|register|registration|open"
    r"|early[- ]bird|tickets?|sales?|price|报名|登记|早鸟票?|开放)\s?$"
)
# "Fake it till you make it": of one event, rather a saying.
_SAYING = pattern_of(r"(?:until|till?)\s(?:you|we|i|they|it|he|she)(?:'\w+)?\s")
_BORDERS = " \t,;:.。，；-–—"


def find_loose_ends(reading: str) -> list[Span]:
    """The bounds in a reading copy where everything that was used is masked, in order of position."""
    found = [match for pattern in _PATTERNS for match in pattern.finditer(reading)]
    found = [match for match in found if not _OF_OTHERS.search(reading, 0, match.start())]
    return sorted((_without_borders(match) for match in found), key=lambda span: span.start)


def find_exceptions(reading: str) -> list[Span]:
    """What a series leaves out, "except 1 April", 五一除外: days that are none of the event's."""
    return [_without_borders(match) for match in _EXCEPT.finditer(reading)]


def is_saying(words: str) -> bool:
    """Whether an "until" belongs to a sentence of the title rather than to a time."""
    return _SAYING.match(words.lower()) is not None


def _without_borders(match: re.Match[str]) -> Span:
    words = match[0]
    return Span(match.start() + len(words) - len(words.lstrip(_BORDERS)), match.start() + len(words.rstrip(_BORDERS)))
