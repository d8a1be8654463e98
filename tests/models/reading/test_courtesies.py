from __future__ import annotations

import pytest

from models.reading.courtesies import one_pattern


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("thanks mia", ["thanks"]),
        ("dank dir", ["dank"]),
        ("谢谢小雨", ["谢谢"]),
        # Whole words, where a language has blanks between them.
        ("dankbar", []),
        ("ödank", []),
        ("no thanksgiving", []),
    ],
)
def test_phrases_of_any_number_of_languages_stand_side_by_side(text: str, found: list[str]) -> None:
    pattern = one_pattern({"de": ["dank"], "en": ["thanks"], "fr": [], "zh": ["谢谢"]})

    assert pattern.findall(text) == found


def test_a_kind_of_phrase_that_no_language_has_matches_nothing() -> None:
    assert one_pattern({"de": [], "zh": []}).search("thanks 谢谢") is None
