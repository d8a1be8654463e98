"""What members wrote lately in their own words, each message beside what it answers. Loads neither numpy nor dictionaries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations.own_fields import Choices, Talks
from models.domain.members.own_words import COLUMNS, own_words, written_by
from models.reading.text_kinds import is_command
from models.tables.community import Chat
from models.tables.message import Message

# Words and answers older than this say little about next week.
LOOK_BACK = timedelta(days=90)
# The newest messages read, over all of them.
MOST_MESSAGES = 5_000


@dataclass(frozen=True)
class OwnMessage:
    """One message; `answers` is what it answers of somebody else's where we may read it, `talk` the row of that or its own.

    `to_id` wrote what it answers. `id` is its row.
    """

    text: str
    at: datetime
    chat_id: int
    talk: int
    answers: str | None = None
    to_id: int | None = None
    is_reply: bool = False
    id: int = 0


def talks_of(messages: Iterable[OwnMessage], choices: Choices | None) -> Talks:
    """What somebody took part in; their messages, the oldest first. `choices` are what they said of their fields."""
    talks = Talks(choices=choices or Choices())
    for one in messages:
        head = one.text if one.answers is None else one.answers
        talks.hear(one.text, one.at, talk=one.talk, head=head, is_first=not one.is_reply, answers=one.answers)
    return talks


async def messages_of(
    session: AsyncSession,
    community_id: int,
    learners: Collection[int],
    *,
    now: datetime,
    of: Collection[int] | None = None,
) -> dict[int, list[OwnMessage]]:
    """Each learner's newest messages in the community, the newest first; perhaps only those `of` some of them."""
    query = (
        _messages()
        .join(Chat, Chat.id == Message.chat_id)
        .where(Chat.community_id == community_id, written_by(learners if of is None else set(of) & set(learners)))
        .where(Message.sent_at > now - LOOK_BACK, Message.text.is_not(None))
        .order_by(Message.sent_at.desc())
        .limit(MOST_MESSAGES)
    )
    rows: list[Any] = [*await session.execute(query)]
    answered = [] if of is None else await _answered_by(session, rows, learners)
    own = await own_words(session, {row.id: row for row in (*rows, *answered)}.values(), learners)
    by_place = {(row.chat_id, row.telegram_message_id): row for row in (*rows, *answered)}
    messages: defaultdict[int, list[OwnMessage]] = defaultdict(list)
    for row in rows:
        if not (text := own.get(row.id)) or is_command(text):
            continue
        # What is answered may be older than we look back, or nobody's that we may read.
        before = by_place.get((row.chat_id, row.reply_to_telegram_id))
        answers = own.get(before.id) if before is not None and before.member_id != row.member_id else None
        is_reply = row.reply_to_telegram_id is not None
        if before is None or answers is None:
            said = OwnMessage(text, row.sent_at, row.chat_id, talk=row.id, is_reply=is_reply, id=row.id)
        else:
            told = (row.sent_at, row.chat_id, before.id, answers, before.member_id)
            said = OwnMessage(text, *told, is_reply=is_reply, id=row.id)
        messages[row.member_id].append(said)
    return dict(messages)


def _messages() -> Any:
    columns = (Message.id, Message.member_id, Message.chat_id, Message.telegram_message_id, Message.sent_at)
    return select(*columns, Message.reply_to_telegram_id, *COLUMNS)


async def _answered_by(session: AsyncSession, rows: Iterable[Any], learners: Collection[int]) -> list[Any]:
    """What learners wrote that these answer, chat by chat, as messages are indexed."""
    numbers: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows:
        if row.reply_to_telegram_id is not None:
            numbers[row.chat_id].add(row.reply_to_telegram_id)
    answered: list[Any] = []
    for chat_id, of_chat in numbers.items():
        query = _messages().where(
            Message.chat_id == chat_id, is_one_of(Message.telegram_message_id, of_chat), written_by(learners)
        )
        answered += await session.execute(query)
    return answered
