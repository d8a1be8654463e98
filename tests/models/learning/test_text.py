import numpy as np
import pytest

from models.learning.text import TextSpace, unit
from models.learning.text_kinds import TextKind, is_question, kind
from models.learning.words import stem, tokenize


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The warehouses are shipping", ["warehous", "ship"]),  # stop words gone, endings cut
        ("供应链", ["供", "应", "链", "供应", "应链"]),  # single characters, then pairs
        ("用Figma做配色", ["用", "figma", "做", "配", "色", "做配", "配色"]),  # mixed scripts part by themselves
        ("see https://www.example.org/a?b=1", ["example.org"]),  # a link counts as its host
        ("C++ and C#", ["c++", "c#"]),  # names with signs survive
        ("", []),  # nothing
        ("🙂 !!! ...", []),  # only signs
    ],
)
def test_text_becomes_tokens(text, tokens):
    assert tokenize(text) == tokens


@pytest.mark.parametrize("word", ["prototype", "prototypes", "prototyping"])
def test_endings_do_not_part_a_word(word):
    assert stem(word) == "prototyp"


KINDS = [
    ("Does anyone know a small factory for sensors", TextKind.QUESTION),  # no question mark needed
    ("what would you charge for this?", TextKind.QUESTION),
    ("求推荐靠谱的律师", TextKind.QUESTION),  # asks without a mark
    ("这个方案大家觉得可行吗", TextKind.QUESTION),  # ends in a question particle
    ("Demo night this Friday 19:00, 20 seats, join us", TextKind.EVENT_NOTICE),
    ("周五晚7点线下沙龙，欢迎报名", TextKind.EVENT_NOTICE),
    ("Hi all, I'm Mia, founder of a logistics startup, new here", TextKind.INTRODUCTION),
    ("大家好，我是做硬件的，刚搬到柏林", TextKind.INTRODUCTION),
    ("We just launched our beta, feedback welcome", TextKind.PRODUCT),
    ("我们刚上线了新版本，欢迎试用", TextKind.PRODUCT),
    ("Acme raises $5m seed", TextKind.NEWS),
    ("某公司宣布完成A轮融资", TextKind.NEWS),
    ("good guide on term sheets https://example.org/guide", TextKind.RESOURCE),
    ("整理了一份融投资料合集", TextKind.RESOURCE),
    ("haha true", TextKind.CHATTER),
    ("好的，明天见", TextKind.CHATTER),  # a time alone is no event
    ("see https://example.org/?q=1", TextKind.RESOURCE),  # a question mark inside a link asks nothing
]


@pytest.mark.parametrize(("text", "expected"), KINDS)
def test_a_text_has_a_kind(text, expected):
    assert kind(text) == expected


def test_a_question_mark_in_code_asks_nothing():
    assert not is_question("use `(empty? list)` there")


def test_a_very_long_text_has_a_kind_too():
    # A pattern that looks back again and again would not come to an end here.
    assert kind("a? b: 19:00 " * 5_000) == kind("a? b: 19:00 " * 50)


TEXTS = [
    "customs papers for the warehouse in Rotterdam",
    "freight and customs, the warehouse is full",
    "warehouse freight carriers",
    "term sheet and valuation of the seed round",
    "the investor lowered the valuation",
    "seed round valuation",
    "清关和仓库的货运",
    "仓库货运清关",
]


def test_texts_about_the_same_are_alike():
    space = TextSpace.fit(TEXTS)

    nearest = space.similarity(
        ["who does customs and freight", "what valuation for a seed", "货运怎么清关"], TEXTS
    ).argmax(axis=1)

    assert nearest[0] in (0, 1, 2)
    assert nearest[1] in (3, 4, 5)
    assert nearest[2] in (6, 7)


def test_fitting_twice_gives_the_same_space():
    assert np.array_equal(TextSpace.fit(TEXTS).directions, TextSpace.fit(TEXTS).directions)


def test_topical_vectors_are_reproduced_for_any_subset():
    space = TextSpace.fit(TEXTS)

    assert np.allclose(space.topical(TEXTS)[2:4], space.topical(TEXTS[2:4]))


@pytest.mark.parametrize("texts", [[], [""], ["one"], ["🙂"]])
def test_too_little_text_gives_a_space_that_knows_nothing(texts):
    space = TextSpace.fit(texts)

    assert space.similarity(["a question"], ["an answer", "another"]).tolist() == [[0.0, 0.0]]
    assert space.keywords(["a question"]) == ["question"]


def test_keywords_are_written_as_people_write_them():
    texts = [
        "We fine-tuned on our GPU",
        "GPU prices again",
        "which GPU for logistics?",
        "logistics and GPU",
        "logistics",
    ]

    assert set(TextSpace.fit(texts).keywords(texts, 2)) == {"GPU", "logistics"}


def test_chinese_keywords_are_whole_words():
    texts = ["找供应链公司", "供应链太慢", "我们的供应链", "预算不够", "预算"]

    assert set(TextSpace.fit(texts).keywords(texts, 2)) == {"供应链", "预算"}


def test_unit_leaves_zero_rows_at_zero():
    assert unit(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [[0.6, 0.8], [0.0, 0.0]]
