"""Amounts wherever they stand in a line of a need or an offer: whether one is a price, and those that no field took."""

from __future__ import annotations

from models.reading.listing_measures import ABOUT, BUDGET, FIGURE, FREE, NUMBER, PER, PRICE, UNIT, ZH_MEASURE
from models.reading.patterns import pattern_of
from models.reading.wording import RIGHT, ZH_NUMBER, Span

# 每人30分钟, 可坐12人 describe what stands before them.
EACH = pattern_of("(?:每[\u4e00-\u9fff]{0,2}|可坐|能坐|可?容纳|至多坐|前|第|满|需|要)$")
# What looks like an amount wherever it stands: a price, a number with its unit.
_FIGURES = pattern_of(
    rf"{PRICE}|(?<![\w.,]){ABOUT}{NUMBER}\s?{UNIT}{RIGHT}(?:{PER})?|(?<![\w.,])(?:{FIGURE}"
    rf"|{ZH_NUMBER}{{1,4}})\s?(?:{ZH_MEASURE})(?![\u4e00-\u9fff])"
)
# "$2M seed round", "500 kg pallets", "3 years of experience": the amount describes what follows.
_DESCRIBES = pattern_of(
    r"(?:\s?-)?\s(?:of\s)?(?!for\b|at\b|in\b|on\b|and\b|or\b|until\b|per\b|a\b|to\b|by\b|if\b"
    r"|but\b)[a-z\u4e00-\u9fff]|的"
)
_HAS_PRICE = pattern_of(rf"{PRICE}|{FREE}|{BUDGET}")


def is_price(words: str) -> bool:
    """Whether an amount is told in money: "500 €", free, 预算5000."""
    return _HAS_PRICE.search(words) is not None


def find_figures(reading: str) -> list[Span]:
    """Prices and numbers with a unit that no field took and that describe nothing behind them."""
    found = _FIGURES.finditer(reading)
    return [
        Span(match.start(), match.end())
        for match in found
        if not (
            _DESCRIBES.match(reading, match.end()) or EACH.search(reading[max(0, match.start() - 4) : match.start()])
        )
    ]
