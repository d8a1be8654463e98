"""Courtesies and small talk, by a table of phrases a language: no thread is about them, and they answer nothing.

A message is a courtesy only when nothing else is left of it: "thanks! which lawyer was it?" asks something. The phrases stand
in phrases/CODE.toml, one file a language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from models.reading.patterns import pattern_of


class Courtesy(StrEnum):
    """What is said for good manners; in this order: "thanks, agreed" thanks."""

    THANKS = "thanks"
    CONGRATULATION = "congratulation"
    GREETING = "greeting"
    AGREEMENT = "agreement"
    LAUGHTER = "laughter"


_PLUS_ONE = pattern_of(r"\+ ?1(?!\d)(?: to(?: this| that| @?\w+)?)?")
_FACES = pattern_of(r"[\U0001F000-\U0001FAFF\u2190-\u2BFF\u3030\uFE0F\u200D]+|[:;]-?[)(DPp]")
_HANDLE = pattern_of(r"@(?:\w+|…)")
_WORD = pattern_of(r"[\u3400-\u9fff]|[^\W_]+(?:'\w+)?")
# Languages that put no blanks between words.
_WITHOUT_BLANKS = frozenset({"zh"})
# Longer messages hold more than a courtesy.
_MOST_LETTERS = 100
# A name of so many Chinese characters may stand with one.
_NAME_CHARACTERS = 3


@lru_cache(maxsize=50_000)
def courtesy(text: str) -> Courtesy | None:
    """Which courtesy a text is, when it is nothing else; names and faces beside it do not count."""
    plain = _HANDLE.sub(" ", _FACES.sub(" ", text)).strip()
    if not _WORD.search(plain):
        return Courtesy.LAUGHTER if plain != text.strip() else None
    if len(plain) > _MOST_LETTERS:
        return None
    meaning = Courtesy.AGREEMENT if _PLUS_ONE.search(plain) else None
    rest = _PLUS_ONE.sub(" ", plain.replace("’", "'"))
    for kind in Courtesy:
        cut = _without(phrases(kind), rest)
        meaning = kind if meaning is None and cut != rest else meaning
        rest = cut
    return meaning if meaning is not None and _is_empty(rest) else None


@lru_cache(maxsize=50_000)
def is_small_talk(text: str) -> bool:
    """Whether a text is told or asked for company's sake: the weather, the weekend, how are you."""
    return phrases("small_talk").search(text.lower()) is not None


def thanks(text: str) -> bool:
    """Whether somebody is thanked somewhere in a text, whatever else it says."""
    return phrases(Courtesy.THANKS).search(text.lower().replace("’", "'")) is not None


@cache
def phrases(name: str) -> re.Pattern[str]:
    """All phrases of this name, of every language there is a file of, over lower-case text."""
    return one_pattern({language: _table(language).get(name, []) for language in _languages()})


def one_pattern(phrases_of: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """Phrases by language as one pattern: whole words, but anywhere in languages that put no blanks between words."""
    spaced: list[str] = []
    unspaced = ["(?!)"]
    for language, found in phrases_of.items():
        (unspaced if language in _WITHOUT_BLANKS else spaced).extend(found)
    words = "|".join(spaced or ["(?!)"])
    return re.compile(rf"(?<![a-zß-ÿ0-9'])(?:{words})(?![a-zß-ÿ0-9])|(?:{'|'.join(unspaced)})")


@cache
def _languages() -> tuple[str, ...]:
    """Those there is a file of."""
    names = (file.name for file in files("models.reading.phrases").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def _table(language: str) -> dict[str, Any]:
    return tomllib.loads(files("models.reading.phrases").joinpath(f"{language}.toml").read_text(encoding="utf-8"))


@cache
def _fillers() -> frozenset[str]:
    return frozenset(word for language in _languages() for word in _table(language)["fillers"].split())


def _without(pattern: re.Pattern[str], text: str) -> str:
    """The text with these phrases blanked out; the rest keeps its capitals, for a last look at names."""
    lower = text.lower()
    if len(lower) != len(text):
        return text
    letters = list(text)
    for match in pattern.finditer(lower):
        letters[match.start() : match.end()] = " " * (match.end() - match.start())
    return "".join(letters)


def _is_empty(rest: str) -> bool:
    """Nothing but fillers and names is left."""
    words = [word for word in _WORD.findall(rest) if word.lower() not in _fillers()]
    chinese = [word for word in words if "\u3400" <= word <= "\u9fff"]
    return len(chinese) <= _NAME_CHARACTERS and all(word[:1].isupper() for word in words if word not in chinese)
