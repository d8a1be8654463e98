"""Words of time in other languages: known well enough to ask about, not to read.

tongues.json has the weekdays, months, "tomorrow" and "next week" of 40 languages from CLDR; tests/models/reading/cldr.py
writes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from models.reading.patterns import pattern_of
from models.reading.wording import MASK, Span
from models.reading.zone_places import plain

_WORD = pattern_of(r"[^\W\d_]+(?:['\u200c-][^\W\d_]+)*")
# Scripts that write no blanks between words, or glue endings to them.
_GLUED = pattern_of("[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
# So, Do and Mi are words of many languages, except where the line tells the time in German.
_GERMAN_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_GERMAN_DAY_BESIDE = pattern_of(rf"\b(?:Mo|Di|Mi|Fr|Sa)(?=\.?,?\s?{MASK})")
_GERMAN_DAY, _UHR = pattern_of(rf"\b(?:{'|'.join(_GERMAN_DAYS)})\b"), pattern_of(r"\b(?:Uhr|uhr)\b")
_LONGEST_ENDING = 3
_SHORTEST_WITHOUT_ACCENTS = 6


@dataclass(frozen=True)
class ForeignWord(Span):
    """A word of time: "weekday" (0 is Monday), "month", "day" and "week" (from today on), "often"; value None: which is open."""

    kind: str
    value: int | None


def find_foreign(text: str, line: str) -> list[ForeignWord]:
    """Every word of time of another language in what is left of a line, in order of position."""
    short = (_GERMAN_DAY if _UHR.search(line) else _GERMAN_DAY_BESIDE).finditer(text)
    lower_text = "".join(low if len(low := character.lower()) == 1 else "?" for character in text).replace("’", "'")
    glued_words = _glued_words(lower_text) if _GLUED.search(lower_text) else ()
    shorts = [ForeignWord(one.start(), one.end(), "weekday", _GERMAN_DAYS.index(one[0])) for one in short]
    return sorted([*_spaced_words(lower_text), *glued_words, *shorts], key=lambda word: word.start)


def _spaced_words(lower_text: str) -> Iterator[ForeignWord]:
    tokens = list(_WORD.finditer(lower_text))
    n_done = 0
    for number, token in enumerate(tokens):
        if number < n_done or _GLUED.match(token[0]):
            continue
        for n_words, phrase in _phrases().get(token[0], ()):
            run = tokens[number : number + n_words]
            if " ".join(one[0] for one in run) == phrase:
                yield ForeignWord(token.start(), run[-1].end(), *_table()[phrase])
                n_done = number + n_words
                break
        else:
            word = _single(token[0])
            if word:
                yield ForeignWord(token.start(), token.end(), *word)


def _single(word: str) -> tuple[str, int | None] | None:
    if word in _table():
        return _table()[word]
    if word.isascii():
        return _without_accents().get(word)
    # "perjantaina", "pénteken": an ending behind the word.
    stems = (word[:-n] for n in range(1, _LONGEST_ENDING + 1) if len(word) - n >= _SHORTEST_WITHOUT_ACCENTS - 1)
    return next((_table()[stem] for stem in stems if stem in _table()), None)


def _glued_words(lower_text: str) -> Iterator[ForeignWord]:
    for match in _glued_pattern().finditer(lower_text):
        yield ForeignWord(match.start(), match.end(), *_table()[match[0]])


@cache
def _table() -> Mapping[str, tuple[str, int | None]]:
    languages = json.loads(files("models.reading").joinpath("tongues.json").read_text(encoding="utf-8"))
    return {
        word: (kind, value)
        for kind in ("month", "often", "week", "day", "weekday")
        for word, value in languages[kind].items()
    }


@cache
def _phrases() -> Mapping[str, list[tuple[int, str]]]:
    """By first word, the longest first."""
    phrases: dict[str, list[tuple[int, str]]] = {}
    for phrase in sorted(_table(), key=len, reverse=True):
        words = _WORD.findall(phrase)
        if len(words) > 1 and " ".join(words) == phrase:
            phrases.setdefault(words[0], []).append((len(words), phrase))
    return phrases


@cache
def _without_accents() -> Mapping[str, tuple[str, int | None]]:
    """How a hurried writer spells them: "miercoles"."""
    return {
        bare: value
        for word, value in _table().items()
        if len(bare := plain(word)) >= _SHORTEST_WITHOUT_ACCENTS and bare != word and " " not in bare
    }


@cache
def _glued_pattern() -> re.Pattern[str]:
    # 1月 and 今日 are Chinese, too, and read there.
    words = (
        word for word in _table() if _GLUED.search(word) and not word.endswith("月") and word not in ("今日", "明日")
    )
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
