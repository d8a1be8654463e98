"""Threads as they may be told: the one door that digests, reports and rescued questions come through. Loads no numpy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations import later_words, surroundings
from models.domain.conversations.description import Answer, Conversation, Row, Words
from models.domain.conversations.surroundings import UnlinkedAnswer
from models.domain.conversations.tree import describe, with_answer
from models.domain.members.own_words import COLUMNS, own_words
from models.reading.courtesies import thanks
from models.reading.fields import names_something
from models.reading.scripts import scripts_of
from models.reading.text_kinds import TextKind, announces, kind
from models.tables.message import Message, Reaction

__all__ = ["Answer", "Conversation", "Words", "describe_threads"]


async def describe_threads(
    session: AsyncSession, thread_ids: Iterable[int], learners: Collection[int], *, looks_around: bool = True
) -> dict[int, Conversation]:
    """The conversations of these threads, by thread id; `learners` are those of the community.

    A thread is left out when nobody may be told of it: its head is deleted, is by somebody who is no learner, or answers
    something that we do not know; or it is nothing but courtesies. What may be answered and what leans on others' words is not
    known of those that nobody `looks_around`.
    """
    wanted_ids, learner_ids = sorted(set(thread_ids)), frozenset(learners)
    rows = await _rows(session, wanted_ids, learner_ids)
    reactions = await _reactions(session, wanted_ids)
    conversations = [describe(of_thread, reactions, learner_ids) for of_thread in rows.values()]
    by_thread = {one.thread_id: one for one in conversations if one is not None}
    by_thread = await _with_loose_answers(session, by_thread, learner_ids)
    return await _with_doubts(session, by_thread, learner_ids) if looks_around else by_thread


async def _with_doubts(
    session: AsyncSession, by_thread: Mapping[int, Conversation], learners: frozenset[int]
) -> dict[int, Conversation]:
    """What stands around each: answers that may be missing, and what its head may lean on."""
    questions = [one for one in by_thread.values() if one.is_question]
    doubtful, helpers = await surroundings.guess_answered(session, list(by_thread.values()))
    doubtful |= await surroundings.overheard(session, questions)
    doubtful |= await surroundings.answered_by_strangers(session, questions)
    doubtful |= await surroundings.joined_next(session, [one for one in questions if one.is_open])
    # Of what is settled nobody counts to the last answer.
    waiting = [one for one in questions if one.thread_id not in doubtful and not one.is_settled]
    said_later, later_helpers = await later_words.may_answer(session, waiting, learners)
    doubtful |= said_later
    following = await surroundings.following(session, by_thread.values())
    return {
        key: replace(
            one,
            may_be_answered=one.may_be_answered or key in doubtful,
            perhaps_answered_by=helpers.get(key, frozenset()) | later_helpers.get(key, frozenset()),
            follows=key in following,
        )
        for key, one in by_thread.items()
    }


async def _with_loose_answers(
    session: AsyncSession, by_thread: Mapping[int, Conversation], learners: frozenset[int]
) -> dict[int, Conversation]:
    """Open questions with what answered them without a link; that is no thread by itself."""
    unlinked_answers = await surroundings.unlinked_answers(session, [one for one in by_thread.values() if one.is_open])
    about = {one.message_id for one in unlinked_answers if one.member_id in learners} | {
        one.reply_id for one in unlinked_answers
    }
    texts = await _texts(session, sorted(about), learners)
    answered = dict(by_thread)
    for one in unlinked_answers:
        question = answered.get(one.question_id)
        if question and question.is_open and _answers(one, texts, question.head.text or ""):
            said = Words(one.message_id, one.telegram_message_id, one.member_id, one.sent_at, texts.get(one.message_id))
            answered[one.question_id] = with_answer(answered[one.question_id], said, learners)
            answered.pop(one.thread_id, None)
    return answered


def _answers(one: UnlinkedAnswer, texts: Mapping[int, str], question: str) -> bool:
    """Whether its asker thanked for it, or asked on and it is nothing but an answer: no word about an event either."""
    text, reply = texts.get(one.message_id), texts.get(one.reply_id, "")
    if text is not None and (not kind(text).says_something or thanks(text) or _in_other_script(text, question)):
        return False
    is_plain = text is not None and kind(text) is TextKind.CHATTER and not names_something(text)
    if text is not None and announces(text):
        # "We closed our round! Notes: (link)" begins something; who thanks for it thanks for that.
        return False
    return thanks(reply) or (is_plain and kind(reply) is TextKind.QUESTION)


def _in_other_script(text: str, question: str) -> bool:
    """Nobody answers Chinese in letters, nor the other way round, without a word of the other's."""
    return not scripts_of(text) & scripts_of(question)


_COLUMNS = (
    Message.id, Message.thread_id, Message.chat_id, Message.telegram_thread_id.label("topic_id"), Message.member_id,
    Message.telegram_message_id, Message.sender, Message.sent_at, Message.deleted_at, Message.reply_to_telegram_id,
    Message.tie, Message.answers_id, Message.is_certain,
)  # fmt: skip


async def _rows(session: AsyncSession, thread_ids: Sequence[int], learners: frozenset[int]) -> dict[int, list[Row]]:
    """The messages of these threads in order of time."""
    rows_of: dict[int, list[Row]] = defaultdict(list)
    query = select(*_COLUMNS).where(is_one_of(Message.thread_id, thread_ids)).order_by(Message.sent_at, Message.id)
    rows: list[Any] = [*await session.execute(query)]
    texts = await _texts(session, [row.id for row in rows if row.member_id in learners], learners)
    for row in rows:
        rows_of[row.thread_id].append(Row(**row._asdict(), text=texts.get(row.id)))
    return rows_of


async def _texts(session: AsyncSession, message_ids: Sequence[int], learners: frozenset[int]) -> dict[int, str]:
    """What these messages say; nobody's words but learners' are even read."""
    query = select(Message.id, *COLUMNS).where(is_one_of(Message.id, message_ids), Message.text.is_not(None))
    return await own_words(session, await session.execute(query), learners)


async def _reactions(session: AsyncSession, thread_ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """Who reacted how to which message."""
    reactions_of: dict[int, list[tuple[int, str]]] = defaultdict(list)
    query = (
        select(Reaction.message_id, Reaction.member_id, Reaction.emoji)
        .join(Message, Message.id == Reaction.message_id)
        .where(is_one_of(Message.thread_id, thread_ids))
    )
    for message_id, member_id, emoji in await session.execute(query):
        reactions_of[message_id].append((member_id, emoji))
    return reactions_of
