"""How much a need or an offer is about: "2 desks", "30 min of advice", "3 slots", 两个, "up to 500 €", free."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.reading.wording import EN_NUMBERS, MASK, RIGHT, ZH_NUMBER, Span

_SEVERAL = "|".join(sorted((word for word, value in EN_NUMBERS.items() if value > 1), key=len, reverse=True))
_ABOUT = (
    r"(?:(?:about|around|approx\.?|roughly|up to|at least|at most|max\.?|maximum|min\.?|only|over|more than"
    r"|less than|under|~|>|<)\s?)?"
)
_FIGURE = r"[0-9]{1,3}(?:[,.][0-9]{3})+(?![0-9])|[0-9]{1,7}(?:[.,][0-9]{1,2})?"
_NUMBER = rf"(?:(?:{_FIGURE})(?:\s?-\s?(?:{_FIGURE}))?\+?|(?:{_SEVERAL})(?:\s(?:or|to)\s(?:{_SEVERAL}))?{RIGHT})"
_SOME = r"(?:a\s)?(?:few|couple(?:\sof)?|dozen|handful\sof|several|half\sa\sdozen|dozens\sof)"
_UNIT = (
    r"(?:kgs?|kilos?|g|tons?|tonnes?|t|km|m|cm|mm|m2|m²|m3|m³|sqm|sq\.?\s?m|sq\s?ft|sqft|l|lit(?:er|re)s?"
    r"|gb|tb|kwh|kw"
    r"|hours?|hrs?|h|min(?:ute)?s?|days?|weeks?|months?|years?)"
)
_MEASURE = (
    rf"(?:{_UNIT}|sessions?|boxes|pallets?|pieces?|pcs|units?|sets?|pairs?|packs?|rolls?|sheets?|bottles?"
    r"|licen[cs]es?|copies"
    r"|seats?|spots?|slots?|places?|tickets?|vouchers?|times|x)"
)
_PER = (
    r"(?:\s?(?:/|per|a|an|each|every)\s?(?:hour|hr|h|day|week|wk|month|mo|year|yr|person|head|piece|seat|unit"
    r"|desk|slot|session|pallet|night|kg|m2|m²|sqm|clip|page|word|minute|min|item|session|call|video"
    r"|ticket|day|copy)s?(?![a-z])|\sper\s[a-z]+(?![a-z])|\s(?:each|p\.?\s?m\.?|p\.?\s?a\.?)(?![a-z]))"
)
_CURRENCY = (
    r"(?:€|£|¥|￥|\$|eur(?:os?)?|usd|gbp|chf|cny|rmb|hkd|sgd|usdt|dollars|bucks|pounds|元|块(?:钱"
    r"|(?![\u4e00-\u9fff]))|人民币|欧(?:元|(?![洲盟美]))|美元"
    r"|美金|刀|港币|英镑|万元?|w)"
)
# "5k", 1万; not the first letter of a word.
_TIMES = r"(?:\s?(?:[kmw](?![a-z])|[万千]))?"
_PRICE = (
    rf"(?:(?:us|hk|s|a)?[$€£¥￥]\s?(?:{_FIGURE}){_TIMES}(?:\s?-\s?[$€£¥￥]?\s?(?:{_FIGURE}){_TIMES})?\+?"
    rf"|(?:{_FIGURE}){_TIMES}(?:\s?-\s?(?:{_FIGURE}){_TIMES})?\s?{_CURRENCY}(?![a-z]))"
)
_ZH_EACH = "(?:小时|天|日|周|月|年|人|位|次|个|件|把|平米?|工位|斤|公斤|千?字|页|条|分钟|节|课时|台|张|间|晚)"
_ZH_PER = (
    rf"(?:\s?(?:/|每|一|元/)?\s?{_ZH_EACH}|\s?(?:左右|以内|以下"
    r"|以上|上下|起|封顶))?"
)
_ZH_ABOUT = r"(?:大?约|大概|至少|最多|不超过|共|一共|总共|还有|还剩|剩|仅|只有|限|差不多|近|预算|价格|单价|总价|费用)?"
_ZH_COUNT = rf"(?:(?:{_FIGURE})(?:\s?[-到至]\s?(?:{_FIGURE}))?|{ZH_NUMBER}{{1,4}}|几十?|十几|若干)"
_ZH_MEASURE = (
    "个|位|名|台|张|间|套|箱|吨|件|块|把|部|辆|本|份|支|只|条|盒|包|桶|卷|平米?|平方米?|方|公斤|斤|克"
    "|公里|米|升|人|家|组|次|场|节|课时|小时|分钟|天|周"
    "|个月|年|席|座|工位|名额|批|袋|桌|页"
)
_FREE = (
    r"(?:(?:it's |totally |completely |all )?(?:for )?free(?: of (?:charge|cost))?|no (?:charge|cost|fee)"
    r"|at cost(?: price)?|pro bono|paid|unpaid"
    r"|(?:price |rate |rent )?negotiable|免费|不收费|有偿|无偿|付费|成本价|价格?面议|面议|可议价?"
    r"|(?:费用)?AA制?|aa制?)"
)
_BUDGET = (
    r"(?:(?:(?:fixed|flat|total|monthly|hourly|day)\s)?(?:budget|price|rate|cost|fee|rent|asking|预算|价格|单价|租金|费用|报价|时薪|日薪|月薪|月费|日租|月租|时租|年费|售价)\s?(?:is|of"
    r"|around|about|about:|max\.?|up to|under|below|在|为|约|大概|不超过|最多|不高于|控制在)?\s?[:：]?\s?)"
)
_AT = r"(?:(?:for|at|from|budget|under|below|up to|max\.?|around|about|only)\s)"
_WHOLE_PRICE = (
    rf"{_BUDGET}?(?:{_AT}|{_ABOUT})?{_PRICE}(?:{_PER}|{_ZH_PER})?(?:\s(?:max|net|gross|budget|only|total|tops"
    r"|plus vat|vat incl\.?|each|or (?:less|best offer)|obo))?"
)
_BUDGET_FIGURE = (
    rf"(?:{_BUDGET}[一二两三四五六七八九十百千万]{{1,6}}{_ZH_PER}"
    rf"|{_BUDGET}{_ABOUT}(?:{_FIGURE})\s?[kmw万千]?(?:\s?[-到至]\s?(?:{_FIGURE})\s?[kmw万千]?)?{_ZH_PER}(?:{_PER})?"
    # 150/天, 150一位, 一天800.
    rf"|(?:{_FIGURE})[kw万千]?\s?(?:/|一|每){_ZH_EACH}|[一每]{_ZH_EACH}\s?(?:{_FIGURE})[kw万千]?(?![0-9]))"
)
_LEFT_OVER = r"(?:\s(?:left|available|free|only|max|in total|total|needed|or so|or more|spare|remaining|each))?"
# A part that says nothing but how much.
_PART = re.compile(
    rf"(?:(?:每[\u4e00-\u9fff]{{1,2}}\s?|按[\u4e00-\u9fff]{{1,2}})?{_WHOLE_PRICE}|{_BUDGET_FIGURE}"
    rf"|(?:{_ZH_COUNT}\s?(?:{_ZH_MEASURE})(?:以?内)?)?{_FREE}"
    rf"|{_ABOUT}{_NUMBER}\s?{_MEASURE}?(?:{_PER})?{_LEFT_OVER}|(?:qty|quantity|amount|数量|名额|人数"
    r"|how much|how many|多少)\s?[:：]?\s?.{1,30}|x\s?[0-9]{1,4}"
    rf"|{_ZH_ABOUT}\s?{_ZH_COUNT}\s?多?个?(?:{_ZH_MEASURE})(?:名额|位置|座位|左右|以上|以内|起)?(?:{_PER})?)"
)
# A part behind the first: "300 parcels a month", "20 boxes".
_COUNTED_PART = re.compile(
    rf"{_ABOUT}{_NUMBER}\s[a-z][\w'-]*(?:{_PER})?{_LEFT_OVER}"
    rf"|{_ZH_ABOUT}\s?{_ZH_COUNT}\s?多?(?!天|周|个月|年|次|小时|分钟)(?:{_ZH_MEASURE})(?![天周月年小分内前后以])(?:(?![就用要来去给能可有会])[\u4e00-\u9fff]){{1,4}}"
)
# The count with which a part begins: "2 desks", "500 kg of steel", 两个工程师.
_COUNTED = re.compile(
    rf"(?P<count>{_ABOUT}{_NUMBER}\s?(?:(?:{_MEASURE}(?:{_PER})?|x)(?=\sof{RIGHT})|x{RIGHT}|(?:hours?|hrs?"
    rf"|min(?:ute)?s?){RIGHT}(?:{_PER})?(?=\sof{RIGHT}))?"
    rf"|{_ABOUT}(?:[0-9]{{1,7}}|{_SEVERAL})(?:\s?-\s?[0-9]{{1,7}})?\+?"
    rf"|{_SOME})(?P<of>\s(?:of\s)?)(?=[a-z\u4e00-\u9fff\"'(])"
    # "€500 AWS credits", "100 € of Figma credits".
    rf"|(?P<money>{_ABOUT}{_PRICE})\s(?:of\s)?(?=[a-z])(?!(?:for|per|a|an|each|to|at|in|on|by|until|seed"
    r"|angel|pre)[\s-])"
)
_ZH_COUNTED = re.compile(
    rf"(?P<money>(?!))?(?P<count>{_ZH_ABOUT}(?!一[个位名家台张间])(?:[0-9]{{1,7}}(?:\s?[-到至]\s?[0-9]{{1,7}})?"
    r"|(?!一(?!百"
    rf"|千|万|十)){ZH_NUMBER}{{1,4}}|几十?|十几|若干)"
    r"\s?多?(?:个(?!月)|位|名|台|张|间|套|箱|吨|件|把|部|辆|本|份|支|只|条|盒|包|桶|卷|平米?|平方米?|公斤"
    r"|斤|小时|分钟|家|组|次|场|节|批|袋|人|页)(?![0-9]))(?P<of>的?\s?)(?=[^\s,.;])"
)
# No amount of anything: "2 day workshop", "5 star", "24/7", "3D printer", "1:1".
_NO_COUNT = re.compile(
    r"(?:(?:day|week|month|year|hour|min(?:ute)?|star|bed(?:room)?|room|door|seater|person|page|inch|axis"
    rf"|layer|way|stage|pin|weeks?|months?|years?)(?:s|-\w+)?{RIGHT}|am{RIGHT}|pm{RIGHT}|d{RIGHT})"
)
# The price at the end of a part: "desk for 200 €/month".
_TAIL = re.compile(
    rf"(?<=\s)(?:(?:{_BUDGET}|{_AT}){_PRICE}(?:{_PER}|{_ZH_PER})?|{_PRICE}(?:{_PER})|{_PRICE}|for free"
    r"|free of charge|at cost|pro bono"
    rf"|x\s?[0-9]{{1,4}})(?:\s(?:max|net|each|only|total))?$|(?:{_BUDGET}){_PRICE}{_ZH_PER}$|{_BUDGET_FIGURE}$"
    rf"|(?:(?<=[\u4e00-\u9fff])|(?<=[a-z]\s))(?!一[次下])(?<![我你他她们])(?:{_ZH_ABOUT})(?:[0-9]{{1,6}}|{ZH_NUMBER}{{1,4}})\s?(?!天|周|个月|年)(?:{_ZH_MEASURE})$"
)
# 每人30分钟, 可坐12人 describe what stands before them.
_EACH = re.compile("(?:每[\u4e00-\u9fff]{0,2}|可坐|能坐|可?容纳|至多坐|前|第|满|需|要)$")
_BORDERS = rf",;.!?\n|·()\[\]{MASK}"
_NO_ABBREVIATION = "".join(
    rf"(?<!\b{word})" for word in ("min", "max", "approx", "ca", "nr", "no", "str", "incl", "excl", "st", "dr")
)
_PARTS = re.compile(
    rf"(?:(?![;!?\n|·()\[\]{MASK}]|(?<![0-9]),|,(?![0-9]{{3}}(?![0-9]))|{_NO_ABBREVIATION}\.(?:\s|$)|\s-{{1,2}}\s|、).)+"
)


def parts_of(reading: str) -> Iterator[Span]:
    """The parts of the reading copy between commas and the like, or between what was understood, without blanks around them."""
    for match in _PARTS.finditer(reading):
        words = match[0]
        start = match.start() + len(words) - len(words.lstrip(" \t:-."))
        end = match.start() + len(words.rstrip(" \t:-."))
        if start < end:
            yield Span(start, end)


# "Raising $1.2M" is what somebody is about, not what the line offers, and 原价 $599 not what it costs.
_RAISED = re.compile(
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
            and not _EACH.search(words[: tail.start()])
            and not _RAISED.search(words[: tail.start()])
            and ("每" not in words or is_price(tail[0]))
        ):
            found.append(Span(part.start + tail.start(), part.end))
        has_words = True
    return found


# 4.17-4.19 are days.
_DATES = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\s?-\s?[0-9]{1,2}\.[0-9]{1,2}\.?")


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


# What looks like an amount wherever it stands: a price, a number with its unit.
_FIGURES = re.compile(
    rf"{_PRICE}|(?<![\w.,]){_ABOUT}{_NUMBER}\s?{_UNIT}{RIGHT}(?:{_PER})?|(?<![\w.,])(?:{_FIGURE}"
    rf"|{ZH_NUMBER}{{1,4}})\s?(?:{_ZH_MEASURE})(?![\u4e00-\u9fff])"
)
# "$2M seed round", "500 kg pallets", "3 years of experience": the amount describes what follows.
_DESCRIBES = re.compile(
    r"(?:\s?-)?\s(?:of\s)?(?!for\b|at\b|in\b|on\b|and\b|or\b|until\b|per\b|a\b|to\b|by\b|if\b"
    r"|but\b)[a-z\u4e00-\u9fff]|的"
)
_HAS_PRICE = re.compile(rf"{_PRICE}|{_FREE}|{_BUDGET}")


def is_price(words: str) -> bool:
    """Whether an amount is told in money: "500 €", free, 预算5000."""
    return _HAS_PRICE.search(words) is not None


def find_figures(reading: str) -> list[Span]:
    """Prices and numbers with a unit that no field took and that describe nothing behind them."""
    found = _FIGURES.finditer(reading)
    return [
        Span(match.start(), match.end())
        for match in found
        if not (
            _DESCRIBES.match(reading, match.end()) or _EACH.search(reading[max(0, match.start() - 4) : match.start()])
        )
    ]
