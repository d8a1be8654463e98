from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.messages import listings as messages
from models.domain.listings.cards import ListingView
from models.reading.listing_kinds import ListingKind
from models.tables.listing import ListingOutcome
from tests.stage import voice

END = datetime(2026, 3, 6, 22, 59, 59, tzinfo=UTC)
VIEW = ListingView(
    id=7,
    kind=ListingKind.NEED,
    author="Mia",
    community="Founders",
    text="desks",
    line="2 desks",
    quantity=None,
    place=None,
    audience=None,
    until_at=None,
    until_has_time=False,
    expires_at=END,
    zone="Europe/Berlin",
    is_draft=False,
    is_open=True,
)


@pytest.mark.parametrize(
    ("values", "first_lines"),
    [
        ({}, ["🙏 <b>desks</b>"]),
        ({"quantity": "2"}, ["🙏 <b>2 × desks</b>"]),
        ({"quantity": "3", "text": "工位"}, ["🙏 <b>3 工位</b>"]),
        ({"quantity": "3 slots", "text": "advice"}, ["🙏 <b>advice</b>", "🔢 3 slots"]),
        ({"place": "Kreuzberg", "until_at": END}, ["🙏 <b>desks</b>", "📍 Kreuzberg · ⏳ until Fri 6 Mar"]),
        ({"text": "desks\n<b>cheap</b>"}, ["🙏 <b>desks", "&lt;b&gt;cheap&lt;/b&gt;</b>"]),
    ],
)
def test_what_it_is_comes_first_then_the_rest_of_its_line(values: dict[str, Any], first_lines: list[str]) -> None:
    text = messages.card(voice(), replace(VIEW, **values)).text

    assert text.split("\n") == [*first_lines, "👤 Mia is looking for this"]


def test_a_day_is_that_of_the_place_where_it_was_said() -> None:
    """Midnight in Berlin is the next morning in Shanghai; it is the Friday all the same."""
    text = messages.card(voice("zh", "Asia/Shanghai"), replace(VIEW, until_at=END)).text

    assert "⏳ 截至 3月6日 周五" in text


@pytest.mark.parametrize(
    ("language", "asked", "page"),
    [
        ("en", "⏳ “desks” ends on Fri 6 Mar. Is it still open?", "Open until Fri 6 Mar."),
        ("zh", "⏳ “desks”3月6日 周五到期，还要继续留着吗？", "有效期到 3月6日 周五。"),
    ],
)
def test_its_end_is_the_same_day_on_the_card_its_page_and_in_the_question(language: str, asked: str, page: str) -> None:
    """Its author may read them where that midnight is the next morning."""
    own, view = voice(language, "Asia/Shanghai"), replace(VIEW, until_at=END)

    assert messages.still_open(own, view).text == asked
    assert page in messages.page(own, view).text


def test_an_hour_is_told_on_a_clock() -> None:
    text = messages.card(voice(), replace(VIEW, until_at=END, until_has_time=True)).text

    assert "23:59" in text


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", ListingKind)
@pytest.mark.parametrize("outcome", [*ListingOutcome, None])
def test_what_is_over_says_so_and_takes_no_answers(language: str, kind: ListingKind, outcome: ListingOutcome) -> None:
    view = replace(VIEW, kind=kind, is_open=False, outcome=outcome, n_answers=3)

    card, page = messages.card(voice(language), view), messages.page(voice(language), view)

    assert card.rows == []
    assert "3" not in card.text
    assert len(page.rows) == 1
