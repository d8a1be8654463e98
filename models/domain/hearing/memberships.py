"""Memberships follow the standings in all chats of a community."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of, table_of
from models.tables.community import Chat
from models.tables.member import PRESENT, Membership, Presence, Role, Standing

# The highest first.
ROLES = {Standing.CREATOR: Role.OWNER, Standing.ADMINISTRATOR: Role.ADMIN}

Bond = tuple[int, int]  # member row id, community row id


async def refresh_memberships(session: AsyncSession, bonds: Set[Bond], join_times: Mapping[Bond, datetime]) -> None:
    """Highest role over all chats, left only when absent everywhere and not seen since, joined at the earliest told."""
    if not bonds:
        return
    standing = await _standing(session, bonds)
    changes = []
    for bond, membership in (await _memberships(session, bonds)).items():
        if change := _change(membership, standing.get(bond, []), join_times.get(bond)):
            changes.append(change | {"row_id": membership.id})
    if changes:
        await session.execute(_BIND, changes)


def _change(
    membership: Any, standing: list[tuple[Standing, datetime]], joined_at: datetime | None
) -> dict[str, Any] | None:
    role, left_at = membership.role, membership.left_at
    if standing:
        statuses = {status for status, _ in standing}
        role = next((ROLES[status] for status in ROLES if status in statuses), Role.MEMBER)
        left_at = None if statuses & PRESENT else max(since for _, since in standing)
    if left_at and membership.last_seen_at and membership.last_seen_at > left_at:
        left_at = None
    earliest = min((at for at in (membership.joined_at, joined_at) if at), default=None)
    if (role, left_at, earliest) == (membership.role, membership.left_at, membership.joined_at):
        return None
    return {"new_role": role, "new_left_at": left_at, "new_joined_at": earliest}


_MEMBERSHIP = table_of(Membership)
_BIND = (
    update(_MEMBERSHIP)
    .where(_MEMBERSHIP.c.id == bindparam("row_id"))
    .values({name: bindparam(f"new_{name}") for name in ("role", "left_at", "joined_at")})
)


async def _standing(session: AsyncSession, bonds: Set[Bond]) -> defaultdict[Bond, list[tuple[Standing, datetime]]]:
    """Status and since when, in every chat of the community."""
    query = (
        select(Presence.member_id, Chat.community_id, Presence.status, Presence.since)
        .join(Chat, Chat.id == Presence.chat_id)
        .where(
            is_one_of(Presence.member_id, {member_id for member_id, _ in bonds}),
            is_one_of(Chat.community_id, {community_id for _, community_id in bonds}),
        )
    )
    standings: defaultdict[Bond, list[tuple[Standing, datetime]]] = defaultdict(list)
    for member_id, community_id, status, since in await session.execute(query):
        standings[member_id, community_id or 0].append((status, since))
    return standings


async def _memberships(session: AsyncSession, bonds: Set[Bond]) -> dict[Bond, Any]:
    columns = (
        Membership.id,
        Membership.member_id,
        Membership.community_id,
        Membership.role,
        Membership.left_at,
        Membership.joined_at,
        Membership.last_seen_at,
    )
    query = select(*columns).where(
        is_one_of(Membership.member_id, {member_id for member_id, _ in bonds}),
        is_one_of(Membership.community_id, {community_id for _, community_id in bonds}),
    )
    rows = {(row.member_id, row.community_id): row for row in await session.execute(query)}
    return {bond: row for bond, row in rows.items() if bond in bonds}
