from __future__ import annotations

import pytest

from models.learning.search_words import search_words
from models.learning.shared_words import shared_words


@pytest.mark.parametrize(
    ("asked", "said", "shared"),
    [
        (
            "Who knows EU medical-device approval?",
            "Our medical devices got approved in May",
            ["medical-device approval"],
        ),
        (
            "who knows EU medical device approval",
            "approvals take a year; a medical one longer",
            ["medical", "approval"],
        ),
        ("谁懂医疗器械注册？", "我们做过二类医疗器械的注册，找的是第三方", ["医疗器械", "注册"]),
        ("誰懂醫療器械註冊？", "医疗器械备案很快", ["醫療器械"]),
        ("有没有人熟悉 Shopify 的税务设置", "shopify tax 设置要选对地区", ["Shopify", "设置"]),
        ("who can help with that?", "who can help with that?", []),
        ("anyone shipped 1000 units?", "we made 1000 too", []),
        ("who knows customs in Brazil?", "nothing to do with it", []),
    ],
)
def test_what_both_said_is_told_as_it_was_asked(asked: str, said: str, shared: list[str]) -> None:
    assert shared_words(asked, search_words(said)) == shared


def test_nobodys_name_is_told() -> None:
    said = search_words("Priya pays her suppliers late, and 周敏 also")

    assert shared_words("Does Priya Kumar pay suppliers late?", said, names=["Priya Kumar"]) == ["pay suppliers late"]
    assert shared_words("周敏付款吗？", search_words("周敏付款很快"), names=["周敏"]) == []
