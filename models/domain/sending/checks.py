"""Whether what a waiting push says still holds, asked once more before it leaves; the features that say it know how.

A reason's `about` may name, besides the kinds of a Mute, a kind for which a feature offers a Check, as kind:target.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

# Takes the reader's member id and every target of one kind; True while all of them hold.
Check = Callable[[AsyncSession, int, Collection[str], datetime], Awaitable[bool]]
Checks = Mapping[str, Check]


async def holds(
    session: AsyncSession, reader_id: int, about: Collection[tuple[str, str]], checks: Checks, *, now: datetime
) -> bool:
    """Whether everything that the push rests on still holds for its reader."""
    for kind, check in checks.items():
        targets = [target for one, target in about if one == kind]
        if targets and not await check(session, reader_id, targets, now):
            return False
    return True
