"""What people say about coming, as patterns by what each says: rsvp_sayings.toml, the table behind rsvp_words.

English runs on words without apostrophes, Chinese on whatever stands between blanks; the longest pattern at a place counts,
so that "not sure if I can come" is one saying and not three.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

from models.reading.patterns import pattern_of


class Tone(StrEnum):
    """What one saying adds to an answer."""

    YES = "yes"
    # "Ok", "of course": yes where nothing else is said, and in "of course not" nothing.
    ASSENT = "assent"
    NO = "no"
    # "Sorry": no where nothing else is said.
    REGRET = "regret"
    DOUBT = "doubt"
    # "If I finish early": makes a yes a perhaps.
    CONDITION = "condition"
    # "I'd love to": a yes that "but I can't" makes a no.
    WISH = "wish"
    # "I wanted to come": no answer yet.
    PAST_WISH = "past_wish"
    BUT = "but"
    NOTHING = "nothing"


_NAME = pattern_of("<([A-Z]+)>")


@cache
def sayings() -> tuple[tuple[Tone, re.Pattern[str]], ...]:
    """Every saying with its tone; matched at a place in words, never searched for."""
    table = tomllib.loads(files("models.reading").joinpath("rsvp_sayings.toml").read_text(encoding="utf-8"))
    words = table["words"]
    english = [
        (tone, re.compile(rf"(?<!\S)(?:{_pattern(one, words)})(?!\S)")) for tone, one in _entries(table["english"])
    ]
    chinese = [(tone, re.compile(_pattern(one, words))) for tone, one in _entries(table["chinese"])]
    return (*english, *chinese)


def _entries(section: Mapping[str, str]) -> Iterator[tuple[Tone, str]]:
    for tone, text in section.items():
        yield from ((Tone(tone), one) for one in text.split("\n") if one)


def _pattern(saying: str, words: Mapping[str, str]) -> str:
    """The saying with the shared words put in for their names."""
    return _NAME.sub(lambda match: words[match[1]], saying)
