"""What CLDR knows, as Babel ships it, written down as the small tables that models/reading loads.

Run `python -m tests.models.reading.cldr` after a new Babel; a test compares the files with what this makes. The tables
are files because Babel takes 60 ms to import and 5 ms a language, and a line is read in one.
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from pathlib import Path
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global

READING = Path(__file__).parents[3] / "models" / "reading"
LANGUAGES = ("en", "zh")
_NO_CITY = ("Antarctica/", "Etc/", "Arctic/")
# Old names of zones that are no names of cities: Australia/West, US/Central.
_NO_OLD_CITY = ("Antarctica/", "Australia/", "US/", "Etc/", "Canada/", "Brazil/", "Mexico/", "Chile/")


def plain(name: str) -> str:
    """A name as people type it: small letters without accents, blanks instead of signs."""
    letters = (c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    kept = "".join(c if c.isalnum() or c == "&" else "" if c in "'’." else " " for c in letters)
    return " ".join(kept.split())


def zone_names() -> dict[str, list[str]]:
    """Cities of zones and countries with one zone, in English and Chinese, each to its zones."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    real = available_timezones()
    zones = [zone for zone in Locale("zh").time_zones if zone in real and not zone.startswith(_NO_CITY)]
    for zone in zones:
        found[plain(zone.rpartition("/")[2])].add(zone)
        for language in LANGUAGES:
            city = Locale(language).time_zones.get(zone, {}).get("city")
            if city:
                found[plain(city)].add(zone)
    for old, new in get_global("zone_aliases").items():
        if "/" in old and new in zones and not old.startswith(_NO_OLD_CITY):
            found[plain(old.rpartition("/")[2])].add(new)
    for territory, of_territory in get_global("territory_zones").items():
        only = [zone for zone in of_territory if zone in zones]
        if len(only) == 1:
            for language in LANGUAGES:
                name = Locale(language).territories.get(territory)
                if name:
                    found[plain(name)].add(only[0])
    return {name: sorted(keys) for name, keys in sorted(found.items()) if name}


def _written(table: object) -> str:
    return json.dumps(table, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def files() -> dict[str, str]:
    """Every table by its file's name."""
    return {"zone_names.json": _written(zone_names())}


if __name__ == "__main__":
    for name, text in files().items():
        (READING / name).write_text(text, encoding="utf-8")
