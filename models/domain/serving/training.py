"""Rows become arrays: the only place where what members did enters models/learning, and only with their consent.

Imported by jobs alone; it loads numpy, which the bot's process does without.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.members.learners import learners
from models.domain.members.own_words import COLUMNS, own_words, written_by
from models.learning.arrays import Bools, Ints
from models.learning.dataset import (
    Action,
    CommunityLog,
    Feedback,
    ItemKind,
    Joins,
    Messages,
    Reactions,
    RsvpCode,
    Rsvps,
)
from models.tables.community import Chat
from models.tables.delivery import Delivery
from models.tables.event import Event, Rsvp, RsvpStatus
from models.tables.interaction import Interaction, InteractionKind
from models.tables.member import Membership
from models.tables.message import Mention, Message, Reaction
from models.tables.recommendation import Recommendation, Response

# Handles name people who may not have consented; they carry no topic either.
_HANDLE = re.compile(r"(?<!\w)@(?:\w+|…)")
_STATUS = {
    RsvpStatus.GOING: RsvpCode.GOING,
    RsvpStatus.MAYBE: RsvpCode.MAYBE,
    RsvpStatus.NOT_GOING: RsvpCode.NOT_GOING,
    RsvpStatus.WAITLISTED: RsvpCode.WAITLISTED,
}
_ITEM = {"thread": ItemKind.THREAD, "event": ItemKind.EVENT, "listing": ItemKind.LISTING, "person": ItemKind.MEMBER}
# What a member did with a recommendation; "shown" is a delivery that was sent.
_ACTION = {
    Response.LIKE: Action.LIKED,
    Response.LESS: Action.LESS_LIKE_THIS,
    Response.NOT_PERSON: Action.LESS_LIKE_THIS,
}


@dataclass(frozen=True, eq=False)
class Material:
    """What one community's models may learn from; `thread_id` is our thread row of each message, -1 for none yet.

    `is_reply`: it answers something, although the log may not have what.
    """

    log: CommunityLog
    thread_id: Ints
    learners: frozenset[int]
    is_reply: Bools

    def texts(self, *, since: datetime) -> dict[int, list[str]]:
        """What each learner wrote since then, by member id, oldest first, handles left out."""
        messages = self.log.messages
        texts_of: dict[int, list[str]] = defaultdict(list)
        for i in np.flatnonzero(messages.at >= since.timestamp()).tolist():
            texts_of[int(messages.member[i])].append(messages.text[i])
        return texts_of


async def read_log(session: AsyncSession, community_id: int, *, since: datetime, until: datetime) -> Material:
    """The community's log between two instants, of learners only.

    Whoever is no learner appears nowhere: neither as author nor as the one answered, mentioned, or reacted to.
    """
    learner_ids = await learners(session, community_id)
    rows = await _message_rows(session, community_id, learner_ids, since, until)
    index = {row.id: i for i, row in enumerate(rows)}
    talk = await _talk(session, rows, index, learner_ids)
    log = CommunityLog(
        messages=talk.log.messages,
        reactions=await _reactions(session, community_id, index, learner_ids),
        rsvps=await _rsvps(session, community_id, learner_ids, since, until),
        feedback=await _feedback(session, community_id, rows, learner_ids, since, until),
        joins=await _joins(session, community_id, learner_ids, until),
    )
    return replace(talk, log=log)


async def read_talk(session: AsyncSession, community_id: int, *, since: datetime, until: datetime) -> Material:
    """As read_log(), of messages alone: for who weaves them, or counts words, every few minutes."""
    learner_ids = await learners(session, community_id)
    rows = await _message_rows(session, community_id, learner_ids, since, until)
    return await _talk(session, rows, {row.id: i for i, row in enumerate(rows)}, learner_ids)


def without_handles(text: str | None) -> str:
    """A message's words as models may read them."""
    return _HANDLE.sub(" ", text or "")


