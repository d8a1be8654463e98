"""The time zone an event line names: "7pm Berlin time", 北京时间, CET, UTC+8.

CET and CEST, EST and EDT, ... are taken as the wall clock of the place, whatever the season, because people say
"7pm CET" in July and mean what the clock in Berlin shows. CST is China in a community that writes Chinese or lives
there, else Chicago.
"""

import re
from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from models.reading.wording import LEFT, RIGHT, Span

_CHINESE_ZONES = frozenset(
    ("Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "Asia/Macau", "Asia/Chongqing", "Asia/Urumqi", "PRC")
)
_PLACES = {
    "Asia/Shanghai": "beijing shanghai shenzhen guangzhou hangzhou china chengdu 北京 上海 深圳 广州 杭州 成都 中国",
    "Asia/Hong_Kong": "hong-kong 香港", "Asia/Taipei": "taipei taiwan 台北 台湾",
    "Asia/Singapore": "singapore 新加坡", "Asia/Tokyo": "tokyo japan 东京 日本",
    "Asia/Seoul": "seoul korea 首尔 韩国", "Asia/Kolkata": "india delhi mumbai bangalore 印度",
    "Asia/Dubai": "dubai 迪拜", "Asia/Bangkok": "bangkok 曼谷", "Asia/Jakarta": "jakarta 雅加达",
    "Asia/Manila": "manila 马尼拉", "Asia/Ho_Chi_Minh": "saigon hanoi vietnam 越南",
    "Asia/Kuala_Lumpur": "kuala-lumpur 吉隆坡", "Asia/Jerusalem": "tel-aviv israel",
    "Europe/Berlin": "berlin munich hamburg cologne germany german 柏林 德国 慕尼黑",
    "Europe/Paris": "paris france 巴黎 法国", "Europe/London": "london uk british 伦敦 英国",
    "Europe/Madrid": "madrid barcelona spain 马德里", "Europe/Lisbon": "lisbon portugal 里斯本",
    "Europe/Rome": "rome milan italy 罗马", "Europe/Amsterdam": "amsterdam 阿姆斯特丹",
    "Europe/Zurich": "zurich 苏黎世", "Europe/Vienna": "vienna 维也纳", "Europe/Stockholm": "stockholm",
    "Europe/Warsaw": "warsaw", "Europe/Prague": "prague", "Europe/Dublin": "dublin", "Europe/Kyiv": "kyiv",
    "Europe/Istanbul": "istanbul", "Europe/Moscow": "moscow 莫斯科", "Europe/Athens": "athens",
    "Europe/Helsinki": "helsinki", "Europe/Copenhagen": "copenhagen", "Europe/Brussels": "brussels",
    "America/New_York": "new-york nyc boston miami eastern 纽约 美东 波士顿",
    "America/Chicago": "chicago austin central 芝加哥", "America/Denver": "denver mountain",
    "America/Toronto": "toronto 多伦多", "America/Vancouver": "vancouver 温哥华",
    "America/Los_Angeles": "san-francisco sf los-angeles la seattle pacific california 旧金山 洛杉矶 美西 西雅图 硅谷",
    "America/Sao_Paulo": "sao-paulo", "America/Mexico_City": "mexico-city", "Australia/Sydney": "sydney 悉尼",
    "Australia/Melbourne": "melbourne 墨尔本", "Pacific/Auckland": "auckland", "Africa/Lagos": "lagos",
    "Africa/Nairobi": "nairobi", "Africa/Cairo": "cairo",
}  # fmt: skip
_ABBREVIATIONS = {
    "Europe/Berlin": "cet cest mez mesz", "Europe/Athens": "eet eest", "Europe/Lisbon": "wet west",
    "Europe/London": "bst", "America/New_York": "et est edt", "America/Chicago": "ct cdt",
    "America/Denver": "mt mst mdt", "America/Los_Angeles": "pt pst pdt", "Asia/Kolkata": "ist", "Asia/Tokyo": "jst",
    "Asia/Seoul": "kst", "Asia/Singapore": "sgt", "Asia/Hong_Kong": "hkt", "Australia/Sydney": "aest aedt",
    "UTC": "utc gmt z",
}  # fmt: skip
_ZONE_OF_PLACE = {place.replace("-", " "): zone for zone, places in _PLACES.items() for place in places.split()}
_ZONE_OF_ABBREVIATION = {word: zone for zone, words in _ABBREVIATIONS.items() for word in words.split()}

_OFFSET = re.compile(
    r"(?<![a-z])\(?(?:utc|gmt)\s?(?P<sign>[+-])\s?(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?\)?(?![0-9:])"
)
_OF_PLACE = re.compile(
    rf"\(?{LEFT}(?:in\s)?"
    rf"(?P<place>{'|'.join(sorted((p for p in _ZONE_OF_PLACE if p.isascii()), key=len, reverse=True))})\stime{RIGHT}\)?"
    rf"|\(?(?P<zh_place>{'|'.join(p for p in _ZONE_OF_PLACE if not p.isascii())})(?:当地)?时间\)?"
    rf"|(?P<eighth>东八区)(?:时间)?|(?P<own>\(?{LEFT}(?:our|local)\stime{RIGHT}\)?|\(?(?:本地|当地)时间\)?)"
)
_ABBREVIATION = re.compile(
    rf"\s?\(?(?P<word>cst|{'|'.join(sorted(_ZONE_OF_ABBREVIATION, key=len, reverse=True))})\)?{RIGHT}"
)


@dataclass(frozen=True)
class ZoneMention(Span):
    """A zone that was named; None when it is the community's own ("local time")."""

    zone: tzinfo | None


def find_zone(reading: str) -> ZoneMention | None:
    """The first zone named so that nothing else can be meant: by offset or by place."""
    offset = _OFFSET.search(reading)
    if offset and int(offset["hours"]) <= 14 and int(offset["minutes"] or 0) < 60:
        ahead = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        return ZoneMention(offset.start(), offset.end(), timezone(ahead if offset["sign"] == "+" else -ahead))
    match = _OF_PLACE.search(reading)
    if match is None:
        return None
    name = "Asia/Shanghai" if match["eighth"] else _ZONE_OF_PLACE.get(match["place"] or match["zh_place"] or "")
    return ZoneMention(match.start(), match.end(), ZoneInfo(name) if name else None)


def zone_after(text: str, reading: str, position: int, own: ZoneInfo, language: str) -> ZoneMention | None:
    """An abbreviation in capitals right after a clock time; in small letters "et" or "ist" may be any word."""
    match = _ABBREVIATION.match(reading, position)
    if match is None or not text[match.start("word") : match.end("word")].isupper():
        return None
    return ZoneMention(match.start(), match.end(), ZoneInfo(_zone_of(match["word"], own, language)))


def _zone_of(word: str, own: ZoneInfo, language: str) -> str:
    if word == "cst":
        return "Asia/Shanghai" if language == "zh" or own.key in _CHINESE_ZONES else "America/Chicago"
    return _ZONE_OF_ABBREVIATION[word]
