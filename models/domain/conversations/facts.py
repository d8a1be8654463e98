"""What stands on the row of each thread: when it last spoke, and what it is about.

Its words come from learners' text only. Whatever is written here can be worked out again from the messages, and is, as long
as the thread is recent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of, table_of
from models.domain.conversations.conversations import Conversation, describe_threads
from models.domain.conversations.words import KEYWORDS
from models.domain.members.learners import learners
from models.learning.terms import Terms
from models.tables.community import Chat
from models.tables.consent import Consent
from models.tables.member import Membership
from models.tables.message import Message, Thread

# Threads that spoke within this time are described anew at each run: answers come, and consent goes.
RECENT = timedelta(days=8)
CHUNK = 5_000


async def describe(
    session: AsyncSession, community_id: int, terms: Terms, *, now: datetime, touched_ids: Iterable[int] = ()
) -> list[dict[str, Any]]:
    """The facts of recent and touched threads, for `write`. Reads only, so that nobody waits for it."""
    learner_ids = await learners(session, community_id)
    thread_ids = sorted(set(touched_ids) | await _recent(session, community_id, now - RECENT))
    last_at = await _last_at(session, thread_ids)
    conversations = await describe_threads(session, thread_ids, learner_ids, looks_around=False)
    return [
        {
            "thread": thread_id,
            "new_last_at": last_at.get(thread_id),
            "new_keywords": _keywords(conversations.get(thread_id), terms),
        }
        for thread_id in thread_ids
    ]


async def may_have_changed(session: AsyncSession, community_id: int, *, since: datetime) -> bool:
    """Whether anything was heard in the community since then, or anybody said yes or no, or left."""
    heard_chats = select(Chat.id).where(Chat.community_id == community_id, Chat.last_heard_at >= since)
    decisions = select(Consent.id).where(Consent.community_id == community_id, Consent.decided_at >= since)
    leavers = select(Membership.id).where(Membership.community_id == community_id, Membership.left_at >= since)
    for query in (heard_chats, decisions, leavers):
        if await session.scalar(query.limit(1)) is not None:
            return True
    return False


async def write(session: AsyncSession, facts: Sequence[dict[str, Any]]) -> None:
    """Keep what was worked out."""
    for start in range(0, len(facts), CHUNK):
        await session.execute(_DESCRIBE, facts[start : start + CHUNK])


_THREAD = table_of(Thread)
_DESCRIBE = (
    update(_THREAD)
    .where(_THREAD.c.id == bindparam("thread"))
    .values(
        # Inside a function a parameter does not take its column's type by itself: an instant would be written as it is.
        last_at=func.coalesce(bindparam("new_last_at", type_=_THREAD.c.last_at.type), _THREAD.c.last_at),
        keywords=bindparam("new_keywords"),
    )
)


def _keywords(conversation: Conversation | None, terms: Terms) -> list[str] | None:
    return list(terms.of(conversation.head.text or "").values())[:KEYWORDS] if conversation else None


async def _recent(session: AsyncSession, community_id: int, since: datetime) -> set[int]:
    query = select(Thread.id).where(Thread.community_id == community_id, Thread.last_at >= since)
    return set(await session.scalars(query))


async def _last_at(session: AsyncSession, thread_ids: Sequence[int]) -> dict[int, datetime]:
    """When each of these threads last spoke, by its id; none for one of which nothing is left."""
    last_at: dict[int, datetime] = {}
    for start in range(0, len(thread_ids), CHUNK):
        here = is_one_of(Message.thread_id, thread_ids[start : start + CHUNK])
        query = select(Message.thread_id, func.max(Message.sent_at)).where(here, Message.deleted_at.is_(None))
        last_at |= {
            thread_id: at for thread_id, at in await session.execute(query.group_by(Message.thread_id)) if thread_id
        }
    return last_at
