"""Where and under which link an event line says that it takes place."""

import re
from dataclasses import dataclass

from models.reading.patterns import pattern_of
from models.reading.title_parts import ends_with_event
from models.reading.wording import LEFT, MASK, RIGHT, Span


@dataclass(frozen=True)
class Text(Span):
    """Words found in the line."""

    words: str


# "Zoom: https://...", 腾讯会议：https://...: the label goes with the address.
_LINK_LABEL = r"(?:(?<![\w])(?:zoom|join|link|online|线上直播|直播|腾讯会议|飞书会议|会议)?(?:链接|地址)?\s?[:：]\s?)?"
_LINK = pattern_of(
    rf"{_LINK_LABEL}(?P<address>"
    r"(?:https?://|www\.)[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef<>\"]+|(?<![\w@/.-])(?:[a-z0-9-]+\.){1,3}(?:com"
    r"|org|net|io|me|us|app|cn|de|co|dev|ai|at|ch|eu|fr|gg|live|ly|ma|si|so|to|tv|uk|xyz)/"
    r"[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef<>\"]+)",
    re.IGNORECASE,
)

_LABEL = (
    rf"(?:@|📍|{LEFT}(?:place|where|location|venue|(?:new |the )?address)\s?:"
    r"|(?:(?<![\u4e00-\u9fff])|(?<=活动|集合|见面|聚会|会议|碰头|路演))(?:地点|地址|场地(?!费)|位置|集合点)\s?(?::|(?=在)在)?)"
)
# Money, and what to do before coming: "@ Fox - RSVP to Mia", "@ Fox, £10".
NO_PLACE = (
    r"\s?(?:[-,]\s?)?(?:[$€£¥]\s?[0-9]|(?:hkd|usd|sgd|rmb|eur|gbp|cad|aud)\s?[0-9]|[0-9]+(?:[.,][0-9]+)?\s?(?:€|eur\b|usd\b|gbp\b|元|块)|(?:free"
    r"|rsvps?|tickets?|bring|byob|please|pls|comes with|sign up|register|entry"
    r"|costs?|price|first (?:one|session|time)|starting|next one)\b"
    r"|票价|门票|人均|费用|自费|免费|报名|自带|aa(?:制|\b))"
)
_NAMED = pattern_of(rf"(?P<label>{_LABEL})\s?(?P<place>(?:(?!{NO_PLACE})[^{MASK},;\n|@📍()]|\([^{MASK}\n()]*\))*)")
_PERSON = pattern_of(
    r"(?:with|w/|by|from|host(?:ed by)?|ask|and|&|和|与|跟|由|找"
    r"|主讲人?:?|嘉宾:?|主持人?:?|speakers?:?|hosts?:?)\s?@[a-z][a-z0-9_]{4,31}(?![a-z0-9_])"
)
_VENUE = (
    "咖啡馆|咖啡厅|咖啡店|咖啡|书店|书吧|酒吧|餐厅|饭店|饭馆|火锅店|酒店|大厦|中心|公园|办公室|会议室|教室|图书馆"
    "|博物馆|美术馆|广场|大学|校区|空间|工作室|实验室"
    "|楼|室|店|馆|厅|号|层|路|街|园区|园|家|(?<!公)里"
)
_BORDER = rf"[\s,;.!\n|{MASK}]"
_MONEY, _MONEY_BEHIND = pattern_of(NO_PLACE), pattern_of(rf"(?<=\.)\s{NO_PLACE}")
# In an announcement of several lines the line's end, not the comma, ends the place.
_OWN_LINE = pattern_of(rf"(?:(?!{NO_PLACE})[^{MASK}\n|])*")
_ZH_AT = pattern_of(
    rf"(?:(?:^|(?<={_BORDER}))(?:就|约)?在(?!线|座|职|读|于)\s?(?P<place>[^\s{MASK},;.\n|]+?)(?P<verb>举办|举行|进行"
    rf"|集合|见面|碰头)?"
    rf"(?={_BORDER}|$|(?:聚餐|聚会|吃|喝|聊|开会)|(?<=举办)|(?<=举行)|(?<=进行)))"
    rf"|在(?!线|座|职|读|于)(?P<venue>[^\s{MASK},;.\n|在]{{0,16}}(?:{_VENUE}))(?:见面|集合|举办|举行|碰头)?"
    rf"(?={_BORDER}|$)"
)
_VENUE_PART = pattern_of(
    rf"(?<=[,;\n|])\s?(?P<place>(?![^\s,;|]{{0,16}}[聊讲谈说教问])[^\s{MASK},;\n|]{{2,20}}?(?:{_VENUE}|星巴克|瑞幸|海底捞))\s?(?=[,;\n|{MASK}]|$)"
)
# A part of an English line that is nothing but a venue's name: "…, Bar Basta", "- Soho House -", ", room 4.12".
EN_VENUE = (
    "bar|pub|caf[eé]|coffee|restaurant|bistro|brewery|hotel|hostel|hub|house|loft|studios?|wework|office|campus|library"
    "|museum|gallery|park|theat(?:re|er)|cinema|gym|garden|beach|pier|station|street|st\\.|avenue|ave|road|square|platz"
    "|plaza|tower|centre|center|auditorium|arena|stadium"
)
_EN_VENUE_PART = pattern_of(
    rf"(?:[.,;\n|]|\s-|{MASK})\s(?P<place>[^\s{MASK},;\n|·–-][^{MASK},;\n|]{{1,50}}?)\s?(?=[,;\n|{MASK}]|\s-\s|\.(?:\s|$)|$)"
)
_IS_VENUE = pattern_of(
    rf"(?:.*{LEFT})?(?:{EN_VENUE}){RIGHT}.*|.*[a-zß](?:straße|strasse|str\.|platz|allee|gasse)(?:\s.*)?"
)
_ROOM = pattern_of(
    r"(?:room|hall|floor|studio|building|table)\s[0-9][0-9.a-z]{0,5}|(?:my|our|his|her|their)\s(?:place|office|flat|studio|home)"
    r"(?:\sin\s[a-z' ]{3,20})?|mine"
)
_WORDS_OF_PLACE = pattern_of(rf".*(?:{_VENUE})(?=\s)|\S+")
_ZH_PLACE_THEN_TITLE = pattern_of(rf"(?P<place>.{{0,16}}?(?:{_VENUE}))(?P<title>.{{2,}})")
_AT = pattern_of(
    rf"{LEFT}(?P<word>at|in)\s(?P<place>[^{MASK},;\n|@()]{{2,80}}?)(?=\s(?:with|for|about|hosted|on|and bring"
    rf"|from)\s|\s?(?:$|[{MASK},;\n|@()]))"
)
_NOT_A_PLACE = pattern_of(
    r"(?:the door|the entrance|least|all|once|last|first|most|best|scale|work|night|noon|midnight|lunch|dinner|breakfast|risk"
    r"|large|present|any|a time|the (?:end|same|moment|latest)"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|winter)$"
    r"|english|german|chinese|person|public|private|[0-9]|half|advance)\b"
)
_LISTED = pattern_of(rf"[|·]\s?(?P<place>[^{MASK}|·,;\n]*[^{MASK}|·,;\n\s])\s?(?=[|·]|$)")
_FLOOR = pattern_of(
    "(?:[0-9]{1,2}(?:st|nd|rd|th)|ground|first|second|third|top) floor"
    "|(?:floor|room|suite|unit|apt|level) [0-9a-z]{1,5}"
)
_QUARTER = pattern_of("[\u4e00-\u9fff]{1,4}[区區环環湾灣角路街城镇塘埔咀仔]")
# "Bring snacks", unlike "Mercado da Ribeira".
_SMALL = pattern_of(r"\s(?!(?:d[aeiou]s?|del|de|of|the|la|am|an|von)\b)[a-zß-ÿ]")
# "2 drinks included", 4个人就行 are no part of an address.
_NO_ADDRESS = pattern_of("[0-9一二两三四五六七八九十]+\\s?(?:[a-z]|个|人|位|名|元|块)")
_UNKNOWN = frozenset(("待定", "tbd", "tba", "tbc", "to be announced"))
_STREET_IN_BRACKETS = pattern_of(r"\s?\((?=[A-ZÀ-Ý0-9])[^()\n]*[0-9][^()\n]*\)")
_NAME_BEFORE = pattern_of(r"[,;|]\s(?P<name>[A-Z][\w'&-]*(?:\s[A-Z&][\w'&-]*){0,3})\s$")
_OF_OURS = pattern_of(r"(?:the|our|my|his|her|their)\s")
_EDGES = f" \t\n,;:.!|/·()[]-–—，。；：！、（）【】{MASK}"


