"""What stands around a thread and may belong to it: an answer without a reply link, words that we may not read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.database import is_one_of
from models.domain.conversations.description import Conversation
from models.tables.message import Message, Sender, Tie

# Somebody whose words we may not read spoke so soon after a question: it may be its answer, linked to it or not.
MAYBE_AN_ANSWER = timedelta(hours=1)
# Only what was said so soon after a question can have been woven to it by closeness.
PERHAPS_AN_ANSWER = timedelta(days=1)
# What begins nothing for sure, and is close to nothing else, may answer any question of so short a while.
MAYBE_WITHIN = timedelta(hours=1)
# Who said something so soon after a question, whatever it goes on with, may have answered it: nobody asks them to help.
MAY_HAVE_HELPED = timedelta(hours=3)
# What is said so soon after somebody else may be about what they said.
MAY_LEAN_ON = timedelta(minutes=30)


class UnlinkedAnswer(NamedTuple):
    """A message without a reply link that the asker of a question answered by a reply (`reply_id`).

    `thread_id` is the one it stands in, `question_id` that of the question.
    """

    question_id: int
    message_id: int
    thread_id: int
    telegram_message_id: int
    member_id: int
    sent_at: datetime
    reply_id: int


async def unlinked_answers(session: AsyncSession, questions: Sequence[Conversation]) -> list[UnlinkedAnswer]:
    """What others said after these questions, before their askers began anything else, and the askers replied to."""
    of_head = {one.head.message_id: one for one in questions}
    if not of_head:
        return []
    said, reply, opening = aliased(Message), aliased(Message), aliased(Message)
    opened = (
        select(opening.id)
        .where(opening.member_id == reply.member_id, opening.chat_id == reply.chat_id, opening.sent_at < said.sent_at)
        .where(opening.tie.in_((Tie.HEAD, Tie.PROBABLE)))
        .order_by(opening.sent_at.desc(), opening.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    about = (said.id, said.thread_id, said.telegram_message_id, said.member_id, said.sent_at, reply.id)
    query = (
        select(opened, *about)
        .join(reply, reply.answers_id == said.id)
        .where(reply.tie == Tie.REPLY, is_one_of(reply.member_id, {one.author_id for one in questions}))
        .where(is_one_of(reply.chat_id, {one.chat_id for one in questions}), reply.deleted_at.is_(None))
        .where(reply.sent_at >= min(one.asked_at for one in questions))
        .where(said.tie.in_((Tie.HEAD, Tie.PROBABLE)), said.reply_to_telegram_id.is_(None), said.deleted_at.is_(None))
        .where(said.member_id.is_not(None), said.member_id != reply.member_id)
        .order_by(said.sent_at, said.id)
    )
    taken: list[UnlinkedAnswer] = []
    rows: list[Any] = [*await session.execute(query)]
    for opened_id, *values in rows:
        question = of_head.get(opened_id)
        if question and values[4] <= question.asked_at + PERHAPS_AN_ANSWER:
            taken.append(UnlinkedAnswer._make((question.thread_id, *values)))
    return taken


async def overheard(session: AsyncSession, questions: Sequence[Conversation]) -> set[int]:
    """Threads of the questions right after which somebody spoke who is in no thread: we do not know what they said to whom."""
    if not questions:
        return set()
    asked = _QuestionsInPlaces(questions)
    loose = _said_after(questions, MAYBE_AN_ANSWER).where(
        Message.thread_id.is_(None), Message.tie.is_(None), Message.sender == Sender.MEMBER
    )
    rows: list[Any] = [*await session.execute(loose.where(~Message.kind.startswith("service:")))]
    return {
        one.thread_id
        for row in rows
        for one in asked.shortly_before(row, MAYBE_AN_ANSWER)
        if row.member_id != one.author_id
    }


async def guess_answered(
    session: AsyncSession, talks: Sequence[Conversation]
) -> tuple[set[int], dict[int, frozenset[int]]]:
    """Threads of questions that somebody else perhaps answered, in a thread of their own; and who may have answered what."""
    if not talks:
        return set(), {}
    asked = _QuestionsInPlaces(talks)
    known = {answer.words.message_id for one in talks for answer in one.answers}
    loose = _said_after(talks, PERHAPS_AN_ANSWER).where(Message.tie == Tie.PROBABLE, Message.deleted_at.is_(None))
    thread_ids: set[int] = set()
    helpers: defaultdict[int, set[int]] = defaultdict(set)
    for row in await session.execute(loose):
        for one in asked.shortly_before(row, PERHAPS_AN_ANSWER):
            if row.member_id == one.author_id:
                continue
            after, is_meant = row.sent_at - one.asked_at, row.answers_id == one.head.message_id
            if row.id not in known and (is_meant or (row.answers_id is None and after <= MAYBE_WITHIN)):
                thread_ids.add(one.thread_id)
            if is_meant or (one.is_question and after <= MAY_HAVE_HELPED):
                helpers[one.thread_id].add(row.member_id)
    return thread_ids, {thread_id: frozenset(members) for thread_id, members in helpers.items()}


_SAID = select(
    Message.id, Message.answers_id, Message.member_id, Message.sent_at, Message.chat_id, Message.telegram_thread_id
).where(Message.member_id.is_not(None))


def _said_after(questions: Sequence[Conversation], within: timedelta) -> Any:
    """What was said where these were asked, from the first of them until so long after the last."""
    instants = [one.asked_at for one in questions]
    here = is_one_of(Message.chat_id, {one.chat_id for one in questions})
    return _SAID.where(here, Message.sent_at >= min(instants), Message.sent_at <= max(instants) + within)


class _QuestionsInPlaces:
    """Questions by the place they stand in, in order of time."""

    def __init__(self, questions: Sequence[Conversation]) -> None:
        self._here: defaultdict[tuple[int, int | None], list[Conversation]] = defaultdict(list)
        for one in sorted(questions, key=lambda one: one.asked_at):
            self._here[one.chat_id, one.topic_id].append(one)

    def shortly_before(self, row: Any, within: timedelta) -> Sequence[Conversation]:
        """Those asked where this was said, and no longer before it."""
        here = self._here.get((row.chat_id, row.telegram_thread_id), ())
        first = bisect_left(here, row.sent_at - within, key=_asked_at)
        return here[first : bisect_right(here, row.sent_at, key=_asked_at)]


def _asked_at(question: Conversation) -> datetime:
    return question.asked_at


def _follows(question: Conversation, place: Sequence[int | None], at: datetime, within: timedelta) -> bool:
    """Whether what was said at that time in that place (chat and topic) was said so soon after this question."""
    is_there = [question.chat_id, question.topic_id] == list(place)
    return is_there and question.asked_at <= at <= question.asked_at + within


async def answered_by_strangers(session: AsyncSession, questions: Sequence[Conversation]) -> set[int]:
    """Threads of the questions whose askers replied, soon after, to somebody of whom we know nothing."""
    of_author: defaultdict[tuple[int, int | None], list[Conversation]] = defaultdict(list)
    for one in questions:
        of_author[one.chat_id, one.author_id].append(one)
    if not questions:
        return set()
    query = (
        select(Message.chat_id, Message.member_id, Message.reply_to_telegram_id, Message.sent_at)
        .where(is_one_of(Message.member_id, {one.author_id for one in questions}))
        .where(Message.sent_at >= min(one.asked_at for one in questions), Message.deleted_at.is_(None))
        .where(Message.reply_to_telegram_id.is_not(None), Message.reply_to_member_id.is_(None))
    )
    rows: list[Any] = [*await session.execute(query)]
    return {
        one.thread_id
        for chat_id, member_id, replied_to, sent_at in rows
        for one in of_author[chat_id, member_id]
        if replied_to > one.head.telegram_message_id and one.asked_at <= sent_at <= one.asked_at + PERHAPS_AN_ANSWER
    }


async def joined_next(session: AsyncSession, questions: Sequence[Conversation]) -> set[int]:
    """Threads of the questions whose askers wrote in a talk that somebody else began right after: it may be about theirs."""
    if not questions:
        return set()
    own, head = aliased(Message), aliased(Message)
    query = (
        select(own.member_id, head.sent_at, head.chat_id, head.telegram_thread_id)
        .join(head, and_(head.thread_id == own.thread_id, head.answers_id.is_(None)))
        .where(is_one_of(own.member_id, {one.author_id for one in questions}), own.deleted_at.is_(None))
        .where(own.sent_at >= min(one.asked_at for one in questions), head.sent_at <= own.sent_at)
        .where(head.member_id.is_not(None), head.member_id != own.member_id)
    )
    of_author: defaultdict[int, list[Conversation]] = defaultdict(list)
    for one in questions:
        of_author[one.author_id].append(one)
    rows: list[Any] = [*await session.execute(query)]
    return {
        one.thread_id
        for member_id, at, *place in rows
        for one in of_author[member_id]
        if _follows(one, place, at, MAYBE_AN_ANSWER)
    }


async def following(session: AsyncSession, talks: Iterable[Conversation]) -> set[int]:
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
