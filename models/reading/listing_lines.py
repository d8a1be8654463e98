"""A need or an offer from one line of chat: `2 desks in Kreuzberg until Friday for hardware teams`, 找一位律师，月底前，上海.

Read into what · how much · where · until when · for whom. Each word of the line stands in one of them, as it was written; only
what leads to it goes ("I'm looking for", 求), and a day that is no deadline ("a photographer on Friday") stays in its
sentence and ends it. What still looks like time, price or zone and was not understood is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from models.reading.listing_amounts import find_amounts, find_count
from models.reading.listing_audiences import find_audience
from models.reading.listing_doubts import find_listing_doubts
from models.reading.listing_ends import find_end
from models.reading.listing_figures import is_price
from models.reading.listing_leads import lead_end
from models.reading.listing_places import find_listing_place
from models.reading.patterns import pattern_of
from models.reading.places import find_link
from models.reading.wording import MASK, Span, mask, present, reading_copy, tidy

# What stands further behind is kept in `what`, unread.
MAX_CHARACTERS = 300
_COMMAND = pattern_of(r"^/\w+(?:@\w+)?(?:\s+|$)")
_LABEL = pattern_of(
    r"(?:^|(?<=[\n,;|·，；。]))\s?(?:what|until|till|deadline|valid until|by when|when|where|how much"
    r"|quantity|who|for whom|title"
    r"|什么|截止(?:时间|日期)?|有效期|时间|期限|数量|内容|需求|主题|地点|对象|名称)\s?[:：]\s?",
    re.IGNORECASE,
)
# Labels of fields that are known by their words alone.
_OF_PLAIN = pattern_of(r"\W*(?:what|title|how much|quantity|什么|数量|内容|需求|主题|名称)\s?:")
_TIME = pattern_of("h|min|小时|分钟")
# "(, 8 seats)", "tools , 3D printers".
_FIRST_SIGN = pattern_of(r"(?<=[(\[（【])[\s,;，、；]+|[\s,，、]+(?=[)\]）】])|\s+(?=[,，；。、])")
_EMPTY_BRACKETS = pattern_of(rf"\s?[(\[（【][\s,;，、·{MASK}-]*[)\]）】]")
_EDGES = " \t\n,;:|｜·-–—，。；：、."
_ASKS = "!！?？"
_ENDS = _EDGES + _ASKS + "~～"
_SIGN = pattern_of(r"[,;|·\n，；。、.]")
_HAN = pattern_of("[\u4e00-\u9fff]")
# What only led to something that was cut out, or only closes the line.
_LAST_WORDS = pattern_of(
    r"(?:(?:^|[\s,，]+)(?:and|or|is|are|based|located|please|pls|thanks|thx"
    r"|thank you)|[，,\s]*(?:谢谢|多谢|感谢)(?:大家|各位)?)+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ListingDraft:
    """A need or an offer as understood from one line; what is empty where the line says nothing but the rest.

    quantity, place and audience are the line's own words. until is aware UTC: the hour that was said, or the end of its day
    in the community's zone (until_has_time tells which). doubts: words left in what that look like time, price or zone and
    were not used; to be shown with the draft.
    """

    what: str
    quantity: str | None = None
    place: str | None = None
    until: datetime | None = None
    until_has_time: bool = False
    audience: str | None = None
    doubts: tuple[str, ...] = ()


def read_listing_line(line: str, *, now: datetime, zone: ZoneInfo) -> ListingDraft:
    """The need or offer that a member described in one line or a few.

    now is aware; zone is the community's, and what the line means unless it names another. A leading command is skipped.
    Never raises on any text. Raises ValueError on a naive now.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    text = _COMMAND.sub("", tidy(line))
    return _draft(text[:MAX_CHARACTERS], text[MAX_CHARACTERS:], now, zone)


def _draft(text: str, more: str, now: datetime, zone: ZoneInfo) -> ListingDraft:
    whole = reading_copy(text)
    start = lead_end(whole)
    lead = Span(0, start)
    labels = list(_labels(text))
    link = find_link(text)
    reading = mask(whole, *present(link), lead, *(one for one in labels if _OF_PLAIN.match(whole, one.start)))
    end = find_end(text, reading, now=now, zone=zone)
    cut = [lead, *labels, *([end] if end and end.is_deadline else [])]
    days = mask(reading, *present(end))
    place = find_listing_place(text, days)
    audience = find_audience(text, mask(days, *present(place)))
    amounts = [_with_sign(text, one) for one in find_amounts(mask(days, *present(place, audience)))]
    cut += [*amounts, *present(place), *present(audience)]
    start = _first_word(mask(whole, *cut))
    count = find_count(mask(whole, *cut), start)
    # "30 min of advice, 3 slots": the slots say how much there is.
    if (
        count
        and _TIME.search(whole, count[0].start, count[0].end)
        and not all(is_price(whole[one.start : one.end]) for one in amounts)
    ):
        count = None
    quantity = [count[0], *amounts] if count else amounts
    cut += [count[1]] if count else []
    what = _rest(text, cut) or _rest(text, [lead, *labels])
    return ListingDraft(
        what + (" " + more if what and more else more),
        ", ".join(text[span.start : span.end].strip() for span in quantity) or None,
        place.words if place else None,
        end.ends_at if end else None,
        bool(end and end.has_time),
        audience.words if audience else None,
        find_listing_doubts(text, mask(whole, *cut, *present(link, end))),
    )


def _with_sign(text: str, amount: Span) -> Span:
    """The amount with the sign that says it is about right: "~20 h" (the reading copy has a hyphen there)."""
    return Span(amount.start - 1, amount.end) if amount.start and text[amount.start - 1] in "~～≈" else amount


def _first_word(reading: str) -> int:
    """Where the first word stands that nothing took."""
    return next((place for place, sign in enumerate(reading) if sign.isalnum() or sign in "€$£¥"), len(reading))


def _rest(text: str, spans: Sequence[Span]) -> str:
    """The text without these spans and the labels before them, its pieces joined as they were parted."""
    masked = _EMPTY_BRACKETS.sub(" ", mask(text, *spans))
    pieces: list[str] = []
    sign = ""
    for piece in re.split(f"{MASK}+", masked):
        words = piece.strip(_EDGES)
        before = _SIGN.search(piece[: len(piece) - len(piece.lstrip(_EDGES))])
        sign = sign or (before[0] if before else "")
        if not words:
            continue
        pieces += [_joint(pieces[-1], words, sign), words] if pieces else [words]
        behind = _SIGN.search(piece[len(piece.rstrip(_EDGES)) :])
        sign = behind[0] if behind else ""
    return _LAST_WORDS.sub("", _FIRST_SIGN.sub("", "".join(pieces)).strip(_ENDS)).strip(_ENDS)


def _labels(text: str) -> Iterator[Span]:
    """The labels with which parts begin: "what:", 时间："""
    return (Span(match.start(), match.end()) for match in _LABEL.finditer(text))


def _joint(before: str, after: str, sign: str) -> str:
    """What stands between two pieces: the sign that parted them, a blank, or nothing between Chinese characters.

    A question is over with its own sign: "our pitch deck? Investor meeting for the seed round".
    """
    if after[0] in _ASKS:
        return ""
    if before[-1] in _ASKS:
        sign = ""
    if sign in "|·\n" and sign:
        sign = ","
    if not sign:
        return "" if _HAN.match(before[-1]) and _HAN.match(after[0]) else " "
    return sign if ord(sign) > 0x2FFF else sign + " "
