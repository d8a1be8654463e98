"""Whether what its author is asked about or told still holds when it leaves: the checks for the door."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.database import is_one_of
from models.domain.listings import answers
from models.domain.sending.checks import Checks, by_place
from models.tables.listing import Listing
from models.tables.message import Message


def words(message_id: int) -> str:
    """The claim that a message of the reader stands, and is kept nowhere yet."""
    return f"words:{message_id}"


def is_answered() -> ColumnElement[bool]:
    """Messages whose author replied to a reply: what they asked for is being talked about, and no card is wanted."""
    reply, back = aliased(Message), aliased(Message)
    return exists().where(
        reply.chat_id == Message.chat_id,
        reply.reply_to_telegram_id == Message.telegram_message_id,
        reply.reply_to_member_id == Message.member_id,
        reply.member_id != Message.member_id,
        back.chat_id == Message.chat_id,
        back.reply_to_telegram_id == reply.telegram_message_id,
        back.member_id == Message.member_id,
    )


async def stand(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each MESSAGE of the reader is still there with its words, neither kept nor answered."""
    ids = {int(one) for one in targets}
    query = select(func.count(Message.id)).where(
        is_one_of(Message.id, ids),
        Message.member_id == reader_id,
        Message.text.is_not(None),
        Message.deleted_at.is_(None),
        ~exists().where(Listing.message_id == Message.id),
        ~is_answered(),
    )
    return await session.scalar(query) == len(ids)


def helper(listing_id: int, member_id: int) -> str:
    """The claim that somebody who answered a listing may be named to its author."""
    return f"helper:{listing_id}:{member_id}"


async def may_help(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each LISTING:MEMBER answered it, is still there, and was not left out by its author."""
    for listing_id, ids in by_place(targets).items():
        listing = await session.get(Listing, listing_id)
        if listing is None or not ids <= {one.id for one in await answers.helpers(session, listing)}:
            return False
    return True


CHECKS: Checks = {"words": stand, "helper": may_help}
