"""How much a need or an offer is about: "2 desks", "30 min of advice", "3 slots", 两个, "up to 500 €", free."""

from __future__ import annotations

import re

from models.reading.listing_figures import EACH, is_price
from models.reading.listing_measures import (
    ABOUT,
    AT,
    BUDGET,
    BUDGET_FIGURE,
    FREE,
    LEFT_OVER,
    MEASURE,
    NUMBER,
    PER,
    PRICE,
    SEVERAL,
    SOME,
    WHOLE_PRICE,
    ZH_ABOUT,
    ZH_COUNT,
    ZH_MEASURE,
    ZH_PER,
)
from models.reading.listing_parts import parts_of
from models.reading.patterns import pattern_of
from models.reading.wording import MASK, RIGHT, ZH_NUMBER, Span

# A part that says nothing but how much.
_PART = pattern_of(
    rf"(?:(?:每[\u4e00-\u9fff]{{1,2}}\s?|按[\u4e00-\u9fff]{{1,2}})?{WHOLE_PRICE}|{BUDGET_FIGURE}"
    rf"|(?:{ZH_COUNT}\s?(?:{ZH_MEASURE})(?:以?内)?)?{FREE}"
    rf"|{ABOUT}{NUMBER}\s?{MEASURE}?(?:{PER})?{LEFT_OVER}|(?:qty|quantity|amount|数量|名额|人数"
    r"|how much|how many|多少)\s?[:：]?\s?.{1,30}|x\s?[0-9]{1,4}"
    rf"|{ZH_ABOUT}\s?{ZH_COUNT}\s?多?个?(?:{ZH_MEASURE})(?:名额|位置|座位|左右|以上|以内|起)?(?:{PER})?)"
)
# A part behind the first: "300 parcels a month", "20 boxes".
_COUNTED_PART = pattern_of(
    rf"{ABOUT}{NUMBER}\s[a-z][\w'-]*(?:{PER})?{LEFT_OVER}"
    rf"|{ZH_ABOUT}\s?{ZH_COUNT}\s?多?(?!天|周|个月|年|次|小时|分钟)(?:{ZH_MEASURE})(?![天周月年小分内前后以])(?:(?![就用要来去给能可有会])[\u4e00-\u9fff]){{1,4}}"
)
# The count with which a part begins: "2 desks", "500 kg of steel", 两个工程师.
_COUNTED = pattern_of(
    rf"(?P<count>{ABOUT}{NUMBER}\s?(?:(?:{MEASURE}(?:{PER})?|x)(?=\sof{RIGHT})|x{RIGHT}|(?:hours?|hrs?"
    rf"|min(?:ute)?s?){RIGHT}(?:{PER})?(?=\sof{RIGHT}))?"
    rf"|{ABOUT}(?:[0-9]{{1,7}}|{SEVERAL})(?:\s?-\s?[0-9]{{1,7}})?\+?"
    rf"|{SOME})(?P<of>\s(?:of\s)?)(?=[a-z\u4e00-\u9fff\"'(])"
    # "€500 AWS credits", "100 € of Figma credits".
    rf"|(?P<money>{ABOUT}{PRICE})\s(?:of\s)?(?=[a-z])(?!(?:for|per|a|an|each|to|at|in|on|by|until|seed"
    r"|angel|pre)[\s-])"
)
_ZH_COUNTED = pattern_of(
    rf"(?P<money>(?!))?(?P<count>{ZH_ABOUT}(?!一[个位名家台张间])(?:[0-9]{{1,7}}(?:\s?[-到至]\s?[0-9]{{1,7}})?"
    r"|(?!一(?!百"
    rf"|千|万|十)){ZH_NUMBER}{{1,4}}|几十?|十几|若干)"
    r"\s?多?(?:个(?!月)|位|名|台|张|间|套|箱|吨|件|把|部|辆|本|份|支|只|条|盒|包|桶|卷|平米?|平方米?|公斤"
    r"|斤|小时|分钟|家|组|次|场|节|批|袋|人|页)(?![0-9]))(?P<of>的?\s?)(?=[^\s,.;])"
)
# No amount of anything: "2 day workshop", "5 star", "24/7", "3D printer", "1:1".
_NO_COUNT = pattern_of(
    r"(?:(?:day|week|month|year|hour|min(?:ute)?|star|bed(?:room)?|room|door|seater|person|page|inch|axis"
    rf"|layer|way|stage|pin|weeks?|months?|years?)(?:s|-\w+)?{RIGHT}|am{RIGHT}|pm{RIGHT}|d{RIGHT})"
)
# The price at the end of a part: "desk for 200 €/month".
_TAIL = pattern_of(
    rf"(?<=\s)(?:(?:{BUDGET}|{AT}){PRICE}(?:{PER}|{ZH_PER})?|{PRICE}(?:{PER})|{PRICE}|for free"
    r"|free of charge|at cost|pro bono"
    rf"|x\s?[0-9]{{1,4}})(?:\s(?:max|net|each|only|total))?$|(?:{BUDGET}){PRICE}{ZH_PER}$|{BUDGET_FIGURE}$"
    rf"|(?:(?<=[\u4e00-\u9fff])|(?<=[a-z]\s))(?!一[次下])(?<![我你他她们])(?<![做写帮签办跑审改开接]过)(?<![做写签办]了)(?<![0-9一二三四五六七八九十百千万])(?:{ZH_ABOUT})(?:[0-9]{{1,6}}|{ZH_NUMBER}{{1,4}})\s?(?!天|周|个月|年)(?:{ZH_MEASURE})$"
)
# "Raising $1.2M" is what somebody is about, not what the line offers, and 原价 $599 not what it costs.
_RAISED = pattern_of(
    r"\b(?:rais(?:e|es|ed|ing)|rounds?|(?:pre-?)?seed|series [a-d]|closed|[am]rr|revenues?|turnover|valuation|at a)\s"
    r"(?:of |a |at |about )*$"
    r"|\b(?:was|were|retail|originally|instead of|rrp|new)\s$|(?:原价|原|现|现价|市价)\s?$|(?:融资?|估值|营收|流水|投资?|轮)\s?$"
)