async def _message_rows(
    session: AsyncSession, community_id: int, learner_ids: set[int], since: datetime, until: datetime
) -> Sequence[Any]:
    query = (
        select(
            Message.id,
            Message.member_id,
            Message.sent_at,
            Message.chat_id,
            Message.telegram_thread_id,
            Message.telegram_message_id,
            Message.reply_to_telegram_id,
            Message.thread_id,
            *COLUMNS,
        )
        .join(Chat, Chat.id == Message.chat_id)
        .where(Chat.community_id == community_id, Message.sent_at >= since, Message.sent_at < until)
        .where(written_by(learner_ids))
        .order_by(Message.sent_at, Message.id)
    )
    return (await session.execute(query)).all()


async def _talk(session: AsyncSession, rows: Sequence[Any], index: dict[int, int], learner_ids: set[int]) -> Material:
    log = CommunityLog(messages=await _messages(session, rows, index, learner_ids))
    threads = np.array([row.thread_id or -1 for row in rows], dtype=np.int64)
    is_reply = np.array([row.reply_to_telegram_id is not None for row in rows], dtype=np.bool_)
    return Material(log, threads, frozenset(learner_ids), is_reply)


async def _messages(
    session: AsyncSession, rows: Sequence[Any], index: dict[int, int], learner_ids: set[int]
) -> Messages:
    places = {(row.chat_id, row.telegram_message_id): i for i, row in enumerate(rows)}
    targets = [places.get((row.chat_id, row.reply_to_telegram_id), -1) for row in rows]
    query = (
        select(Mention.message_id, Mention.member_id)
        .join(Message, Message.id == Mention.message_id)
        .where(is_one_of(Message.chat_id, {row.chat_id for row in rows}), is_one_of(Mention.member_id, learner_ids))
        .order_by(Mention.id)
    )
    words = await own_words(session, rows, learner_ids)
    mentions = [(index[message], member) for message, member in await session.execute(query) if message in index]
    return Messages(
        member=_ints(row.member_id for row in rows),
        at=_instants(row.sent_at for row in rows),
        chat=_ints(row.chat_id for row in rows),
        topic=_ints(-1 if row.telegram_thread_id is None else row.telegram_thread_id for row in rows),
        # An imported answer may stand before what it answers (equal seconds): such a link is left out.
        reply_to=_ints(target if target < i else -1 for i, target in enumerate(targets)),
        item_id=_ints(row.id for row in rows),
        text=tuple(without_handles(words.get(row.id)) for row in rows),
        mentioning=_ints(i for i, _ in mentions),
        mentioned_member=_ints(member or 0 for _, member in mentions),
    )


async def _reactions(
    session: AsyncSession, community_id: int, index: dict[int, int], learner_ids: set[int]
) -> Reactions:
    query = (
        select(Reaction.member_id, Reaction.reacted_at, Reaction.message_id)
        .join(Message, Message.id == Reaction.message_id)
        .join(Chat, Chat.id == Message.chat_id)
        .where(Chat.community_id == community_id, is_one_of(Reaction.member_id, learner_ids))
        .order_by(Reaction.id)
    )
    rows = [row for row in await session.execute(query) if row.message_id in index]
    return Reactions(
        member=_ints(row.member_id for row in rows),
        at=_instants(row.reacted_at for row in rows),
        message=_ints(index[row.message_id] for row in rows),
    )


