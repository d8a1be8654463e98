from __future__ import annotations

from datetime import date

import pytest

from models.reading.last_day import last_day

# A Wednesday.
WROTE = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Would somebody look at our pitch deck before Thursday?", 11),
        ("Our lawyer does a free contract hour on Friday", 13),
        ("周五前有没有人能帮我看看路演材料？", 12),
        ("律师周一有一小时免费咨询", 16),
        ("Can anyone lend me a projector tonight?", 11),
        ("明天谁有空", 12),
        ("Free desk on Wed", 11),
        ("Tuesday or Thursday, who joins?", 17),
        ("Lunch next Thursday?", 19),
        ("下周五有人去深圳吗", 20),
        # What the first get is gone a day later.
        ("I'll read the decks of the first five who answer", 12),
        ("前5名回复的朋友，我免费看BP", 12),
        ("Spare conference tickets, first come first served", 12),
    ],
)
def test_what_names_a_day_holds_until_then(text: str, day: int) -> None:
    assert last_day(text, WROTE) == date(2026, 3, day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("We have space for six pallets until March", date(2026, 3, 31)),
        ("Desk free until the end of December", date(2026, 12, 31)),
        ("Desk free till January", date(2027, 1, 31)),
    ],
)
def test_what_is_there_until_a_month_is_there_until_its_end(text: str, day: date) -> None:
    assert last_day(text, WROTE) == day


@pytest.mark.parametrize(
    "text",
    [
        "Which bank do you use?",
        "Who works on Sundays?",
        "Standup every Monday, any tips?",
        "每周三聚一次好吗",
        "we sat in the sun",
    ],
)
def test_what_names_none_or_comes_again_has_no_last_day(text: str) -> None:
    assert last_day(text, WROTE) is None
