"""How our pictures look: colours, sizes, fonts, and which words these can show."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from matplotlib.font_manager import FontProperties, findfont, fontManager
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

FAMILY, BESIDE = "Klatch Sans", "DejaVu Sans"
# What the second font may draw: scripts whose letters stand side by side as they are, and symbols. No marks that combine, and
# nothing that has to be joined or turned around to be read.
PLAIN = (
    range(0x20, 0x300),  # Latin
    range(0x370, 0x590),  # Greek, Cyrillic, Armenian
    range(0x10A0, 0x1100),  # Georgian
    range(0x1D00, 0x1DC0),  # phonetic
    range(0x1E00, 0x2000),  # Latin and Greek with more marks
    range(0x2010, 0x2028),  # dashes, quotation marks
    range(0x2030, 0x205F),
    range(0x2070, 0x20D0),  # raised and lowered numbers, currencies
    range(0x2100, 0x2C00),  # letterlike, arrows, mathematics, symbols
    range(0x1F300, 0x1F700),  # faces
)
# Only says that the sign before it shall be a coloured picture.
PICTURE = "\ufe0f"


@cache
def font(*, is_bold: bool) -> FontProperties:
    """Ours, and beside it the one that comes with matplotlib: nothing that a machine has or has not installed plays a part."""
    for file in (_file(is_bold=False), _file(is_bold=True)):
        fontManager.addfont(str(file))
    return FontProperties(family=[FAMILY, BESIDE], weight="bold" if is_bold else "regular")


@cache
def letters(*, is_bold: bool) -> frozenset[int]:
    """The code points that can be drawn."""
    ours = FT2Font(str(_file(is_bold=is_bold))).get_charmap()
    beside = FT2Font(findfont(FontProperties(family=[BESIDE], weight="bold" if is_bold else "regular"))).get_charmap()
    return frozenset(ours) | {code for code in beside if any(code in part for part in PLAIN)}


def readable(words: str, *, instead: str) -> str:
    """Words in one line as they can be drawn, whole: emoji around them may be missing, nothing within them.

    `instead`, where a letter is missing: half a name reads like another one. The message beside the picture tells the name
    in full.
    """
    line = unicodedata.normalize("NFC", tidy(words)).replace(PICTURE, "")
    letters_drawn = "".join(_drawable(letter) for letter in _without_ornaments(line))
    is_whole = _MISSING not in letters_drawn and any(letter.isalnum() for letter in letters_drawn)
    return " ".join(letters_drawn.split()) if is_whole else instead


# Stands for a letter that no font of ours has.
_MISSING = "\x00"


def _drawable(letter: str) -> str:
    """The letter, or the same one without its costume (𝓓 is a D, ﬁ is fi), or the mark of a missing one."""
    glyphs = letters(is_bold=False)
    plain = unicodedata.normalize("NFKC", letter)
    return next((one for one in (letter, plain) if all(ord(part) in glyphs for part in one)), _MISSING)


def _without_ornaments(line: str) -> str:
    """The line without the signs before its first letter and behind its last one that cannot be drawn."""
    plain_line = line
    while plain_line and _is_ornament(plain_line[0]):
        plain_line = plain_line[1:]
    while plain_line and _is_ornament(plain_line[-1]):
        plain_line = plain_line[:-1]
    return plain_line


def _is_ornament(letter: str) -> bool:
    is_sign = unicodedata.category(letter) in {"So", "Sk", "Cf", "Zs", "Cn", "Co"}
    return is_sign and (letter.isspace() or _drawable(letter) == _MISSING)


def _file(*, is_bold: bool) -> Path:
    return FONTS / f"KlatchSans-{'Bold' if is_bold else 'Regular'}.otf"
