"""Where an event line says that it takes place, without a sign for it: by a name behind the time, or how a word ends."""

from __future__ import annotations

import re

from models.reading.patterns import pattern_of
from models.reading.places import EN_VENUE, NO_PLACE, Text, address_end, has_letters, trim
from models.reading.title_parts import beside_title, ends_with_event, says_beside
from models.reading.wording import MASK

_GATHERING = pattern_of(
    rf"(?<=[\s{MASK},;])(?P<place>(?!集合|[0-9零一二两三四五六七八九十]{{1,3}}[点时:])(?:[a-z][\w'.-]*\s){{0,4}}[^\s{MASK},;.\n]{{2,18}}?)(?:集合(?:出发|上车)?|碰头|见面|出发|上车)(?=[\s,;.{MASK}]|$)"
)
_ONLINE = pattern_of(
    rf"(?:(?<=[{MASK},;|\n])|(?<=\s)(?=(?:on|via)\s)|(?<=[\u4e00-\u9fff]\s)(?=[\u4e00-\u9fff]))\s?(?:(?:on|via|over)\s)?(?P<place>(?:(?:online|线上|在线)\s)?"
    r"(?:zoom|google meet|ms teams|teams|discord|whereby|webex"
    r"|jitsi|telegram|腾讯会议|飞书会议|飞书|钉钉)|online|线上|在线)"
    rf"(?=\s?(?:[,;.|\n(]|$|{NO_PLACE}))"
)
_VENUE_WORD = pattern_of(
    rf"(?:{EN_VENUE}|loft|lobby|rooftop|clubhouse|trailhead|lounge|room|hall|floor|stage|kitchen|court|terrace|lawn|beach|field|patio|deck|boathouse|playground)"
)
# "… meet 7:45 trailhead": nothing but a kind of place, behind the time and at the end.
_ENDS_WITH_VENUE = pattern_of(rf"{MASK}\s(?P<place>(?:the|our|my)?\s?(?:{_VENUE_WORD.pattern}))\s?$")
_SMALL_WORDS = frozenset("the of de la le du des do da del di van von zur zum am im an der and & + at".split())  # noqa: SIM905
_AT_SOMEBODYS = frozenset(("chez", "bei", "casa", "rue", "via", "calle", "quai", "boulevard", "piazza"))
_HOUSE_NUMBER = pattern_of(r"[0-9]{1,4}[a-zA-Z]?|#[0-9-]{1,8}|[0-9]{1,3}/[fF]")
_OURS = pattern_of(r"(?:my|our|his|her|their) (?:place|office|flat|studio|home|house|garden|roof(?:top)?)$")
_NAME_AND_BRACKET = pattern_of(
    r"[\s.–/-]*(?:\([^()]*\),?\s)?(?P<name>[^\s(),;:!?][^(),;:!?\n]{1,40}?)(?P<more>\s\([^()\n]{2,40}\))?"
    rf"\s*[.]?\s*(?:{NO_PLACE}.*)?$"
)
_NO_NAME = pattern_of(
    r"\b(?:with|w/|by|feat|hosted|speakers?|guests?|talks?|tickets?|english|german|chinese|french|spanish|edition|vol|round|season"
    r"|q&a|ama|session|workshop|panel|pitch\w*|series|sponsored|rsvp|bring|free|everyone|all|tba|tbd|tbc"
    r"|holidays?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tue|tues|wed|thu|thurs?|fri|sat|sun"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)\b"
    r"|\bday$|\b(?:dinner|drinks|lunch|brunch|breakfast|meetup|demos?|night|party|talk|networking|pizza|beers?|wine|food)$"
)
_ZH_VENUE_BEHIND = pattern_of(
    rf"(?<=[\s{MASK}])(?P<place>(?![逛去参看探打泡吃喝聊])[^\s{MASK},;\n|]{{2,18}}?(?:咖啡馆|咖啡厅|咖啡店|书店|酒吧|餐厅|饭店|火锅店|酒店"
    r"|大厦|中心|公园|图书馆|博物馆|美术馆|广场|大学|校区|会议室|办公室|地下[一二三]层|[0-9一二三四五六七八九]{1,2}[楼层]|门口|停车场"
    rf"|车站|地铁站|[球茶饭会育]馆|球场|俱乐部))(?=[\s{MASK},;.\n]|$)"
)

