"""Names of places and their time zones: what CLDR knows, start-up cities that are no zone, and what people shorten.

zone_names.json has the cities of zones and the countries with one zone, in English and Chinese; tests/models/reading/cldr.py
writes it. zone_places.toml, kept by hand, has the rest, first of all the cities where founders are. Several zones under
one name mean that it has to be asked about, the likeliest first.
"""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from models.reading.wording import simplify

# What no decomposition takes apart.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "ı": "i", "đ": "d", "ß": "ss", "æ": "ae"})


def plain(name: str) -> str:
    """A name as the tables have it: small letters, simplified, without accents, with blanks instead of signs."""
    letters = (
        c for c in unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS)) if not unicodedata.combining(c)
    )
    letters_kept = "".join(c if c.isalnum() or c == "&" else "" if c in "'’." else " " for c in letters)
    return " ".join(simplify(letters_kept).split())


def _table(name: str) -> str:
    return files("models.reading").joinpath(name).read_text(encoding="utf-8")


@cache
def _by_hand() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(_table("zone_places.toml"))


def _names(section: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for zones, names in _by_hand()[section].items():
        for name in names.split(","):
            yield plain(name), tuple(zones.split())


@cache
def places() -> Mapping[str, tuple[str, ...]]:
    """Every city, country and region by its plain name, to its zones."""
    table = {simplify(name): tuple(zones) for name, zones in json.loads(_table("zone_names.json")).items()}
    for section in ("cities", "regions", "several"):
        table.update(_names(section))
    return table


@cache
def regions() -> frozenset[str]:
    """The names of clocks that are no places: eastern, 太平洋."""
    return frozenset(name for name, _ in _names("regions"))
