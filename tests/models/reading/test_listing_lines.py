"""Needs and offers in one line, against the table listing_lines.txt, which says how its rows are written."""

import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from models.reading.listing_lines import ListingDraft, read_listing_line

ZONE = ZoneInfo("Europe/Berlin")
# A Tuesday.
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=ZONE)
ROWS = [
    row
    for row in (Path(__file__).parent / "listing_lines.txt").read_text("utf-8").splitlines()
    if " => " in row and row[0] != "#"
]


def _as_row(draft: ListingDraft) -> str:
    until = draft.until.astimezone(ZONE) if draft.until else None
    by = until.strftime("%m-%d %H:%M" if draft.until_has_time else "%m-%d") if until else ""
    parts = (draft.what, draft.quantity, draft.place, by, draft.audience, " ; ".join(draft.doubts))
    return " | ".join(part or "-" for part in parts)


@pytest.mark.parametrize("row", ROWS)
def test_a_line_is_read_into_its_fields(row: str) -> None:
    line, _, right = row.partition(" => ")

    draft = read_listing_line(line.replace("\\n", "\n"), now=NOW, zone=ZONE)

    assert _as_row(draft) == right


def test_a_day_ends_where_the_community_is() -> None:
    draft = read_listing_line("2 desks until Friday", now=NOW, zone=ZoneInfo("Asia/Shanghai"))

    assert draft.until == datetime(2026, 3, 13, 23, 59, 59, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    "line",
    [
        "a" * 5_000,
        "1 " * 2_500,
        "找" * 5_000,
        "🙏" * 5_000,
        "until " * 800,
        "in Berlin " * 500,
        "1,000 " * 800,
        "给" * 5_000,
    ],
    ids=lambda line: line[:6],
)
def test_what_is_too_long_to_be_read_is_kept_and_quick(line: str) -> None:
    read_listing_line("2 desks in Berlin until Friday", now=NOW, zone=ZONE)
    before = time.process_time()

    draft = read_listing_line(line, now=NOW, zone=ZONE)

    assert len(draft.what) > len(line.strip()) - 450
    assert time.process_time() - before < 0.2


@pytest.mark.parametrize("line", ["", "  ", "/need", "/need@klatch_bot ", "\x00", "?", "\u202e\u200f\u2066", "\ufeff"])
def test_nothing_is_read_from_nothing(line: str) -> None:
    assert read_listing_line(line, now=NOW, zone=ZONE) == ListingDraft("")


@pytest.mark.parametrize("line", ["🙏🙏🙏", "need", "求", "3 slots", "until Friday", "Berlin", "免费", "/need/need"])
def test_a_line_of_which_nothing_would_be_left_keeps_its_words(line: str) -> None:
    assert read_listing_line(line, now=NOW, zone=ZONE).what


def test_marks_that_turn_the_writing_are_left_out() -> None:
    assert read_listing_line("2 \u202edesks\u202c in Berlin\x00", now=NOW, zone=ZONE) == ListingDraft(
        "desks", "2", "Berlin"
    )


def test_now_must_be_aware() -> None:
    with pytest.raises(ValueError, match="aware"):
        read_listing_line("2 desks", now=datetime(2026, 3, 10), zone=ZONE)  # noqa: DTZ001
