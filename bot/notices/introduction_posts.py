"""Asks the sides of an introduction, and tells all of them when it came about. For handlers and jobs alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import introductions as messages
from bot.messages import proposals as proposal_messages
from bot.messages.outgoing import Outgoing
from bot.scene.services import Services
from models.domain.introductions import inquiries, introductions, proposals, staying_in_touch
from models.domain.sending import deliveries
from models.tables.community import Community
from models.tables.delivery import DeliveryKind
from models.tables.event import Event
from models.tables.introduction import Introduction, IntroductionSide
from models.tables.member import Member


async def propose(
    services: Services,
    session: AsyncSession,
    introduction: Introduction,
    *,
    now: datetime,
    due_at: datetime | None = None,
) -> int:
    """Ask every side that has not answered, without a name; returns how many questions were queued.

    The door asks consent, budget and quiet hours again; what does not leave before the introduction expires never does.
    """
    sides = await proposals.silent_sides(session, introduction.id)
    return sum([await _ask(services, session, introduction, side, now, due_at) for side in sides])


async def _ask(
    services: Services,
    session: AsyncSession,
    introduction: Introduction,
    side: IntroductionSide,
    now: datetime,
    due_at: datetime | None,
) -> bool:
    member = await session.get_one(Member, side.member_id)
    community = await session.get_one(Community, introduction.community_id)
    row = await proposals.remember(session, introduction, side, now=now)
    reasons = proposals.reasons_of(introduction, side)
    message = proposal_messages.proposal(
        services.voice(member), introduction, reasons, community=community.name, recommendation_id=row.id, now=now
    )
    delivery = await deliveries.queue(
        session,
        DeliveryKind.PROPOSAL,
        now=now,
        payload=message.payload(),
        member_id=member.id,
        community_id=community.id,
        reasons=row.reasons,
        about=proposals.about(introduction.id),
        due_at=due_at,
        expires_at=introduction.expires_at,
    )
    row.delivery_id = delivery.id if delivery else None
    return delivery is not None


async def introduce(services: Services, session: AsyncSession, introduction_id: int, *, now: datetime) -> int:
    """Each side gets the others' names, once; returns how many messages were queued."""
    introduction = await session.get_one(Introduction, introduction_id)
    members = await introductions.members_of(session, introduction_id)
    delivery_ids = [
        await deliveries.queue(
            session,
            DeliveryKind.INTRODUCTION,
            now=now,
            payload=(await _introduction(services, session, introduction, reader, members, now)).payload(),
            member_id=reader.id,
            community_id=introduction.community_id,
            about=introductions.about(introduction_id),
            reasons=introductions.claims(introduction_id),
        )
        for reader in members
    ]
    return sum(delivery is not None for delivery in delivery_ids)


async def _introduction(
    services: Services,
    session: AsyncSession,
    introduction: Introduction,
    reader: Member,
    members: Sequence[Member],
    now: datetime,
) -> Outgoing:
    voice, others = services.voice(reader), [one for one in members if one is not reader]
    if introduction.kind in proposals.PROPOSED:
        sides = {side.member_id: side for side in await proposals.sides_of(session, introduction.id)}
        reasons = proposals.reasons_of(introduction, sides[reader.id])
        question = await inquiries.question_of(session, introduction.id)
        return proposal_messages.introduction(
            voice, introduction, reasons, reader=reader, others=others, now=now, question=question
        )
    event = await session.get(Event, introduction.event_id) if introduction.event_id is not None else None
    have_met = event is not None and await staying_in_touch.have_met(session, event.id, reader.id, others[0].id)
    return messages.introduction(voice, event, others[0], have_met=have_met)
