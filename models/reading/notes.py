"""What hosts add behind an event: its price, what to bring, its language, how to sign up. Told apart from the title."""

from __future__ import annotations

import re

from models.reading.patterns import pattern_of
from models.reading.wording import MASK, RIGHT, Span

_CURRENCY = (
    "€|£|eur(?:os?)?|usd|gbp|chf|sgd|hkd|aud|cad|rmb|cny|dollars|bucks|pounds|quid|kr|zł|元|块钱?|人民币|港币|欧元?|刀"
)
# 3M and 10k are no prices of an evening.
_FIGURE = r"(?:[0-9]{1,3}[,.][0-9]{3}|[0-9]{1,4})(?:[.,][0-9]{1,2})?(?![0-9]|\s?[km]\b|\s?(?:万|亿|mrr|arr))"
_AMOUNT = (
    rf"(?:(?:(?:us|s|hk|a|ca|nt|r)?[$€£¥]|₹|₩|rs\.?|rm|idr|inr|sgd|chf)\s?{_FIGURE}(?:\s?[-/]\s?[$€£¥]?\s?{_FIGURE})?"
    rf"|{_FIGURE}(?:\s?-\s?{_FIGURE})?\s?(?:{_CURRENCY}))"
)
_FOR_WHOM = (
    r"(?:at|on|with|for|pro|buy-?in|incl(?:uding|udes|\.)?|includes|per|in|a|each|pp|p\.p\.|entry|entrance|admission|cover|cash|suggested"
    r"|donation|early|online|students?|members?|non-members?|min(?:imum)?)"
)
_PRICED = (
    "entry|entrance|admission|tickets?|cover|price|costs?|fees?|donation|suggested donation|early bird|contribution"
)
_PRICED_ZH = (
    "(?:报名|活动|入场|入门|茶位|场地|参会)费|票价|门票|早鸟票?|现场票?|费用|收费|酌收|人均|每[人位]|成本价?|押金|AA|aa"
)
_PRICE = (
    rf"(?:(?:the )?(?:{_PRICED})(?: fee| price)?\s?[:=]?\s?(?:is |are |from |only )?)?(?:only |just )?{_AMOUNT}"
    rf"(?:\s?{_FOR_WHOM}{RIGHT}.{{0,50}}|\s?/\s?(?:person|head|pax|pp)|pp)?",
    rf"(?:每[^\s,]{{1,4}})?(?:{_PRICED_ZH})(?:制)?(?:aa)?\s?:?\s?(?:约|大概|大约)?\s?(?:{_AMOUNT}|[0-9]{{1,4}}|免费|自理|aa制?)?"
    r"\s?(?:/\s?[人位]|每[人位]|一[人位]|起|左右)?(?:\(?含[^,;]{1,16}\)?)?",
    rf"{_AMOUNT}\s?(?:/\s?[人位]|每[人位]|一[人位]|起|左右)?(?:\(?含[^,;]{{1,16}}\)?)?",
)
_FREE = (
    r"(?:it's |it is |all |totally |completely |100% )?free(?: (?:of charge|entry|entrance|admission|event"
    r"|to (?:attend|join|enter)|but .{1,40}|with rsvp|as always|for (?:all|everyone|members|students).{0,30}))?",
    rf"(?:{_PRICED}|attendance|event|joining)\s?[:=]?\s?(?:is )?free.{{0,30}}",
    r"no (?:cover|entry|entrance)\b.{0,30}|pay (?:what|as) you (?:can|want|like|wish|go).{0,20}"
    r"|donations? welcome|by donation",
    r"(?:本?活动|完全|全程|入场)?免费(?:参加|入场|参与|报名|开放|活动)?|不收费|费用自理|各付各的|aa制?|自费",
)
_BRING = (
    r"(?:please |pls |just |and |and please |don't forget to |remember to )?bring\b.{2,80}|byob?|b\.y\.o\.b\.?",
    r"(?:请|记得|可以?|务必|需要?|最好)?(?:自带|自备|带上|携带|带好).{1,24}|(?:请|记得|务必)带.{1,24}",
)
_TONGUE = "english|german|deutsch|chinese|mandarin|cantonese|french|spanish|portuguese|italian|japanese|en|de|zh|fr|es"
_SPOKEN = (
    rf"(?:(?:the )?(?:talks?|event|meet-?up|language|presentations?|discussion|session|everything|held|we speak)\s?:?\s?)?"
    rf"(?:(?:is|are|will be) )?(?:mostly |all )?(?:held )?(?:in )?(?:{_TONGUE})(?:\s?(?:,|/|&|\+|and|or)\s?(?:{_TONGUE}))*"
    r"(?:[\s-](?:only|spoken|friendly|speaking|speakers welcome))?",
    "(?:语言|全程|主要|现场|活动)?:?(?:用|讲|说)?(?:中文|英文|英语|普通话|国语|粤语|双语|中英双语|中英文)(?:交流|分享|为主|进行|主持|授课)?",
)
_SIGN_UP = (
    r"(?:please |pls )?(?:rsvp|register|registration|sign[- ]?ups?|book your|booking)\b.{0,80}",
    r"(?:(?:with )?(?:limited|few) (?:seats|spots|space|places|capacity)).{0,40}|(?:dm|message|ping|text) me\b.{0,40}",
    "(?:请|需|需要|务必)?(?:提前|扫码|私信|私聊|接龙|后台|线上)(?:我|群主)?(?:报名|登记|预约).{0,16}|报名(?:方式|请|链接|联系|:).{0,30}",
)
_WELCOME = (
    r"(?:somewhere|location|venue|place|address|room|where)\b.{0,30}\b(?:tbc|tba|tbd|to be (?:announced|confirmed|decided))",
    r"(?:来回|往返|全程|约)?[0-9.]{1,4}\s?(?:km|公里)(?:起|左右|以内)?|(?:book|booking|sign[- ]?up) (?:via|by|at|with) .{1,30}",
    r"[^\s,]{1,10}\swelcome|(?:地点|地址)?(?:报名|入群|私信)后?(?:通知|告知|发送?)|地址?报名后.{1,6}",
    r"(?:[a-z]+ )?(?:veggie|vegan|vegetarian|halal|gluten[- ]free)(?: (?:and|&|or) [a-z]+)? options?(?: available)?"
    r"|teams? of (?:up to )?[0-9](?:-[0-9])?|max\.? [0-9]+ [a-z]+|[0-9]{1,3} [a-z]+ max(?:imum)?|laptops? (?:needed|required)"
    r"|(?:back|home|done|over|out) (?:by|before|at|around) .{1,20}|(?:next|first)(?: one)?\s?(?::|is|on)\s?.{2,20}",
    r"(?:no (?:limit|cap)|unlimited)(?: (?:on |of )?(?:seats|numbers|spots|people|places))?"
    r"|(?:人数|名额)?不限(?:人数|名额)?|地点(?:待定|另行通知)",
    r"(?:all|everyone|everybody|anyone|newcomers?|beginners?|partners?|kids|dogs|friends|guests|families|first[- ]timers"
    r"|plus[- ]ones?)(?: (?:is|are))?(?: (?:very|most|always))? welcome.{0,30}|open to (?:all|everyone|anybody).{0,20}",
    r"no (?:pitch(?:es|ing)?|recordings?|slides|agenda|recruiters|experience|laptops|sales)(?: .{1,30})?"
    r"|dress code.{0,40}|rain or shine|weather permitting"
    r"|(?:cancell?ed |moved |postponed |off )?(?:if|when) (?:it rains|wet|raining).{0,30}|[12][0-9]\+",
    r"(?:[a-z]+ ){0,2}[a-z]+(?:,? (?:and|&|\+) [a-z]+)? (?:provided|included|on (?:us|me|the house))|no photos.{0,20}",
    "(?:含|提供|有)(?:茶歇|晚餐|午餐|简餐|饮料|酒水|零食|咖啡).{0,8}|(?:最多|至多|上限|仅?限)\\s?[0-9一二两三四五六七八九十]{1,3}\\s?(?:个?(?:队伍?|小?组|团队|项目)|桌|支|辆|张|家).{0,6}|欢迎.{1,20}|(?:如遇|如果|遇)?(?:下雨|雨天|大雨|暴雨|下大雨)天?则?(?:取消|顺延|改期|照常|改室内).{0,8}|风雨无阻|新手友好",
)
# Behind a title more than a price tells of it: "$20 buy-in", "free pizza".
_ONLY_BEHIND = pattern_of(
    rf"{_AMOUNT}\s.{{1,40}}|(?:可?带|穿).{{1,10}}"
    r"|free (?:pizza|food|drinks?|beers?|snacks|coffee|wine|lunch|dinner|parking|merch|swag).{0,30}"
)
_BRACKETS = pattern_of(rf"\s?\([^(){MASK}\n]{{1,60}}\)")
_HAN = pattern_of("[\u4e00-\u9fff]")
_NOTE = pattern_of("|".join(f"(?:{one})" for one in (*_PRICE, *_FREE, *_BRING, *_SPOKEN, *_SIGN_UP, *_WELCOME)))
# A price right behind the words of a title: "Demo night 10 €"; not "raised for $500".
_TAIL = pattern_of(
    rf"(?<![a-z])(?<!\bfor )(?<!\bto )(?<!\bof )(?<!\bthe )(?<!\bwin )(?<!\bfrom )(?<!\bat )(?<!\bwith )(?<!\bunder )(?<!\bin )"
    rf"(?:{'|'.join(_PRICE)}|免费(?:参加|入场)?|free (?:entry|entrance|admission))$"
)
_FRAGMENT = pattern_of(
    rf"(?:(?!,(?![0-9]{{3}}(?![0-9]))|[;|·\n()\[\]{MASK}]|(?<!\bincl)(?<!\bapprox)(?<!\bmax)[.!?](?:\s|$)|\s-{{1,2}}\s|[.](?=[\u4e00-\u9fff])).)+"
)
# Latin words and figures stay with what stands beside them: "票价 50 元".
_TOKEN = pattern_of(r"\S+(?:\s(?![\u4e00-\u9fff]{2}|[限仅][0-9])\S+|(?<=[0-9])\s(?:元|块)\S*)*")
_EDGES = " \t-:.!~*"


