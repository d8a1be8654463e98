"""Messages become threads: which message goes on with which.

Reply links are facts of Telegram's and tie everybody's messages; closeness in time and topic is worked out for learners
only. A message keeps the thread it was once given. Imported by jobs alone; it loads numpy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.database import table_of
from models.domain.hearing.messages import rows_at
from models.domain.members.learners import learners
from models.domain.members.own_words import written_by
from models.domain.serving import training
from models.learning.dataset import CommunityLog
from models.learning.links import MAX_GAP
from models.learning.threads import UnheardTalk, find_ties
from models.reading.text_kinds import is_command
from models.tables.community import Chat
from models.tables.member import Member
from models.tables.message import Message, Sender, Thread, Tie

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: `thread` is below zero for the new thread of that number, None for one left aside."""

    thread: int | None
    tie: Tie
    answers_id: int | None = None
    is_certain: bool = False


@dataclass
class Plan:
    """Threads to be made, and the place of each message."""

    place: dict[int, Place] = field(default_factory=dict)
    # (chat id, when it began) of each new thread; number -1 is the first.
    new: list[tuple[int, datetime]] = field(default_factory=list)


async def plan(session: AsyncSession, community_id: int, *, now: datetime) -> Plan:
    """Look at what has no thread yet. Reads only, so that nobody waits for the weaving."""
    oldest = await _oldest_loose(session, community_id)
    if oldest is None:
        return Plan()
    since = oldest - timedelta(seconds=MAX_GAP)
    learnt = await training.read_talk(session, community_id, since=since, until=now + timedelta(seconds=1))
    rows = await _rows(session, community_id, since)
    return await _tie(session, rows, *_close(learnt, rows))


@dataclass(frozen=True, slots=True)
class Close:
    """What a learner's message goes on with by closeness, if anything, and how surely; or that it surely begins something."""

    earlier_id: int | None
    is_certain: bool
    begins: bool


def _close(learnt: training.Material, rows: Sequence[_Row]) -> tuple[dict[int, Close], set[int]]:
    """What each learner's message is close to, by its id, and which are commands: those are close to nothing.

    Of others' messages nothing but the instant is looked at: one of them may be the one meant.
    """
    messages = learnt.log.messages
    is_command_ = np.array([is_command(text) for text in messages.text], dtype=np.bool_)
    talk = messages.take(~is_command_)
    ids: list[int] = talk.item_id.tolist()
    own = set(messages.item_id.tolist())
    others = [row for row in rows if row.id not in own and not row.is_aside]
    unheard = UnheardTalk(
        at=np.array([row.sent_at.timestamp() for row in others]),
        chat=np.array([row.chat_id for row in others], dtype=np.int64),
        topic=np.array([-1 if row.topic_id is None else row.topic_id for row in others], dtype=np.int64),
    )
    ties = find_ties(CommunityLog(messages=talk), unheard)
    close = {
        ids[i]: Close(ids[earlier] if earlier >= 0 else None, is_certain, begins)
        for i, (earlier, is_certain, begins) in enumerate(
            zip(ties.parent.tolist(), ties.is_certain.tolist(), ties.begins.tolist(), strict=True)
        )
    }
    return close, set(messages.item_id[is_command_].tolist())


async def write(session: AsyncSession, community_id: int, plan: Plan) -> dict[int, int]:
    """Make the new threads and tie the messages; returns the thread of each message tied."""
    new_threads = [Thread(community_id=community_id, chat_id=chat_id, last_at=at) for chat_id, at in plan.new]
    session.add_all(new_threads)
    await session.flush()
    changes: list[dict[str, Any]] = [
        {
            "message": message_id,
            "thread": new_threads[-place.thread - 1].id
            if place.thread is not None and place.thread < 0
            else place.thread,
            "how": place.tie.value,
            "answers": place.answers_id,
            "certain": place.is_certain,
        }
        for message_id, place in plan.place.items()
    ]
    for start in range(0, len(changes), CHUNK):
        await session.execute(_TIE, changes[start : start + CHUNK])
    return {change["message"]: change["thread"] for change in changes if change["thread"] is not None}


_MESSAGE = table_of(Message)
_TIE = (
    update(_MESSAGE)
    .where(_MESSAGE.c.id == bindparam("message"), _MESSAGE.c.thread_id.is_(None))
    .values(
        thread_id=bindparam("thread"),
        tie=bindparam("how"),
        answers_id=bindparam("answers"),
        is_certain=bindparam("certain"),
    )
)


async def _oldest_loose(session: AsyncSession, community_id: int) -> datetime | None:
    """When the first message was sent that has no thread although its author consented."""
    learner_ids = await learners(session, community_id)
    query = select(func.min(Message.sent_at)).join(Chat, Chat.id == Message.chat_id)
    loose = query.where(Chat.community_id == community_id, Message.thread_id.is_(None), Message.tie.is_(None))
    loose = loose.where(written_by(learner_ids))
    oldest: datetime | None = await session.scalar(loose)
    return oldest


