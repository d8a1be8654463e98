"""Whose rows may be learned from: consent comes before arrays, and before anybody is quoted or named to others."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of_given
from models.domain.members.consent import recording_decliners
from models.tables.consent import Consent, Purpose
from models.tables.member import Member, Membership


async def learners(session: AsyncSession, community_id: int, *, among: Collection[int] | None = None) -> set[int]:
    """Members, perhaps only those `among` some, who may enter arrays and other members' recommendations in this community.

    Criteria: said yes to `learn` there, did not decline `record` there, have not left, are people (an erased one has no row).
    """
    given: dict[str, Any] = {"community": community_id}
    if among is not None:
        given["among"] = list(among)
    return set(await session.scalars(_learners(is_among_some=among is not None), given))


@cache
def _learners(*, is_among_some: bool) -> Any:
    """Given `community` and perhaps `among`. Made once: it is asked before almost everything else."""
    here = and_(Membership.member_id == Member.id, Membership.community_id == bindparam("community"))
    query = (
        select(Member.id)
        .join(Membership, here)
        .join(Consent, and_(Consent.member_id == Member.id, Consent.community_id == bindparam("community")))
        .where(Consent.purpose == Purpose.LEARN, Consent.is_given.is_(True), Membership.left_at.is_(None))
        .where(Member.is_bot.is_(False), Member.id.not_in(recording_decliners(bindparam("community"))))
    )
    return query.where(is_one_of_given(Member.id, "among")) if is_among_some else query
