"""The one table of time zones by name: for members, for communities and for event lines.

CET and CEST, EST and EDT, ... are taken as the wall clock of the place, whatever the season, because people say
"7pm CET" in July and mean what the clock in Berlin shows. Nothing is guessed from a likeness: it is asked back, and below
LEAST_LIKE letters there is none (EST is like "west", "Eastern" like Easter Island).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal
from zoneinfo import available_timezones

from models.reading.patterns import pattern_of
from models.reading.wording import tidy
from models.reading.zone_places import places, plain, regions

# Shorter words are like too many names.
LEAST_LIKE = 6
MOST_CANDIDATES = 4

CHINESE_ZONES = frozenset(
    ("Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "Asia/Macau", "Asia/Chongqing", "Asia/Urumqi", "PRC")
)
# An abbreviation to its zone; to several, the likeliest first, where only the reader's own zone can tell.
_ABBREVIATIONS = {
    "Europe/Berlin": "cet cest mez mesz met", "Europe/Athens": "eet eest", "Europe/Lisbon": "wet west",
    "Europe/London": "bst", "Europe/Moscow": "msk", "Europe/Istanbul": "trt",
    "America/New_York Australia/Sydney": "est edt", "America/New_York": "et", "America/Denver": "mt mst mdt",
    "America/Chicago Asia/Shanghai": "cst", "America/Chicago": "ct cdt", "America/Los_Angeles": "pt pst pdt",
    "America/Anchorage": "akst akdt akt", "Pacific/Honolulu": "hst", "America/Halifax Asia/Riyadh": "ast",
    "America/Halifax": "adt", "America/St_Johns": "nst ndt", "America/Sao_Paulo": "brt brst",
    "America/Argentina/Buenos_Aires": "art", "America/Santiago": "clt clst", "America/Bogota": "cot",
    "America/Lima": "pet", "America/Caracas": "vet", "America/La_Paz": "bot", "America/Montevideo": "uyt",
    "America/Guayaquil": "ect", "Asia/Kolkata Asia/Jerusalem Europe/Dublin": "ist", "Asia/Jerusalem": "idt",
    "Asia/Dubai": "gst", "Asia/Karachi": "pkt", "Asia/Dhaka": "bdt", "Asia/Kathmandu": "npt", "Asia/Colombo": "slst",
    "Asia/Yangon": "mmt", "Asia/Bangkok": "ict", "Asia/Jakarta": "wib", "Asia/Makassar": "wita", "Asia/Jayapura": "wit",
    "Asia/Singapore": "sgt", "Asia/Kuala_Lumpur": "myt", "Asia/Manila": "pht phst", "Asia/Hong_Kong": "hkt",
    "Asia/Tokyo": "jst", "Asia/Seoul": "kst", "Asia/Tashkent": "uzt", "Asia/Almaty": "almt", "Asia/Tehran": "irst",
    "Australia/Sydney": "aest aedt aet", "Australia/Adelaide": "acst acdt", "Australia/Perth": "awst",
    "Pacific/Auckland": "nzst nzdt nzt", "Africa/Johannesburg": "sast", "Africa/Nairobi": "eat", "Africa/Maputo": "cat",
    "Africa/Lagos": "wat", "America/Manaus Asia/Yerevan": "amt", "Asia/Baku": "azt", "UTC": "utc gmt z ut zulu",
}  # fmt: skip
ABBREVIATIONS = {word: tuple(zones.split()) for zones, words in _ABBREVIATIONS.items() for word in words.split()}
# Words in small letters, zones in capitals: nobody who writes "west" means Lisbon in summer.
WORDLIKE = frozenset("west art cat eat met bot pet vet cot wit wat ect ut".split())  # noqa: SIM905
# Where an offset is not one of whole hours, and the same all year.
_PLACE_OF_OFFSET = {
    210: "Asia/Tehran", 270: "Asia/Kabul", 330: "Asia/Kolkata", 345: "Asia/Kathmandu", 390: "Asia/Yangon",
    570: "Australia/Darwin", -570: "Pacific/Marquesas",
}  # fmt: skip
_OFFSET = pattern_of(r"(?:(?:utc|gmt)\s?|(?=[+-]))(?P<sign>[+-])?\s?(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?")
_ZH_OFFSET = pattern_of("(?P<side>[东西])(?P<hours>十?[一二三四五六七八九十])区")
_AROUND = pattern_of(
    r"^(?:the |in |at )+|(?: (?:standard|daylight|summer|local|time|zone|tz))+$|(?:当地|标准|夏令)?(?:时间|时区|时)$"
)
# Beside the cities; Etc/GMT-8 is how a fixed offset is kept.
_CONTINENTS = frozenset(
    "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific US Canada".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class ZoneAnswer:
    """What words say about a zone: one that is sure, some to be asked about (the likeliest first), or nothing known.

    Zones are keys of zoneinfo; "UTC+8" is "Etc/GMT-8".
    """

    kind: Literal["sure", "ask", "unknown"]
    zones: tuple[str, ...] = ()

    @property
    def zone(self) -> str | None:
        """The zone, where it is sure."""
        return self.zones[0] if self.kind == "sure" else None


UNKNOWN = ZoneAnswer("unknown")


def zone_named(words: str, *, own: str | None = None, language: str = "en") -> ZoneAnswer:
    """The zone a member or an admin typed: a zoneinfo key, a city or country in English or Chinese, CET, UTC+8.

    own is the zone that held so far and language the writer's; both decide what several places share (CST, Eastern).
    """
    name = tidy(words)[:100]
    plain_name = plain(name)
    key = keys().get("_".join(name.split()).casefold())
    if key is not None and "/" in key:
        return ZoneAnswer("sure", (key,))
    if plain_name in WORDLIKE and not name.isupper():
        return UNKNOWN
    return (
        _by_offset(name)
        or zone_of_abbreviation(plain_name, own=own, language=language)
        or _by_place(name, own)
        or _by_likeness(_AROUND.sub("", plain_name))
        or UNKNOWN
    )


def zone_of_place(name: str, *, own: str | None = None) -> ZoneAnswer | None:
    """The zones of a city, country or region by its plain name; None for a name that is no place's."""
    zones = places().get(name)
    if zones is None:
        return None
    # "Central" is said of the continent one is on.
    here = [
        zone for zone in zones if zone.partition("/")[0] == (own or "").partition("/")[0] in ("America", "Australia")
    ]
    return _of_several(tuple(here) if len(here) == 1 and name in regions() else zones, own)


