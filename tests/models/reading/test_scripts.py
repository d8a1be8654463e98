from __future__ import annotations

import pytest

from models.reading.scripts import is_readable, scripts_of


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        # plain English
        ("Who knows a good lawyer?", {"other"}),
        # plain Chinese
        ("谁认识靠谱的律师？", {"han"}),
        # Chinese with a brand in Latin letters
        ("我们刚拿到 Stripe 的账户，谁用过？", {"han"}),
        # English with a Chinese name
        ("Thanks 陈伟, that helped a lot with our customs problem", {"other"}),
        # a sentence in each
        ("Does anyone ship to Shenzhen? 有人发货到深圳吗？", {"han", "other"}),
        # nothing to read
        ("👍 2026", set()),
        # a link says nothing of its reader
        ("https://example.org/a-long-english-path", set()),
    ],
)
def test_a_text_is_in_the_script_that_carries_it(text: str, scripts: set[str]) -> None:
    assert scripts_of(text) == scripts


@pytest.mark.parametrize(
    ("text", "reads", "is_clear"),
    [
        ("谁认识靠谱的律师？", {"other"}, False),
        ("谁认识靠谱的律师？", {"han"}, True),
        ("Who knows a good lawyer?", {"han"}, False),
        ("Who knows a good lawyer?", {"han", "other"}, True),
        # Half of it is for each of them.
        ("Does anyone ship to Shenzhen? 有人发货到深圳吗？", {"other"}, True),
        ("👍 2026", set(), True),
    ],
)
def test_a_text_is_for_those_who_read_its_script(text: str, reads: set[str], is_clear: bool) -> None:
    assert is_readable(text, frozenset(reads)) is is_clear
