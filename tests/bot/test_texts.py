"""Sentences: which form a count chooses, what becomes of a member's own words, what a missing language falls back to."""

from __future__ import annotations

from typing import Any

import pytest

from bot.texts.languages import LANGUAGES, Language, language_spoken
from bot.texts.render import Texts, fill, own_lines
from tests.stage import voice

TEXTS = Texts(
    {
        "en": {"met": {"one": "once", "=2": "twice", "other": "{n} times"}, "seats": {"one": "a", "other": "{n} s"}},
        "zh": {"met": "{n} 次"},
    }
)


@pytest.mark.parametrize(
    ("language", "key", "n", "said"),
    [
        ("en", "met", 1, "once"),
        ("en", "met", 2, "twice"),
        ("en", "met", 3, "3 times"),
        # Where two is not told apart, it is like any other count.
        ("en", "seats", 2, "2 s"),
        ("en", "met", 0, "0 times"),
        ("zh", "met", 2, "2 次"),
        # A sentence that is not translated is said in English.
        ("zh", "seats", 1, "a"),
    ],
)
def test_a_count_chooses_its_form(language: str, key: str, n: int, said: str) -> None:
    assert TEXTS.say(language, key, n=n) == said


def test_a_members_own_lines_stay_lines_and_become_no_markup() -> None:
    said = own_lines("Be kind.\n<b>No\u202e ads\n" + "x" * 20, longest=12)

    assert said == "Be kind.\n&lt;b&gt;No ads\n" + "x" * 11 + "…"


def test_the_forms_of_a_sentence_are_one_key() -> None:
    assert TEXTS.keys("en") == {"met", "seats"}


@pytest.mark.parametrize(
    ("language", "parts", "said"),
    [
        ("en", ["Ana", "Bo", "Cy"], "Ana, Bo and Cy"),
        ("en", ["Ana", "3 more"], "Ana and 3 more"),
        ("zh", ["Ana", "Bo", "Cy"], "Ana、Bo和Cy"),
        ("zh", ["Ana"], "Ana"),
        ("en", [], ""),
    ],
)
def test_several_things_are_told_as_the_language_does(language: str, parts: list[str], said: str) -> None:
    assert voice(language).together(parts) == said


@pytest.mark.parametrize(
    ("client", "language"),
    [("en", "en"), ("zh-hans", "zh"), ("zh-Hant", "zh"), ("pt-br", "en"), ("zhx", "en"), ("", "en")],
)
def test_a_client_is_spoken_to_in_its_own_language_where_we_have_it(client: str, language: str) -> None:
    assert language_spoken(client) == language


def test_every_language_is_called_what_its_speakers_call_it() -> None:
    assert [LANGUAGES[code].own_name for code in ("en", "zh")] == ["English", "简体中文"]
    assert Language("de", "de").own_name == "Deutsch"


@pytest.mark.parametrize(
    ("template", "values", "sentence"),
    [
        ("{who} 在找懂{topic}的人", {"who": "陈伟", "topic": "货代"}, "陈伟在找懂货代的人"),
        ("{who}在找懂{topic}的人", {"who": "Ana", "topic": "AI"}, "Ana 在找懂 AI 的人"),
        ("<b>{who}</b>在 {place}", {"who": "Ana", "place": "柏林"}, "<b>Ana</b> 在柏林"),
        # Dates and counts stand as they are written.
        ("{n} 条回答，到{day}", {"n": 2, "day": "2月28日"}, "2 条回答，到2月28日"),
        ("{one} {two}, {{so}}", {"one": "a", "two": "b"}, "a b, {so}"),
    ],
)
def test_between_chinese_and_letters_stands_a_space_and_between_chinese_none(
    template: str, values: dict[str, Any], sentence: str
) -> None:
    assert fill(template, values) == sentence
