"""Whom attendees say they met at an event; where that was our suggestion, it is known to have worked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.events.ratings import NotAnAttendee, attendees
from models.tables.event import Event
from models.tables.interaction import Interaction, InteractionKind
from models.tables.recommendation import Recommendation, RecommendedItem, Response


async def people_met(session: AsyncSession, event_id: int, member_id: int) -> set[int]:
    """Whom the member says they met there."""
    query = (
        select(Interaction.about_member_id)
        .where(
            Interaction.event_id == event_id,
            Interaction.member_id == member_id,
            Interaction.kind == InteractionKind.MET,
        )
        .group_by(Interaction.about_member_id)
        .having(func.sum(Interaction.value) > 0)
    )
    return {other for other in await session.scalars(query) if other is not None}


async def turn_met(session: AsyncSession, event_id: int, member_id: int, other_id: int, *, now: datetime) -> None:
    """Say, or take back, that one attendee met another; introductions learn from it. Raises NotAnAttendee."""
    event = await session.get(Event, event_id)
    there = {member.id for member in await attendees(session, event_id)}
    if event is None or not event.shows_names or not {member_id, other_id} <= there or member_id == other_id:
        raise NotAnAttendee
    was_met = other_id in await people_met(session, event_id, member_id)
    session.add(
        Interaction(
            community_id=event.community_id,
            member_id=member_id,
            kind=InteractionKind.MET,
            at=now,
            event_id=event.id,
            about_member_id=other_id,
            value=-1 if was_met else 1,
        )
    )
    await _note_suggested(session, event.id, member_id, other_id, is_met=not was_met, now=now)
    await session.flush()


async def _note_suggested(
    session: AsyncSession, event_id: int, member_id: int, other_id: int, *, is_met: bool, now: datetime
) -> None:
    """A member says, or takes back, that they met somebody: where that was our suggestion, it is known to have worked."""
    own = update(Recommendation).where(
        Recommendation.event_id == event_id,
        Recommendation.item_kind == RecommendedItem.PERSON,
        Recommendation.member_id == member_id,
        Recommendation.item_id == other_id,
    )
    if is_met:
        await session.execute(own.values(action=Response.MET, acted_at=now))
    else:
        await session.execute(own.where(Recommendation.action == Response.MET).values(action=None, acted_at=None))
