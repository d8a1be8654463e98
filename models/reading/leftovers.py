"""The widest net under a line: whatever is left over and still counts, bounds or places time, by its form rather than by a list.

doubt_patterns.py knows habits and what they may mean; here is what no habit named: a count of weeks, "before" and "or" that lead
to what was read, a half of the day by itself, 第一周, 当天. All of it is told under the preview, so that nothing is passed over.
"""

from __future__ import annotations

import re

from models.reading.clocks import ClockMention, find_clocks
from models.reading.patterns import pattern_of
from models.reading.wording import EN_NUMBERS, LEFT, MASK, RIGHT, ZH_NUMBER, Span, scripts_in

_COUNT = rf"(?:[0-9]{{1,3}}|half an?|(?:a )?few|several|(?:a )?couple of|{'|'.join(sorted(EN_NUMBERS, key=len, reverse=True))})"
_SHORT = r"(?:minutes?|mins?|hours?|hrs?)"
_LONG = r"(?:days?|nights?|evenings?|mornings?|afternoons?|weekends?|weeks?|wks?|fortnights?|months?|quarters?|years?)"
_STARTS, _ENDS = rf"(?:^|(?<=[,;|(\n{MASK}])|(?<=[,;|(\n{MASK}]\s))", rf"(?=\s?(?:[,;|)\n{MASK}]|$))"
_RUN = rf"{MASK}+"
_ENGLISH = pattern_of(
    # "Three weeks today", "2 days before the launch"; a length by itself between commas.
    rf"{LEFT}{_COUNT}[\s-](?:{_SHORT}|{_LONG})\s(?:before|after|from|ago|prior|today){RIGHT}"
    rf"|{LEFT}{_COUNT}\s{_LONG}\s?{_RUN}|{_STARTS}(?<![^{MASK},;|(\n\s]){_COUNT}\s(?:{_SHORT}|{_LONG}){_ENDS}"
    # What leads to the time that was read, and makes another one of it.
    rf"|{LEFT}(?:was|were|originally|formerly|previously|usually|normally|no longer|cancell?ed|within|between)\s{_RUN}"
    rf"|(?<={MASK})\s(?:instead|again|unless|latest|earliest|cancell?ed|postponed){RIGHT}"
    rf"|{LEFT}(?:before|after|since|not|nor|unless|instead of|rather than|maybe|possibly|probably|perhaps|tentatively|either"
    rf"|both|odd|even|early|mid|late|half|quarter)\s{_RUN}"
    rf"|(?<={MASK})\sor\s(?!so{RIGHT}|thereabouts|online|remote|virtual)[^\s,;?？{MASK}]+(?:\s[a-z0-9]+)?"
    # 8.26 beside an hour: a date, perhaps, or another hour.
    rf"|(?<![0-9.a-z$€£¥])[0-9]{{1,2}}\.[0-9]{{2}}(?=\s?{MASK})|(?<={MASK})\s?[0-9]{{1,2}}\.[0-9]{{2}}(?![0-9%])"
    rf"|(?<={MASK})[\s,(]{{1,3}}(?:tentative(?:ly)?|provisional(?:ly)?|tbc|\?\?+)"
    rf"|(?<={MASK})\s(?:next|following|after next){RIGHT}"
    # Halves of the day, and days of the week or the weekend as a habit.
    rf"|{LEFT}[ap]\.?m\.?{RIGHT}|(?<={MASK})\s(?:morning|afternoon|evening|mornings|afternoons|evenings|nights){RIGHT}"
    rf"|{LEFT}(?:yearly|annually|hourly|thereafter|indefinitely|ongoing|year[- ]round|semi-?monthly|tri-?weekly|alternately)"
    rf"{RIGHT}"
    rf"|{LEFT}(?:a|per|of each|of every)\s(?:day|night|week|month|fortnight){RIGHT}(?=\s?(?:[,;|)\n{MASK}]|$))"
    rf"|(?<={MASK})\s(?:week|fortnight|month)(?=\s?(?:$|[,;|{MASK}]))"
    # "Sign-up 7, show 8": hours, said by what happens then.
    rf"|{LEFT}(?:sign-?ups?|doors|arrive|arrival|show|start|dinner|food|talks?|pitches|drinks|kick-?off)(?:\sat)?\s[0-9]{{1,2}}"
    rf"(?![0-9a-z:.%])"
    # "Labor Day + 1".
    rf"|(?<={MASK})\s?[+]\s?[0-9]{{1,2}}(?=\s?(?:$|[,;|{MASK}]|days?))"
    # The academic quarter.
    rf"|(?<={MASK})\s(?:c\.\s?t\.?|s\.\s?t\.?)(?![a-z])"
    # A year, or a clock time run together, right behind what was read.
    rf"|(?<={MASK})[\s,]{{1,2}}(?:20[2-9][0-9]|(?:[01][0-9]|2[0-3])[0-5][05])(?![0-9]|\s?[a-z])"
)
_ZH_COUNT = rf"(?:[0-9]{{1,3}}|{ZH_NUMBER}{{1,3}}|几|数)"
_ZH_UNIT = "(?:个?小时|分钟|钟头|刻钟|天|个?(?:周|星期|礼拜|月)|晚|年)"
_CHINESE = pattern_of(
    f"(?:[^\\s,;|\\n{MASK}第]{{0,4}})第{_ZH_COUNT}(?:天(?={MASK})|个?(?:周|星期|礼拜|月)|季度)"
    f"|{_ZH_COUNT}{_ZH_UNIT}(?:之?[前后内]|以[前后内]|一次)(?![报截预锁确端台途沿])"
    rf"|{_ZH_COUNT}(?:个?小时|分钟|钟头|刻钟|个?(?:周|星期|礼拜|月))(?={MASK})|(?<={MASK}){_ZH_COUNT}(?:个?小时|分钟|钟头|刻钟)"
    rf"|(?:除|不是|并非|非|原来?是?|本来|通常|一般|取消|可能|也许|要么|逢|或者?)\s?{_RUN}"
    rf"|(?<={MASK})(?:止|前|之前|以前|不行|或)(?![\u4e00-\u9fff])|(?<={MASK})(?:或者?|还是)[\u4e00-\u9fff0-9]{{1,6}}"
    "|(?:当|那|同|某)[天日晚](?![赛期])|同一天|一?整天|双休日|节假日|平日|平时(?=\\s|$)|单号|双号|隔日|轮流|常年|长期(?=[\\s,]|$)"
    f"|(?<={MASK})(?:凌晨|清晨|早上|上午|午后|下午(?!茶)|傍晚|晚上|晚间|夜里|深夜|半夜|[早晚](?=\\s|$|[,;]))"
    f"|(?:凌晨|清晨|早上|上午|午后|下午|傍晚|晚上|晚间|夜里|深夜|半夜|早|晚)(?={MASK})"
    f"|(?!(?:活动|会议|开始|举办|集合|聚会|路演|直播|比赛|演出|开课|上课)时间)[\u4e00-\u9fff]{{2,4}}时间(?={MASK})"
    f"|(?<={MASK})\\s[一二三四五六七八九十日天](?=\\s)"
    # One character alone before what was read is a part of its words: 本|周五.
    f"|(?<![^\\s,;|({MASK}])[再又本这那某另初末中上半前](?={MASK})"
)
_PATTERNS = {"latin": _ENGLISH, "han": _CHINESE}
_POINTS, _HAN = pattern_of(r"[0-9]{1,2}点"), pattern_of("[\u4e00-\u9fff]")
_BORDERS = " \t,;()|"


