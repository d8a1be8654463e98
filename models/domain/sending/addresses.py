"""Where something stands in Telegram, for whoever wants to jump there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.tables.community import Chat
from models.tables.delivery import Delivery


@dataclass(frozen=True)
class Address:
    """A chat and a message in it; without a message id it was never posted."""

    chat_title: str
    telegram_chat_id: int
    telegram_message_id: int | None
    handle: str | None = None


async def addresses_of(session: AsyncSession, delivery_ids: Collection[int]) -> dict[int, Address]:
    """Where these deliveries stand, by id; none of chats that are gone."""
    query = (
        select(Delivery.id, Delivery.telegram_message_id, Chat)
        .join(Chat, Chat.id == Delivery.chat_id)
        .where(is_one_of(Delivery.id, delivery_ids), Chat.gone_at.is_(None))
    )
    return {
        delivery_id: Address(chat.title or "?", chat.telegram_id, message_id, chat.handle)
        for delivery_id, message_id, chat in await session.execute(query)
    }
