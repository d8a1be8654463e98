"""How our pictures look: colours, sizes, fonts, and which words these can show."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

from bot.texts.render import tidy

FONTS = Path(__file__).parent / "fonts"
# Pixels. A phone shows a picture's width in about 390 points, so 32 pixels read like 12 points.
WIDTH, MARGIN = 1080, 64
TITLE, NUMBER, LABEL, NOTE = 54, 58, 36, 31

# A deep ground of its own: neither glaring in the dark nor lost in the light; text on it has a contrast above 5 : 1.
GROUND, TRACK, LINE = "#1b2733", "#263645", "#3a4c5d"
INK, MUTED = "#f4f1ea", "#a9b8c4"
BLUE, TEAL, GREEN, AMBER, CORAL = "#7aa5d8", "#55b9b5", "#8ccf8a", "#f2bd57", "#f08a6b"

# Letters that Unicode does not take apart.
STROKED = {"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ı": "i", "Ħ": "H", "ħ": "h", "Ŋ": "N", "ŋ": "n", "Ŧ": "T", "ŧ": "t"}


@cache
def font(*, is_bold: bool) -> FontProperties:
    """Ours, by its file: nothing that a machine has or has not installed plays a part."""
    return FontProperties(fname=str(_file(is_bold=is_bold)))


@cache
def letters(*, is_bold: bool) -> frozenset[int]:
    """The code points that the font can draw."""
    return frozenset(FT2Font(str(_file(is_bold=is_bold))).get_charmap())


def readable(words: str, *, instead: str) -> str:
    """Words as our font can draw them: one line, without emoji, rare characters and direction tricks; "ź" may become "z".

    `instead`, where less than half of the letters are left: half a name reads like another one. The message beside the
    picture tells the name in full.
    """
    line = unicodedata.normalize("NFC", tidy(words))
    kept = "".join(_drawable(letter) for letter in line)
    is_name = 2 * _n_letters(kept) >= max(_n_letters(line), 1)
    return " ".join(kept.split()) if is_name else instead


def _drawable(letter: str) -> str:
    """The letter, or what it is without marks and ornaments, or nothing."""
    plain = unicodedata.normalize("NFKD", letter)
    stroked = STROKED.get(letter, "")
    known = letters(is_bold=False)
    return next((one for one in (letter, plain[:1], stroked) if one and ord(one) in known), "")


def _n_letters(words: str) -> int:
    return sum(letter.isalnum() for letter in words)


def _file(*, is_bold: bool) -> Path:
    return FONTS / f"KlatchSans-{'Bold' if is_bold else 'Regular'}.otf"
