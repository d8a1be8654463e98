"""Where a need or an offer is meant: "in Kreuzberg", "near Alexanderplatz", 上海, 在深圳, remote.

A city or country is known by zone_places.py; a name in capitals behind "in" that no table has is a place unless it is
something people are good at (Python, German, SaaS). What is part of a name ("a Berlin lawyer") stays with it.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from models.reading.listing_amounts import parts_of
from models.reading.places import Text
from models.reading.wording import LEFT, MASK, Span
from models.reading.zone_places import places, plain, regions

_ONLINE = (
    r"(?:(?:fully |100% |ideally |preferably |can be |could be |is )?(?:remote(?:ly)?|online|on[- ]?site"
    r"|hybrid|in person|via zoom|over zoom|on zoom|by video"
    r"|from anywhere)(?: only| ok(?:ay)?| possible| is (?:ok|fine|possible)| fine| preferred| works?"
    r"| friendly| first)?"
    r"|(?:可|可以|支持|接受|最好|仅限?|纯)?(?:远程|线上|在线|线下|面聊|现场|坐班)(?:办公|工作|优先"
    r"|即可|也可以?|都?可以?|都?行|为主|皆可)?)"
)
_AROUND = r"(?:\s(?:area|region|city|city cent(?:er|re)|based|and around|only|preferred))"
_REGION = r"(?:附近|周边|周围|本地|市区|市内|市中心|一带|地区|这边|那边|当地|市|区)"
_LABEL = (
    rf"(?:(?:(?:^|(?<=[,;\n|(]\s)|(?<=[,;\n|(]))(?:where|place|location|loc|city)|{LEFT}(?:where|place|location|loc|city)(?=\s?:)"
    rf"|{LEFT}based(?=\sin\s|:))\s?(?:is\s?)?:?\s?(?:in\s)?|📍\s?|(?:地点"
    r"|地址|坐标|位置|城市|所在地|工作地|(?<![a-z])base(?![a-z]))\s?:?\s?(?:在\s?)?)"
)
_LABELLED = re.compile(rf"(?:{_LABEL})(?P<place>[^{MASK},;\n|·()]+)")
# Where a place is over: "@ Kranz from now until Friday".
_BEYOND = r"\s(?:available|free|open|from|until|till|by|before|for|on|at|every|starting|this|next|is|are|has)\s"
_AT_SIGN = re.compile(rf"(?:^|\s)@\s(?P<place>(?:(?!{_BEYOND})[^{MASK},;\n|·()@:])+)")
_IN = re.compile(
    r"(?<![\w])(?P<word>(?:based |located |living |somewhere )?(?:in|near|around|close to|at|across|within"
    r"|outside)(?: and around| or near)?"
    rf"(?: (?:the|downtown|central|east|west|north|south|greater))?)\s(?=(?P<place>[^{MASK},;\n|·()@.!?]+))"
)
_SURE_WORDS = ("near", "around", "close to", "outside")
# Behind these "in" says a field, not a place.
_FIELD_BEFORE = re.compile(
    r"\b(?:expert(?:s|ise)?|experienced?|skill(?:s|ed)?|background|interest(?:ed)?|invest(?:s|ing|ors?"
    r"|ment)?|special(?:ist|ists|ised|ized|ising|izing)"
    r"|course|training|degree|fluent|written|speak(?:s|ing)?|help(?:ing)?|lessons?|class(?:es)?|advice"
    r"|built|coded|done|versed|proficient|knowledge|believe|work(?:s|ed|ing)?"
    r"|native|strong|good|confident|talent|phd|msc|mba|consulting|mentoring|coaching|trained|certified)\s$"
)
_NO_PLACES = re.compile(
    r"(?:python|java(?:script)?|typescript|rust|go(?:lang)?|ruby|php|kotlin|swift|react|vue|node|django"
    r"|rails|sql|excel|figma|notion|photoshop|blender|kubernetes|docker"
    r"|aws|azure|gcp|terraform|stripe|shopify|hubspot|salesforce|wordpress|webflow|airtable|solidity|web3"
    r"|crypto|blockchain|ai|ml|llms?|nlp|saas|b2b|b2c|d2c|fintech|medtech|biotech"
    r"|healthtech|climate|edtech|proptech|hardware|software|iot|ux|ui|seo|sem|ppc|pr|hr|vc|qa|ce|gdpr|iso"
    r"|pdf|csv|english|german|deutsch|french|spanish|italian|mandarin|cantonese|chinese"
    r"|japanese|korean|portuguese|dutch|polish|russian|arabic|turkish|hindi|q[1-4]|series|seed|pre-?seed"
    r"|linkedin|tiktok|instagram|reddit|telegram|slack|discord|zoom"
    r"|person|general|particular|return|exchange|total|advance|case|time|need|touch|house|kind|january"
    r"|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?"
    r"|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|i|we|my|our|a)\b"
)
# A language or a people, although the table of zones takes them for their country.
_PEOPLES = frozenset(
    "german french english spanish italian british irish austrian swiss danish swedish finnish norwegian greek polish dutch "  # noqa: SIM905
    "chinese nice central local pacific eastern western".split()
)
_VENUE = re.compile(
    r"\b(?:cafe|café|bar|hub|house|wework|office|campus|coworking|betahaus|factory|station|square|platz"
    r"|street|str\.|straße|library|garage|loft|studio|center|centre|airport)\b|straße|platz|strasse"
)
_CAPITAL = r"[^\W\d_a-z\u4e00-\u9fff](?:(?![\u4e00-\u9fff])[\w'’.&-])*"
_NAME = re.compile(rf"{_CAPITAL}(?:\s(?:(?:am|an der|de|la|le|of|the|der|im|del|dos|da)\s)?{_CAPITAL}){{0,3}}")
_AND = re.compile(r"\s?(?:/|,|\bor\b|\band\b|&|\+|或者?|和|、|及)\s?(?:in\s|also\s)?")
_ZH_IN = re.compile(
    rf"(?:人?在|位于|坐标|base\s?在?)\s?(?P<place>[\u4e00-\u9fff]{{2,8}}?){_REGION}{{0,2}}(?:的"
    rf"|有)?(?=[\s,;.!?\n|{MASK}]|$|找|求|招|有|需|可|能|提)"
)
_ZH_FIRST = re.compile(rf"(?P<place>[\u4e00-\u9fff]{{2,8}}?)(?P<region>{_REGION}{{0,2}})(?P<of>的?)(?P<blank>\s?)")
# Whatever is named before 附近 is a place: 静安寺附近.
_BESIDE = re.compile("[\u4e00-\u9fff]{2,8}(?:附近|周边|旁边|门口|一带)")
_IS_ONLINE = re.compile(_ONLINE)
_LONGEST_PLACE = 60
_SIGNS = re.compile("[,;:|()@]")
_MOST_WORDS = 4


def find_listing_place(text: str, reading: str) -> Text | None:
    """The place that a line names, in the member's own spelling; reading has everything else that was understood masked."""
    return (
        _behind_label(text, reading)
        or _whole_part(text, reading)
        or _behind_in(text, reading)
        or _behind_zai(text, reading)
        or _in_front(text, reading)
    )