def zone_of_abbreviation(word: str, *, own: str | None, language: str) -> ZoneAnswer | None:
    """CET, PST, ...; CST is China's for those who write Chinese or live there."""
    zones = ABBREVIATIONS.get(word)
    if zones is None:
        return None
    if word == "cst" and (language == "zh" or own in CHINESE_ZONES):
        return ZoneAnswer("sure", ("Asia/Shanghai",))
    if word in ("est", "edt") and not (own or "").startswith("Australia/"):
        return ZoneAnswer("sure", zones[:1])
    if word == "cst" and (own or "").startswith("America/"):
        return ZoneAnswer("sure", zones[:1])
    return _of_several(zones, own)


def offset_zone(sign: str, hours: int, minutes: int) -> str | None:
    """The zone with that offset all year; None where there is none. Etc/ counts the other way round."""
    total = (hours * 60 + minutes) * (-1 if sign == "-" else 1)
    if total % 60:
        return _PLACE_OF_OFFSET.get(total)
    if not -12 <= total // 60 <= 14:
        return None
    return "UTC" if total == 0 else f"Etc/GMT{-total // 60:+d}"


def label(zone: str) -> str:
    """A zone as people say it: "America/Sao Paulo", "UTC+8"."""
    if zone.startswith("Etc/GMT"):
        return f"UTC{-int(zone.removeprefix('Etc/GMT') or 0):+d}"
    return zone.replace("_", " ")


@cache
def keys() -> Mapping[str, str]:
    """Every name that says where, in small letters."""
    real = available_timezones()
    return {
        name.casefold(): name for name in real if name.partition("/")[0] in _CONTINENTS or name.startswith("Etc/GMT")
    }


def _by_offset(name: str) -> ZoneAnswer | None:
    match = _OFFSET.fullmatch(name.lower().replace("−", "-").replace("：", ":").replace("＋", "+"))
    if match:
        zone = offset_zone(match["sign"] or "+", int(match["hours"]), int(match["minutes"] or 0))
    elif match := _ZH_OFFSET.fullmatch(plain(name).removesuffix("时间")):
        hours = 10 * match["hours"].startswith("十") + "十一二三四五六七八九".index(match["hours"][-1])
        zone = "Asia/Shanghai" if match["side"] + match["hours"] == "东八" else offset_zone(
            "+" if match["side"] == "东" else "-", hours, 0
        )  # fmt: skip
    else:
        return None
    return ZoneAnswer("sure", (zone,)) if zone else UNKNOWN


def _by_place(name: str, own: str | None) -> ZoneAnswer | None:
    """A place, or the first part of "Berlin, Germany" that is one, if the others do not contradict."""
    whole = zone_of_place(_AROUND.sub("", plain(name)), own=own)
    if whole is not None:
        return whole
    words = [part for part in re.split(r"[,，/()（）]", name) if plain(part)]
    for words_split in (words, *_in_two(plain(name).split())):
        parts = [zone_of_place(_AROUND.sub("", plain(part)), own=own) for part in words_split]
        if len(parts) > 1 and all(parts):
            return _agreement([part for part in parts if part], own)
    return None


def _in_two(words: list[str]) -> list[list[str]]:
    """Every way to part the words in two: "New York USA"."""
    return [[" ".join(words[:n]), " ".join(words[n:])] for n in range(1, min(len(words), 5))]


def _agreement(parts: list[ZoneAnswer], own: str | None) -> ZoneAnswer:
    """What the parts have in common, or all of them where they contradict."""
    both = set.intersection(*(set(part.zones) for part in parts))
    return _of_several(_unique(zone for part in parts for zone in part.zones if not both or zone in both), own)


def _by_likeness(name: str) -> ZoneAnswer | None:
    """Names that a slip away look like it, to be asked back: "Helsinky"."""
    if len(name) < LEAST_LIKE:
        return None
    # Loaded for the words that no table has.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    n_slips = 1 if len(name) < 9 else 2
    names = [place for place in places() if len(place) >= LEAST_LIKE and place not in regions()]
    like = process.extract(name, names, scorer=OSA.distance, score_cutoff=n_slips, limit=3)
    zones = _unique(zone for place, _, _ in like for zone in places()[place])
    return ZoneAnswer("ask", zones[:MOST_CANDIDATES]) if zones else None


def _of_several(zones: tuple[str, ...], own: str | None) -> ZoneAnswer:
    if own in zones and len(zones) > 1:
        return ZoneAnswer("sure", (own,)) if own else UNKNOWN
    return ZoneAnswer("sure" if len(zones) == 1 else "ask", zones[:MOST_CANDIDATES])


def _unique(zones: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(zones))
