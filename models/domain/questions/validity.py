"""Whether a question still waits when it leaves for who may know: the check for the door. Loads no numpy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.conversations.conversations import describe_threads
from models.domain.members.learners import learners
from models.domain.questions.questions import is_waiting
from models.domain.sending.checks import Checks, by_place


def waits(community_id: int, thread_id: int) -> str:
    """The claim that nobody has answered this question of the community."""
    return f"waits:{community_id}:{thread_id}"


async def still_wait(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each COMMUNITY:THREAD is still open, its reader said nothing in it, and its asker is still there."""
    for community_id, thread_ids in by_place(targets).items():
        talks = await describe_threads(session, thread_ids, await learners(session, community_id))
        if talks.keys() != thread_ids or not all(is_waiting(talk, now=now) for talk in talks.values()):
            return False
        if any(reader_id in talk.last_spoke for talk in talks.values()):
            return False
    return True


CHECKS: Checks = {"waits": still_wait}
