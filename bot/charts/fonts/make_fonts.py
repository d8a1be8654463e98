"""Makes the two small fonts of the charts from Noto Sans CJK: `python -m bot.charts.fonts.make_fonts REGULAR.ttc BOLD.ttc`.

The regular one has what titles are written with: European letters and the 3,755 most common simplified characters (the first
level of GB 2312). The bold one is for numbers and European letters.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
# Of the five fonts in one file, the one drawn for simplified Chinese; and another, for marks as wide as European ones.
SIMPLIFIED_CHINESE, KOREAN = 2, 1
NARROW = (0xB7, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026)  # · ‘ ’ “ ” • …
FAMILY = "Klatch Sans"
EUROPEAN = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),  # Latin-1 and Latin Extended-A
    *range(0x370, 0x460),  # Greek, Cyrillic
    *range(0x2010, 0x2028),  # dashes, quotation marks, bullets, the ellipsis
    0x20AC,  # €
    0x2212,  # a true minus
    0x2605,  # ★
)
CHINESE_PUNCTUATION = (*range(0x3000, 0x3020), *range(0xFF00, 0xFF61))


def common_characters() -> list[int]:
    """The first level of GB 2312, rows 16 to 55."""
    cells = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return [ord(found) for cell in cells if (found := cell.decode("gb2312", "ignore"))]


def make(source: str, target: Path, style: str, characters: Iterable[int]) -> None:
    """Keep these characters only, without hints (a picture has pixels enough), under a name of our own."""
    font: Any = TTFont(source, fontNumber=SIMPLIFIED_CHINESE, recalcTimestamp=False)
    # The fonts of one file share their glyphs, only what a character points to differs.
    narrow = TTFont(source, fontNumber=KOREAN).getBestCmap()
    for table in font["cmap"].tables:
        table.cmap.update({code: narrow[code] for code in NARROW if code in table.cmap})
    options = subset.Options(layout_features=["kern"], hinting=False, desubroutinize=True, notdef_outline=True)
    options.name_IDs = [0, 13, 14]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=list(characters))
    subsetter.subset(font)
    _rename(font, style)
    font.save(target)


def _rename(font: Any, style: str) -> None:
    """The licence keeps the original's name for the original."""
    names = {1: FAMILY, 2: style, 3: f"{FAMILY} {style}", 4: f"{FAMILY} {style}", 6: f"KlatchSans-{style}"}
    for number, name in names.items():
        font["name"].setName(name, number, 3, 1, 0x409)
    outlines = font["CFF "].cff
    outlines.fontNames = [names[6]]
    top = outlines.topDictIndex[0]
    top.FullName, top.FamilyName = names[4], FAMILY


if __name__ == "__main__":
    regular, bold = sys.argv[1:]
    make(regular, HERE / "KlatchSans-Regular.otf", "Regular", [*EUROPEAN, *CHINESE_PUNCTUATION, *common_characters()])
    make(bold, HERE / "KlatchSans-Bold.otf", "Bold", EUROPEAN)
