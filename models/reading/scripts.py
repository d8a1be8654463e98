"""Which writing a text is in, so that nobody's digest is full of what they cannot read.

Han characters against everything else is all that English and Chinese in one group need; a text that mixes is both.
"""

from __future__ import annotations

import re

from models.reading.patterns import pattern_of

_HAN = pattern_of(r"[\u3400-\u9fff]")
_LETTERS = pattern_of(r"[^\W\d_]")
# A name or a brand in the other script does not change what a sentence is written in.
CLEAR_SHARE = 0.3


def scripts_of(text: str) -> frozenset[str]:
    """ "han", "other", both, or neither (figures, emoji, links alone)."""
    letters = _LETTERS.findall(re.sub(r"https?://\S+", " ", text))
    if not letters:
        return frozenset()
    # One Han character says about as much as two to three letters.
    n_han = 2.5 * len(_HAN.findall(text))
    share = n_han / (n_han + len(letters) - len(_HAN.findall(text)))
    return frozenset({"han"} if share >= CLEAR_SHARE else ()) | frozenset({"other"} if share <= 1 - CLEAR_SHARE else ())


def is_readable(text: str, reads: frozenset[str]) -> bool:
    """True for somebody who reads these scripts, or one of them where the text mixes; true of what needs no reading."""
    scripts = scripts_of(text)
    return not scripts or bool(scripts & reads)


def scripts_of_language(language: str) -> frozenset[str]:
    """The script that somebody reads whose client or choice is in this language (an IETF tag: "zh-hans")."""
    return frozenset({"han" if language.lower().startswith("zh") else "other"})
