"""Whether lines of profiles that a push rests on still stand when it leaves: the check for the door."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.profiles.profiles import STANDING
from models.domain.sending.checks import Checks
from models.tables.profile import ProfileFact


def stands(fact_id: int) -> str:
    """The claim that a member stands by this line."""
    return f"stands:{fact_id}"


async def still_stand(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether none of these lines was removed, or went with a no."""
    ids = {int(one) for one in targets}
    query = select(func.count(ProfileFact.id)).where(is_one_of(ProfileFact.id, ids), ProfileFact.state.in_(STANDING))
    return await session.scalar(query) == len(ids)


CHECKS: Checks = {"stands": still_stand}
