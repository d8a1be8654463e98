"""What somebody asks for is found, however they spell it and whoever else uses those words."""

import pytest

from models.learning.search import SearchIndex
from models.learning.search_words import search_words, stem

LISTINGS = {
    "pottery": "I offer pottery lessons",
    "medical": "Looking for an EU medical-device approval expert",
    "医疗": "提供欧盟医疗器械注册咨询",
    "server": "二手服务器便宜出",
    "lawyer": "Need a lawyer for term sheets",
    "printer": "Can lend a 3D printer, we're at Café Kranz",
    "硬體": "在柏林找合伙人，做硬體",
    "b2b": "B2B/SaaS pricing advice, 30 minutes",
}
INDEX = SearchIndex(LISTINGS)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        # A word that only one person has used, in another form, in parts, in one go, with a letter wrong.
        ("who teaches pottery?", "pottery"),
        ("lawyers", "lawyer"),
        ("a medical device", "medical"),
        ("device approvals", "medical"),
        ("medical-device", "medical"),
        ("potery lesons", "pottery"),
        ("aproval", "medical"),
        ("laywer", "lawyer"),
        ("cafe kranz", "printer"),
        ("3d printers", "printer"),
        ("ＳａａＳ pricing", "b2b"),
        ("b2b", "b2b"),
        # Chinese by pairs, without how it is asked for; traditional and simplified, Taiwan's words and the mainland's.
        ("谁懂医疗器械注册？", "医疗"),
        ("誰懂醫療器械註冊？", "医疗"),
        ("求服务器", "server"),
        ("伺服器", "server"),
        ("硬件", "硬體"),
        ("合夥人", "硬體"),
    ],
)
def test_it_is_found_first(query: str, found: str) -> None:
    assert [hit.key for hit in INDEX.find(query)][:1] == [found]


@pytest.mark.parametrize(
    "query", ["quantum", "谁懂量子计算", "who knows somebody?", "有没有人？", "", "🙂 !!!", "\x00\u202e", "in the"]
)
def test_what_nobody_has_finds_nothing(query: str) -> None:
    assert INDEX.find(query, least_share=0.25) == []


def test_a_text_that_says_all_of_it_comes_before_one_that_says_a_part() -> None:
    index = SearchIndex({1: "Pottery evenings", 2: "Guitar lessons", 3: "Pottery lessons", 4: "Tax help", 5: "A desk"})

    hits = index.find("pottery lessons")

    assert hits[0].key == 3
    assert (hits[0].share, {hit.key for hit in hits}) == (pytest.approx(1.0), {1, 2, 3})
    assert all(0.3 < hit.share < 0.7 for hit in hits[1:])
    assert [hit.key for hit in index.find("pottery lessons", least_share=0.8)] == [3]
    assert len(index.find("pottery lessons", most=2)) == 2


def test_equally_good_texts_stand_in_the_order_they_came_in() -> None:
    index = SearchIndex(dict.fromkeys((3, 1, 2), "a spare desk"))

    assert [hit.key for hit in index.find("desk")] == [3, 1, 2]


def test_a_misspelt_word_counts_less_than_the_right_one() -> None:
    index = SearchIndex({1: "solder", 2: "solver", 3: "table", 4: "chair"})

    right, wrong = index.find("solver")[0], index.find("solvor")[0]

    assert (right.key, wrong.key) == (2, 2)
    assert wrong.score < right.score


def test_an_index_of_nothing_finds_nothing() -> None:
    assert SearchIndex({}).find("pottery") == []
    assert SearchIndex({1: ""}).find("pottery") == []


def test_words_only_of_asking_are_what_is_asked_for_when_nothing_else_is() -> None:
    assert set(search_words("I need help with pottery").whole) == {stem("pottery")}
    assert "help" in search_words("help!").whole


def test_hostile_texts_are_read_like_any_other() -> None:
    index = SearchIndex({1: "求 " * 2_000, 2: "a" * 5_000, 3: "硬件" * 2_500, 4: "\ud800\x00\u202e", 5: "-" * 5_000})

    assert [hit.key for hit in index.find("硬件")] == [3]
    assert index.find("x" * 5_000) == []
