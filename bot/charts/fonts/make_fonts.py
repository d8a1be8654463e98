"""Makes the two small fonts of the charts from Noto Sans CJK: `python -m bot.charts.fonts.make_fonts REGULAR.ttc BOLD.ttc`.

The regular one has what titles are written with: European letters, the simplified characters of GB 2312, the common traditional
ones of Big5, some of names and of Cantonese beyond them, and kana. The bold one is for numbers and European letters.
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


KANA = tuple(range(0x3040, 0x3100))
# Rows of two-byte sets: GB 2312 (6,763 characters), and the first level of Big5 (5,401).
SIMPLIFIED, TRADITIONAL = ("gb2312", range(0xB0, 0xF8)), ("big5", range(0xA4, 0xC7))
# Of people's names, and of Cantonese as it is written in Hong Kong.
OTHERS = "喆堃镕珺婳瑄翀祎彧珝珅垚甯邨淏赟頔飏璟琋琤珮瑀宬劼翾囍埗邨昇峯裏着綫啓衞咗咁嘅嚟喺冇哋啲佢攞揾瞓嘢噏搵嗰噉乜咩啱嘥嗌"


def characters(encoding: str, rows: Iterable[int]) -> set[int]:
    """The code points of these rows of a two-byte character set."""
    cells = (bytes([row, cell]) for row in rows for cell in range(0x40, 0xFF))
    decoded_cells = (cell.decode(encoding, "ignore") for cell in cells)
    return {ord(one) for one in decoded_cells if len(one) == 1}


def chinese() -> list[int]:
    """Some 9,000 characters."""
    return sorted(characters(*SIMPLIFIED) | characters(*TRADITIONAL) | {ord(one) for one in OTHERS})


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
    make(regular, HERE / "KlatchSans-Regular.otf", "Regular", [*EUROPEAN, *CHINESE_PUNCTUATION, *KANA, *chinese()])
    make(bold, HERE / "KlatchSans-Bold.otf", "Bold", EUROPEAN)
