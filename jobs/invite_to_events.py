"""Hourly: private invitations to members who agreed, are likely to come, and can be told why; until seats are likely full."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import event_posts
from bot.messages import invitations as messages
from bot.services import Services
from models.domain import deliveries, event_cards, event_visibility, invitation_facts, invitations, seats
from models.domain.event_messages import once_key, told
from models.domain.invitations import Choice
from models.tables.community import Community
from models.tables.event import Event

# An invitation that could not leave until so long before the start is of no use any more.
TOO_LATE = timedelta(hours=6)


async def run(services: Services, *, now: datetime) -> str:
    """Queue invitations to every event whose time has come; a member gets at most one a run."""
    async with services.database.reading() as session:
        event_ids = [event.id for event in await invitations.ready(session, now=now)]
    invited: set[int] = set()
    for event_id in event_ids:
        invited |= await _invite(services, event_id, invited, now)
    if invited:
        services.door.wake()
    return f"{len(invited)} members invited, {len(event_ids)} events looked at"


async def _invite(services: Services, event_id: int, already: set[int], now: datetime) -> set[int]:
    # Everything is worked out before the transaction: nobody waits for arithmetic.
    async with services.database.reading() as session:
        event = await session.get(Event, event_id)
        if event is None or not (n_more := await invitations.room_for(session, event, now=now)):
            return set()
        ranked = invitations.rank(await invitation_facts.load(session, event, now=now), now=now)
        known = already | await told(session, event, "invite")
    chosen = [choice for choice in ranked if choice.guest.member.id not in known][:n_more]
    async with services.database.transaction() as session:
        event = await seats.lock(session, event_id)
        if event is None or event.status != "published" or event.visibility != event_visibility.COMMUNITY:
            return set()
        queued = [await _queue(services, session, event, choice, now) for choice in chosen]
    return {choice.guest.member.id for choice, is_queued in zip(chosen, queued, strict=True) if is_queued}


async def _queue(services: Services, session: AsyncSession, event: Event, choice: Choice, now: datetime) -> bool:
    """One recommendation and its message, together."""
    member = choice.guest.member
    row = await invitations.remember(session, event, choice, now=now)
    community = await session.get_one(Community, event.community_id)
    view = await event_cards.view_of(session, event, now=now)
    message = messages.invitation(
        services.texts,
        event_posts.language_of(services, member),
        replace(view, time_zone=member.time_zone or event.time_zone),
        community=community.name,
        reasons=row.reasons,
        recommendation_id=row.id,
    )
    delivery = await deliveries.queue(
        session,
        "invite",
        now=now,
        payload=message.payload(),
        member_id=member.id,
        community_id=event.community_id,
        reasons=row.reasons,
        once_key=once_key(event, "invite", member.id),
        expires_at=event.starts_at - TOO_LATE,
    )
    row.delivery_id = delivery.id if delivery else None
    return delivery is not None
