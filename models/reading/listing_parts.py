"""The parts of a need's or an offer's line, between commas and the like."""

from __future__ import annotations

from collections.abc import Iterator

from models.reading.patterns import pattern_of
from models.reading.wording import MASK, Span

_BORDERS = rf",;.!?\n|·()\[\]{MASK}"
_NO_ABBREVIATION = "".join(
    rf"(?<!\b{word})" for word in ("min", "max", "approx", "ca", "nr", "no", "str", "incl", "excl", "st", "dr")
)
_PARTS = pattern_of(
    rf"(?:(?![;!?\n|·()\[\]{MASK}]|(?<![0-9]),|,(?![0-9]{{3}}(?![0-9]))|{_NO_ABBREVIATION}\.(?:\s|$)|\s-{{1,2}}\s|、).)+"
)


def parts_of(reading: str) -> Iterator[Span]:
    """The parts of the reading copy between commas and the like, or between what was understood, without blanks around them."""
    for match in _PARTS.finditer(reading):
        words = match[0]
        start = match.start() + len(words) - len(words.lstrip(" \t:-."))
        end = match.start() + len(words.rstrip(" \t:-."))
        if start < end:
            yield Span(start, end)