def find_amounts(reading: str) -> list[Span]:
    """Parts that say nothing but how much, and prices at the end of a part, in order of position."""
    found: list[Span] = []
    has_words = False
    for part in parts_of(reading):
        words = reading[part.start : part.end]
        if _is_amount(reading, part, words) or (has_words and _is_counted(reading, part, words)):
            found.append(part)
        elif (
            (tail := _TAIL.search(words))
            and not EACH.search(words[: tail.start()])
            and not _RAISED.search(words[: tail.start()])
            and ("每" not in words or is_price(tail[0]))
        ):
            found.append(Span(part.start + tail.start(), part.end))
        has_words = True
    return found


# 4.17-4.19 are days.
_DATES = pattern_of(r"[0-9]{1,2}\.[0-9]{1,2}\s?-\s?[0-9]{1,2}\.[0-9]{1,2}\.?")


def _is_amount(reading: str, part: Span, words: str) -> bool:
    """Whether a part says how much: not the number of a house behind "Str.", nor 一个 that something was cut from behind."""
    if _PART.fullmatch(words) is None:
        return False
    if _DATES.fullmatch(words):
        return False
    if words.isdigit() and reading[: part.start].rstrip(" ").endswith("."):
        return False
    return not ((words.startswith("一") or words.isdigit()) and reading[part.end : part.end + 1] == MASK)


def _is_counted(reading: str, part: Span, words: str) -> bool:
    """Whether it counts what was named before, and is no list of things in brackets."""
    before = reading[: part.start]
    return _COUNTED_PART.fullmatch(words) is not None and before.count("(") <= before.count(")")


def find_count(reading: str, start: int) -> tuple[Span, Span] | None:
    """The count at this position and all that goes with it ("of"); None where the figure belongs to a name."""
    for pattern in (_ZH_COUNTED, _COUNTED):
        match = pattern.match(reading, start)
        if match is not None and not _NO_COUNT.match(reading, match.end()):
            return Span(match.start(), _count_end(match)), Span(match.start(), match.end())
    return None


def _count_end(match: re.Match[str]) -> int:
    return match.end("count") if match["count"] else match.end("money")