_TOWN = (
    "上海|北京|深圳|广州|杭州|成都|南京|苏州|武汉|西安|重庆|天津|厦门|青岛|长沙|香港|台北|静安|徐汇|浦东|陆家嘴|虹桥|张江|五角场|国贸|望京|中关村|三里屯|朝阳"
    "|海淀|西溪|南山|福田|前海|天河|珠江新城|新天地|外滩|来福士|万达|万象城|太古里|嘉里|恒隆|银泰"
)
_STREET = (
    # 71 Ayer Rajah Crescent #02-18, Rosenthaler Str. 40
    r"[0-9]{1,4}[a-z]?(?:-[0-9]{1,4})?\s(?!min|hours?|people|startups?|teams?|slots?|x\s)(?:[a-z][\w'.-]*\s){1,5}?"
    r"(?:st(?:reet|r)?|r(?:oa)?d|ave(?:nue)?|blvd|boulevard|lane|ln|crescent|drive|dr|way|court|quay|place|pl|square|sq|terrace|walk|broadway)\.?"
    r"(?:\s(?:#?[0-9][\w-]*|roof(?:top)?|lobby|basement|floor))?"
    r"|[a-zß-ÿ.-]*(?:straße|strasse|str\.|platz|allee|gasse|weg|ufer|damm)\s[0-9]{1,4}[a-z]?"
)
_CHINESE_HOUSE = (
    # 国贸三期80层云酷, 海底捞(南山店), 望京soho t3
    rf"(?:{_TOWN})?[^\s:!?,;]{{0,8}}(?:soho|mall|wework|tower|plaza|k11|center)(?:\s?[a-z]?[0-9]{{1,2}}[楼层座]?)?"
    r"|[^\s:!?,;]{1,8}[路街巷道弄]\s?[0-9]{1,5}号[^\s:!?,;]{0,12}"
    rf"|(?:(?:{_TOWN})(?:[^\s:!?,;]{{1,16}}|\s[a-z][a-z' ]{{1,20}})|[^\s:!?,;]{{2,14}}[(][^\s:!?()]{{1,8}}[店馆楼][)]"
    rf"|[^\s:!?,;]{{2,14}}?(?:天地|大厦|中心|广场|大楼|园区|公园|小镇|科技园|产业园|创业园|纳米园|休息区|太古里|万达|万象城|来福士|银泰|恒隆|大悦城|天街|写字楼|商场|[0-9a-z一二三四五六七八九十]{{1,4}}(?:[楼层座栋号室]|(?<=[0-9])f(?![a-z]))[^\s:!?,;]{{0,6}}"
    r"|书院|书店|书吧|咖啡馆?|酒吧|餐厅|酒店|体育馆|球馆|图书馆|美术馆|博物馆|会议室|办公室|会所|俱乐部|学院|大学|校区|基地|社区|创意园|寺|湖|茶水间|[能告会展大]厅|创业大街|[^\s]{2}店|[东南西北]门|地铁站|口)(?:[一二三四0-9a-z]{1,3}[期座楼层号栋馆店][^\s:!?,;]{0,6})?)"
    r"|茶水间|休息区|[大小]会议室|多功能厅|天台|顶楼|(?:会议室|教室|包间|包厢)\s?[a-z0-9]{1,4}|[0-9一二三四五六七八九十]{1,3}(?:[楼层]|号[楼厅馆院]|(?<=[0-9])f)\s?[^\s:!?,;]{0,8}"
    r"|[^\s:!?,;]{0,8}(?:星巴克|瑞幸|海底捞|manner|seesaw|好乐迪|麦当劳|肯德基)[^\s:!?,;]{0,6}"
)
_ADDRESS = pattern_of(f"(?:{_STREET})|(?:{_CHINESE_HOUSE})")
# By a blank from the title: 读书会《置身事内》 望京soho t3.
_ADDRESS_AT_END = pattern_of(rf"(?<=[\u4e00-\u9fff》)\]{MASK}]\s)(?:{_CHINESE_HOUSE})(?=[\s,;\n{MASK}]|$)")
_RIGHT_BEHIND = pattern_of(r"(?<=\s)(?P<place>[A-ZÀ-Ý][\w'&.-]+(?:\s[A-ZÀ-Ý&][\w'&.-]*){0,3})(?=\s?(?:[,;|\n]|$))")
_SEGMENT = pattern_of(rf"(?:(?!\s-\s|(?<=[a-z]{{3}})(?<!str)\.\s)[^,;|·\n{MASK}])+")
_NO_PLACE = pattern_of(
    "请|带|报名|[每元位]|人均|欢迎|嘉宾|主讲|先到|不见不散|免费|聊|如何|怎么|分享|一起|限|讲|开始|结束|取消|参加|活动|需要?|费|收|票|价|主持|讲师|老师|教练|不变|aa"
)


