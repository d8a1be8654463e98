"""Who may do what: decided from our own rows, never from which scope a command seemed to come."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.community import Chat, Community
from models.tables.member import Member, Presence

ADMIN_STATUSES = ("creator", "administrator")
# Who may plan events, as admins choose.
CREATORS = ("admins", "everyone")


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


def may_create(community: Community, *, is_admin: bool) -> bool:
    """Admins always; everyone when the community's admins chose so."""
    return is_admin or community.settings.get("event_creators") == "everyone"


def choose_creators(community: Community, who: str) -> None:
    """The admins' choice: "admins" or "everyone". Raises ValueError."""
    if who not in CREATORS:
        raise ValueError(f"no such creators: {who}")
    # Assigned anew: a change inside the JSON would go unnoticed.
    community.settings = {**community.settings, "event_creators": who}
