"""Whose rows may be learned from: consent comes before arrays, and before anybody is quoted or named to others."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.members.consent import recording_decliners
from models.tables.consent import Consent, Purpose
from models.tables.member import Member, Membership


async def learners(session: AsyncSession, community_id: int, *, among: Collection[int] | None = None) -> set[int]:
    """Members, perhaps only those `among` some, who may enter arrays and other members' recommendations in this community.

    Criteria: said yes to `learn` there, did not decline `record` there, have not left, are people (an erased one has no row).
    """
    here = and_(Membership.member_id == Member.id, Membership.community_id == community_id)
    query = (
        select(Member.id)
        .join(Membership, here)
        .join(Consent, and_(Consent.member_id == Member.id, Consent.community_id == community_id))
        .where(Consent.purpose == Purpose.LEARN, Consent.is_given.is_(True), Membership.left_at.is_(None))
        .where(Member.is_bot.is_(False), Member.id.not_in(recording_decliners(community_id)))
    )
    if among is not None:
        query = query.where(is_one_of(Member.id, among))
    return set(await session.scalars(query))
