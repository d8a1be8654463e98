"""Records what nobody waits for: a batch in one transaction, and what is wrong in it is found by halves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.handlers import rsvps
from bot.hearing.parts import NotUnderstood
from bot.hearing.raw_updates import unpack
from bot.hearing.updates import hear
from bot.notices import departures, listing_moves, moves, newcomers
from bot.scene.services import Services
from bot.working.quarantine import set_aside
from models.database import is_temporary
from models.domain.hearing import declined, inbox, recording
from models.domain.hearing.facts import Fact
from models.domain.hearing.inbox import Waiting


def facts_of(raw: Any) -> Sequence[Fact]:
    """What an update says. Raises NotUnderstood."""
    if not isinstance(raw, dict):
        raise NotUnderstood("the stored update is no JSON object")
    return hear(raw)


async def record_all(services: Services, rows: Sequence[Waiting]) -> None:
    """Record these; what cannot be is set aside. Raises what may pass later, then nothing of the failing part is done."""
    try:
        await _record(services, rows)
    except Exception as error:
        if is_temporary(error):
            raise
        if len(rows) == 1:
            await set_aside(services, rows[0].id, unpack(rows[0].payload), error)
            return
        middle = len(rows) // 2
        await record_all(services, rows[:middle])
        await record_all(services, rows[middle:])


async def mark_and_record(
    services: Services, session: AsyncSession, facts: Mapping[int, Sequence[Fact]]
) -> tuple[set[int], list[Fact]]:
    """Claim the rows that are still ours to do and record what they say; returns those, and their facts."""
    now = services.clock.now()
    own_ids = await inbox.mark_done(session, list(facts), now=now)
    own_facts = [fact for row_id, of_row in facts.items() if row_id in own_ids for fact in of_row]
    await recording.record(session, own_facts, now=now, founding=services.founding)
    await declined.wipe(session, {row_id: of_row for row_id, of_row in facts.items() if row_id in own_ids})
    return own_ids, own_facts


async def _record(services: Services, rows: Sequence[Waiting]) -> None:
    facts = {row.id: facts_of(unpack(row.payload)) for row in rows}
    now = services.clock.now()
    async with services.database.transaction() as session:
        _, own_facts = await mark_and_record(services, session, facts)
        is_answered = await rsvps.hear_reactions(services, session, own_facts, now=now)
        is_greeted = await newcomers.greet(services, session, own_facts, now=now)
        is_released = await departures.release(services, session, own_facts, now=now)
        is_moved = await moves.follow(services, session, own_facts, now=now)
        is_released |= await listing_moves.release(services, session, own_facts, now=now)
        is_moved |= await listing_moves.follow(services, session, own_facts, now=now)
    if is_answered or is_greeted or is_released or is_moved:
        services.door.wake()
        services.runner.wake()
