"""Whether what somebody offers must be fetched, used or met where it is: "60 spare boards", "two desks free"; and where.

Pure rules. Known failings: things whose name is not in the table; a place that is written in small letters.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from models.reading.patterns import pattern_of
from models.reading.text_kinds import is_offer
from models.reading.zone_places import places, plain, regions

_THING = pattern_of(
    r"\b(?:left ?over|pick(?:ed)?(?: \w+)? up|"
    r"come by|drop by|swing by|lend|borrow|boards?|displays?|samples?|chairs?|desks?|tables?|"
    r"monitors?|printers?|space|rooms?|pallets?|shel(?:f|ves)|booths?|microphones?|cameras?|furniture|plants?|fridges?|boxes|"
    r"keyboards?|laptops?|phones?|sensors?|cables?|enclosures?|batter(?:y|ies)|machines?|tools?|whiteboards?|projectors?|bikes?|"
    r"t-?shirts|mugs|stickers|"
    r"courses?|class(?:es)?|workshops?|lessons?|(?:concert|fair|conference|trade show) tickets?|seats?)\b|"
    r"自取|来拿|来取|上门|闲置|二手|显卡|贴纸|入门课|培训课|工作坊|样品|板子|开发板|屏幕?|工位|座位|位子|桌子?|椅子?|显示器|仓库?|托盘|场地|会议室|打印机|门票|相机|麦克风|设备|电池|外壳"
)
# A thing itself, not somebody's work: lent, given away, sold on.
_PASSED_ON = pattern_of(
    r"\b(?:used(?! to)|old|second[- ]?hand|surplus|left ?over|give ?away|giving away|for sale|selling|lend|lent|stickers?|"
    r"free to collect|pick[- ]up only|notes|textbooks?|books?)\b|"
    r"二手|闲置|旧|转让|出售|^出|送[一两三四五六七八九十几\d]|赠送|免费送|自取|自提|外借|出借|贴纸|笔记|课本"
)
# What can be had from anywhere, however it is called.
_FROM_ANYWHERE = pattern_of(
    r"\b(?:online|remote|by mail|by post|post(?:ed)? (?:it|them)|ship(?:ped|ping)?|worldwide|zoom)\b|"
    r"线上|远程|包邮|可以?寄|邮寄"
)
_NAME = re.compile(r"\b[A-ZÀ-Ž][\w’'-]+(?: [A-ZÀ-Ž][\w’'-]+){0,2}")
# Where the name of a thing is over: "a used printer | for housings", "200 cartons | , free to collect".
_BEHIND_THING = re.compile(
    r"[,;:(]|\s(?:to|for|on|of|with|from|that|which|in|at|who|and|or|-|–)\s|\s(?:free|left)\b", re.IGNORECASE
)
_WORD_OF_THING = re.compile(r"[a-zà-ž][a-zà-ž-]+")
_NAME_OF_THING_ZH = re.compile(r"([\u3400-\u9fff]{2,}?)(?=可以?(?:外|出)?借|外借|出借|[，,。；;]|$)")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
LONGEST_HAN_NAME = 5


@lru_cache(maxsize=10_000)
def is_had_in_person(text: str) -> bool:
    """Whether somebody offers a thing or a room, so that one must be there to have it."""
    return is_offer(text) and is_there_alone(text)


@lru_cache(maxsize=10_000)
def is_there_alone(text: str) -> bool:
    """Whether what is offered, in whatever words, is a thing or a room that one must come to."""
    lower = text.lower()
    return _THING.search(lower) is not None and _FROM_ANYWHERE.search(lower) is None


@lru_cache(maxsize=10_000)
def is_passed_on(text: str) -> bool:
    """Whether it speaks of a thing that changes hands, "a used printer", "送一台旧打印机": no help with anything else."""
    return _PASSED_ON.search(text.lower()) is not None


@lru_cache(maxsize=10_000)
def thing_passed_on(text: str) -> str | None:
    """What changes hands, by its own name: "microphones" of "podcast microphones to lend"; None where it is not plain."""
    if not is_passed_on(text):
        return None
    if _HAN.search(text):
        match = _NAME_OF_THING_ZH.search(text)
        return match[1][-2:] if match else None
    words = _WORD_OF_THING.findall(_BEHIND_THING.split(text, maxsplit=1)[0].lower())
    return words[-1] if words else None


@lru_cache(maxsize=10_000)
def zones_named(text: str) -> frozenset[str]:
    """The zones of the cities and countries that a text names; none where it names none."""
    names = {part for match in _NAME.finditer(text) for part in _parts(match[0])}
    for run in _HAN_RUN.findall(text):
        names |= {run[i : i + n] for i in range(len(run)) for n in range(2, LONGEST_HAN_NAME + 1)}
    return frozenset(zone for name in names for zone in _cities().get(plain(name), ()))


def _parts(name: str) -> list[str]:
    """A name and its words: "Our Rotterdam" has one that is a place's."""
    words = name.split(" ")
    return [" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)]


@cache
def _cities() -> dict[str, tuple[str, ...]]:
    """Places by their plain names, without clocks and what is as much a word ("us", "art")."""
    return {
        name: zones
        for name, zones in places().items()
        if name not in regions() and (len(name) > 3 or not name.isascii())
    }
