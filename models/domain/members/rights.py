"""Who may do what: decided from our own rows, never from which scope a command seemed to come."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.community import Chat
from models.tables.member import Member, Presence

ADMIN_STATUSES = ("creator", "administrator")


async def is_admin(
    session: AsyncSession, member: Member | None, chat: Chat | None, *, is_anonymous: bool = False
) -> bool:
    """True for the chat's administrators, also those who speak as the group itself."""
    if is_anonymous:
        return True
    if member is None or chat is None:
        return False
    query = select(Presence.id).where(
        Presence.chat_id == chat.id, Presence.member_id == member.id, Presence.status.in_(ADMIN_STATUSES)
    )
    return await session.scalar(query) is not None