def find_notes(reading: str) -> list[Span]:
    """Parts of the reading copy (everything that was understood masked) that are no part of a title, in order."""
    parts = [part for match in _FRAGMENT.finditer(reading) if (part := _trim(match, reading))]
    notes = [
        part for number, part in enumerate(parts) if _is_note(reading[part.start : part.end], is_first=number == 0)
    ]
    # "Bring & share dinner" alone is what the event is called.
    if len(notes) == len(parts):
        notes = notes[1:]
    left = [part for part in parts if part not in notes]
    left = [token for part in left for token in _tokens(part, reading)]
    words = [token for token in left if _HAN.search(reading, token.start, token.end)]
    tokens = [token for token in words if _NOTE.fullmatch(reading[token.start : token.end])] if len(left) > 1 else []
    rest = [part for part in left if part not in tokens]
    tails = [tail for part in rest if (tail := _tail(reading, part))]
    found = sorted([*notes, *tokens, *tails], key=lambda note: note.start)
    return [_with_brackets(note, reading) for note in found]


def _with_brackets(note: Span, reading: str) -> Span:
    """What stands in brackets behind a note explains it: "$15 (2 tacos + a beer)"."""
    match = _BRACKETS.match(reading, note.end)
    return Span(note.start, match.end()) if match else note


