"""The terms of a community, from its recent talk. Imported by jobs alone; it loads dictionaries."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.serving.training import Material
from models.learning.terms import Terms
from models.tables.member import Member, Membership

# Terms kept of one thread.
KEYWORDS = 3


async def terms_of(session: AsyncSession, community_id: int, learnt: Material) -> Terms:
    """What is worth naming here; nobody's name is, whether they said yes or not."""
    query = (
        select(Member.name)
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.community_id == community_id)
    )
    names = list(await session.scalars(query))
    messages = learnt.log.messages
    return Terms.fit(zip(messages.member.tolist(), messages.text, strict=True), names)
