"""MarkdownV2, checked by hand and against another library that writes it."""

from typing import Any

import pytest
from aiogram.types import MessageEntity
from aiogram.utils.text_decorations import markdown_decoration
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.server import ApiError
from bot.playground.server.entities import utf16_length, utf16_slice
from bot.playground.server.markdown import parse_markdown

# Each row: what it shows, the source, the text, and its entities as (type, covered text).
SOURCES: list[tuple[str, str, str, list[tuple[str, str]]]] = [
    ("plain", "Hello", "Hello", []),
    ("bold and italic", "*a* _b_", "a b", [("bold", "a"), ("italic", "b")]),
    ("underlined and struck", "__c__ ~d~", "c d", [("underline", "c"), ("strikethrough", "d")]),
    ("hidden and code", "||e|| `f`", "e f", [("spoiler", "e"), ("code", "f")]),
    ("nested", "*a _b_*", "a b", [("bold", "a b"), ("italic", "b")]),
    ("italic inside underlined", "___a_\r__", "a", [("italic", "a"), ("underline", "a")]),
    ("escaped", r"1\.5 \* 2 \= 3\!", "1.5 * 2 = 3!", []),
    ("a link", r"[msg](https://t.me/c/1/2\)x)", "msg", [("text_link", "msg")]),
    ("a mention", "[Mia](tg://user?id=5)", "Mia", [("text_mention", "Mia")]),
    ("code keeps its marks", "`a*b_c`", "a*b_c", [("code", "a*b_c")]),
    ("code with a language", "```py\nprint(1)\n```", "print(1)\n", [("pre", "print(1)\n")]),
    ("code without one", "```\na\n```", "a\n", [("pre", "a\n")]),
    ("code on one line", "```a```", "a", [("pre", "a")]),
    ("a quote of two lines", ">a\n>b\nc", "a\nb\nc", [("blockquote", "a\nb")]),
    ("a quote that expands", "**>a\n>b||\nc", "a\nb\nc", [("expandable_blockquote", "a\nb")]),
    ("a custom emoji", "![👍](tg://emoji?id=77)", "👍", [("custom_emoji", "👍")]),
    ("a moment", "![Fri](tg://time?unix=1&format=wDT)", "Fri", [("date_time", "Fri")]),
    ("after an emoji", "🎉*a*", "🎉a", [("bold", "a")]),
]


@pytest.mark.parametrize(("source", "text", "expected"), [row[1:] for row in SOURCES], ids=[row[0] for row in SOURCES])
def test_markdown(source: str, text: str, expected: list[tuple[str, str]]) -> None:
    plain, entities = parse_markdown(source)

    covered = [(one["type"], utf16_slice(plain, one["offset"], one["length"])) for one in entities]
    assert plain == text
    assert covered == expected


# Each row: what is wrong, the source, and Telegram's words for it.
WRONG = [
    ("a full stop", "Hello.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
    ("a dash", "7-9", "Character '-' is reserved"),
    ("a quote in the middle", "a >b", "Character '>' is reserved"),
    ("a mark left open", "ä*a", "Can't find end of Bold entity at byte offset 2"),
    ("a mark left open in a quote", ">*a\nb", "Can't find end of Bold entity"),
    ("a link left open", "[a](https://t.me", "Can't find end of a URL at byte offset 3"),
    ("an emoji without its id", "![a](https://t.me)", "Custom emoji entity must contain a tg://emoji URL"),
    ("a single bar", "a|b", "Character '|' is reserved"),
]


@pytest.mark.parametrize(("source", "words"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_markdown_that_is_refused(source: str, words: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_markdown(source)

    assert caught.value.description.startswith(f"Bad Request: can't parse entities: {words}")


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """A text and entities that lie within one another or apart."""
    text = draw(st.text(alphabet="ab .-_*[]()~`>#+=|{}!\\🎉中", min_size=1, max_size=20)).strip() or "a"
    kinds = st.sampled_from(["bold", "underline", "strikethrough", "spoiler"])
    outer = draw(st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text)), kinds))
    start, end = outer[0], min(outer[0] + outer[1], len(text))
    spans = [(start, end, outer[2])]
    if end - start > 2:
        spans.append((start + 1, end - 1, draw(st.sampled_from(["italic", "code"]))))
    entities = [
        {"type": kind, "offset": utf16_length(text[:first]), "length": utf16_length(text[first:last])}
        for first, last, kind in spans
    ]
    return text, entities


@given(marked_texts())
def test_what_another_library_writes_is_read_as_it_was_meant(given_text: tuple[str, list[dict[str, Any]]]) -> None:
    text, entities = given_text

    source = markdown_decoration.unparse(text, [MessageEntity(**entity) for entity in entities])

    assert parse_markdown(source) == (text, entities)


@given(st.text(alphabet="_*[]()~`>|!\\ab\n🎉", max_size=30))
def test_markdown_is_parsed_or_refused_but_never_breaks(source: str) -> None:
    try:
        text, entities = parse_markdown(source)
    except ApiError as error:
        text, entities = "", [{"offset": 0, "length": 0}] if "can't parse entities" in error.description else [{}]

    assert all(one["offset"] >= 0 and one["offset"] + one["length"] <= utf16_length(text) for one in entities)
