"""What those who may be invited wrote lately: on which of the event's terms, how much, and in which scripts.

Imported by jobs alone; it loads dictionaries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.members.own_words import COLUMNS, own_words, written_by
from models.learning.terms import Terms
from models.reading.scripts import scripts_of
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
    """What one member wrote lately: in how many messages each term of the event, how many in all, in which scripts."""

    words: Counter[str] = field(default_factory=Counter)
    n_messages: int = 0
    scripts: frozenset[str] = frozenset()


async def of_learners(
    session: AsyncSession, event: Event, learners: Collection[int], *, now: datetime
) -> dict[int, Writing]:
    """The writing of each learner who wrote; words are told as people mostly write them."""
    texts = await _texts(session, event, learners, now)
    about = f"{event.title}. {event.description or ''}"
    # The host uses its words, too.
    said = [(event.host_id or 0, about), *((who, text) for who, of in texts.items() for text in of)]
    terms = Terms.fit(said, await _names(session, event))
    topic = terms.of(about)
    found = {}
    for who, of in texts.items():
        words = Counter(topic[key] for text in of for key in terms.of(text) if key in topic)
        found[who] = Writing(words, len(of), frozenset().union(*map(scripts_of, of)))
    return found


async def _texts(session: AsyncSession, event: Event, learners: Collection[int], now: datetime) -> dict[int, list[str]]:
    query = (
        select(Message.id, Message.member_id, *COLUMNS)
        .join(Chat, Chat.id == Message.chat_id)
        .where(Chat.community_id == event.community_id, written_by(learners))
        .where(Message.sent_at > now - LOOK_BACK, Message.text.is_not(None))
        .order_by(Message.sent_at.desc())
        .limit(MOST_MESSAGES)
    )
    rows: list[Any] = [*await session.execute(query)]
    own = await own_words(session, rows, learners)
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        if (text := own.get(row.id)) and not is_command(text):
            found[row.member_id].append(text)
    return dict(found)


async def _names(session: AsyncSession, event: Event) -> list[str]:
    """Everybody's here: whom people write to is not what they write about."""
    query = select(Member.name).join(Membership, Membership.member_id == Member.id)
    return list(await session.scalars(query.where(Membership.community_id == event.community_id)))
