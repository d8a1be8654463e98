from __future__ import annotations

import pytest

from models.reading.fields import Field, fields_of
from models.reading.self_introductions import read_self_introduction


@pytest.mark.parametrize(
    ("text", "project", "place", "seeks", "fields"),
    [
        (
            "Hi all, I'm Lena, building charging lockers in Berlin, looking for an enclosure maker",
            "building charging lockers in Berlin",
            "Berlin",
            "an enclosure maker",
            {Field.HARDWARE},
        ),
        (
            "大家好，我是小林，在柏林做充电柜，在找模具厂",
            "做充电柜",
            "柏林",
            "模具厂",
            set(),
        ),
        (
            "各位好，新人报到，我叫阿明，坐标深圳，做跨境电商的仓储系统，想找懂清关的朋友",
            "做跨境电商的仓储系统",
            "深圳",
            "懂清关的朋友",
            {Field.LOGISTICS},
        ),
        # For whom it is built is not where they are.
        (
            "Hi! My name is Jonas and I’m building solar chargers for farmers in Kenya. Based in Görlitz. "
            "We need a firmware engineer for two weeks.",
            "I'm building solar chargers for farmers in Kenya",
            "Görlitz",
            "a firmware engineer for two weeks",
            {Field.HARDWARE},
        ),
        # What they look for is no field of theirs.
        (
            "Hey folks, this is Priya. I run a small studio for onboarding design. Currently looking for a bookkeeper.",
            "I run a small studio for onboarding design",
            None,
            "a bookkeeper",
            {Field.DESIGN},
        ),
        (
            "大家好，我叫李雷，人在新加坡，我们做AI客服，求推荐靠谱的律师",
            "我们做AI客服",
            "新加坡",
            "靠谱的律师",
            {Field.AI},
        ),
        ("Hello, I'm Ana, founder from Porto. Nice to meet you!", None, "Porto", None, set()),
        ("New here! Hi, I make tables, chairs and shelves", "I make tables, chairs and shelves", None, None, set()),
        ("嗨，小林，朋友介绍来的。我们做给小店用的智能客服🙂", "我们做给小店用的智能客服", None, None, set()),
    ],
)
def test_what_somebody_says_of_themselves_is_read_in_their_own_words(
    text: str, project: str | None, place: str | None, seeks: str | None, fields: set[Field]
) -> None:
    words = read_self_introduction(text)

    assert words is not None
    assert (words.project, words.place, words.seeks) == (project, place, seeks)
    assert fields_of(words.about) == fields


@pytest.mark.parametrize(
    "text",
    [
        "I'm late, coming from the airport",
        "Hi all, I'm looking for a lawyer",
        "Hi, I'm stuck in customs",
        "Hey, I'm working on the slides for tonight",
        "I'm Jo, see you tonight",
        "Welcome Kofi! Building solar chargers is great",
        "Hi all, this is my friend Kofi, just joined. Building solar chargers.",
        "Hi everyone, let me introduce Ana, she is building a bank",
        "Hi Ana, nice to see you yesterday!",
        "欢迎小林！做充电柜的",
        "大家好，给大家介绍一位朋友，我是他的同事，他在做充电柜",
        "大家好，我是说明天的活动改到周五",
        "大家好，明晚的活动还有两个名额",
        "我在做饭",
        "/need Hi all, I'm Lena, building charging lockers",
        "Hi all, I'm Lena, building charging lockers. " * 60,
        "",
    ],
)
def test_what_is_no_introduction_of_oneself_is_none(text: str) -> None:
    assert read_self_introduction(text) is None
