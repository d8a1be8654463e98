"""Where what somebody offers is to be had, and what was asked before in nearly the same words: looked up for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations.conversations import Conversation, describe_threads
from models.domain.digests.items import Earlier, Gist, ThreadFacts
from models.domain.events import reach
from models.reading.gists import ALIKE, gist_of, telling_words
from models.reading.in_person import is_had_in_person, zones_named
from models.reading.scripts import scripts_of
from models.reading.text_kinds import TextKind, kind
from models.tables.community import Community
from models.tables.member import Member

if TYPE_CHECKING:  # it loads numpy, which the process that answers members does without
    from models.domain.serving.training import Material


async def with_zones(
    session: AsyncSession, community: Community, threads: Mapping[int, ThreadFacts], *, now: datetime
) -> dict[int, ThreadFacts]:
    """Things and rooms with the zones of the place they name, else those where who offers them can be."""
    texts = {key: one.talk.head.text or "" for key, one in threads.items() if not one.talk.is_question}
    offered = {key: text for key, text in texts.items() if is_had_in_person(text)}
    author_ids = {threads[key].author_id for key in offered}
    authors = list(await session.scalars(select(Member).where(is_one_of(Member.id, author_ids)))) if author_ids else []
    zones = await reach.zones_of(session, authors, community, now=now) if authors else {}
    placed = {
        key: replace(threads[key], zones=zones_named(text) or zones[threads[key].author_id])
        for key, text in offered.items()
    }
    return {**threads, **placed}


def with_earlier(threads: Mapping[int, ThreadFacts], learnt: Material) -> dict[int, ThreadFacts]:
    """Questions with the threads in which nearly the same was asked before."""
    questions = _questions(learnt)
    by_word: defaultdict[str, set[int]] = defaultdict(set)
    for place, (_, _, words) in enumerate(questions):
        for word in words:
            by_word[word].add(place)
    return {key: replace(one, asked_before=_alike(one, questions, by_word)) for key, one in threads.items()}


async def with_earlier_answers(
    session: AsyncSession, threads: Mapping[int, ThreadFacts], learners: Collection[int], names: Mapping[int, str]
) -> dict[int, ThreadFacts]:
    """Open questions with the best answer that the same one got before in their chat, where somebody surely liked it."""
    opened = {key: one for key, one in threads.items() if one.talk.is_open and one.asked_before}
    earlier_ids = set().union(*(one.asked_before for one in opened.values())) if opened else set()
    talks = await describe_threads(session, earlier_ids, learners, looks_around=False) if earlier_ids else {}
    answered = {key: replace(one, earlier=_best_earlier(one, talks, names)) for key, one in opened.items()}
    return {**threads, **answered}


def _best_earlier(one: ThreadFacts, talks: Mapping[int, Conversation], names: Mapping[int, str]) -> Earlier | None:
    """The latest; in a language of the question's, as far as letters tell."""
    question = one.talk.head.text or ""
    for talk in sorted(
        (talks[i] for i in one.asked_before if i in talks), key=lambda talk: talk.asked_at, reverse=True
    ):
        best = talk.best_answer
        if best is None or not (best.is_thanked or best.agreeing) or talk.chat_id != one.talk.chat_id:
            continue
        text = gist_of(best.words.text or "", talk.head.text or "")
        if text and best.words.member_id in names and scripts_of(text) == scripts_of(question):
            return Earlier(talk, Gist(text, best.words.member_id, names[best.words.member_id]))
    return None


def _alike(
    one: ThreadFacts, questions: list[tuple[int, float, set[str]]], by_word: Mapping[str, set[int]]
) -> frozenset[int]:
    if not one.talk.is_question:
        return frozenset()
    words, at = telling_words(one.talk.head.text or ""), one.talk.asked_at.timestamp()
    places = set().union(*(by_word.get(word, set()) for word in words))
    earlier = (questions[place] for place in places)
    return frozenset(
        thread_id
        for thread_id, asked_at, others in earlier
        if thread_id != one.id and asked_at < at and len(words & others) > ALIKE * len(words | others)
    )


def _questions(learnt: Material) -> list[tuple[int, float, set[str]]]:
    """Thread, instant and words of every question that began one."""
    messages = learnt.log.messages
    rows = zip(learnt.thread_id.tolist(), messages.at.tolist(), messages.text, messages.reply_to.tolist(), strict=True)
    return [
        (thread_id, at, telling_words(text))
        for thread_id, at, text, parent in rows
        if thread_id >= 0 and parent < 0 and kind(text) is TextKind.QUESTION
    ]
