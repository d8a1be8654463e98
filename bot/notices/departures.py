"""Who leaves a community, or is banned from it, comes to none of its events any more: their seats go to those who wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.notices import event_answers
from bot.scene.services import Services
from models.database import is_one_of
from models.domain.events import seats
from models.domain.hearing.facts import Fact, HeardStanding
from models.tables.community import GROUPS
from models.tables.event import IS_IN, Event, EventStatus, Rsvp, RsvpStatus
from models.tables.member import PRESENT, Member, Membership

# What an answer that stands for coming may be.
COMING = (*IS_IN, RsvpStatus.MAYBE)


async def release(services: Services, session: AsyncSession, facts: Sequence[Fact], *, now: datetime) -> bool:
    """Take back what those who left had answered to coming events; called for recorded facts, in their transaction.

    Whoever is still in another chat of the community keeps all. True when anything changed.
    """
    departures = {
        fact.actor.telegram_id
        for fact in facts
        if isinstance(fact, HeardStanding) and fact.status not in PRESENT and fact.place.kind in GROUPS
    }
    answers = await _answers_of(session, departures, now) if departures else []
    for event_id, member_id in answers:
        result = await seats.depart(session, event_id, member_id, now=now)
        event = await session.get(Event, event_id)
        if result is not None and event is not None:
            await event_answers.spread(services, session, event, member_id, result, now=now)
    return bool(answers)


async def _answers_of(session: AsyncSession, telegram_ids: set[int], now: datetime) -> list[tuple[int, int]]:
    """(event id, member id) of standing answers in communities that these people have left.

    In the order in which every transaction locks events, so that two never wait for each other.
    """
    is_member_there = and_(Membership.member_id == Rsvp.member_id, Membership.community_id == Event.community_id)
    query = (
        select(Rsvp.event_id, Rsvp.member_id)
        .join(Event, Event.id == Rsvp.event_id)
        .join(Member, Member.id == Rsvp.member_id)
        .join(Membership, is_member_there)
        .where(is_one_of(Member.telegram_id, telegram_ids), Membership.left_at.is_not(None))
        .where(is_one_of(Rsvp.status, COMING), Event.status == EventStatus.PUBLISHED, Event.starts_at > now)
        .order_by(Rsvp.event_id, Rsvp.member_id)
    )
    return [(event_id, member_id) for event_id, member_id in await session.execute(query)]