def _is_note(words: str, *, is_first: bool) -> bool:
    if is_first and words.startswith("bring your "):
        return False  # "Bring your daughter to code day"
    return _NOTE.fullmatch(words) is not None or (not is_first and _ONLY_BEHIND.fullmatch(words) is not None)


def _tokens(part: Span, reading: str) -> list[Span]:
    """What blanks part in Chinese, where they stand for commas: "桌游局 人均60 老地方"."""
    words = reading[part.start : part.end]
    if not _HAN.search(words):
        return [part]
    return [Span(part.start + match.start(), part.start + match.end()) for match in _TOKEN.finditer(words)]


def _tail(reading: str, part: Span) -> Span | None:
    """The price at the end of a part that says more."""
    words = reading[part.start : part.end]
    for match in re.finditer(r"(?<=\s)\S|(?<=[\u4e00-\u9fff])[0-9¥免票]", words):
        if _TAIL.match(words, match.start()) and _has_letters(words[: match.start()]):
            return Span(part.start + match.start(), part.end)
    return None


def _trim(match: re.Match[str], reading: str) -> Span | None:
    words = match[0]
    start = match.start() + len(words) - len(words.lstrip(_EDGES + "\ufe0f"))
    end = match.start() + len(words.rstrip(_EDGES))
    # A picture in front of it: "💰 10 €".
    while start < end and not (reading[start].isalnum() or reading[start] in "$€£¥#@"):
        start += 1
    return Span(start, end) if _has_letters(reading[start:end]) else None


def _has_letters(words: str) -> bool:
    return any(character.isalnum() for character in words)