@cache
def _more_places() -> frozenset[str]:
    """What no table of zones has."""
    names = tomllib.loads(files("models.reading").joinpath("listing_places.toml").read_text(encoding="utf-8")).values()
    return frozenset(plain(name) for section in names for name in section.split(","))


def is_known_place(name: str) -> bool:
    """Whether a table has the name."""
    words = plain(name)
    return (
        len(words) > 1
        and words not in _PEOPLES
        and (words in _more_places() or (words in places() and words not in regions()))
    )


def _are_known(name: str) -> bool:
    """Whether this is a place, or a city and its district together: 深圳南山, Berlin Mitte."""
    ends = range(2, len(name) - 1)
    return is_known_place(name) or any(is_known_place(name[:end]) and is_known_place(name[end:]) for end in ends)


def _behind_label(text: str, reading: str) -> Text | None:
    for pattern in (_LABELLED, _AT_SIGN):
        for match in pattern.finditer(reading):
            start, end = match.span("place")
            words = text[start:end].strip(" .:!?")
            if words:
                return Text(
                    match.start() + (reading[match.start()] == " "), start + len(text[start:end].rstrip()), words
                )
    return None


def _whole_part(text: str, reading: str) -> Text | None:
    """A part that is nothing but a place, or several: "Berlin or remote", 上海, "remote ok"; neighbours that are too join it."""
    found: Span | None = None
    for part in parts_of(reading):
        if _is_place(text[part.start : part.end], reading[part.start : part.end]):
            is_beside = found is not None and re.fullmatch(r"[\s,/、]{1,3}", reading[found.end : part.start])
            if found is not None and not is_beside:
                break
            found = Span(found.start if found else part.start, part.end)
        elif found is not None:
            break
    if found is None:
        return None
    lead = re.compile(r"(?:based )?in ").match(reading, found.start)
    return Text(found.start, found.end, text[lead.end() if lead else found.start : found.end])


