"""What kind of message a text is, by a small table of rules in English and Chinese.

Known failings: a question that quotes an event notice counts as a notice; kinds without any of the listed words fall into
chatter; other languages know only links and question marks.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from models.reading.courtesies import Courtesy, courtesy, phrases
from models.reading.patterns import pattern_of
from models.reading.questions import is_question


class TextKind(IntEnum):
    """Kinds of messages; the numbers are stored, so they stay."""

    CHATTER = 0
    QUESTION = 1
    EVENT_NOTICE = 2
    RESOURCE = 3
    PRODUCT = 4
    NEWS = 5
    INTRODUCTION = 6
    DECISION = 7
    GREETING = 8
    THANKS = 9
    CONGRATULATION = 10
    AGREEMENT = 11
    SMALL_TALK = 12

    @property
    def says_something(self) -> bool:
        """Whether a thread can be about it."""
        return self < TextKind.GREETING


_LINK = pattern_of(r"https?://\S+")
# An event notice says when and names a gathering.
_WHEN = pattern_of(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b\d{1,2}(?::\d\d)?\s?[ap]m\b|\b\d{1,2}:\d\d\b|tonight|tomorrow|"
    r"周[一二三四五六日天]|星期[一二三四五六日天]|明天|明晚|今晚|\d{1,2}月\d{1,2}[日号]|\d{1,2}[点:：]"
)
_GATHERING = pattern_of(
    r"\bmeet-?ups?\b|\bworkshops?\b|\bdemo (?:night|day)\b|\bhackathons?\b|\bwebinars?\b|\brsvp\b|\bjoin us\b|\bdinner\b|"
    r"\bevents?\b|\bpanel\b|\bfireside\b|\bseats?\b|活动|沙龙|聚会|聚餐|路演|分享会|报名|线下|工作坊|论坛|名额"
)
_INTRODUCTION = pattern_of(
    r"^.{0,40}\b(?:i am|i'm|my name is|this is)\b.{0,60}\b(?:founder|co-?founder|working on|building|based in|new here|"
    r"just joined|from|ceo|cto|engineer|designer)\b|\bnew here\b|\bjust joined\b|\bnice to meet (?:you|everyone)\b|"
    r"\bhere, (?:new in town|just moved)\b|\ba friend told me (?:about|of) this (?:group|community|chat)\b|"
    r"大家好[，,！! ].{0,12}我(?:是|叫|在|做)|新人报到|自我介绍|初来乍到|"
    r"朋友介绍(?:我)?来的|刚(?:进|入|加入)(?:了)?(?:本|这个)?群",
    re.DOTALL,
)
_STATEMENTS: tuple[tuple[TextKind, re.Pattern[str]], ...] = (
    (
        TextKind.PRODUCT,
        pattern_of(
            r"\b(?:we|i)(?:'ve| have)? (?:just )?(?:launched|shipped|released|built|made)\b|\bnow live\b|\bproduct hunt\b|"
            r"\bbeta (?:testers?|users?|access)\b|\bour (?:app|product|tool|platform)\b|\btry (?:it|our)\b|"
            r"\bversion \d|\bv\d+\.\d+ |"
            r"我们(?:刚)?(?:上线|发布|做了|推出)|新版本|新产品|内测|公测|求体验|欢迎试用"
        ),
    ),
    (
        TextKind.NEWS,
        pattern_of(
            r"\braises?d? (?:\$|€|£|a? ?(?:seed|series))|\bseries [a-e]\b|\bacquir(?:es?|ed|ing)\b|\bannounc(?:es?|ed)\b|"
            r"\bbreaking\b|\baccording to\b|\blayoffs?\b|融资|收购|宣布|发布会|快讯|新闻|据报道|裁员"
        ),
    ),
)
_RESOURCE = pattern_of(
    r"\b(?:guide|template|tutorial|(?<!to )book(?! (?:now|an?|it|the|early)\b)|paper|article|blog|podcast|course|"
    r"checklist|deck|slides|docs|repo|library|list of)\b|"
    r"教程|模板|资料|文档|文章|书单|报告|播客|课程|清单|干货|链接|合集"
)


# Something to be had: "Free for anybody", "shall I put you down?", 谁要.
_OFFER = pattern_of(
    r"\b(?:i|we)(?:'ve| have)(?: got)?(?: [\w-]+){0,4} (?:spare|left over|to give away)\b|\bfree for (?:any|every)(?:body|one)\b|"
    r"\bat cost for\b|\bwe have (?:space|room|(?:two|three|\d+) (?:free|spare))\b|\bshall i put (?:you|some(?:body|one))\b|"
    r"\b(?:\d{1,2}|one|two|three|four|five|a few|some) (?:[\w-]+ )?(?:desks?|seats?|spots?|places|rooms?|tickets?|slots?|passes) "
    r"(?:are |is )?(?:still )?(?:free|available|left|open|going spare)\b|\bfirst come,? first served\b|"
    r"\bi (?:can|could|will|'ll|would)\b.{0,60}\bfor the first (?:\d{1,2}|two|three|four|five|six|ten)\b|"
    r"\bgiving away\b|\bup for grabs\b|\bhappy to (?:share|lend)\b|"
    r"谁要(?:的|吗)?[？?！!。]?$|可以(?:过?来)?拿|免费(?:送|拿|给)|送给大家|还有.{0,6}(?:名额|空位)|"
    r"(?:空出|多出?|剩下?)(?:来|了)?.{0,4}(?:工位|座位|位子|名额|门票|票)|先到先得|前\s?(?:\d{1,2}|[两三四五六七八九十])\s?[名位个].{0,20}(?:免费|送)"
)
# What one applies for until a day.
_APPLY = pattern_of(
    r"\bappl(?:y|ications?)\b.{0,40}\b(?:by|before|until|till|clos\w+|deadline)\b|\bdeadline\b|报名.{0,8}(?:前|截止)|截止"
)
_OWN_NEWS = pattern_of(r"(?:\W*)(?:we|i|our)\b[^.!?\n]{3,80}!|\W*(?:我们?|咱们?)[^。！？\n]{2,40}！", re.IGNORECASE)
_COMMAND = pattern_of(r"/[a-z][a-z0-9_]{0,31}(?:@\w+)?(?:\s|$)", re.IGNORECASE)
_COURTESIES = {
    Courtesy.THANKS: TextKind.THANKS,
    Courtesy.CONGRATULATION: TextKind.CONGRATULATION,
    Courtesy.GREETING: TextKind.GREETING,
    Courtesy.AGREEMENT: TextKind.AGREEMENT,
    Courtesy.LAUGHTER: TextKind.SMALL_TALK,
}


def announces(text: str) -> bool:
    """Whether it begins with good news of one's own: "We closed our round this morning! Notes: (link)"."""
    return _OWN_NEWS.match(text.strip()) is not None


