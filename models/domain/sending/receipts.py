"""From a message a member sees back to the delivery that said it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.delivery import Delivery


async def sent_as(
    session: AsyncSession, telegram_message_id: int, *, member_id: int | None = None, chat_id: int | None = None
) -> Delivery | None:
    """The delivery whose message this is, in a member's private chat or in a chat; None when we did not send it."""
    query = select(Delivery).where(
        Delivery.telegram_message_id == telegram_message_id,
        Delivery.member_id == member_id,
        Delivery.chat_id == chat_id,
        Delivery.edits_id.is_(None),
    )
    return (await session.scalars(query.order_by(Delivery.id.desc()).limit(1))).one_or_none()


async def shows_picture(session: AsyncSession, delivery: Delivery) -> bool:
    """True when the message stands under a photo, from the first or since an edit: only its caption can then be changed."""
    if delivery.method == "sendPhoto":
        return True
    query = select(Delivery.id).where(Delivery.edits_id == delivery.id, Delivery.method == "editMessageMedia").limit(1)
    return await session.scalar(query) is not None
