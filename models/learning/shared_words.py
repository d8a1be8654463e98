"""Which pieces of a question somebody else used, too: what may be told of the one to the other without quoting either. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from models.learning.search_words import ASKING, ASKING_ZH, Words, search_words, simplify
from models.learning.words import STOP_CHARACTERS, STOP_WORDS

_PIECE = re.compile(
    r"(?P<latin>[^\W_\u3400-\u9fff]+(?:['’.+#/_-][^\W_\u3400-\u9fff]+)*[+#]*)|(?P<han>[\u3400-\u9fff]+)|(?P<end>[^\w\s])"
)


# Whoever is looked for is one of these, whatever they know.
_ROLES = frozenset(
    "maker makers person people expert experts specialist advice help company companies shop good".split()  # noqa: SIM905  # easier to read
)


def shared_words(question: str, words: Words, *, names: Collection[str] = ()) -> list[str]:
    """Pieces of what was asked that were said as well, each as it was asked, in its order.

    Neighbouring words make one piece; a word that is part of a name is in none.
    """
    taboo = {part for name in names for part in _parts(name)}
    pieces: dict[str, str] = {}
    for piece in (*_latin(question, words, taboo), *_chinese(question, words, taboo)):
        pieces.setdefault(piece.casefold(), piece)
    return sorted(pieces.values(), key=question.find)


def are_all_said(question: str, words: Words) -> bool:
    """Whether every English word that a question is about was said."""
    about = {piece["latin"].casefold() for piece in _PIECE.finditer(question) if piece["latin"]}
    return all(_is_said(word, words) for word in about - STOP_WORDS - ASKING - _ROLES)


def _parts(name: str) -> set[str]:
    return {piece[0].casefold() for piece in _PIECE.finditer(name) if len(piece[0]) > 1}


def _latin(question: str, words: Words, taboo: Collection[str]) -> Iterator[str]:
    start = end = -1
    for piece in _PIECE.finditer(question):
        if piece["latin"] and _is_said(piece[0], words) and piece[0].casefold() not in taboo:
            start, end = (piece.start() if start < 0 else start), piece.end()
        elif start >= 0:
            yield question[start:end]
            start = -1
    if start >= 0:
        yield question[start:end]


def _is_said(word: str, words: Words) -> bool:
    if word.casefold() in STOP_WORDS | ASKING or not any(letter.isalpha() for letter in word):
        return False
    return bool(search_words(word).whole.keys() & words.whole.keys())


def _chinese(question: str, words: Words, taboo: Collection[str]) -> Iterator[str]:
    for piece in _PIECE.finditer(question):
        if piece["han"]:
            yield from (one for one in _runs(piece[0], words) if not any(name in one for name in taboo))


def _runs(run: str, words: Words) -> Iterator[str]:
    """The longest stretches of which each pair of characters was said, without what only asks."""
    plain = simplify(run)
    if len(plain) != len(run):
        run = plain
    asking = {place for match in ASKING_ZH.finditer(plain) for place in range(*match.span())}
    start = 0
    for place in range(1, len(plain) + 1):
        pair = plain[place - 1 : place + 1]
        if len(pair) == 2 and not {place - 1, place} & asking and pair in words.whole:
            continue
        if len(stretch := _trim(plain, run, start, place)) > 1:
            yield stretch
        start = place


def _trim(plain: str, run: str, start: int, end: int) -> str:
    while start < end and plain[start] in STOP_CHARACTERS:
        start += 1
    while start < end and plain[end - 1] in STOP_CHARACTERS:
        end -= 1
    return run[start:end]
