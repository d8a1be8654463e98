"""A board to draw on in pixels, the origin at the top left; becomes a PNG. Matplotlib without its global state."""

from __future__ import annotations

import re
from bisect import bisect_right
from io import BytesIO
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text
from PIL import Image

from bot.charts.theme import GROUND, INK, WIDTH, font

DOTS_PER_INCH = 100
# Of the palette: the theme's and what lies between two of them at an edge.
COLOURS = 128
# Where a line may break: after a blank, and between any two characters of Chinese.
BREAKS = re.compile(r"[^\s\u2e80-\uffef]+\s*|.", re.DOTALL)


class Board:
    """One picture of the theme's width and this height; what is drawn later lies above."""

    def __init__(self, height: int) -> None:
        self.height = height
        figure = Figure(figsize=(WIDTH / DOTS_PER_INCH, height / DOTS_PER_INCH), dpi=DOTS_PER_INCH, facecolor=GROUND)
        # Its methods are not typed.
        self._canvas: Any = FigureCanvasAgg(figure)
        self._axes = figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()
        self._n_drawn = 0

    def write(
        self,
        x: float,
        y: float,
        words: str,
        size: int,
        *,
        colour: str = INK,
        is_bold: bool = False,
        align: str = "left",
    ) -> float:
        """Words on the baseline `y`, in letters of `size` pixels; returns their width. A dollar is a dollar, no formula."""
        text = self._axes.text(
            x, y, words, fontproperties=font(is_bold=is_bold), fontsize=_points(size), color=colour, ha=align,
            va="baseline", parse_math=False, zorder=self._above(),
        )  # fmt: skip
        return self._width(text)

    def bar(self, x: float, y: float, width: float, height: float, colour: str, *, radius: float = 8) -> None:
        """A box with round corners, its upper left corner at (x, y); nothing for no width or height."""
        if width <= 0 or height <= 0:
            return
        radius = min(radius, width / 2, height / 2)
        style = f"round,pad=0,rounding_size={radius}"
        self._axes.add_patch(
            FancyBboxPatch((x, y), width, height, boxstyle=style, linewidth=0, facecolor=colour, zorder=self._above())
        )

    def line(self, x: float, y: float, to_x: float, to_y: float, colour: str, *, width: float = 2) -> None:
        """A straight line of so many pixels."""
        self._axes.plot(
            [x, to_x], [y, to_y], color=colour, linewidth=_points(width), solid_capstyle="butt", zorder=self._above()
        )

    def sign(self, x: float, y: float, shape: str, colour: str, *, size: float = 20) -> None:
        """A small shape around (x, y), named as matplotlib's markers are."""
        self._axes.plot(
            [x], [y], marker=shape, markersize=_points(size), color=colour, markeredgecolor=GROUND, zorder=self._above()
        )

    def lines(self, words: str, size: int, width: float, *, most: int) -> list[str]:
        """The words in at most so many lines of at most this width; what is too much ends in "…"."""
        lines: list[str] = []
        rest = words
        while rest and len(lines) < most:
            line = self._beginning(rest, size, width)
            rest = rest[len(line) :].lstrip()
            lines.append(line.rstrip())
        if rest:
            last_line = lines[-1]
            while last_line and self.width_of(f"{last_line}…", size) > width:
                last_line = last_line[:-1].rstrip()
            lines[-1] = f"{last_line}…"
        return lines

    def width_of(self, words: str, size: int, *, is_bold: bool = False) -> float:
        """How many pixels wide the words would be."""
        text = self._axes.text(
            0, 0, words, fontproperties=font(is_bold=is_bold), fontsize=_points(size), parse_math=False
        )
        width = self._width(text)
        text.remove()
        return width

    def png(self) -> bytes:
        """The picture as it stands. A palette holds its few flat colours, in a third of the bytes."""
        self._canvas.draw()
        picture = Image.frombuffer("RGBA", (WIDTH, self.height), self._canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
        content = BytesIO()
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(content, "PNG", optimize=True)
        return content.getvalue()

    def _above(self) -> int:
        self._n_drawn += 1
        return self._n_drawn

    def _beginning(self, words: str, size: int, width: float) -> str:
        """As many whole words as fit; of an endless one as many letters."""
        line = ""
        for part in BREAKS.findall(words):
            if self.width_of((line + part).rstrip(), size) > width:
                break
            line += part
        # At least one letter, or there would be no end of lines.
        n_fitting = bisect_right(range(len(words) + 1), width, key=lambda n: self.width_of(words[:n], size)) - 1
        return line or words[: max(n_fitting, 1)]

    def _width(self, text: Text) -> float:
        return float(text.get_window_extent(self._canvas.get_renderer()).width)


def _points(pixels: float) -> float:
    return pixels * 72 / DOTS_PER_INCH
