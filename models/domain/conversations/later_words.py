"""What was said in plain later and may answer a question: by what it is about, where nothing links it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations.description import Conversation
from models.domain.members.own_words import COLUMNS, own_words, written_by
from models.reading.fields import fields_of
from models.reading.gists import telling_words
from models.reading.references import refers_back
from models.reading.text_kinds import TextKind, announces, is_command, is_offer, kind
from models.tables.message import Message, Tie

# Somebody has what was asked for and says so days later: "I can introduce you to our freight forwarder".
OFFERS_WITHIN = timedelta(days=7)
# A remark of the same field, or with a rare word in common.
REMARKS_WITHIN = timedelta(days=3)
# A remark of no field at all, which begins nothing for sure.
STRAY_WITHIN = timedelta(hours=2)
# "Does the handbook count?"
ASKS_BACK_WITHIN = timedelta(hours=1)
# Longer English words are of few subjects; a Chinese pair of characters is one word.
FEWEST_LETTERS = 7
# Where so much was said since, nobody looks through all of it: then it is not known.
MOST_READ = 5_000


async def may_answer(
    session: AsyncSession, questions: Sequence[Conversation], learners: Collection[int]
) -> tuple[set[int], dict[int, frozenset[int]]]:
    """Threads of the questions that something said later in the same place may answer; and who said what is of its field.

    Only learners' words are read; whoever else spoke is what surroundings.overheard() is for.
    """
    if not questions:
        return set(), {}
    rows = await _said_since(session, questions, learners)
    words = await own_words(session, rows, learners)
    thread_ids = {one.thread_id for one in questions if len(rows) == MOST_READ and one.asked_at < rows[-1].sent_at}
    helpers: defaultdict[int, set[int]] = defaultdict(set)
    for one in questions:
        for row in rows:
            text = words.get(row.id)
            if text is None or not _is_after(row, one):
                continue
            if _is_about_it(text, row, one):
                helpers[one.thread_id].add(row.member_id)
            elif not _is_stray(text, row, one):
                continue
            thread_ids.add(one.thread_id)
    return thread_ids, {thread_id: frozenset(members) for thread_id, members in helpers.items()}


async def _said_since(
    session: AsyncSession, questions: Sequence[Conversation], learners: Collection[int]
) -> Sequence[Any]:
    """What learners said without a reply link in the chats of these questions, the newest first."""
    query = (
        select(Message.id, Message.chat_id, Message.telegram_thread_id, Message.member_id, Message.sent_at, Message.tie)
        .add_columns(*COLUMNS)
        .where(is_one_of(Message.chat_id, {one.chat_id for one in questions}), written_by(learners))
        .where(Message.sent_at > min(one.asked_at for one in questions), Message.reply_to_telegram_id.is_(None))
        .where(Message.sent_at <= max(one.asked_at for one in questions) + OFFERS_WITHIN, Message.text.is_not(None))
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(MOST_READ)
    )
    return (await session.execute(query)).all()


def _is_after(row: Any, question: Conversation) -> bool:
    """Whether somebody else said it after the question, in its place and soon enough for anything."""
    is_there = (row.chat_id, row.telegram_thread_id) == (question.chat_id, question.topic_id)
    is_then = question.asked_at < row.sent_at <= question.asked_at + OFFERS_WITHIN
    is_counted = any(one.words.message_id == row.id for one in question.answers)
    return is_there and is_then and row.member_id != question.author_id and not is_counted


def _is_about_it(text: str, row: Any, question: Conversation) -> bool:
    """Whether it offers something of the question's field, remarks upon it, or says one of its rare words."""
    asked, after = question.head.text or "", row.sent_at - question.asked_at
    has_offer, is_remark = is_offer(text), _is_remark(text)
    if not (has_offer or is_remark):
        return False
    is_same_field = bool(fields_of(text) & fields_of(asked))
    if after > REMARKS_WITHIN:
        return is_same_field and has_offer
    return is_same_field or bool(_rare(text) & _rare(asked))


def _is_stray(text: str, row: Any, question: Conversation) -> bool:
    """Whether it is of no field, soon after, and may go on with what was asked."""
    after = row.sent_at - question.asked_at
    if kind(text) is TextKind.QUESTION:
        return after <= ASKS_BACK_WITHIN and refers_back(text)
    return after <= STRAY_WITHIN and row.tie == Tie.PROBABLE and _is_remark(text) and not fields_of(text)


def _is_remark(text: str) -> bool:
    """Plain talk: no command, no news of one's own, nothing with a link to read."""
    return kind(text) is TextKind.CHATTER and not is_command(text) and "://" not in text and not announces(text)


def _rare(text: str) -> set[str]:
    return {word for word in telling_words(text) if len(word) >= FEWEST_LETTERS or not word.isascii()}
