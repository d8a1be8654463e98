"""The words with which people begin a need or an offer and that say nothing of it: "I'm looking for", 求, "offering"."""

from __future__ import annotations

import re

from models.reading.patterns import pattern_of
from models.reading.wording import LEFT, RIGHT, reading_copy, tidy

_HELLO = (
    r"(?:hi|hey|hello|dear|good morning|morning|gm)(?![\w'])(?:\s(?:all|everyone|everybody|folks|friends|team|guys"
    r"|there|founders|people))?\s?[,!.:-]?"
    r"|(?:all|everyone|folks|guys)\s?[,:!]|(?:quick|small|big|urgent|another)\s(?:one|ask|request|favou?r"
    r"|question)\s?[,:!-]"
    r"|(?:急|紧急|在线等|hi|hello)\s?[!,:]+|(?:大家好|各位好?|群友们?|小伙伴们?|朋友们|hi|你好|请问一下|请问|问一下"
    r"|那个)(?=[\s,!:各有谁我想求找请])\s?[,!:]?"
)
_LABEL = (
    r"(?:(?:i\s)?(?:need(?:ed|s)?|want(?:ed)?|offer(?:ed|ing|s)?|ask|iso|wtb|wts|looking for|request"
    r"|available|seeking|searching)\s?[:：-]"
    r"|\[\s?(?:need|offer|wanted|offering|求助?|出|供|需|需求|提供|招聘|资源)\s?\]|#(?:need|offer|wanted"
    r"|offering|求助?|需求|资源|提供)"
    r"|(?:需求|供给|资源|提供|求助|可提供|求)\s?:)"
)
_I = (
    r"(?:(?:i|we)(?:'m| am|'re| are|'ve been| have been|'d| would)?\s)?(?:(?:still|also|now|currently"
    r"|desperately|urgently|really|actively|always|again|just)\s)*"
)
_EN_NEED = (
    rf"{_I}(?:looking|searching|hunting)\sfor|{_I}(?:in\s(?:search|need)\sof|after(?=\s(?:a|an|some)\s)"
    r"|seeking|iso|wtb)"
    r"|(?:(?:i|we)\s)?(?:(?:still|also|now|currently|desperately|urgently"
    r"|really)\s)*(?:need(?=\shelp\s(?:with|on|from|for)\b)|need|could use"
    r"|want|require|would love|would like|'d love|'d like)(?!\s(?:to|you|help\?|help$)(?:\b|$))"
    r"|(?:i|we)(?:\swould|'d)\s(?:like|love)\sto|(?:i|we)\swant\sto|(?:i'm|i am|we're"
    r"|we are)(?=\s(?:giving|selling|renting|subletting|hiring|lending|donating|hosting)\b)"
    r"|(?:wanted|needed|seeking|required)(?=\s)|(?:can|could|would)\s(?:any|some)(?:one"
    r"|body)(?:\shere)?\s(?:recommend|suggest)|who\s(?:can|could)\srecommend"
    r"|who(?:\shere)?\sknows(?:\sof)?(?=\s(?:a|an|any|some|good)\s)"
    r"|(?:does\s)?(?:any|some)(?:one|body)(?:\shere)?\s(?:know(?:s)?|knows of|know of)(?=\s(?:a|an|any"
    r"|some|good)\s)|any\srecommendations?\sfor|recommendations?\s(?:for|please for)"
)
_EN_OFFER = (
    r"(?:(?:i|we)(?:'m| am|'re| are)?\s)?(?:(?:also|now|currently|happily|gladly)\s)*(?:offering|offer"
    r"|providing|provide|(?:happy|glad|able|willing)\sto(?=\s(?!share\b)))"
    r"|(?:(?:i|we)\s)?(?:can|could)(?:\s(?:also|offer|provide))?(?!\s(?:not|you|any|some|i|we)\b)|(?:i"
    r"|we)(?:'ve| have)(?:\sgot)?|(?:i|we)\shave\s(?:got\s)?|got(?=\s(?:a|an|some|[0-9]|two|three)\b)"
)
_ZH_WHO = "(?:我们?(?:公司|团队|这边|这里|家)?|本人|咱们?|笔者)?"
_ZH_NEED = (
    rf"{_ZH_WHO}(?:现在|目前|最近|正在?|还|也|急|想|在|需要|诚)*(?:求(?:推荐|介绍|购|助|问|(?=[租借])|人(?=帮))?"
    r"|寻找|寻求|寻|找(?!到)|需要|急需|想要|想找)(?:一下|下)?(?:[:：,]\s?)?"
    r"|(?:谁(?:那里|手上|家)?有|有没有人?有?|有人有)(?=闲置|多余|空|现成)"
    r"|(?:有没有|有木有)(?:人|朋友|大佬|老师|谁)?(?:能|可以)?(?:推荐|介绍)(?:一下)?|谁(?:能|可以"
    r"|有)?(?:推荐|介绍|认识)(?:一下)?|(?:麻烦|请|帮忙)+(?:大家)?(?:推荐|介绍)(?:一下)?"
)
_ZH_OFFER = (
    rf"{_ZH_WHO}(?:现在|目前|最近|还|也|都|这边)*(?:可以?|能够?|愿意)?(?:提供|可提供)|{_ZH_WHO}(?:可以|能"
    rf"|愿意)(?!不)|{_ZH_WHO}(?:还|正好|手上|手头|手里|这边|目前)*有(?=\s?[0-9一两二三四五六七八九十几多闲空个些]|一)"
)
# 找位懂法律的人: without its verb nothing begins with 位.
LEAD = pattern_of(
    rf"\s*(?:{_HELLO}|{_LABEL}|{LEFT}(?:{_EN_NEED}|{_EN_OFFER}){RIGHT}|(?P<need>{_ZH_NEED})(?![位个名款家台间套][\u4e00-\u9fff])|{_ZH_OFFER})[\s:：,]*"
)
_ASKED_ONLY = pattern_of(rf"\s*(?:{_HELLO}|{_LABEL}|{LEFT}(?:{_EN_NEED}){RIGHT}|{_ZH_NEED})[\s:：,]*")
# With what one asks who might have it: "who teaches", 谁懂.
_ASKED = pattern_of(
    rf"\s*(?:{_HELLO}|{LEFT}(?:(?:{_EN_NEED})|(?:is there\s)?(?:who|any ?one|any ?body|some ?one|some ?body"
    r"|does any ?one|does any ?body)"
    r"(?:\s(?:here|else|of you|in here|around))?(?:\s(?:who|that))?\s(?:(?:can|could|is able to)\s)?"
    r"(?:knows?(?:\s(?:of|about|how to))?"
    r"|teach(?:es)?|does?|makes?|builds?|sells?|offers?|rents?(?:\sout)?|has|have|speaks?|understands?|recommends?|lends?|repairs?|fixes"
    r"|gives?|runs?|helps?(?:\sme|\sus)?\swith|has experience (?:with|in)|is good at|is an? expert (?:in|on))"
    r"|where (?:can|could|do) (?:i|we) (?:find|get|rent|buy|hire|learn)|how (?:can|do) (?:i|we) (?:find|get|learn))"
    rf"{RIGHT}|{_ZH_NEED}|(?:请问|问一下|有没有人?|有谁|有人|谁|哪位|群里谁|大家谁)(?:能|可以)?(?:懂|会|做|教|有|卖|认识|知道|熟悉|熟|了解|出租|提供)"
    r"|(?:在)?(?:哪里?|哪儿)(?:可以|能)?(?:找到?|买到?|租到?|学|有))[\s:,]*"
)
_ASKING_END = pattern_of(r"(?:[吗么嘛呢]|[\s?？!！。.])+$")
_MOST_LEADS = 4


def need_of(question: str) -> str:
    """What somebody asks for, in their own words without those that only ask: "who teaches pottery?" is about pottery."""
    text = tidy(question)
    start = lead_end(reading_copy(text), _ASKED)
    return _ASKING_END.sub("", text[start:]) or text


def lead_end(reading: str, lead: re.Pattern[str] = LEAD) -> int:
    """Where the first word stands that says something; 0 where the line begins with it, or has nothing else."""
    end = 0
    for _ in range(_MOST_LEADS):
        match = lead.match(reading, end)
        if match is None or match.end() == end or not any(sign.isalnum() for sign in reading[match.end() :]):
            break
        end = match.end()
        # 寻找愿意接受采访的人: no offer.
        if match.groupdict().get("need"):
            lead = _ASKED_ONLY
    return end