def find_leftovers(reading: str) -> list[Span]:
    """What still looks like time in a reading copy where everything used or doubted is masked, in order of position."""
    scripts = scripts_in(reading)
    found = [match for script, pattern in _PATTERNS.items() if script in scripts for match in pattern.finditer(reading)]
    words = [_without_borders(match) for match in found]
    for span in words:
        reading = reading[: span.start] + "#" * (span.end - span.start) + reading[span.end :]
    hours = [clock for clock in find_clocks(reading) if _is_sure(clock, reading)]
    return sorted([*words, *hours], key=lambda span: span.start)


def _is_sure(clock: ClockMention, reading: str) -> bool:
    """Whether nothing but an hour can be meant: not noon and midnight of a name, not 三点建议."""
    if clock.is_weak and not clock.is_bare and reading[clock.end - 1] in "点半刻":
        return not _HAN.match(reading, clock.end)
    is_points = _POINTS.fullmatch(reading, clock.start, clock.end) and _HAN.match(reading, clock.end)
    return not (clock.is_weak or clock.is_bare or clock.starts.precision == "word" or is_points)


def find_hours_in(reading: str, place: Span | None) -> list[Span]:
    """The times of day within words that were taken for a place: they belong to the event, not to where it is."""
    words = reading[place.start : place.end] if place else ""
    hours = [clock for clock in find_clocks(words) if place and _is_sure(clock, words)]
    return [Span(place.start + hour.start, place.start + hour.end) for hour in hours if place]


def _without_borders(match: re.Match[str]) -> Span:
    words = match[0]
    return Span(match.start() + len(words) - len(words.lstrip(_BORDERS)), match.start() + len(words.rstrip(_BORDERS)))
