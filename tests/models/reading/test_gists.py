from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reading.gists import (
    GIST_WIDTH,
    SLACK,
    TITLE_WIDTH,
    adds_to,
    are_alike,
    gist_of,
    sentences,
    shorten,
    title_of,
    width,
    without_day,
)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Hi all! Quick question: our carrier went silent and the box is stuck in customs in Gdańsk. Any ideas?",
            "Our carrier went silent and the box is stuck in customs in Gdańsk. Any ideas?",
        ),
        ("大家好，请问一下，上海附近有没有接小批量的仓库？", "上海附近有没有接小批量的仓库？"),
        ("有推荐吗？我们在找做模具的工厂，广东的。", "有推荐吗？我们在找做模具的工厂，广东的。"),
        ("@mia hey, which bank do you use for payroll?", "Which bank do you use for payroll?"),
        (
            "We ship batteries, e.g. to Brazil. Who has done that before, with a broker or alone?",
            "We ship batteries, e.g. to Brazil. Who has done that before, with a broker or alone?",
        ),
        (
            "An investor wants a board seat in the term sheet. Normal, or should we walk away?",
            "An investor wants a board seat in the term sheet. Normal, or should we walk away?",
        ),
        # A question alone that says nothing has no title.
        ("Any?", None),
        ("👋", None),
        # What is hardly too long stands whole; a question that says nothing by itself gives way to what it is about.
        (
            "What valuation cap do you see on SAFEs for a team of four and a pilot in Europe at the moment?",
            "What valuation cap do you see on SAFEs for a team of four and a pilot in Europe at the moment?",
        ),
        (
            "An investor wants founder re-vesting over four years and a veto in the term sheet. Normal, or should we walk away?",
            "An investor wants founder re-vesting over four years and a veto in the term sheet.",
        ),
        # A question that points back brings what it points at.
        (
            "Our onboarding loses half of all people. Would you shorten it or explain more?",
            "Our onboarding loses half of all people. Would you shorten it or explain more?",
        ),
    ],
)
def test_a_question_is_told_by_the_sentence_that_asks(text: str, title: str | None) -> None:
    assert title_of(text, is_question=True) == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Morning everyone! We moved demo night to Thursdays. See you there", "We moved demo night to Thursdays."),
        ("*Great* guide to vesting: https://www.example.org/a/b?c=d", "Great guide to vesting: example.org"),
        ("We doubled activation. Notes with screenshots: https://example.org/x", "We doubled activation."),
        ("thanks", None),
        ("ok 👍", None),
        # A short sentence brings the next, and one that tells nothing of any work gives way to one that does.
        (
            "Redesign is live. We cut the navigation to four entries.",
            "Redesign is live. We cut the navigation to four entries.",
        ),
        # A greeting at its end goes as one at its beginning does.
        ("大家好，我是黄子涵。在做会讲故事的儿童台灯。请多关照！", "我是黄子涵。在做会讲故事的儿童台灯。"),
        ("A friend told me about this group. We ship returns for small shops.", "We ship returns for small shops."),
        # What they did comes before how, where there is room.
        ("So... we closed. 1.2M, led by an angel", "We closed. 1.2M, led by an angel"),
        ("I just got our CE mark!!! Took 14 months, cost 38k.", "I just got our CE mark!!! Took 14 months, cost 38k."),
        ("终于，我们拿到了！种子轮两百万，找了四十家投资人", "终于，我们拿到了！种子轮两百万，找了四十家投资人"),
        # A face stands for a stop.
        ("We launched our app 🚀 notes inside", "We launched our app – notes inside"),
        ("我们的新版本上线了🚀欢迎试用", "我们的新版本上线了，欢迎试用"),
    ],
)
def test_anything_else_is_told_by_its_first_sentence_that_says_something(text: str, title: str | None) -> None:
    assert title_of(text) == title