_MAY_BE_PLACE = pattern_of(
    r"(?:[A-ZÀ-Ý][\w'&.-]+|(?:the|our|my)\s\w+|(?:[a-z]+\s)?(?:room|hall|kitchen|garden|office|boardroom|roof(?:top)?|lobby|basement))(?:\s[\w'&.,#()/-]+){0,4}"
    r"|(?=[A-Za-z0-9]*[\u4e00-\u9fff])[\u4e00-\u9fffA-Za-z0-9]{2,12}"
)
# What hosts say in a few characters that is none.
_NO_HINT = pattern_of(
    "[0-9一二两三四五六七八九十]+[个家场组页岁轮]|^[共约]|制$|往返|大概|改到|改为|酬劳|开球|同步|项目|[出入]场|人满|自由|随意"
    "|截止|可以|[吗呢啊吧！？]"
)


def find_unmarked_place(text: str, reading: str) -> Text | None:
    """The place of a line in which no sign names one; reading has everything else that was understood masked."""
    return (
        _gathering_point(text, reading)
        or _online(text, reading)
        or _name_behind_time(text, reading)
        or _chinese_venue_behind(text, reading)
        or _venue_at_end(text, reading)
        or _part_beside_title(text, reading)
        or _name_right_behind(text, reading)
    )


def perhaps_place(text: str, reading: str) -> str | None:
    """Words beside the title that may name the place, in a line in which none was found: to be asked about, not taken."""
    for part in beside_title(reading):
        for match in _SEGMENT.finditer(reading, part.start, part.end):
            words = trim(text[match.start() : match.end()])
            if MASK in reading[: match.start()] and _MAY_BE_PLACE.fullmatch(words) and not _is_other(words.lower()):
                return words
    return None


def _is_other(words: str) -> bool:
    is_known = _NO_PLACE.search(words) or _NO_NAME.search(words) or _NO_HINT.search(words)
    return is_known is not None or ends_with_event(words) or says_beside(words)


def _gathering_point(text: str, reading: str) -> Text | None:
    """豫园南门集合, behind the time."""
    match = _GATHERING.search(reading)
    if match is None or not _is_beside_title(match, reading):
        return None
    return Text(match.start("place"), match.end(), trim(text[slice(*match.span("place"))]))


def _online(text: str, reading: str) -> Text | None:
    """ "on Zoom", 腾讯会议, standing by itself behind the time."""
    match = _ONLINE.search(reading)
    if match is None or not _is_beside_title(match, reading):
        return None
    return Text(match.start(), match.end(), text[match.start("place") : match.end("place")])


