"""Whom what waits names: taken back when they are erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.sending import deliveries
from models.domain.sending.attention import subjects
from models.domain.sending.deliveries import IS_WAITING
from models.domain.sending.policies import PROACTIVE
from models.tables.delivery import Delivery

# Kinds of what a push is about whose target is a member, or ends with one (EVENT:MEMBER).
OF_MEMBERS = ("person", "host", "learns", "goes", "guest")


def names(reasons: Any, member_id: int) -> bool:
    """Whether a push with these reasons says something of the member."""
    own = str(member_id)
    return any(kind in OF_MEMBERS and target.rpartition(":")[2] == own for kind, target in subjects(reasons))


async def take_back(session: AsyncSession, member_id: int, *, now: datetime) -> int:
    """Withdraw what waits for others and names the member, to be written anew without them; returns how many."""
    query = select(Delivery.id, Delivery.reasons).where(
        IS_WAITING, is_one_of(Delivery.kind, PROACTIVE), Delivery.member_id != member_id
    )
    naming = [row.id for row in await session.execute(query) if names(row.reasons, member_id)]
    if not naming:
        return 0
    n_withdrawn = await deliveries.withdraw(session, naming, now=now)
    await deliveries.free(session, naming)
    return n_withdrawn
