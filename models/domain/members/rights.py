"""Who may do what: decided from our own rows, never from which scope a command seemed to come."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.community import GROUPS, Chat, Community
from models.tables.member import ADMINISTRATING, Member, Membership, Presence, Role, Standing

# Roles with the rights of an admin; a role is the highest of somebody's standings over the community's chats, and only
# hearing/memberships.py writes it.
_ADMIN_ROLES = (Role.OWNER, Role.ADMIN)


class Creators(StrEnum):
    """Who may plan events in a community, as its admins choose."""

    ADMINS = "admins"
    EVERYONE = "everyone"


def _is_admin() -> ColumnElement[bool]:
    """The one rule: an owner or admin of any chat of the community, who has not left."""
    return and_(Membership.role.in_(_ADMIN_ROLES), Membership.left_at.is_(None))


async def is_admin(session: AsyncSession, member_id: int, community_id: int) -> bool:
    """Whether the member has an admin's rights in the community."""
    own = (Membership.member_id == member_id, Membership.community_id == community_id)
    return await session.scalar(select(Membership.id).where(*own, _is_admin())) is not None


async def admins_of(session: AsyncSession, community_id: int) -> list[Member]:
    """The community's admins, bots left out."""
    query = select(Member).join(Membership, Membership.member_id == Member.id)
    where = (Membership.community_id == community_id, _is_admin(), Member.is_bot.is_(False))
    return list(await session.scalars(query.where(*where).order_by(Member.id)))


def administered_by(member_id: int) -> Select[int]:
    """The ids of the communities whose admin the member is, for use in a query."""
    return select(Membership.community_id).where(Membership.member_id == member_id, _is_admin())


async def communities_of_admin(session: AsyncSession, member_id: int) -> list[Community]:
    """The communities whose admin the member is, by age."""
    query = select(Community).join(Membership, Membership.community_id == Community.id)
    query = query.where(Membership.member_id == member_id, _is_admin())
    return list(await session.scalars(query.order_by(Community.id)))


async def in_doubt(session: AsyncSession, telegram_id: int) -> list[Chat]:
    """Groups where somebody is an admin as far as we know, and Telegram would not tell us of a change: we are none there."""
    query = (
        select(Chat)
        .join(Presence, Presence.chat_id == Chat.id)
        .join(Member, Member.id == Presence.member_id)
        .where(Member.telegram_id == telegram_id, Presence.status.in_(ADMINISTRATING))
        .where(Chat.kind.in_(GROUPS), Chat.gone_at.is_(None), Chat.bot_status.is_distinct_from(Standing.ADMINISTRATOR))
        .order_by(Chat.id)
    )
    return list(await session.scalars(query))


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