def _name_behind_time(text: str, reading: str) -> Text | None:
    """The first part behind the time that is nothing but a name, where the event is named apart: "Fri 19:00, Katz Orange"."""
    for part in beside_title(reading):
        for match in _SEGMENT.finditer(reading, part.start, part.end):
            words = _NAME_AND_BRACKET.match(text, match.start(), match.end())
            if words is None or MASK not in reading[: match.start()] or not _is_name(words["name"]):
                continue
            # "Jane Doe (Stripe)" is a guest.
            if words["more"] and not (
                _OURS.match(words["name"].lower())
                or _VENUE_WORD.search(words["name"].lower())
                or re.search("[0-9]", words["more"])
            ):
                continue
            name_end = words.end("more") if words["more"] else words.end("name")
            longer = address_end(text, reading, name_end)
            end = name_end if _NO_NAME.search(reading[name_end:longer]) else longer
            return Text(words.start("name"), end, trim(text[words.start("name") : end]))
    return None


def _is_name(words: str) -> bool:
    """Whether each word begins like a name's, and none tells of a guest, a language or a kind of event."""
    if _OURS.match(words.lower()):
        return True
    first, *others = words.split()
    is_led = first[:1].isupper() or first.lower() in _AT_SOMEBODYS
    is_led = is_led or (
        first[:1] > "\u4e00" and words.lower()[-1:].isalnum() and any("A" <= one <= "Z" for one in words)
    )
    of_name = all(_is_of_name(word) or _VENUE_WORD.fullmatch(word.lower()) for word in others)
    return (
        is_led
        and of_name
        and not (_NO_PLACE.search(words.lower()) or _NO_NAME.search(words.lower()) or ends_with_event(words.lower()))
    )


def _is_of_name(word: str) -> bool:
    return (
        word[:1].isupper()
        or word[:1] > "\u4e00"
        or word.lower() in _SMALL_WORDS
        or _HOUSE_NUMBER.fullmatch(word) is not None
    )


def _is_beside_title(match: re.Match[str], reading: str) -> bool:
    """Whether words are left for what the event is called."""
    return has_letters(reading[: match.start()] + reading[match.end() :])


def _venue_at_end(text: str, reading: str) -> Text | None:
    match = _ENDS_WITH_VENUE.search(reading)
    if match is None or not has_letters(reading[: match.start()]):
        return None
    return Text(match.start("place"), match.end("place"), trim(text[slice(*match.span("place"))]))


def _part_beside_title(text: str, reading: str) -> Text | None:
    """A part that stands apart from the title behind a time and is an address or a house by its form."""
    for part in beside_title(reading):
        for match in _SEGMENT.finditer(reading, part.start, part.end):
            if (
                MASK in reading[: match.start()]
                and _ADDRESS.fullmatch(match[0].strip())
                and not _NO_PLACE.search(match[0])
            ):
                return Text(match.start(), match.end(), trim(text[match.start() : match.end()]))
    for match in _ADDRESS_AT_END.finditer(reading):
        if MASK in reading[: match.start()] and _is_beside_title(match, reading) and not _NO_PLACE.search(match[0]):
            return Text(match.start(), match.end(), text[match.start() : match.end()])
    return None


def _name_right_behind(text: str, reading: str) -> Text | None:
    """A name in capitals right behind the time and at the end of a part: "Dim sum Sunday 11am Swee Choon"."""
    for match in _RIGHT_BEHIND.finditer(text):
        start, end = match.span("place")
        is_behind = reading[start - 1 : start] == " " and reading[start - 2 : start - 1] == MASK
        is_name = not (_NO_NAME.search(reading[start:end]) or ends_with_event(reading[start:end]))
        if is_behind and is_name and MASK not in reading[start:end] and has_letters(reading[:start]):
            return Text(start, end, text[start:end])
    return None


def _chinese_venue_behind(text: str, reading: str) -> Text | None:
    """A word by itself behind the time that ends like a venue: "… 周五晚7点 静安图书馆", where the event is named apart."""
    for match in _ZH_VENUE_BEHIND.finditer(reading):
        if MASK in reading[: match.start()] and _is_beside_title(match, reading):
            return Text(match.start("place"), match.end("place"), text[match.start("place") : match.end("place")])
    return None