def find_link(text: str) -> Text | None:
    """The first web address."""
    match = _LINK.search(text)
    if match is None:
        return None
    words = match["address"].rstrip(".,;:!?)'\"]")
    address = words if words.lower().startswith("http") else "https://" + words
    return Text(match.start(), match.start("address") + len(words), address)


def is_venue(line: str) -> bool:
    """Whether a line is nothing but a venue's name: few words in capitals, one of them a kind of venue ("Union Chapel Hall")."""
    words = line.split()
    is_name = 0 < len(words) <= 8 and all(
        word[0].isupper() or not word[0].isalpha() or len(word) <= 3 for word in words
    )
    return is_name and line.isascii() and _IS_VENUE.fullmatch(line.strip(" .").lower()) is not None


def find_place(text: str, reading: str) -> Text | None:
    """The place, in the member's own spelling; reading has everything else that was understood masked."""
    return (
        _named_place(text, reading)
        or _chinese_place(text, reading)
        or _english_place(text, reading)
        or _english_venue(text, reading)
        or _listed_place(text, reading)
    )


def _named_place(text: str, reading: str) -> Text | None:
    """After @, a label or a pin; the last one, and with what follows of its address."""
    people = [match.end() for match in _PERSON.finditer(reading)]
    places = [
        match for match in _NAMED.finditer(reading) if not any(match.start() < end <= match.end() for end in people)
    ]
    for match in reversed(places):
        start, end = match.span("place")
        words = trim(text[start:end])
        if words.lower() in _UNKNOWN or words.endswith(("通知", "待定", "不变", "同上", "公布", "公佈", "告知")):
            return Text(match.start(), end, "")
        if words:
            return _with_name_before(_split_from_title(match, words, text, reading), text, reading)
    return Text(places[-1].start(), places[-1].end("label"), "") if places else None


