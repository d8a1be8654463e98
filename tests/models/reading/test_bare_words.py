from __future__ import annotations

import pytest

from models.reading.bare_words import stands_bare


@pytest.mark.parametrize(
    "word", ["PCB", "Stripe", "logistics", "pricing", "hardware", "certification", "认证", "3D printing"]
)
def test_what_needs_no_article_stands_bare(word: str) -> None:
    assert stands_bare(word)


@pytest.mark.parametrize("word", ["workshop", "prototype", "warehouse", "investor"])
def test_a_plain_noun_in_the_singular_does_not(word: str) -> None:
    assert not stands_bare(word)
