"""Two communities that turn out to be one: a supergroup was heard, or imported, before we learnt which group it had been."""

from __future__ import annotations

from sqlalchemy import Table, UniqueConstraint, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.base import Base
from models.tables.community import Community
from models.tables.consent import AT_ONCE, Consent, Purpose
from models.tables.member import Membership
from models.tables.model import TrainedModel

# These have one row per member and community, or serve one community only: moving them takes more than a new number.
_BY_HAND = frozenset({Membership.__tablename__, Consent.__tablename__, TrainedModel.__tablename__})


async def merge_communities(session: AsyncSession, source_id: int, target_id: int) -> None:
    """Everything of the source becomes the target's, and the source is gone; its models are not kept.

    Of two choices of one member the later one holds; a member present in either is present.
    """
    for table in Base.metadata.sorted_tables:
        if "community_id" in table.c and table.name not in _BY_HAND:
            await _drop_doubles(session, table, source_id, target_id)
            where = table.c.community_id == source_id
            await session.execute(update(table).where(where).values(community_id=target_id))
    await _merge_memberships(session, source_id, target_id)
    await _merge_consents(session, source_id, target_id)
    await session.flush()
    await session.execute(delete(Community).where(Community.id == source_id))


async def _drop_doubles(session: AsyncSession, table: Table, source_id: int, target_id: int) -> None:
    """Of what there is once in a community (a place in the rounds, a round of one hour) the target's own stays."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and "community_id" in constraint.columns:
            there = table.alias()
            same = [there.c[one.name] == table.c[one.name] for one in constraint.columns if one.name != "community_id"]
            is_double = exists().where(there.c.community_id == target_id, *same)
            await session.execute(delete(table).where(table.c.community_id == source_id, is_double))


async def _merge_memberships(session: AsyncSession, source_id: int, target_id: int) -> None:
    query = select(Membership).where(Membership.community_id == target_id)
    there = {row.member_id: row for row in await session.scalars(query)}
    for row in list(await session.scalars(select(Membership).where(Membership.community_id == source_id))):
        other = there.get(row.member_id)
        if other is None:
            row.community_id = target_id
            continue
        other.last_seen_at = max((at for at in (other.last_seen_at, row.last_seen_at) if at), default=None)
        other.joined_at = min((at for at in (other.joined_at, row.joined_at) if at), default=None)
        other.left_at = max(other.left_at, row.left_at) if other.left_at and row.left_at else None


async def _merge_consents(session: AsyncSession, source_id: int, target_id: int) -> None:
    query = select(Consent).where(Consent.community_id == target_id)
    there = {(row.member_id, row.purpose): row for row in await session.scalars(query)}
    for row in list(await session.scalars(select(Consent).where(Consent.community_id == source_id))):
        other = there.get((row.member_id, row.purpose))
        if other is None:
            row.community_id = target_id
            # Another community's clock may hold for it now.
            row.digest_due_at = AT_ONCE if row.purpose == Purpose.DIGEST else None
        elif other.decided_at < row.decided_at:
            other.is_given, other.decided_at, other.digest_due_at = row.is_given, row.decided_at, row.digest_due_at