def _with_name_before(place: Text, text: str, reading: str) -> Text:
    """The house whose street or quarter stands behind the sign: "…, Jumbo Seafood @ Riverside Point"."""
    before = _NAME_BEFORE.search(text[: place.start])
    if before is None or MASK not in reading[: before.start()] or MASK in reading[before.start() : place.start]:
        return place
    return Text(before.start("name"), place.end, text[before.start("name") : place.end].strip())


def _split_from_title(match: re.Match[str], words: str, text: str, reading: str) -> Text:
    start, end = match.span("place")
    own_line = _OWN_LINE.match(reading, start) if re.search(r"(?:^|\n)\s?$", reading[: match.start()]) else None
    if own_line and "\n" in reading:
        return Text(match.start(), own_line.end(), trim(text[start : own_line.end()]))
    if has_letters(reading[: match.start()]):
        end = address_end(text, reading, end)
        return Text(match.start(), end, trim(text[start:end]))
    first = _WORDS_OF_PLACE.match(words)
    if first and first.end() < len(words) and not first[0].isascii() and not has_letters(reading[end:]):
        return Text(match.start(), text.index(first[0], start) + first.end(), first[0])
    return Text(match.start(), end, words)


def _with_bracket(text: str, reading: str, end: int) -> int:
    """The end of the street in brackets behind a house: "TQ (Singel 542)"."""
    bracket = _STREET_IN_BRACKETS.match(text, end)
    return bracket.end() if bracket and MASK not in reading[end : bracket.end()] else end