@pytest.mark.parametrize(
    ("answer", "gist"),
    [
        (
            "Congrats! Flip only after the term sheet, it took us 3–4 weeks and about €8k. What do you think?",
            "Flip only after the term sheet, it took us 3–4 weeks and about €8k.",
        ),
        ("拿到 TS 再翻，三四周，约 8 千欧。别急。", "拿到 TS 再翻，三四周，约 8 千欧。别急。"),
        # To ask back, or to agree, is no answer to be quoted.
        ("Which bank do you mean?", None),
        ("+1", None),
        # What leans on something else is none either, unless it is long enough to be understood.
        ("That was our bridge.", None),
        (
            "That took us nine months and the second patent lawyer we asked",
            "That took us nine months and the second patent lawyer we asked",
        ),
        # The end of a thought brings its beginning, if there is room.
        (
            "Charge something small for it. The number becomes honest.",
            "Charge something small for it. The number becomes honest.",
        ),
        # Kind words are no gist.
        ("Very kind.", None),
        ("Same experience here as Jo", None),
        ("I missed it.", None),
        ("太好了太好了", None),
        ("Kofi, sounds like a fun project.", None),
        (
            "Looks great! We moved the button up and got 12 percent more",
            "We moved the button up and got 12 percent more",
        ),
        ("The list of what you'd skip is gold, thank you for writing it", None),
        ("是不是正好赶上续费？我们就是", None),
        ("Ours took 9 weeks", "Ours took 9 weeks"),
    ],
)
def test_an_answer_is_told_by_its_sentence_that_says_most(answer: str, gist: str | None) -> None:
    assert gist_of(answer, "Delaware flip for a US fund?") == gist


def test_a_long_line_ends_where_a_part_or_a_word_does() -> None:
    assert shorten("one two three", 13) == "one two three"
    assert shorten("first part of it, second part of it", 24) == "first part of it…"
    assert shorten("onewordonly twowordsnow three", 24) == "onewordonly twowordsnow…"
    assert shorten("字" * 60, 20) == "字" * 9 + "…"


@given(st.text(max_size=400), st.booleans())
def test_whatever_is_written_a_title_fits_and_is_of_its_own_words(text: str, is_question: bool) -> None:
    title, gist = title_of(text, is_question=is_question), gist_of(text)

    assert title is None or 0 < width(title) <= TITLE_WIDTH + SLACK
    assert gist is None or 0 < width(gist) <= GIST_WIDTH
    assert all(one.strip() == one and one for one in sentences(text))


@pytest.mark.parametrize(
    ("gist", "news", "adds"),
    [
        ("The enclosure warps above sixty degrees", "First enclosures came back, the enclosure looks good", True),
        ("Ours took 9 weeks", "We closed our seed round", True),
        ("Sounds like a fun project", "I build a scheduling assistant", False),
        ("模具要再修一次", "第一批外壳从模具厂回来了", True),
        ("太厉害了吧", "第一批外壳从模具厂回来了", False),
    ],
)
def test_under_news_only_what_speaks_of_it_is_quoted(gist: str, news: str, adds: bool) -> None:
    assert adds_to(gist, news) is adds


@pytest.mark.parametrize(
    ("title", "other", "alike"),
    [
        (
            "Who can recommend a workshop that solders fifty PCB prototypes?",
            "Who can recommend a workshop that solders twenty PCB prototypes?",
            True,
        ),
        ("投资条款里有两倍优先清算，正常吗？", "投资条款里有完全棘轮反稀释，正常吗？", False),
        # The frame of a question is not what it asks for.
        ("Does anyone know a good customs broker here?", "Does anyone know a good patent lawyer here?", False),
        ("Which bank?", "which bank?", True),
    ],
)
def test_a_question_asked_again_is_known_by_most_of_its_words(title: str, other: str, alike: bool) -> None:
    assert are_alike(title, other) is alike


def test_a_line_for_another_day_has_no_today_in_it() -> None:
    assert without_day("We closed our round this morning! Nine weeks") == "We closed our round! Nine weeks"
    assert without_day("我们种子轮今天到账了") == "我们种子轮到账了"
    assert without_day("Today") == "Today"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "We still have about 120 spare ESP32 development boards left over from our last production batch in Leipzig, sealed. "
            "Free for anybody building prototypes.",
            "We still have about 120 spare ESP32 development boards left over from our last… Free.",
        ),
        (
            "We have space for ten pallets in our Rotterdam warehouse, dry and heated, with a forklift on site, until the end of "
            "March. At cost for people here.",
            "We have space for ten pallets in our Rotterdam warehouse… At cost for people here.",
        ),
        (
            "我们上一批还剩下差不多一百二十块没开封的ESP32开发板，都放在深圳南山的办公室里，放着也是浪费。免费给做样机的朋友，自取。",
            "我们上一批还剩下差不多一百二十块没开封的ESP32开发板…免费给做样机的朋友，自取。",
        ),
        # What fits stands whole; free beer is no price of a round.
        ("60 spare displays left over. Free for anybody.", "60 spare displays left over. Free for anybody."),
        ("We closed our round! Free beer tonight at ours", "We closed our round! Free beer tonight at ours"),
    ],
)
def test_what_it_costs_stays_in_the_title_of_an_offer(text: str, title: str) -> None:
    assert title_of(text) == title
