"""What each thread is, for sorting: how many, how long, which kind, about what, and whether somebody surely answered.

Words and kinds come from learners' text only; others are counted and no more. Whatever is written here can be worked out
again from the messages, and is, as long as the thread is recent.
"""

from __future__ import annotations

from collections import defaultdict
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
    rows = await _messages(session, thread_ids)
    conversations = await describe_threads(session, thread_ids, learner_ids, looks_around=False)
    by_thread: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_thread[row.thread_id].append(row)
    return [_facts(thread_id, by_thread[thread_id], terms, conversations.get(thread_id)) for thread_id in thread_ids]


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
_FACTS = ("opened_at", "last_at", "n_messages", "n_members", "kind", "is_answered", "keywords")
_DESCRIBE = (
    update(_THREAD)
    .where(_THREAD.c.id == bindparam("thread"))
    # Inside a function a parameter does not take its column's type by itself: an instant would be written as it is.
    .values(
        {
            name: func.coalesce(bindparam(f"new_{name}", type_=_THREAD.c[name].type), _THREAD.c[name])
            for name in _FACTS[:2]
        }
    )
    .values({name: bindparam(f"new_{name}") for name in _FACTS[2:]})
)


def _facts(thread_id: int, rows: Sequence[Any], terms: Terms, conversation: Conversation | None) -> dict[str, Any]:
    if not rows:
        values: list[Any] = [None, None, 0, 0, "chatter", False, None]
    else:
        certain = [row for row in rows if row.is_certain]
        about = list(terms.of(conversation.head.text or "").values())[:KEYWORDS] if conversation else None
        people = {row.member_id for row in certain}
        # Where nothing may be told of it, the ties alone say whether somebody else spoke.
        is_answered = bool(conversation.answers) if conversation else len(people) > 1
        n_members = conversation.n_people() if conversation else len(people)
        what = conversation.kind.name.lower() if conversation else "chatter"
        values = [rows[0].sent_at, rows[-1].sent_at, len(rows), n_members, what, is_answered, about]
    return {"thread": thread_id} | {f"new_{name}": value for name, value in zip(_FACTS, values, strict=True)}


async def _recent(session: AsyncSession, community_id: int, since: datetime) -> set[int]:
    query = select(Thread.id).where(Thread.community_id == community_id, Thread.last_at >= since)
    return set(await session.scalars(query))


_COLUMNS = (
    Message.id, Message.chat_id, Message.telegram_thread_id, Message.thread_id, Message.member_id, Message.sent_at,
    Message.is_certain,
)  # fmt: skip


async def _messages(session: AsyncSession, thread_ids: list[int]) -> list[Any]:
    """The messages of these threads in order of time."""
    rows: list[Any] = []
    for start in range(0, len(thread_ids), CHUNK):
        query = (
            select(*_COLUMNS)
            .where(is_one_of(Message.thread_id, thread_ids[start : start + CHUNK]), Message.deleted_at.is_(None))
            .order_by(Message.sent_at, Message.id)
        )
        rows += (await session.execute(query)).all()
    return rows
