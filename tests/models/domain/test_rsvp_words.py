from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.rsvp_words import RsvpWords, read_rsvp_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", RsvpWords("going")),
        ("going", RsvpWords("going")),
        ("Yes!", RsvpWords("going")),
        ("I’m in", RsvpWords("going")),
        ("count me in", RsvpWords("going")),
        ("maybe", RsvpWords("maybe")),
        ("not sure", RsvpWords("maybe")),
        ("not going", RsvpWords("not_going")),
        ("can't", RsvpWords("not_going")),
        ("Can’t make it", RsvpWords("not_going")),
        ("no", RsvpWords("not_going")),
        ("去", RsvpWords("going")),
        ("参加", RsvpWords("going")),
        ("算我一个！", RsvpWords("going")),
        ("不去", RsvpWords("not_going")),
        ("去不了", RsvpWords("not_going")),
        ("不确定", RsvpWords("maybe")),
        ("待定", RsvpWords("maybe")),
        ("+1", RsvpWords("going", guests=1)),
        ("＋２", RsvpWords("going", guests=2)),
        ("going with two friends", RsvpWords("going", guests=2)),
        ("参加 带两个人", RsvpWords("going", guests=2)),
        ("2", RsvpWords("going", number=2)),
        ("2 maybe", RsvpWords("maybe", number=2)),
        ("no 2", RsvpWords("not_going", number=2)),
        ("2 去", RsvpWords("going", number=2)),
        ("#3 +1", RsvpWords("going", guests=1, number=3)),
        ("第2个 不去", RsvpWords("not_going", number=2)),
        ("demo night", RsvpWords("going", title="demo night")),
        ("Demo Night maybe", RsvpWords("maybe", title="demo night")),
        ("不去 创始人晚餐", RsvpWords("not_going", title="创始人晚餐")),
        # Words inside others are none: "no" in "nomad", "in" in "dinner".
        ("nomad dinner", RsvpWords("going", title="nomad dinner")),
        ("Q4 2026", RsvpWords("going", title="q4 2026")),
    ],
)
def test_an_answer_in_words_is_understood(text: str, expected: RsvpWords) -> None:
    assert read_rsvp_words(text) == expected


@given(st.text(max_size=300))
def test_any_words_are_an_answer(text: str) -> None:
    words = read_rsvp_words(text)

    assert words.status in ("going", "maybe", "not_going")
    assert words.guests is None or 0 <= words.guests < 1000
