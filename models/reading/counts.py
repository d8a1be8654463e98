"""For how many an event line says that there is room, and how many guests each may bring."""

import re
from dataclasses import dataclass

from models.reading.patterns import pattern_of
from models.reading.wording import EN_NUMBERS, LEFT, MASK, NUMBER, RIGHT, ZH_NUMBER, Span, number


@dataclass(frozen=True)
class Count(Span):
    """A number found in the line."""

    count: int


_SEAT_NUMBER = (
    rf"(?:[0-9]{{1,4}}\s?-\s?)?(?P<count#>[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,6}}(?![0-9])|{ZH_NUMBER}{{1,5}}"
    rf"|(?:{'|'.join(sorted(set(EN_NUMBERS) - {'a', 'an'}, key=len, reverse=True))}){RIGHT})"
)
# "B1" is a room, and in "Level 3\nSeats: 20" the label belongs to what follows it.
# What each of several groups has is no limit: 男女各10人, 每组5人.
_FIRST_FIGURE = r"(?<![0-9a-z第差缺各.:$€£¥/])(?<!每[组队桌家班])(?<!嘉宾)(?<!讲师)(?<!导师)(?<!主讲)(?<!评委)(?<!老师)"
_HAVE = "(?:(?:we |we've |there are )?(?:need|have|got|want|looking for)|there are)"
_NO_LABEL = r"(?!\s?:)"
_WHO = (
    "people|ppl|persons?|pax|guests?|participants?|attendees?|members|founders|seats?|spots?|places?|slots?|tickets?"
    "|players?|devs|developers|folks|heads|humans|chairs|women|men|of us|plätze|personen"
)
# Not people: "max. 6 teams", 限8桌.
_THINGS = "teams|tables|groups|pairs|couples|projects|pitches|demos|startups|companies|cars|boats|courts|rounds|questions|talks"
_ZH_THINGS = "队|组|桌|支|辆|对|张|家|个(?:队|组|小组|团队|项目|公司)"
_EN_SEATS = (
    rf"{LEFT}(?:(?:we\shave\s)?(?:room|space)\sfor|max(?:imum)?\.?|(?:no|not)\smore\sthan"
    rf"|at\smost|up to|limit(?:ed)?(?:\sto)?|capacity|capp?(?:ed)?(?:\sat)?"
    rf"|seats|spots)\s?(?:of\s"
    rf"|:|=|is\s)?\s?"
    rf"{_SEAT_NUMBER.replace('#', '_1')}(?!\s?(?:h|hours?|hrs?|min\w*|days?|weeks?|%|€|eur|usd|[:.][0-9]"
    rf"|[ap]\.?m|{_THINGS}){RIGHT})(?:\s?(?:(?:{_WHO}){RIGHT}|个?[人位名]|个))?"
    rf"(?:\s(?:max|only|total|available|left|remaining)\b)?"
)
_EN_SEATS_AFTER = (
    rf"{LEFT}(?:for\s|only\s|{_HAVE}\s)?{_FIRST_FIGURE}{_SEAT_NUMBER.replace('#', '_2')}[ ]?(?:(?:seats?|spots?|slots?"
    rf"|tickets?|pax|ppl|plätze|personen|max){RIGHT}{_NO_LABEL}(?:\s(?:max|only|total|available|left)\b)?"
    rf"|(?:{_WHO})\s(?:max|only|maximum|tops|total){RIGHT})"
)
_ENUMERATED = pattern_of(r"\s?(?:,|and|&|\+|x)\s?[0-9]{1,4}\s[a-z]")
_ZH_UNIT = "(?:个人|人|位|个名额|名额|名|席|个座位|座位|座|个)"
_ZH_SEATS = (
    rf"(?:人数上限:?|(?:活动)?规模:?|人数:?|限额|限制|仅限|仅|限|最多|至多|上限|名额|不超过|容纳|可坐)\s?(?:为|是"
    rf"|:)?\s?{_SEAT_NUMBER.replace('#', '_3')}"
    rf"(?!\s?(?:点|小时|分|元|天|[:.][0-9]|{_ZH_THINGS}))\s?{_ZH_UNIT}?(?:以内|封顶|为限|报名|参加)?"
)
_ZH_SEATS_AFTER = (
    rf"{_FIRST_FIGURE}{_SEAT_NUMBER.replace('#', '_4')}[ ]?(?:(?:个名额|名额|个座位|个位置|个位子"
    rf"|个席位|座位|席位|席){_NO_LABEL}(?:以内|封顶)?|个?[人位名](?:以内|封顶|为限|上限|左右|上下))"
)
_SEATS = pattern_of(f"(?:{_EN_SEATS}|{_ZH_SEATS}|{_EN_SEATS_AFTER}|{_ZH_SEATS_AFTER})")
_FEW = "|".join(word for word, value in EN_NUMBERS.items() if value > 1)
_DOUBTFUL_SEATS = pattern_of(
    rf"{LEFT}(?:for\s|{_HAVE}\s)?{_FIRST_FIGURE}{_SEAT_NUMBER.replace('#', '_1')}\s?(?:{_WHO}){RIGHT}(?=\s?(?:$"
    rf"|[,;.!)\]\n|@{MASK}]))"
    # "dinner for 12", "table for 8": the end of a part, or before the place.
    rf"|{LEFT}(?:table\s)?for\s(?P<count_3>[1-9][0-9]{{0,2}}|{_FEW})(?:\s(?:is\s)?(?:booked|reserved))?"
    rf"(?=\s?(?:$|[,;.!)\]\n|@{MASK}]|at\s|on\s?{MASK}))"
    rf"|{_FIRST_FIGURE}{_SEAT_NUMBER.replace('#', '_2')}\s?(?:个人|人|位|名)(?:左右|上下|满|就行|就够了?|即可)?"
    r"(?=\s|$|[,;.!)\]\n|@在{MASK}])"
)
# "Your first 10 people", "a team of 10 people" are what an event is about.
_OF_A_TITLE = pattern_of(r"\b(?:first|last|next|top|of|your|my|our|the|to|from|hire|meet|than|over)\s$")
# "100 founders, 30 investors" are told, not counted.
_ENUMERATES = pattern_of(
    r"(?<![0-9.:])(?<![$€£¥])[0-9]{1,4}\s(?!min|h(?:ou)?rs?|days|weeks|euros|dollars|pounds|bucks|times)[a-z]+s\s?(?:,|and|&|\+|x)\s?$"
)
_PLUS_ONES = pattern_of(
    rf"(?:\(?{LEFT}(?:with\s|bring\s(?:a\s)?)?(?:plus[ -]ones?|(?<![0-9+])\+\s?(?P<count>[1-9])s?){RIGHT}"
    rf"(?![:0-9.-])(?:\s(?:is\s|are\s)?(?:ok|okay|allowed|welcome|fine|each|per person)\b)?\)?)"
    rf"|\(?(?:可以?|允许|欢迎)(?:携|带)(?:(?P<zh_count>{NUMBER})(?:个人|人|位|个?朋友)|朋友|家属|伴侣|伴|家人)\)?"
)


