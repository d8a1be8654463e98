"""Messages become threads: which message goes on with which.

Reply links are facts of Telegram's and tie everybody's messages; closeness in time and topic is worked out for learners
only. A message keeps the thread it was once given. Imported by jobs alone; it loads numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import table_of
from models.domain.hearing.messages import rows_at
from models.domain.members.learners import learners
from models.domain.serving import training
from models.learning.threads import MAX_GAP, parents
from models.tables.community import Chat
from models.tables.message import Message, Thread

CHUNK = 5_000


@dataclass
class Plan:
    """Threads to be made and joined: `place` says where each message goes, below zero for the new thread of that number."""

    place: dict[int, int] = field(default_factory=dict)
    # (chat id, when it began) of each new thread; number -1 is the first.
    new: list[tuple[int, datetime]] = field(default_factory=list)


async def plan(session: AsyncSession, community_id: int, *, now: datetime) -> Plan:
    """Look at what has no thread yet. Reads only, so that nobody waits for the weaving."""
    oldest = await _oldest_loose(session, community_id)
    if oldest is None:
        return Plan()
    since = oldest - timedelta(seconds=MAX_GAP)
    learnt = await training.read(session, community_id, since=since, until=now + timedelta(seconds=1))
    ids = learnt.log.messages.item_id.tolist()
    close = {ids[i]: ids[earlier] if earlier >= 0 else None for i, earlier in enumerate(parents(learnt.log).tolist())}
    rows = await _rows(session, community_id, since)
    return await _tie(session, rows, close)


async def write(session: AsyncSession, community_id: int, planned: Plan) -> dict[int, int]:
    """Make the new threads and tie the messages; returns the thread of each message tied."""
    made = [
        Thread(community_id=community_id, chat_id=chat_id, opened_at=at, last_at=at, n_messages=0, n_members=0)
        for chat_id, at in planned.new
    ]
    session.add_all(made)
    await session.flush()
    changes = [
        {"message": message_id, "thread": place if place > 0 else made[-place - 1].id}
        for message_id, place in planned.place.items()
    ]
    for start in range(0, len(changes), CHUNK):
        await session.execute(_TIE, changes[start : start + CHUNK])
    return {change["message"]: change["thread"] for change in changes}


_MESSAGE = table_of(Message)
_TIE = (
    update(_MESSAGE)
    .where(_MESSAGE.c.id == bindparam("message"), _MESSAGE.c.thread_id.is_(None))
    .values(thread_id=bindparam("thread"))
)


async def _oldest_loose(session: AsyncSession, community_id: int) -> datetime | None:
    """When the first message was sent that has no thread although its author consented."""
    allowed = await learners(session, community_id)
    query = select(func.min(Message.sent_at)).join(Chat, Chat.id == Message.chat_id)
    loose = query.where(Chat.community_id == community_id, Message.thread_id.is_(None), training.written_by(allowed))
    oldest: datetime | None = await session.scalar(loose)
    return oldest


async def _rows(session: AsyncSession, community_id: int, since: datetime) -> Sequence[Any]:
    """Everybody's messages, without a word of what they say."""
    query = (
        select(
            Message.id,
            Message.chat_id,
            Message.sent_at,
            Message.telegram_message_id,
            Message.reply_to_telegram_id,
            Message.thread_id,
        )
        .join(Chat, Chat.id == Message.chat_id)
        .where(Chat.community_id == community_id, Message.sent_at >= since, Message.sender == "member")
        .where(~Message.kind.startswith("service:"))
        .order_by(Message.sent_at, Message.id)
    )
    return (await session.execute(query)).all()


async def _tie(session: AsyncSession, rows: Sequence[Any], close: dict[int, int | None]) -> Plan:
    """`close` has a learner's message and the one it goes on with; a reply link comes before it."""
    told = {(row.chat_id, row.telegram_message_id): row.id for row in rows}
    loose = [row for row in rows if row.thread_id is None]
    older = await _older_threads(session, {_answers(row) for row in loose} - told.keys())
    knot = _Knot(rows)
    for row in loose:
        if (target := told.get(_answers(row))) is not None and target != row.id:
            knot.join(row.id, target)
        elif (thread_id := older.get(_answers(row))) is not None:
            knot.put(row.id, thread_id)
        elif (earlier := close.get(row.id)) is not None:
            knot.join(row.id, earlier)
        elif row.id in close:
            knot.begin(row.id)
    return knot.plan


def _answers(row: Any) -> tuple[int, int | None]:
    return row.chat_id, row.reply_to_telegram_id


async def _older_threads(session: AsyncSession, addresses: set[tuple[int, int | None]]) -> dict[Any, int]:
    """Threads of messages from before the window, by address."""
    wanted = [(chat_id, told_id) for chat_id, told_id in addresses if told_id is not None]
    query = select(Message.chat_id, Message.telegram_message_id, Message.thread_id).where(
        Message.thread_id.is_not(None)
    )
    return {(row[0], row[1]): row[2] async for row in rows_at(session, query, wanted)}


class _Knot:
    """Ties messages one by one; what is tied already stays."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.plan = Plan()
        self._rows = {row.id: row for row in rows}
        self._place = {row.id: row.thread_id for row in rows if row.thread_id is not None}

    def put(self, message_id: int, place: int) -> None:
        """Into a thread, unless it is in one."""
        if message_id not in self._place:
            self._place[message_id] = self.plan.place[message_id] = place

    def begin(self, message_id: int) -> None:
        """A thread of its own, unless it is in one."""
        if message_id not in self._place:
            row = self._rows[message_id]
            self.plan.new.append((row.chat_id, row.sent_at))
            self.put(message_id, -len(self.plan.new))

    def join(self, message_id: int, other_id: int) -> None:
        """Into the other's thread; an other without one begins it."""
        self.begin(other_id)
        self.put(message_id, self._place[other_id])
