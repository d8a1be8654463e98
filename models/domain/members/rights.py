"""Who may do what: decided from our own rows, never from which scope a command seemed to come."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.community import Chat, Community
from models.tables.member import Member, Presence, Standing

ADMIN_STATUSES = (Standing.CREATOR, Standing.ADMINISTRATOR)


class Creators(StrEnum):
    """Who may plan events in a community, as its admins choose."""

    ADMINS = "admins"
    EVERYONE = "everyone"


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


def creators(community: Community) -> Creators:
    """Who may plan events there: admins, until they choose."""
    is_open = community.settings.get("event_creators") == Creators.EVERYONE
    return Creators.EVERYONE if is_open else Creators.ADMINS


def may_create(community: Community, *, is_admin: bool) -> bool:
    """Admins always; everyone when the community's admins chose so."""
    return is_admin or creators(community) == Creators.EVERYONE


def choose_creators(community: Community, who: Creators) -> None:
    """The admins' choice."""
    # Assigned anew: a change inside the JSON would go unnoticed.
    community.settings = {**community.settings, "event_creators": who}
