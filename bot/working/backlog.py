"""Takes stored updates in hand: the urgent at once, with all that they must not overtake, and chatter as it comes."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.working.lanes import Lanes
from models.database import Database
from models.domain.hearing import inbox
from models.domain.hearing.inbox import Waiting

# Updates per look, of either sort.
MOST_AT_ONCE = 500
# In hand of either sort. Far more than a chat can be told while a handler of its own waits for Telegram.
MOST_IN_HAND = 1_000


async def more(database: Database, lanes: Lanes) -> list[Waiting]:
    """What waits and is not in hand yet; empty when that is all, or when there is no room.

    An update is among them only if everything it has to wait for is, too, or is in hand already.
    """
    async with database.reading() as session:
        # What is stored from now on has to wait: each statement sees more than the one before.
        up_to = await inbox.newest(session)
        urgent, up_to = await _urgent(session, lanes, up_to)
        before: list[Waiting] = []
        if urgent:
            before, urgent, up_to = await _with_what_precedes(session, lanes, urgent, up_to)
        return [*before, *urgent, *await _chatter(session, lanes, before, up_to)]


async def _urgent(session: AsyncSession, lanes: Lanes, up_to: int) -> tuple[list[Waiting], int]:
    """What somebody waits for, and up to which row that is all of it."""
    in_hand = lanes.urgent_ids
    room = min(MOST_AT_ONCE, MOST_IN_HAND - len(in_hand))
    rows = await inbox.waiting(session, is_urgent=True, limit=room, up_to=up_to, without=in_hand) if room else []
    is_all = len(rows) < room
    return rows, up_to if is_all else max(*in_hand, *(row.id for row in rows), 0)


async def _with_what_precedes(
    session: AsyncSession, lanes: Lanes, urgent: list[Waiting], up_to: int
) -> tuple[list[Waiting], list[Waiting], int]:
    """Chatter that these must not overtake, however much waits before it; what has more than that before it is left."""
    before = await inbox.waiting(
        session,
        is_urgent=False,
        limit=MOST_AT_ONCE,
        up_to=urgent[-1].id,
        without=lanes.row_ids,
        preceding=urgent,
    )
    if len(before) < MOST_AT_ONCE:
        return before, urgent, up_to
    last = before[-1].id
    return before, [row for row in urgent if row.id < last], min(up_to, last)


async def _chatter(session: AsyncSession, lanes: Lanes, before: list[Waiting], up_to: int) -> list[Waiting]:
    in_hand = [*lanes.row_ids, *(row.id for row in before)]
    room = min(MOST_AT_ONCE, MOST_IN_HAND + len(lanes.urgent_ids) - len(in_hand))
    if room <= 0:
        return []
    return await inbox.waiting(session, is_urgent=False, limit=room, up_to=up_to, without=in_hand)
