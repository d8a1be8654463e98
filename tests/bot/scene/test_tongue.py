from __future__ import annotations

import pytest

from bot.scene.tongue import language_of_answer
from bot.texts.languages import LANGUAGES, Language
from models.tables.member import Member


def member(*, language: str | None = None, client: str | None = None) -> Member:
    return Member(name="Mia", language=language, client_language=client)


@pytest.mark.parametrize(
    ("reader", "words", "language"),
    [
        (member(client="en"), "/event 周五25点 读书会", "zh"),  # what they wrote in
        (member(), "/rsvp 去", "zh"),  # one word of it
        (member(), "/event@klatch_bot 周五25点 Demo night", "zh"),  # with an English name in it
        (member(language="en"), "/event 周五25点 读书会", "en"),  # what they chose is surer
        (member(language="zh"), "/event Demo night Fri 25:00", "zh"),  # the same the other way round
        (member(), "/event Demo night Fri 25:00", "en"),  # Latin letters, and nothing else is known
        (member(client="eo"), "/event Demo night Fri 25:00", "en"),  # a client that speaks none of ours
        (member(client="zh-hans"), "/settings Lisbon", None),  # a name says little of who speaks Chinese
        (member(), "/stop", None),  # no words
        (member(), "/rsvp +1", None),  # figures
        (None, "/event 周五25点 读书会", "zh"),  # an admin who speaks as the group
    ],
)
def test_one_person_is_answered_in_the_language_they_chose_or_wrote_in(
    reader: Member | None, words: str, language: str | None
) -> None:
    assert language_of_answer(reader, words) == language


@pytest.mark.parametrize(
    ("reader", "words", "language"),
    [
        (member(), "/event Demo night Fri 25:00", "en"),  # letters that several have tell nothing
        (member(client="de-at"), "/event Demoabend Fr 25:00", "de"),  # but with the client they do
        (member(client="de"), "/event 周五25点 读书会", "zh"),  # a writing that one alone has
        (None, "/event Demo night Fri 25:00", "en"),
    ],
)
def test_languages_that_share_their_letters_are_told_apart_by_the_client(
    monkeypatch: pytest.MonkeyPatch, reader: Member | None, words: str, language: str
) -> None:
    monkeypatch.setitem(LANGUAGES, "de", Language("de", "de"))

    assert language_of_answer(reader, words) == language
