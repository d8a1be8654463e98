"""What those who may be invited wrote lately: on which of the event's terms, how much, and in which scripts.

Imported by jobs alone; it loads dictionaries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.conversations.own_fields import Talks
from models.domain.members.literacy import LanguageCounts
from models.domain.members.own_words import COLUMNS, own_words, written_by
from models.learning.languages import language_of
from models.learning.terms import Terms
from models.reading.fields import fields_of
from models.reading.questions import is_question
from models.reading.references import refers_back
from models.reading.text_kinds import is_command
from models.tables.community import Chat
from models.tables.event import Event
from models.tables.member import Member, Membership
from models.tables.message import Message

# Words and answers older than this say little about next week.
LOOK_BACK = timedelta(days=90)
# The newest messages read per event, over all of them.
MOST_MESSAGES = 5_000


@dataclass(frozen=True)
class Writing:
    """What one member wrote lately: in how many messages each term of the event, how many in all, in which scripts and languages.

    `talks`: what they took part in, by field of a founder's work.
    """

    words: Counter[str] = field(default_factory=Counter)
    n_messages: int = 0
    traces: LanguageCounts = field(default_factory=LanguageCounts)
    talks: Talks = field(default_factory=Talks)


@dataclass(frozen=True)
class _Message:
    """One message; `answers` is what it answers where we may read it, `talk` the row of that or its own."""

    text: str
    at: datetime
    talk: int
    answers: str | None
    is_reply: bool


async def of_learners(
    session: AsyncSession, event: Event, learners: Collection[int], *, now: datetime
) -> dict[int, Writing]:
    """The writing of each learner who wrote; words are told as people mostly write them."""
    messages = await _messages(session, event, learners, now)
    about = f"{event.title}. {event.description or ''}"
    # The host uses its words, too.
    texts = [(event.host_id or 0, about), *((who, one.text) for who, of in messages.items() for one in of)]
    terms = Terms.fit(texts, await _names(session, event))
    topic = terms.of(about)
    return {who: _writing(of, terms, topic) for who, of in messages.items()}


def _writing(messages: Sequence[_Message], terms: Terms, topic: Mapping[str, str]) -> Writing:
    words = Counter(topic[key] for one in messages for key in terms.of(one.text) if key in topic)
    talks, traces = Talks(), LanguageCounts()
    for one in reversed(messages):
        about = one.text if one.answers is None else one.answers
        solves = one.answers is not None and is_question(one.answers)
        begins = not one.is_reply and not refers_back(one.text)
        talks.take_part(one.talk, fields_of(about), one.at, begins=begins, solves=solves)
        traces.add(one.text, language_of(one.text))
    return Writing(words, len(messages), traces, talks)


async def _messages(
    session: AsyncSession, event: Event, learners: Collection[int], now: datetime
) -> dict[int, list[_Message]]:
    """Each learner's newest messages, the newest first."""
    query = (
        select(Message.id, Message.member_id, Message.chat_id, Message.telegram_message_id, Message.sent_at, *COLUMNS)
        .add_columns(Message.reply_to_telegram_id)
        .join(Chat, Chat.id == Message.chat_id)
        .where(Chat.community_id == event.community_id, written_by(learners))
        .where(Message.sent_at > now - LOOK_BACK, Message.text.is_not(None))
        .order_by(Message.sent_at.desc())
        .limit(MOST_MESSAGES)
    )
    rows: list[Any] = [*await session.execute(query)]
    own = await own_words(session, rows, learners)
    by_place = {(row.chat_id, row.telegram_message_id): row for row in rows}
    messages: defaultdict[int, list[_Message]] = defaultdict(list)
    for row in rows:
        if not (text := own.get(row.id)) or is_command(text):
            continue
        # What is answered may be older than we look back, or nobody's that we may read.
        before = by_place.get((row.chat_id, row.reply_to_telegram_id))
        answers = own.get(before.id) if before is not None and before.member_id != row.member_id else None
        talk = row.id if before is None or answers is None else before.id
        messages[row.member_id].append(_Message(text, row.sent_at, talk, answers, row.reply_to_telegram_id is not None))
    return dict(messages)


async def _names(session: AsyncSession, event: Event) -> list[str]:
    """Everybody's here: whom people write to is not what they write about."""
    query = select(Member.name).join(Membership, Membership.member_id == Member.id)
    return list(await session.scalars(query.where(Membership.community_id == event.community_id)))
