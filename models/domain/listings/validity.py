"""Whether the message that its author is asked about still says it when the question leaves: the check for the door."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.sending.checks import Checks
from models.tables.listing import Listing
from models.tables.message import Message


def words(message_id: int) -> str:
    """The claim that a message of the reader stands, and is kept nowhere yet."""
    return f"words:{message_id}"


async def stand(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each MESSAGE of the reader is still there with its words, and not kept."""
    ids = {int(one) for one in targets}
    query = select(func.count(Message.id)).where(
        is_one_of(Message.id, ids),
        Message.member_id == reader_id,
        Message.text.is_not(None),
        Message.deleted_at.is_(None),
        ~exists().where(Listing.message_id == Message.id),
    )
    return await session.scalar(query) == len(ids)


CHECKS: Checks = {"words": stand}
