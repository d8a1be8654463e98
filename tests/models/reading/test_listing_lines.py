"""Needs and offers in one line. Rows: line, what, quantity, place, until (local, weekday and hour as read), audience, doubts."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from models.reading.listing_lines import read_listing_line

ZONE = ZoneInfo("Europe/Berlin")
# A Tuesday.
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=ZONE)

LINES: list[tuple[str, str, str, str, str, str, str]] = [
    ("2 desks in Kreuzberg until Friday for hardware teams", "desks", "2", "Kreuzberg", "03-13", "hardware teams", ""),
    ("找一个懂欧盟医疗器械注册的顾问，月底前，上海", "一个懂欧盟医疗器械注册的顾问", "", "上海", "03-31", "", ""),
    ("offer: 30 min of pricing advice, 3 slots", "30 min of pricing advice", "3 slots", "", "", "", ""),
    ("求推荐靠谱的律师，上海，预算5000元以内", "靠谱的律师", "预算5000元以内", "上海", "", "", ""),
    ("desk for 3 months", "desk for 3 months", "", "", "", "", "3 months"),
]


@pytest.mark.parametrize("row", LINES, ids=[row[0] for row in LINES])
def test_a_line_is_read_into_its_fields(row: tuple[str, str, str, str, str, str, str]) -> None:
    line, *right = row

    draft = read_listing_line(line, now=NOW, zone=ZONE)

    until = draft.until.astimezone(ZONE) if draft.until else None
    said = until.strftime("%m-%d %H:%M" if draft.until_has_time else "%m-%d") if until else ""
    read = [draft.what, draft.quantity or "", draft.place or "", said, draft.audience or "", "; ".join(draft.doubts)]
    assert read == right


@pytest.mark.parametrize(
    "line", ["", "/need", "\x00", "\u202e\u200f", "🙏🙏🙏", "need", "a" * 5_000, "1 " * 2_500, "找" * 5_000]
)
def test_any_text_is_read_and_none_of_it_lost(line: str) -> None:
    draft = read_listing_line(line, now=NOW, zone=ZONE)

    assert len(draft.what) >= len(line.strip()) - 20 or line.startswith(("/", "\x00", "\u202e"))


def test_now_must_be_aware() -> None:
    with pytest.raises(ValueError, match="aware"):
        read_listing_line("2 desks", now=datetime(2026, 3, 10), zone=ZONE)  # noqa: DTZ001
