"""Who is in which chat as what: joins, leaves, bans, promotions, and our own standing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of
from models.domain.chats import KnownChat
from models.domain.heard import HeardOwnStanding, HeardStanding
from models.domain.people import presences, touch_memberships
from models.tables.community import Chat
from models.tables.interaction import Interaction
from models.tables.member import Member, Membership, Presence

PRESENT = frozenset({"creator", "administrator", "member", "restricted"})
ROLES = {"creator": "owner", "administrator": "admin"}


async def write_standing(session: AsyncSession, heard: HeardStanding, chat: KnownChat, member_id: int) -> None:
    """Keep the new status; a change between present and absent is an interaction, told once however often it is heard."""
    before = (await presences(session, [(chat.id, member_id)])).get((chat.id, member_id))
    is_present, was_present = heard.status in PRESENT, before in PRESENT
    if heard.is_vague and before is not None and is_present == was_present:
        return
    await _keep(session, heard, chat.id, member_id)
    if chat.community_id is None:
        return
    if before != heard.status:
        await _refresh_membership(session, member_id, chat.community_id, heard)
    if is_present != was_present and (is_present or before is not None or not heard.is_vague):
        kind = "join" if is_present else "leave"
        row = {"community_id": chat.community_id, "member_id": member_id, "kind": kind, "at": heard.at}
        row |= {"chat_id": chat.id, "value": 1, "what": heard.status[:64]}
        await session.execute(insert_of(session, Interaction), [row])


async def _keep(session: AsyncSession, heard: HeardStanding, chat_id: int, member_id: int) -> None:
    statement = insert_of(session, Presence)
    changes = {"status": statement.excluded.status, "since": statement.excluded.since}
    row = {"chat_id": chat_id, "member_id": member_id, "status": heard.status[:64], "since": heard.at}
    await session.execute(statement.on_conflict_do_update(index_elements=["chat_id", "member_id"], set_=changes), [row])


async def _refresh_membership(session: AsyncSession, member_id: int, community_id: int, heard: HeardStanding) -> None:
    """The membership follows all chats of the community: highest role, and left only when absent everywhere."""
    await touch_memberships(session, {(member_id, community_id): heard.at})
    query = (
        select(Presence.status)
        .join(Chat, Chat.id == Presence.chat_id)
        .where(Chat.community_id == community_id, Presence.member_id == member_id)
    )
    statuses = set(await session.scalars(query))
    role = next((ROLES[status] for status in ("creator", "administrator") if status in statuses), "member")
    where = (Membership.member_id == member_id, Membership.community_id == community_id)
    is_present = bool(statuses & PRESENT)
    change: dict[str, str | datetime | None] = {"role": role, "left_at": None if is_present else heard.at}
    await session.execute(update(Membership).where(*where).values(change))
    if is_present:
        await session.execute(
            update(Membership).where(*where, Membership.joined_at.is_(None)).values(joined_at=heard.at)
        )


async def write_own_standing(
    session: AsyncSession, heard: HeardOwnStanding, chat: KnownChat, member_id: int | None
) -> None:
    """In a group: whether we are there and an administrator. In private: whether the member can be reached."""
    if heard.place.kind == "private":
        if member_id is not None:
            await set_reachable(session, member_id, heard.at if heard.status in PRESENT else None, at=heard.at)
        return
    change: dict[str, object] = {"bot_status": heard.status[:64]}
    is_gone = heard.status not in PRESENT
    change |= {"gone_at": heard.at if is_gone else None, "gone_reason": heard.status[:64] if is_gone else None}
    await session.execute(update(Chat).where(Chat.id == chat.id).values(change))


async def set_reachable(session: AsyncSession, member_id: int, reachable_at: datetime | None, *, at: datetime) -> None:
    """Note that a private message would arrive (since when), or that the member blocked us."""
    change = {"reachable_at": reachable_at, "blocked_at": None} if reachable_at is not None else {"blocked_at": at}
    await session.execute(update(Member).where(Member.id == member_id).values(change))
