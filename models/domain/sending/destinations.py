"""Where deliveries go, and what Telegram's answers teach about it: gone chats, blocked members, migrated groups."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.sending.deliveries import IS_UNSETTLED
from models.tables.community import Chat, ChatKind
from models.tables.delivery import Delivery
from models.tables.event import Event
from models.tables.member import Member


async def mark_chat_gone(session: AsyncSession, chat_id: int, *, now: datetime, reason: str) -> None:
    """Nothing more goes there until Klatch is heard to be back (whoever hears that clears gone_at)."""
    statement = update(Chat).where(Chat.id == chat_id, Chat.gone_at.is_(None))
    await session.execute(statement.values(gone_at=now, gone_reason=reason))


async def mark_member_blocked(session: AsyncSession, member_id: int, *, now: datetime) -> None:
    """The member blocked the bot; starting it again makes them reachable."""
    await session.execute(
        update(Member).where(Member.id == member_id, Member.blocked_at.is_(None)).values(blocked_at=now)
    )


async def mark_member_unreachable(session: AsyncSession, member_id: int) -> None:
    """There is no private chat: never started, or the account is gone."""
    await session.execute(update(Member).where(Member.id == member_id).values(reachable_at=None))


async def mark_member_reached(session: AsyncSession, member_id: int, *, now: datetime) -> None:
    """A private message arrived: whatever the row said, the member is reachable."""
    is_unreached = (Member.reachable_at.is_(None)) | (Member.blocked_at.is_not(None))
    statement = update(Member).where(Member.id == member_id, is_unreached)
    await session.execute(statement.values(reachable_at=now, blocked_at=None))


async def forget_topic(session: AsyncSession, delivery_id: int) -> None:
    """The topic that this delivery was for was deleted: it, and all that was to follow there, goes to the chat itself."""
    delivery = await session.get_one(Delivery, delivery_id)
    chat_id, thread_id = delivery.chat_id, delivery.telegram_thread_id
    delivery.telegram_thread_id = None
    await session.flush()
    if chat_id is not None:
        there = (Delivery.chat_id == chat_id, Delivery.telegram_thread_id == thread_id)
        await session.execute(update(Delivery).where(IS_UNSETTLED, *there).values(telegram_thread_id=None))
        statement = update(Event).where(Event.chat_id == chat_id, Event.telegram_thread_id == thread_id)
        await session.execute(statement.values(telegram_thread_id=None))


async def follow_migration(session: AsyncSession, chat_id: int, new_telegram_id: int) -> None:
    """A basic group became a supergroup: the row follows, or points to the row that already has the new id."""
    known_id = await session.scalar(select(Chat.id).where(Chat.telegram_id == new_telegram_id))
    if known_id == chat_id:
        return
    chat = update(Chat).where(Chat.id == chat_id)
    if known_id is not None:
        await session.execute(chat.values(migrated_to_id=known_id))
    else:
        await session.execute(chat.values(telegram_id=new_telegram_id, kind=ChatKind.SUPERGROUP))