@dataclass(frozen=True, slots=True)
class _Row:
    """A message, without a word of what it says."""

    id: int
    chat_id: int
    topic_id: int | None
    sent_at: datetime
    sender: Sender
    telegram_message_id: int
    reply_to_telegram_id: int | None
    thread_id: int | None
    tie: Tie | None
    is_certain: bool
    answers_a_bot: bool | None

    @property
    def is_aside(self) -> bool:
        return self.sender == Sender.BOT or self.tie == Tie.ASIDE or bool(self.answers_a_bot)


_ANSWERED = aliased(Member)
_COLUMNS = (
    Message.id, Message.chat_id, Message.telegram_thread_id, Message.sent_at, Message.sender, Message.telegram_message_id,
    Message.reply_to_telegram_id, Message.thread_id, Message.tie, Message.is_certain, _ANSWERED.is_bot,
)  # fmt: skip


async def _rows(session: AsyncSession, community_id: int, since: datetime) -> list[_Row]:
    """Everybody's messages, bots' too, in order of time."""
    query = (
        select(*_COLUMNS)
        .join(Chat, Chat.id == Message.chat_id)
        .outerjoin(_ANSWERED, _ANSWERED.id == Message.reply_to_member_id)
        .where(
            Chat.community_id == community_id, Message.sent_at >= since, Message.sender.in_((Sender.MEMBER, Sender.BOT))
        )
        .where(~Message.kind.startswith("service:"))
        .order_by(Message.sent_at, Message.id)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return [_Row(*row) for row in rows]


async def _tie(session: AsyncSession, rows: Sequence[_Row], close: Mapping[int, Close], commands: set[int]) -> Plan:
    """A reply link comes before closeness. What goes on with nothing surely is in a thread of its own."""
    loose = [row for row in rows if row.thread_id is None and row.sender == Sender.MEMBER]
    addresses = {(row.chat_id, row.telegram_message_id) for row in rows}
    older = await _older(session, {_address_answered(row) for row in loose} - addresses)
    knot = _Knot([*older, *rows], commands)
    for row in loose:
        target = knot.at(_address_answered(row))
        close_head = close.get(row.id) if row.reply_to_telegram_id is None else None
        if knot.is_aside(row.id) or (target is not None and knot.is_aside(target.id)):
            knot.leave_aside(row)
        elif target is not None and target.id != row.id:
            knot.join(row, target.id, Tie.REPLY)
        elif (
            close_head is not None
            and close_head.is_certain
            and close_head.earlier_id
            and not knot.is_aside(close_head.earlier_id)
        ):
            knot.join(row, close_head.earlier_id, Tie.CERTAIN)
        elif close_head is not None and not close_head.begins:
            knot.doubt(row, close_head.earlier_id)
        elif row.id in close:
            knot.begin(row)
    return knot.plan


def _address_answered(row: _Row) -> tuple[int, int | None]:
    return row.chat_id, row.reply_to_telegram_id


async def _older(session: AsyncSession, addresses: set[tuple[int, int | None]]) -> list[_Row]:
    """Messages from before the window that are answered in it."""
    older_addresses = [(chat_id, told_id) for chat_id, told_id in addresses if told_id is not None]
    query: Any = select(*_COLUMNS).outerjoin(_ANSWERED, _ANSWERED.id == Message.reply_to_member_id)
    return [_Row(*row) async for row in rows_at(session, query, older_addresses)]


class _Knot:
    """Ties messages one by one, in order of time; what is tied already stays."""

    def __init__(self, rows: Sequence[_Row], commands: set[int]) -> None:
        self.plan = Plan()
        self._rows = {row.id: row for row in rows}
        self._at = {(row.chat_id, row.telegram_message_id): row for row in rows}
        self._place = {row.id: Place(row.thread_id, Tie.REPLY, None, row.is_certain) for row in rows if row.thread_id}
        self._aside = {row.id for row in rows if row.is_aside} | commands

    def at(self, address: tuple[int, int | None]) -> _Row | None:
        """The message at an address of Telegram's."""
        return self._at.get((address[0], address[1] or 0))

    def is_aside(self, message_id: int) -> bool:
        """Whether it is a bot's, a command, or talk about those."""
        return message_id in self._aside

    def leave_aside(self, row: _Row) -> None:
        """In no thread."""
        self._aside.add(row.id)
        self._put(row.id, Place(None, Tie.ASIDE))

    def begin(self, row: _Row) -> None:
        """A thread of its own, unless it is in one."""
        self._begin(row, Tie.HEAD, None)

    def doubt(self, row: _Row, other_id: int | None) -> None:
        """A thread of its own, too, which it may not begin: perhaps it goes on with the other."""
        self._begin(row, Tie.PROBABLE, other_id)

    def join(self, row: _Row, other_id: int, tie: Tie) -> None:
        """Into the other's thread; an other without one begins it."""
        self.begin(self._rows[other_id])
        other = self._place[other_id]
        self._put(row.id, Place(other.thread, tie, other_id, other.is_certain))

    def _begin(self, row: _Row, tie: Tie, perhaps_answers: int | None) -> None:
        if row.id not in self._place:
            self.plan.new.append((row.chat_id, row.sent_at))
            self._put(row.id, Place(-len(self.plan.new), tie, perhaps_answers, is_certain=True))

    def _put(self, message_id: int, place: Place) -> None:
        if message_id not in self._place:
            self._place[message_id] = self.plan.place[message_id] = place
