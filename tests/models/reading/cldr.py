# ruff: noqa: SIM905 - words in a string are easier to read
"""What CLDR knows, as Babel ships it, written down as the small tables that models/reading loads.

Run `python -m tests.models.reading.cldr` after a new Babel; a test compares the files with what this makes. The tables
are files because Babel takes 60 ms to import and 5 ms a language, and a line is read in one.
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
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


# Whose words of time are known; English and Chinese have a grammar.
TONGUES = (
    "ar bg bn ca cs da de el es et fa fi fil fr he hi hr hu id it "
    "ja ko lt lv ms nb nl pl pt ro ru sk sl sr sv sw th tr uk vi".split()
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OFTEN = (
    "jeden jede jedes täglich wöchentlich monatlich chaque hebdomadaire quotidien cada semanal diario ogni settimanale",
    "elke wekelijks каждый каждую каждое еженедельно ежедневно",
    "毎週 毎日 毎月 毎朝 隔週 매주 매일 매월 każdy każdą codziennie varje hver",
    "toda todas tous",
)
# What CLDR has only in another form: as people say it, how often, in the plural.
_BY_HAND = {
    "weekday": {
        "sonnabend": 5, "segunda": 0, "terça": 1, "quarta": 2, "quinta": 3, "sexta": 4, "montags": 0, "dienstags": 1,
        "mittwochs": 2, "donnerstags": 3, "freitags": 4, "samstags": 5, "sonntags": 6, "月曜": 0, "火曜": 1, "水曜": 2,
        "木曜": 3, "金曜": 4, "土曜": 5, "日曜": 6,
    },
    "day": {
        "manana": 1, "amanha": 1, "uebermorgen": 2, "明後日": 2, "hoy": 0, "esta noche": 0, "esta tarde": 0, "ce soir": 0,
        "ce midi": 0, "cet après-midi": 0, "stasera": 0, "stanotte": 0, "vanavond": 0, "vanmiddag": 0, "i kväll": 0,
        "i aften": 0, "i kveld": 0, "bu akşam": 0, "dziś": 0, "今晩": 0, "明晩": 1,
    },
    "often": {word: 0 for words in _OFTEN for word in words.split()},
}  # fmt: skip


def words_of_time() -> dict[str, dict[str, int | None]]:
    """Weekdays (Monday is 0), months, days and weeks from today in other languages; None where two of them differ."""
    table: dict[str, defaultdict[str, set[int]]] = {
        kind: defaultdict(set) for kind in ("weekday", "month", "day", "week")
    }
    for language in TONGUES:
        names = Locale(language)
        for form in ("format", "stand-alone"):
            for number, word in names.days[form]["wide"].items():
                table["weekday"][_lowered(word)].add(number)
            for number, word in names.months[form]["wide"].items():
                table["month"][_lowered(word)].add(number)
        fields = names._data["date_fields"]
        for number, day in enumerate(_WEEKDAYS):
            for said in dict(fields[day]["relative"]).values():
                # "w tę środę" has the weekday as it is said within a sentence.
                said_words = [
                    word for word in _lowered(str(said)).split() if _is_form_of(word, table["weekday"], number)
                ]
                table["weekday"].update({word: {number} for word in said_words})
        for kind in ("day", "week"):
            for step, said in dict(fields[kind]["relative"]).items():
                if step >= 0:
                    table[kind][_lowered(str(said))].add(step)
    found = {
        kind: {w: n.pop() if len(n) == 1 else None for w, n in words.items() if _tells(w)}
        for kind, words in table.items()
    }
    return {kind: found.get(kind, {}) | _BY_HAND.get(kind, {}) for kind in (*found, "often")}


def _lowered(word: str) -> str:
    return unicodedata.normalize("NFC", word.lower()).replace("’", "'").strip(" .")


def _is_form_of(word: str, weekdays: Mapping[str, set[int]], number: int) -> bool:
    """ "środę" is a form of "środa", "пятницу" of "пятница"."""
    return any(number in numbers and len(known) > 4 and word[:4] == known[:4] for known, numbers in weekdays.items())


def _tells(word: str) -> bool:
    """Whether the word is long enough to be no other word; English ones have a grammar of their own."""
    is_long = len(word) >= 4 or (not word.isascii() and len(word) >= 2)
    return is_long and word not in _ENGLISH


# And the yoga sutra, "homme".
_ENGLISH = frozenset(
    (
        *(
            "april",
            "august",
            "september",
            "october",
            "november",
            "december",
            "january",
            "february",
            "march",
            "mars",
            "may",
        ),
        *("mart", "sutra", "homme", "reede"),
    )
)


def _written(table: object) -> str:
    return json.dumps(table, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def files() -> dict[str, str]:
    """Every table by its file's name."""
    return {"zone_names.json": _written(zone_names()), "tongues.json": _written(words_of_time())}


if __name__ == "__main__":
    for name, text in files().items():
        (READING / name).write_text(text, encoding="utf-8")