def _is_place(text: str, reading: str) -> bool:
    names = [name for name in _AND.split(reading) if name]
    if not names or len(reading) > _LONGEST_PLACE:
        return False
    is_written_so = not text[0].islower() or _IS_ONLINE.match(reading) or re.match("in |near |around ", reading)
    return bool(is_written_so) and all(_is_one_place(name) for name in names)


def _is_one_place(name: str) -> bool:
    """Whether this is "remote", a place, or both: "remote EU"."""
    if _BESIDE.fullmatch(name):
        return True
    online = _IS_ONLINE.match(name)
    rest = name[online.end() :].strip() if online else name
    return not rest or _are_known(
        re.sub(rf"(?:{_REGION}+|{_AROUND}+)$|^(?:based )?(?:in|near|around|within|from)\s", "", rest)
    )


def _behind_in(text: str, reading: str) -> Text | None:
    for match in _IN.finditer(reading):
        start = match.start("place")
        end = _names_end(
            text,
            reading,
            start,
            match["word"],
            is_field=_FIELD_BEFORE.search(reading[: match.start()][-24:]) is not None,
        )
        if end is not None:
            is_sure = match["word"].startswith(_SURE_WORDS)
            return Text(match.start(), end, text[match.start() if is_sure else start : end])
    return None


def _names_end(text: str, reading: str, start: int, word: str, *, is_field: bool) -> int | None:
    """Where the names that begin here end; None where they are no places."""
    end = _name_end(text, reading, start, word, is_field=is_field)
    while end is not None and (also := _AND.match(reading, end)):
        online = _IS_ONLINE.match(reading, also.end())
        more = online.end() if online else _known_end(text, reading, also.end())
        if more is None:
            break
        end = more
    return end


def _name_end(text: str, reading: str, start: int, word: str, *, is_field: bool) -> int | None:
    known = _known_end(text, reading, start)
    if known is not None:
        return known
    name = _NAME.match(text, start)
    if name is None or is_field or MASK in reading[start : name.end()] or _NO_PLACES.match(reading, start):
        return None
    if word.startswith("at") and not _VENUE.search(reading[start : name.end()]):
        return None
    if word.startswith(("across", "within")) or (name[0].isupper() and len(name[0]) <= 4):
        return None
    number = re.compile(r"\s[0-9]{1,4}[a-z]?\b").match(reading, name.end())
    return number.end() if number else name.end()


def _known_end(text: str, reading: str, start: int) -> int | None:
    """The end of the longest known place that begins here; Latin names in capitals only."""
    if text[start : start + 1].islower():
        return None
    if "\u4e00" <= reading[start : start + 1] <= "\u9fff":
        ends = [start + length for length in range(8, 1, -1)]
    else:
        words = re.compile(rf"[^\s,;.!?|()/{MASK}]+(?:\s[^\s,;.!?|()/{MASK}]+){{0,{_MOST_WORDS - 1}}}").match(
            reading, start
        )
        blanks = [start + gap.start() for gap in re.finditer(" ", words[0])] if words else []
        ends = sorted([*blanks, words.end()], reverse=True) if words else []
    names = ((end, reading[start:end].replace("·", " ")) for end in ends)
    return next(
        (
            end
            for end, name in names
            if is_known_place(name) and MASK not in name and name[-1].isalnum() and not _SIGNS.search(name)
        ),
        None,
    )


def _behind_zai(text: str, reading: str) -> Text | None:
    for match in _ZH_IN.finditer(reading):
        if is_known_place(match["place"]):
            return Text(match.start(), match.end(), text[match.start("place") : match.end()].removesuffix("的"))
    return None


def _in_front(text: str, reading: str) -> Text | None:
    """上海附近的仓库, "深圳 后端工程师": a known place with which a part begins, apart from what follows."""
    for part in parts_of(reading):
        end = _known_end(text, reading, part.start) if not text[part.start].isascii() else None
        if end is None:
            continue
        more = re.compile(rf"{_REGION}{{0,2}}(?:的)?\s?").match(reading, end)
        second = _known_end(text, reading, end)
        end = second or end
        more = re.compile(rf"(?P<region>{_REGION}{{0,2}})(?P<of>的?\s?)").match(reading, end)
        if more and (more["region"] or more["of"]) and more.end() < part.end:
            return Text(part.start, more.end(), text[part.start : more.end("region")])
    return None
