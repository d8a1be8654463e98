from __future__ import annotations

import pytest

from models.reading.scripts import can_read, scripts_of


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


def test_who_never_wrote_chinese_is_not_given_chinese() -> None:
    assert not can_read("谁认识靠谱的律师？", ["Hello all", "Which bank?"])


def test_who_wrote_both_reads_both() -> None:
    own = ["Hello all", "大家好"]

    assert can_read("谁认识靠谱的律师？", own)
    assert can_read("Who knows a good lawyer?", own)