async def _rsvps(
    session: AsyncSession, community_id: int, learner_ids: set[int], since: datetime, until: datetime
) -> Rsvps:
    query = (
        select(Rsvp.member_id, Rsvp.answered_at, Rsvp.event_id, Rsvp.status, Rsvp.checked_in_at)
        .join(Event, Event.id == Rsvp.event_id)
        .where(Event.community_id == community_id, is_one_of(Rsvp.member_id, learner_ids))
        .where(Rsvp.answered_at >= since, Rsvp.answered_at < until)
        .order_by(Rsvp.id)
    )
    rows = [row for row in await session.execute(query) if row.status in _STATUS]
    visits = [row for row in rows if row.checked_in_at is not None and row.checked_in_at < until]
    return Rsvps(
        member=_ints(row.member_id for row in [*rows, *visits]),
        at=_instants([*(row.answered_at for row in rows), *(row.checked_in_at for row in visits)]),
        event=_ints(row.event_id for row in [*rows, *visits]),
        status=_ints([*(_STATUS[row.status] for row in rows), *(RsvpCode.CHECKED_IN for _ in visits)]),
    )


async def _feedback(
    session: AsyncSession,
    community_id: int,
    messages: Sequence[Any],
    learner_ids: set[int],
    since: datetime,
    until: datetime,
) -> Feedback:
    """What was shown, joined afterwards, and pressed; a thread is named by its first message in the log."""
    first_of = {row.thread_id: row.id for row in reversed(messages) if row.thread_id is not None}
    feedback_rows = [
        *await _shown_rows(session, community_id, learner_ids),
        *await _press_rows(session, community_id, learner_ids),
    ]
    rows = []
    for member_id, kind, item_id, at, action in feedback_rows:
        target = first_of.get(item_id) if kind == "thread" else item_id
        is_absent_person = kind == "person" and item_id not in learner_ids
        is_learnt = kind in _ITEM and target is not None and not is_absent_person
        if at is not None and since <= at < until and is_learnt:
            rows.append((member_id, _ITEM[kind], target, at, action))
    return Feedback(
        member=_ints(row[0] for row in rows),
        item_kind=_ints(row[1] for row in rows),
        item_id=_ints(row[2] for row in rows),
        at=_instants(row[3] for row in rows),
        action=_ints(row[4] for row in rows),
    )


async def _shown_rows(session: AsyncSession, community_id: int, learner_ids: set[int]) -> list[tuple[Any, ...]]:
    query = (
        select(
            Recommendation.member_id,
            Recommendation.item_kind,
            Recommendation.item_id,
            Delivery.sent_at,
            Recommendation.acted_at,
            Recommendation.action,
        )
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.community_id == community_id, is_one_of(Recommendation.member_id, learner_ids))
        .where(Delivery.sent_at.is_not(None))
        .order_by(Recommendation.id)
    )
    rows: list[tuple[Any, ...]] = []
    for member_id, kind, item_id, sent_at, acted_at, action in await session.execute(query):
        rows.append((member_id, kind, item_id, sent_at, Action.SHOWN))
        if acted_at is not None and action not in _ACTION:
            rows.append((member_id, kind, item_id, acted_at, Action.CLICKED))
    return rows


async def _press_rows(session: AsyncSession, community_id: int, learner_ids: set[int]) -> list[tuple[Any, ...]]:
    query = (
        select(
            Interaction.member_id, Recommendation.item_kind, Recommendation.item_id, Interaction.at, Interaction.what
        )
        .join(Recommendation, Recommendation.id == Interaction.recommendation_id)
        .where(Interaction.community_id == community_id, Interaction.kind == InteractionKind.FEEDBACK)
        .where(is_one_of(Interaction.member_id, learner_ids))
        .order_by(Interaction.id)
    )
    return [(*row[:4], _ACTION[row.what]) for row in await session.execute(query) if row.what in _ACTION]


async def _joins(session: AsyncSession, community_id: int, learner_ids: set[int], until: datetime) -> Joins:
    query = select(Membership.member_id, Membership.joined_at).where(
        Membership.community_id == community_id,
        is_one_of(Membership.member_id, learner_ids),
        Membership.joined_at < until,
    )
    rows = (await session.execute(query)).all()
    return Joins(member=_ints(member for member, _ in rows), at=_instants(at for _, at in rows))


def _ints(values: Any) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _instants(values: Any) -> Any:
    return np.array([at.timestamp() for at in values], dtype=np.float64)