def address_end(text: str, reading: str, end: int, *, needs_number: bool = False) -> int:
    """The comma parts after the place that belong to its address: with a house number, or a name of up to three words.

    needs_number: a name belongs to it only behind a number, as a town does behind a street.
    """
    for match in re.compile(rf",\s?(?P<more>(?:(?!(?<=[a-z]{{3}})(?<!str)\.\s)[^{MASK},;\n|@])+)").finditer(
        reading, end
    ):
        more = text[match.start("more") : match.end("more")].strip(" .")
        is_name = more[:1].isupper() and len(more.split()) <= 3 and more.replace(" ", "").isalpha()
        is_name = is_name and not (needs_number and (ends_with_event(more.lower()) or _SMALL.search(more)))
        is_address = (
            is_name
            or _QUARTER.fullmatch(more)
            or _FLOOR.fullmatch(more.lower())
            or (re.search(r"[0-9]", more) and not ("a" <= more[0] <= "z" or _NO_ADDRESS.match(more)))
        )
        other = _MONEY_BEHIND.search(reading, match.start("more"), match.end())
        if match.start() != end or _MONEY.match(reading, match.start("more")) or not is_address:
            break
        end, needs_number = other.start() if other else match.end(), False
    return end


def _chinese_place(text: str, reading: str) -> Text | None:
    match = _ZH_AT.search(reading)
    if match is None:
        part = _VENUE_PART.search(reading)
        return part and Text(part.start("place"), part.end("place"), text[part.start("place") : part.end("place")])
    group = "venue" if match["venue"] else "place"
    start, end = match.span(group)
    rest = reading[: match.start()] + reading[match.end() :]
    both = None if has_letters(rest) else _ZH_PLACE_THEN_TITLE.fullmatch(reading[start:end])
    if both:
        return Text(match.start(), start + both.end("place"), text[start : start + both.end("place")])
    return Text(match.start(), match.end(), trim(text[start:end]))


def _english_place(text: str, reading: str) -> Text | None:
    for match in _AT.finditer(reading):
        words = trim(text[match.start("place") : match.end("place")])
        if words and not _NOT_A_PLACE.match(words.lower()) and _is_place(match, words, reading):
            end = address_end(text, reading, _with_bracket(text, reading, match.end("place")), needs_number=True)
            return Text(match.start(), end, trim(text[match.start("place") : end]))
    return None


def _english_venue(text: str, reading: str) -> Text | None:
    """A part by itself, after the time, that is a venue's name with every word in capitals, or a numbered room."""
    for match in _EN_VENUE_PART.finditer(reading):
        start, end = match.span("place")
        words = text[start:end]
        is_name = all(word[0].isupper() or word[0].isdigit() or len(word) <= 3 for word in words.split())
        is_venue = is_name and len(words.split()) <= 6 and _IS_VENUE.fullmatch(match["place"])
        is_apart = reading[match.start()] != MASK or has_letters(reading[: match.start()] + reading[match.end() :])
        if MASK in reading[:start] and is_apart and (is_venue or _ROOM.fullmatch(match["place"])):
            end = address_end(text, reading, end, needs_number=True)
            return Text(start, end, trim(text[start:end]))
    return None


def _listed_place(text: str, reading: str) -> Text | None:
    """In a list such as "Demo | Fri 19:00 | Betahaus | 30 seats": the last entry that is neither title nor understood."""
    for match in reversed(list(_LISTED.finditer(reading))):
        before = reading[: match.start()]
        if MASK in before and has_letters(before):
            return Text(
                match.start("place"), match.end("place"), text[match.start("place") : match.end("place")].strip()
            )
    return None


def _is_place(match: re.Match[str], words: str, reading: str) -> bool:
    is_after = re.search(rf"(?:^|[{MASK},;\n])\s?$", reading[: match.start()]) is not None
    if match["word"] == "at":
        return is_after or words[0].isupper() or _OF_OURS.match(words.lower()) is not None or len(words.split()) <= 3
    return (
        is_after
        and MASK in reading[: match.start()]
        and (words[0].isupper() or _OF_OURS.match(words.lower()) is not None)
    )


def trim(words: str) -> str:
    """The words without what parts them from the rest."""
    trimmed = words.strip(_EDGES)
    return trimmed + ")" if trimmed.count("(") > trimmed.count(")") else trimmed


def has_letters(reading: str) -> bool:
    """Whether anything is left that could be a word."""
    return any(character.isalnum() for character in reading)
