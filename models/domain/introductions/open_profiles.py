"""Members whom one reader may come across by what they confirmed of themselves: under their names, as they agreed to.

Criteria: they confirmed the line, said yes to learning and to introductions there, and nobody keeps the two apart.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.introductions import introductions
from models.domain.members import consent
from models.domain.members.learners import learners
from models.domain.profiles import profiles
from models.domain.profiles.profiles import OpenProfile
from models.tables.consent import Purpose
from models.tables.member import Member, MuteKind


async def open_profiles(
    session: AsyncSession, community_ids: Collection[int], *, reader_id: int, now: datetime
) -> list[OpenProfile]:
    """Those in these communities, each once, by member id."""
    found: dict[int, OpenProfile] = {}
    for community_id in community_ids:
        willing = await consent.consenting(session, community_id, Purpose.INTRODUCE) - {reader_id} - found.keys()
        facts = await profiles.standing(session, community_id, willing)
        willing = await learners(session, community_id, among=facts.keys()) if facts else set()
        # Whom somebody left out without learning the name stays: to be missing here would tell who it was.
        kinds = (MuteKind.PERSON,)
        separate = await introductions.apart(session, community_id, {*willing, reader_id}, now=now, kinds=kinds)
        willing -= {other for one, other in separate if one == reader_id}
        members = await session.scalars(select(Member).where(is_one_of(Member.id, willing)))
        found |= {one.id: OpenProfile(one, facts[one.id]) for one in members}
    return [found[one] for one in sorted(found)]
