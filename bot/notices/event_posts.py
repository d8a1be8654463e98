"""Keeps what was said about an event in step with its rows: cards, promotions, notices. For handlers and jobs alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import event_notices as notices
from bot.messages import events as messages
from bot.messages.outgoing import Outgoing
from bot.notices import guest_lists
from bot.scene.services import Services
from models.domain.events import cards
from models.domain.events.events import audience
from models.domain.installation import timetable
from models.domain.invitations import answers
from models.domain.sending import deliveries
from models.domain.sending.about import About
from models.tables.community import Community
from models.tables.delivery import Delivery, DeliveryKind
from models.tables.event import Event, Rsvp, RsvpStatus
from models.tables.job import JobName
from models.tables.member import Member

# (voice, event, ...) -> what one member reads.
Notice = Callable[..., Outgoing]


async def card(services: Services, session: AsyncSession, event: Event, *, now: datetime) -> Outgoing:
    """The event's card in the community's language."""
    community = await session.get_one(Community, event.community_id)
    view = await cards.view_of(session, event, now=now)
    return messages.card(services.voice(community).near(event.time_zone), view)


async def post_card(
    services: Services, session: AsyncSession, event: Event, *, now: datetime, once_key: str | None = None
) -> Delivery | None:
    """Announce the event in its chat; None when it has none, or when that was done with this key before."""
    if event.chat_id is None:
        return None
    message = await card(services, session, event, now=now)
    delivery_id = await deliveries.queue(
        session,
        DeliveryKind.CARD,
        now=now,
        method="sendPhoto" if event.picture else "sendMessage",
        payload={"photo": event.picture, **message.caption()} if event.picture else message.payload(),
        chat_id=event.chat_id,
        thread_id=event.telegram_thread_id,
        community_id=event.community_id,
        once_key=once_key,
    )
    if delivery_id is not None:
        await cards.remember_card(session, event.id, delivery_id.id)
    return delivery_id


async def refresh_cards(services: Services, session: AsyncSession, event: Event, *, now: datetime) -> None:
    """Every card of the event, and every list of its guests, shows how it stands; a burst of changes ends in few edits."""
    await guest_lists.refresh(services, session, event, now=now)
    shown_cards = await cards.cards_of(session, event.id)
    if not shown_cards:
        return
    message = await card(services, session, event, now=now)
    # With a picture every edit carries all of the card, photo included: it then does not matter whether the message is
    # still a text, whether the edit that first brought the picture ever left (a newer one replaces it), or which is repeated.
    method, payload = (
        ("editMessageMedia", message.media(event.picture)) if event.picture else ("editMessageText", message.payload())
    )
    for delivery_id in shown_cards:
        await deliveries.queue(
            session, DeliveryKind.CARD_EDIT, now=now, method=method, payload=payload, edits_id=delivery_id
        )


async def offer_seats(
    services: Services, session: AsyncSession, event: Event, member_ids: Sequence[int], *, now: datetime
) -> None:
    """Tell those who got a seat from the waitlist, in private or by a mention in the group; and watch the time."""
    for member_id in member_ids:
        query = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.member_id == member_id)
        rsvp, member = (await session.scalars(query)).one(), await session.get_one(Member, member_id)
        if rsvp.claim_until is None:
            continue
        in_group = not member.is_reachable
        offer = await (_offer_in_group if in_group else _offer)(services, session, event, member, rsvp, now)
        rsvp.offer_id = offer.id if offer else None
        await timetable.defer(
            session,
            JobName.PASS_ON_SEATS,
            now=now,
            key=f"event:{event.id}",
            arguments={"event_id": event.id},
            due_at=rsvp.claim_until,
        )


async def _offer(
    services: Services, session: AsyncSession, event: Event, member: Member, rsvp: Rsvp, now: datetime
) -> Delivery | None:
    return await tell(
        services, session, event, member, DeliveryKind.PROMOTION, notices.promotion, now=now, until=rsvp.claim_until
    )


async def _offer_in_group(
    services: Services, session: AsyncSession, event: Event, member: Member, rsvp: Rsvp, now: datetime
) -> Delivery | None:
    if event.chat_id is None or member.telegram_id is None or rsvp.claim_until is None:
        return None
    community = await session.get_one(Community, event.community_id)
    voice = services.voice(community).near(event.time_zone)
    message = notices.promoted_in_group(voice, event, member, until=rsvp.claim_until)
    return await deliveries.queue(
        session,
        DeliveryKind.PROMOTION,
        now=now,
        payload=message.payload(),
        chat_id=event.chat_id,
        thread_id=event.telegram_thread_id,
        community_id=event.community_id,
        expires_at=rsvp.claim_until,
    )


async def tell(
    services: Services,
    session: AsyncSession,
    event: Event,
    member: Member,
    kind: DeliveryKind,
    notice: Notice,
    *,
    now: datetime,
    about: About | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    **values: object,
) -> Delivery | None:
    """Tell one member about an event of theirs, in their language and zone; None when they cannot be written to."""
    if not member.is_reachable:
        return None
    message = notice(services.voice(member).near(event.time_zone), event, **values)
    return await deliveries.queue(
        session,
        kind,
        now=now,
        payload=message.payload(),
        member_id=member.id,
        community_id=event.community_id,
        about=about,
        due_at=due_at,
        expires_at=expires_at or event.ends_at or event.starts_at,
    )


async def tell_all(
    services: Services,
    session: AsyncSession,
    event: Event,
    statuses: Sequence[RsvpStatus],
    notice: Notice,
    *,
    now: datetime,
    besides: int | None = None,
) -> int:
    """Tell everyone with one of these answers, besides who caused it; returns how many can be written to."""
    deliveries_queued = [
        await tell(services, session, event, member, DeliveryKind.NOTICE, notice, now=now)
        for member in await audience(session, event.id, statuses)
        if member.id != besides
    ]
    return sum(delivery is not None for delivery in deliveries_queued)


async def tell_forgotten(
    services: Services, session: AsyncSession, events: Sequence[Event], member_id: int, *, now: datetime
) -> None:
    """After a member was erased: cards and invitations name them no more, and their seats go to the next in line."""
    await answers.forget_named(session, member_id, [event.id for event in events], now=now)
    for event in events:
        await session.refresh(event)
        await refresh_cards(services, session, event, now=now)
        arguments = {"event_id": event.id}
        await timetable.defer(session, JobName.PASS_ON_SEATS, now=now, key=f"event:{event.id}", arguments=arguments)