def find_seats(reading: str) -> Count | None:
    """How many may come, said so that nothing else can be meant: 20 seats, up to 20, 限20人; the last one said."""
    return _last_count(_SEATS, reading)


def find_people(reading: str) -> Count | None:
    """A number of people that stands by itself, once everything else is masked: "20 people", 20人, but not 三人行."""
    return _last_count(_DOUBTFUL_SEATS, reading, unless_after=_OF_A_TITLE)


def _last_count(pattern: re.Pattern[str], reading: str, unless_after: re.Pattern[str] | None = None) -> Count | None:
    counts = [
        match
        for match in pattern.finditer(reading)
        if unless_after is None
        or not (
            unless_after.search(reading[max(0, match.start() - 12) : match.start()])
            or _ENUMERATED.match(reading, match.end())
            or _ENUMERATES.search(reading[max(0, match.start() - 24) : match.start()])
        )
    ]
    if not counts:
        return None
    words = next(value for name, value in counts[-1].groupdict().items() if value and name.startswith("count"))
    return Count(counts[-1].start(), counts[-1].end(), number(words.replace(",", "")))


def find_plus_ones(reading: str) -> Count | None:
    """How many guests each may bring."""
    match = _PLUS_ONES.search(reading)
    if match is None:
        return None
    return Count(match.start(), match.end(), number(match["count"] or match["zh_count"] or "1"))
