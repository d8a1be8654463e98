from __future__ import annotations

import pytest

from models.learning.terms import FEW_MEMBERS, Terms

TALK = [
    "Our carrier is stuck in customs, people talk about long lead times",
    "Kubernetes operators, GDPR and two PCB prototypes for Ana",
    "货卡在格但斯克海关，货代失联，大家有什么经验",
    "possibly the best recommendation on Thursday, thanks everyone",
    "we pay 900 euros for the café, ours is cheaper",
    "公司注册找了律师，客户问题很多，小红书获客不错",
]


@pytest.fixture(scope="module")
def both() -> Terms:
    """What two members wrote alike."""
    return Terms.fit([(member, text) for member in (1, 2) for text in TALK], ["Ana Ferreira", "周敏"])


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Stuck in customs!", ["customs"]),
        ("which carriers do you use", ["carrier"]),
        ("a GDPR question on kubernetes", ["GDPR", "Kubernetes"]),
        ("one PCB prototype", ["PCB", "prototypes"]),
        ("海关查验，货代不回", ["海关", "货代"]),
        ("小红书怎么获客", ["小红书", "获客"]),
        ("找个律师", ["律师"]),
    ],
)
def test_what_a_text_is_about_is_told_as_people_mostly_write_it(both: Terms, text: str, terms: list[str]) -> None:
    assert list(both.of(text).values()) == terms


@pytest.mark.parametrize(
    "text",
    [
        "people talk about long possibly best everyone",  # not rare, or no nouns
        "Ana Ferreira and 周敏",  # people
        "a recommendation on Thursday, thanks",  # how people talk
        "900 euros at the café, ours",
        "大家的经验和问题",
        "https://customs.example.org/carrier `PCB`",  # addresses and code
        "",
        "👋 +1 …",
    ],
)
def test_what_is_no_term_is_not_told(both: Terms, text: str) -> None:
    assert both.of(text) == {}


def test_a_word_of_one_member_is_no_term() -> None:
    alone = Terms.fit([(1, "lithium cells"), (1, "more lithium"), (2, "nothing of it")], [])

    assert alone.of("lithium") == {}


def test_a_word_that_most_use_is_how_people_talk_here() -> None:
    everybody = Terms.fit([(member, "our firmware") for member in range(FEW_MEMBERS)], [])
    some = Terms.fit([(member, "our firmware" if member < 3 else "hello") for member in range(FEW_MEMBERS)], [])

    assert everybody.of("firmware") == {}
    assert list(some.of("firmware")) == ["firmware"]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["Wireframes on paper?", "Hm. Wireframes in colour?"], "wireframes"),  # a sentence begins with a capital
        (["Wireframes? No", "we drew wireframes"], "wireframes"),
        (["Figma or paper?", "Figma is slow"], "Figma"),  # no two words: rather a name
        (
            ["Airtable or Sheets?", "Airtable is slow", "we moved to Airtable"],
            "Airtable",
        ),  # as it is written inside one
        (["MOQ is high", "MOQ of what?"], "MOQ"),
    ],
)
def test_a_capital_at_the_beginning_of_a_sentence_is_no_spelling(texts: list[str], told: str) -> None:
    terms = Terms.fit([(member, text) for member in (1, 2) for text in texts], [])

    assert next(iter(terms.of(texts[0]).values())) == told


def test_one_and_many_have_one_key(both: Terms) -> None:
    assert set(both.of("carrier")) == set(both.of("Carriers")) == set(both.of("our carrier's")) == {"carrier"}
