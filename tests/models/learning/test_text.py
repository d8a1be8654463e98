import numpy as np
import pytest

from models.learning.text import TextSpace, unit
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


def test_unit_leaves_zero_rows_at_zero():
    assert unit(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [[0.6, 0.8], [0.0, 0.0]]
