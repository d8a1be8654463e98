"""Hourly: private invitations to members who agreed, are likely to come, and can be told why; until seats are likely full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import invitations as messages
from bot.notices.admin_notices import say_unreadable
from bot.scene.services import Services
from models.domain.events import cards, seats
from models.domain.events.announcements import about, recipients
from models.domain.events.cards import EventView
from models.domain.events.validity import on
from models.domain.invitations import facts, history, invitations, neighbours
from models.domain.invitations.history import Past
from models.domain.invitations.invitations import Choice, Scorer
from models.domain.invitations.neighbours import Neighbour
from models.domain.invitations.validity import room_for
from models.domain.sending import deliveries
from models.tables.community import Community
from models.tables.delivery import DeliveryKind
from models.tables.event import Event, EventStatus, Visibility

# An invitation that could not leave until so long before the start is of no use any more.
TOO_LATE = timedelta(hours=6)


async def run(services: Services, *, now: datetime) -> str:
    """Queue invitations to every event whose time has come; a member gets at most one a run."""
    async with services.database.reading() as session:
        events = [(event.id, event.community_id) for event in await invitations.ready(session, now=now)]
    invited_ids: set[int] = set()
    models_of = {community_id: await _learn(services, community_id, now) for community_id in {one for _, one in events}}
    for event_id, community_id in events:
        invited_ids |= await _invite(services, event_id, invited_ids, models_of[community_id], now)
    if invited_ids:
        services.door.wake()
    return f"{len(invited_ids)} members invited, {len(events)} events looked at"


async def _learn(services: Services, community_id: int, now: datetime) -> tuple[Past, Scorer]:
    """What ranks a community's members, read once a run; a model that cannot be read is set aside and admins are told."""
    async with services.database.reading() as session:
        past = await history.read_past(session, community_id, now=now)
        scorer = await invitations.load_scorer(session, community_id)
    if scorer.problems:
        async with services.database.transaction() as session:
            community = await session.get_one(Community, community_id)
            await say_unreadable(session, services, community, scorer.problems, now=now)
    return past, scorer


async def _invite(
    services: Services, event_id: int, already: set[int], learnt: tuple[Past, Scorer], now: datetime
) -> set[int]:
    # Everything is worked out before the transaction: nobody waits for arithmetic.
    past, scorer = learnt
    async with services.database.reading() as session:
        event = await session.get(Event, event_id)
        if event is None or event_id not in past.place:
            return set()
        if not (n_seats := await invitations.seats_to_fill(session, event, now=now)):
            return set()
        ranking = invitations.rank(await facts.load(session, event, now=now), past, scorer, now=now)
        spoken_to = already | await recipients(session, event, "invite")
        ranking = [choice for choice in ranking if choice.guest.member.id not in spoken_to]
        choices = await invitations.enough(session, event, ranking, n_seats, now=now)
    async with services.database.transaction() as session:
        event = await seats.lock(session, event_id)
        if event is None or event.status != EventStatus.PUBLISHED or event.visibility != Visibility.COMMUNITY:
            return set()
        deliveries = [await _queue(services, session, event, choice, now) for choice in choices]
    return {choice.guest.member.id for choice, is_queued in zip(choices, deliveries, strict=True) if is_queued}


async def _queue(services: Services, session: AsyncSession, event: Event, choice: Choice, now: datetime) -> bool:
    """One recommendation and its message, together."""
    member = choice.guest.member
    row = await invitations.remember(session, event, choice, now=now)
    community = await session.get_one(Community, event.community_id)
    view = await cards.view_of(session, event, now=now)
    neighbour = await neighbours.nearest(session, event, member.id)
    message = messages.invitation(
        services.voice(member).near(event.time_zone),
        view,
        community=community.name,
        reasons=row.reasons,
        recommendation_id=row.id,
        neighbour=neighbour,
        now=now,
    )
    delivery = await deliveries.queue(
        session,
        DeliveryKind.INVITE,
        now=now,
        payload=message.payload(),
        member_id=member.id,
        community_id=event.community_id,
        reasons=_with_claims(row.reasons, view, neighbour),
        about=about(event, "invite"),
        expires_at=event.starts_at - TOO_LATE,
    )
    row.delivery_id = delivery.id if delivery else None
    return delivery is not None


def _with_claims(
    reasons: Sequence[dict[str, Any]], view: EventView, neighbour: Neighbour | None
) -> list[dict[str, Any]]:
    """The reasons for the door, which looks up again how many seats are left and what else is then, where that is told."""
    claims = [room_for(view.id, view.n_free)] if view.n_free else []
    claims += [on(neighbour.event)] if neighbour else []
    first, *others = reasons
    return [first | {"about": [*first["about"], *claims]}, *others]