def is_offer(text: str) -> bool:
    """Whether something is to be had, and so perhaps gone on another day."""
    return _OFFER.search(text.lower()) is not None or _APPLY.search(text.lower()) is not None


def is_command(text: str | None) -> bool:
    """True when the text is said to a bot: it begins with a command."""
    return text is not None and _COMMAND.match(text) is not None


@lru_cache(maxsize=50_000)
def kind(text: str) -> TextKind:
    """The kind of a message: courtesies, introductions and event notices first, then questions, then the rest."""
    lower = text.lower()
    courtesy_kind = courtesy(text)
    # 银行 ends like 行 (fine): who asks does not agree.
    if courtesy_kind is not None and not (courtesy_kind is Courtesy.AGREEMENT and is_question(text)):
        return _COURTESIES[courtesy_kind]
    if _INTRODUCTION.search(lower):
        return TextKind.INTRODUCTION
    if phrases("decision").search(lower) and not is_question(text):
        return TextKind.DECISION
    if _WHEN.search(lower) and _GATHERING.search(lower):
        return TextKind.EVENT_NOTICE
    if _OFFER.search(lower):
        return TextKind.RESOURCE
    if is_question(text):
        return TextKind.QUESTION
    statement_kind = next((name for name, rule in _STATEMENTS if rule.search(lower)), None)
    if statement_kind is not None:
        return statement_kind
    return TextKind.RESOURCE if _LINK.search(text) or _RESOURCE.search(lower) else TextKind.CHATTER
