"""Which names are places of founders: a table of districts and regions beside the cities that zones are known by."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from models.reading.patterns import pattern_of
from models.reading.wording import MASK
from models.reading.zone_places import places, plain, regions

# A language or a people, although the table of zones takes them for their country.
_PEOPLES = frozenset(
    "german french english spanish italian british irish austrian swiss danish swedish finnish norwegian greek polish dutch "  # noqa: SIM905
    "chinese nice central local pacific eastern western".split()
)
_SIGNS = pattern_of("[,;:|()@]")
_MOST_WORDS = 4


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


def are_known(name: str) -> bool:
    """Whether this is a place, or a city and its district together: 深圳南山, Berlin Mitte."""
    ends = range(2, len(name) - 1)
    return is_known_place(name) or any(is_known_place(name[:end]) and is_known_place(name[end:]) for end in ends)


def known_end(text: str, reading: str, start: int) -> int | None:
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
