"""Does it answer the question? Small situations in English and Chinese, as people meet them in a quiet group."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models.database import Database
from models.domain.conversations import threads
from models.domain.conversations.conversations import Conversation, describe_threads
from models.domain.members.learners import learners
from models.reading.questions import is_question
from models.tables.message import Message
from tests.village import NOW, Village

SITUATIONS = tomllib.loads(Path(__file__).with_name("situations.toml").read_text(encoding="utf-8"))


def _situations() -> Iterator[tuple[str, str, bool]]:
    for groups in SITUATIONS.values():
        for group in groups:
            crossed = [(asked, then) for then in group.get("then", ()) for asked in group["asks"]]
            for asked, then in [*group.get("pairs", ()), *crossed]:
                yield asked, then, bool(group.get("answered"))


CASES = list(_situations())


def test_there_are_enough_of_them_in_both_languages() -> None:
    chinese = [case for case in CASES if any("\u4e00" <= letter <= "\u9fff" for letter in case[0])]

    assert len(CASES) >= 60
    assert len(chinese) * 2 == len(CASES)


@pytest.mark.parametrize("group", ["before", "after"])
async def test_only_what_answers_a_question_closes_it(sqlite: Database, group: str) -> None:
    """Asked on a day when nothing else is said, and again after another's talk an hour before."""
    wrong = []
    for asked, then, is_answered in CASES:
        async with sqlite.transaction() as session:
            village = await Village.found(session)
            told = await _told(village, asked, then, has_talk_before=group == "after")
        head = next((one for one in told if one.head.text == asked), None)
        if head is None or head.is_open == is_answered:
            wrong.append((asked, then, "no thread" if head is None else "open" if head.is_open else "answered"))

    assert wrong == []


async def test_a_question_asked_anew_heads_a_thread_of_its_own(sqlite: Database) -> None:
    wrong = []
    for asked, then, is_answered in CASES:
        _, _, words = then.partition(" ")
        if is_answered or not is_question(words):
            continue
        async with sqlite.transaction() as session:
            told = await _told(await Village.found(session), asked, then)
        if [(one.head.text, one.is_open) for one in told] != [(asked, True), (words, True)]:
            wrong.append((asked, words))

    assert wrong == []


async def _told(village: Village, asked: str, then: str, *, has_talk_before: bool = False) -> list[Conversation]:
    """What is told after somebody asked and, so many minutes later, another wrote."""
    session = village.session
    mia, jo = await village.learner("Mia"), await village.learner("Jo")
    if has_talk_before:
        before = await village.say(jo, "We moved into the new office today", hours_ago=11)
        await village.say(mia, "Great, send photos", hours_ago=10.9, reply_to=before)
    minutes, _, words = then.partition(" ")
    await village.say(mia, asked, hours_ago=10)
    address = mia if words.startswith("@a ") else None
    await village.say(jo, words, hours_ago=10 - int(minutes) / 60, mentions=address)
    await threads.write(session, village.community.id, await threads.plan(session, village.community.id, now=NOW))
    of_ours = select(Message.thread_id).where(Message.chat_id == village.chat.id, Message.thread_id.is_not(None))
    thread_ids = set(await session.scalars(of_ours))
    allowed = await learners(session, village.community.id)
    told = (await describe_threads(session, [one for one in thread_ids if one], allowed)).values()
    return sorted((one for one in told if not has_talk_before or one.is_question), key=lambda one: one.asked_at)
