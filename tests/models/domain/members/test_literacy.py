from __future__ import annotations

import pytest

from models.domain.members.literacy import LanguageCounts, Literacy


def written(*messages: tuple[str, str | None]) -> LanguageCounts:
    all_of_it = LanguageCounts()
    for text, language in messages:
        all_of_it.add(text, language)
    return all_of_it


def test_who_writes_in_a_language_reads_it_and_that_of_their_client_and_group() -> None:
    found = written(*[("Kennt ihr wen?", "de")] * 3, ("hello there", "en")).literacy("fr-CA", "en")

    assert found == Literacy(frozenset({"other"}), frozenset({"de", "fr", "en"}))


def test_from_a_language_that_they_removed_nothing_is_concluded() -> None:
    counts = written(*[("Kennt ihr wen?", "de")] * 3, *[("有推荐的银行吗", None)] * 3)

    assert counts.literacy("en", "en", unread={"de"}) == Literacy(frozenset({"other", "han"}), frozenset({"en"}))
    assert counts.literacy("zh", "zh", unread={"de"}) == Literacy(frozenset({"han"}), frozenset())
    # What they chose themselves stands.
    assert counts.literacy("de", "de", unread={"de", "zh"}) == Literacy(frozenset({"other"}), frozenset({"de"}))


def test_a_copied_name_is_no_reading() -> None:
    found = written(*[("Who is in?", "en")] * 9, ("《创始人法律答疑》", None)).literacy("en", "en")

    assert found.scripts == {"other"}


def test_chinese_has_no_language_in_latin_letters() -> None:
    found = written().literacy("zh-hans", "zh")

    assert found == Literacy(frozenset({"han"}), frozenset())


@pytest.mark.parametrize(
    ("text", "language", "can_read"),
    [
        ("Which bank?", "en", True),
        ("Welche Bank?", "de", False),
        # In doubt nobody is kept from what may be theirs.
        ("PCB Antenna Test", None, True),
        ("有推荐的银行吗", None, False),
        ("👍 42", None, True),
    ],
)
def test_what_is_written_for_whom(text: str, language: str | None, can_read: bool) -> None:
    assert Literacy(frozenset({"other"}), frozenset({"en"})).can_read(text, language) is can_read


def test_where_nothing_is_known_of_languages_any_will_do() -> None:
    assert Literacy(frozenset({"other"})).can_read("Welche Bank?", "de")


def test_nobody_reads_a_script_for_being_in_a_group_that_does() -> None:
    assert written().literacy("zh-hans", "en").scripts == {"han"}
    assert written().literacy("en", "zh").scripts == {"other"}
