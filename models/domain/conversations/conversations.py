"""Threads as they may be told: the one door that digests, reports and rescued questions come through. Loads no numpy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.database import is_one_of
from models.domain.conversations.description import Answer, Conversation, Row, Said, describe
from models.domain.members.own_words import COLUMNS, own_words
from models.tables.message import Message, Reaction, Sender, Tie

__all__ = ["Answer", "Conversation", "Said", "describe_threads"]

# Somebody whose words we may not read spoke so soon after a question: it may be its answer, linked to it or not.
MAYBE_AN_ANSWER = timedelta(minutes=10)
# Only what was said so soon after a question can have been woven to it by closeness.
PERHAPS_AN_ANSWER = timedelta(days=1)
# What is said so soon after somebody else may be about what they said.
MAY_LEAN_ON = timedelta(minutes=30)
# Questions whose moment is named in one statement.
CHUNK = 200


async def describe_threads(
    session: AsyncSession, thread_ids: Iterable[int], learners: Collection[int]
) -> dict[int, Conversation]:
    """The conversations of these threads, by thread id; `learners` are those of the community.

    A thread is left out when nobody may be told of it: its head is deleted, is by somebody who is no learner, or answers
    something that we do not know; or it is nothing but courtesies.
    """
    wanted_ids, learner_ids = sorted(set(thread_ids)), frozenset(learners)
    rows = await _rows(session, wanted_ids, learner_ids)
    reactions = await _reactions(session, wanted_ids)
    conversations = [describe(of_thread, reactions, learner_ids) for of_thread in rows.values()]
    by_thread = {one.thread_id: one for one in conversations if one is not None}
    questions = [one for one in by_thread.values() if one.is_open]
    doubtful = await _overheard(session, questions) | await _guess_answered(session, questions)
    following = await _following(session, by_thread.values())
    return {
        key: replace(one, may_be_answered=one.may_be_answered or key in doubtful, follows=key in following)
        for key, one in by_thread.items()
    }


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


async def _overheard(session: AsyncSession, questions: Sequence[Conversation]) -> set[int]:
    """Threads of the questions right after which somebody spoke who is in no thread: we do not know what they said to whom."""
    answered_ids: set[int] = set()
    for start in range(0, len(questions), CHUNK):
        page = questions[start : start + CHUNK]
        nearby: list[Any] = [
            and_(
                Message.chat_id == one.chat_id,
                Message.sent_at >= one.asked_at,
                Message.sent_at <= one.asked_at + MAYBE_AN_ANSWER,
                Message.telegram_thread_id.is_not_distinct_from(one.topic_id),
                Message.member_id != one.author_id,
            )
            for one in page
        ]
        loose = select(Message.chat_id, Message.telegram_thread_id, Message.sent_at).where(
            or_(*nearby), Message.thread_id.is_(None), Message.tie.is_(None), Message.sender == Sender.MEMBER
        )
        for chat_id, topic_id, sent_at in await session.execute(loose.where(~Message.kind.startswith("service:"))):
            answered_ids |= {
                one.thread_id
                for one in page
                if (one.chat_id, one.topic_id) == (chat_id, topic_id)
                and one.asked_at <= sent_at <= one.asked_at + MAYBE_AN_ANSWER
            }
    return answered_ids


async def _guess_answered(session: AsyncSession, questions: Sequence[Conversation]) -> set[int]:
    """Threads of the questions that somebody else perhaps answered, in a thread of their own."""
    thread_ids: set[int] = set()
    for start in range(0, len(questions), CHUNK):
        of_head = {one.head.message_id: one for one in questions[start : start + CHUNK]}
        nearby = [
            and_(
                Message.chat_id == one.chat_id,
                Message.sent_at >= one.asked_at,
                Message.sent_at <= one.asked_at + PERHAPS_AN_ANSWER,
                Message.answers_id == one.head.message_id,
                Message.member_id != one.author_id,
            )
            for one in of_head.values()
        ]
        guesses = select(Message.answers_id).where(
            or_(*nearby), Message.tie == Tie.PROBABLE, Message.deleted_at.is_(None)
        )
        thread_ids |= {of_head[head].thread_id for head in await session.scalars(guesses) if head is not None}
    return thread_ids


async def _following(session: AsyncSession, talks: Iterable[Conversation]) -> set[int]:
    """Threads before whose head somebody else had just spoken in the same place."""
    head, earlier = aliased(Message), aliased(Message)
    last = (
        select(earlier.sent_at)
        .where(earlier.chat_id == head.chat_id, earlier.sent_at <= head.sent_at, earlier.id != head.id)
        .where(earlier.telegram_thread_id.is_not_distinct_from(head.telegram_thread_id))
        .where(earlier.sender == Sender.MEMBER, earlier.member_id.is_distinct_from(head.member_id))
        .order_by(earlier.sent_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(head.thread_id, head.sent_at, last).where(is_one_of(head.id, [one.head.message_id for one in talks]))
    rows: list[Any] = [*await session.execute(query)]
    return {thread_id for thread_id, at, before in rows if before is not None and at - before <= MAY_LEAN_ON}
