"""Stretches of time that a need or an offer lasts: "this week", "until March", "within ten days", 本月内, 未来两周."""

from __future__ import annotations

import re
from collections.abc import Callable

from models.reading.listing_period_readers import (
    PeriodMention,
    read_month,
    read_named_month,
    read_part_of_month,
    read_stretch,
    read_week,
    read_weekend,
    read_year,
)
from models.reading.patterns import pattern_of
from models.reading.wording import EN_NUMBERS, LEFT, RIGHT, ZH_NUMBER, mask

_COUNT = rf"(?:[0-9]{{1,3}}|(?:a\s)?(?:couple of|few)|{'|'.join(sorted(EN_NUMBERS, key=len, reverse=True))})"
_ZH_COUNT = rf"(?:[0-9]{{1,3}}|{ZH_NUMBER}{{1,3}}|几)"
_UNIT = rf"(?P<unit>days?|weeks?|fortnight|months?|years?){RIGHT}"
_ZH_UNIT = "(?P<zh_unit>天|日|个?周|个?星期|个?礼拜|个?月|年)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)"
)


def find_periods(reading: str) -> list[PeriodMention]:
    """Every such stretch in the reading copy, in order of position."""
    mentions: list[PeriodMention] = []
    for pattern, reader in _RULES:
        new = [mention for match in pattern.finditer(reading) if (mention := reader(match)) is not None]
        reading = mask(reading, *new) if new else reading
        mentions += new
    return sorted(mentions, key=lambda mention: mention.start)


_END_OF = r"(?P<end>(?:the\s)?(?:end|last day)\sof\s)"
_OF_WHICH = rf"(?:{_END_OF}(?:the\s|this\s|next\s)?|(?:this|next)\s)"
# How fast something is done, not until when it is offered: 一周内搞定.
_SO_SOON = "(?:就|可以?|能|保证)?(?:搞定|办好|办完|办妥|拿到|拿证|下证|出证|到手|见效|出结果|出报告)"
_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], PeriodMention | None]], ...] = (
    (
        pattern_of(
            rf"{LEFT}(?:within|in|for|over|during)\s(?:the\s)?(?:next|coming)\s(?P<count>{_COUNT}\s)?{_UNIT}"
            rf"|(?:未来|接下来|今后)的?\s?(?P<zh_count>{_ZH_COUNT})\s?{_ZH_UNIT}(?:之内|以内|内)?"
        ),
        read_stretch,
    ),
    (
        pattern_of(
            rf"{LEFT}within\s(?:the\s)?(?P<count>{_COUNT})\s{_UNIT}"
            rf"|(?<![0-9第])(?P<zh_count>{_ZH_COUNT})\s?{_ZH_UNIT}(?:之内|以内|内)(?!{_SO_SOON})"
        ),
        read_stretch,
    ),
    (
        pattern_of(
            rf"{LEFT}{_OF_WHICH}week{RIGHT}(?:\sor\s(?:the\s)?next(?:\sone|\sweek)?{RIGHT})?(?!\s?end)|{LEFT}(?P<short>eow){RIGHT}"
            r"|(?:下{1,2}|这|本)个?(?:周|星期|礼拜)(?![末一二三四五六日天会报刊])(?:之内|以内|内)?"
        ),
        read_week,
    ),
    (
        pattern_of(
            rf"{LEFT}(?:(?:this|next|the|the coming|coming)\s)?weekend{RIGHT}|(?:下{{1,2}}|这|本)个?周末"
            r"|周末(?=之?前|以前|截)"
        ),
        read_weekend,
    ),
    (
        pattern_of(
            rf"{LEFT}{_OF_WHICH}month{RIGHT}|{LEFT}(?P<short>eom){RIGHT}"
            r"|(?:下{1,2}|这|本)个?月(?![0-9初中上])(?:之内|以内|内|[底末])?"
            r"|(?<![0-9一二三四五六七八九十年个份])(?<![0-9]\s)月[底末]"
        ),
        read_month,
    ),
    (
        pattern_of(
            rf"{LEFT}(?P<part>mid|early|late|beginning of|middle of"
            rf"|start of)[\s-](?P<month>{_MONTH}){RIGHT}(?!\s?[0-9])"
            rf"|(?<![0-9])(?:(?P<zh_month>[0-9]{{1,2}}|{ZH_NUMBER}{{1,3}})\s?月|本月|这个?月"
            r"|下个?月)(?P<zh_part>[上中下]旬|中(?=[,\s]|之?前|以前|$)|初)"
        ),
        read_part_of_month,
    ),
    (
        pattern_of(
            rf"{LEFT}{_END_OF}?(?P<month>{_MONTH})(?:\s(?P<year>20[0-9]{{2}}))?{RIGHT}(?!\s?(?:the\s)?[0-9])"
            rf"|(?<![0-9])(?:(?P<zh_year>20[0-9]{{2}})年)?(?P<zh_month>[0-9]{{1,2}}|{ZH_NUMBER}{{1,3}})\s?月份?"
            rf"\s?(?![0-9\s{ZH_NUMBER[1:-1]}初中上])[底末]?(?P<short>)(?:之内|以内|内)?"
        ),
        read_named_month,
    ),
    (
        pattern_of(
            rf"{LEFT}{_OF_WHICH}year{RIGHT}|{LEFT}(?P<short>year[- ]end|eoy){RIGHT}|[今明]年(?:之内|以内"
            r"|内)|[今明]?年[底末](?![会终])"
        ),
        read_year,
    ),
)
