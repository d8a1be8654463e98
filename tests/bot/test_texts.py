"""Sentences: which form a count chooses, what becomes of a member's own words, what a missing language falls back to."""

from __future__ import annotations

import pytest

from bot.texts.render import Texts

TEXTS = Texts(
    {
        "en": {"met": {"one": "once", "two": "twice", "other": "{n} times"}, "seats": {"one": "a", "other": "{n} s"}},
        "zh": {"met": "{n} 次"},
    }
)


@pytest.mark.parametrize(
    ("language", "key", "n", "said"),
    [
        ("en", "met", 1, "once"),
        ("en", "met", 2, "twice"),
        ("en", "met", 3, "3 times"),
        # Where "two" is not told, two is like any other count.
        ("en", "seats", 2, "2 s"),
        ("en", "met", 0, "0 times"),
        ("zh", "met", 2, "2 次"),
        # A sentence that is not translated is said in English.
        ("zh", "seats", 1, "a"),
    ],
)
def test_a_count_chooses_its_form(language: str, key: str, n: int, said: str) -> None:
    assert TEXTS.say(language, key, n=n) == said


def test_the_forms_of_a_sentence_are_one_key() -> None:
    assert TEXTS.keys("en") == {"met", "seats"}
