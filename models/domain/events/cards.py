"""What a card shows of an event, and which messages are cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.events.seats import is_over
from models.reading.positions import Position, position_of
from models.tables.community import Chat
from models.tables.delivery import Delivery
from models.tables.event import Event, EventCard, EventHost, EventSeries, EventStatus, Rsvp, RsvpStatus, Visibility
from models.tables.member import Member

# Names under a card; more would not be read.
MOST_NAMES = 5


@dataclass(frozen=True)
class EventView:
    """One event as everybody may see it; `n_going` counts guests too, `names` are the first of those going."""

    id: int
    community_id: int
    title: str
    description: str | None
    place: str | None
    link: str | None
    starts_at: datetime
    ends_at: datetime | None
    time_zone: str
    capacity: int | None
    plus_ones: int
    rsvp_until: datetime | None
    status: EventStatus
    is_over: bool
    is_closed: bool = False
    shows_names: bool = True
    is_unlisted: bool = False
    has_picture: bool = False
    # The rule of its series while that goes on, as event_series.as_json() gives it.
    repeats: Mapping[str, Any] | None = None
    position: Position | None = None
    hosts: tuple[str, ...] = ()
    n_going: int = 0
    n_maybe: int = 0
    n_waitlisted: int = 0
    names: tuple[str, ...] = ()

    @property
    def n_free(self) -> int | None:
        """Seats that are left; None where there is no limit."""
        return None if self.capacity is None else max(self.capacity - self.n_going, 0)


async def view_of(session: AsyncSession, event: Event, *, now: datetime) -> EventView:
    """The event as it stands."""
    counts = await _counts(session, event.id)
    return EventView(
        id=event.id,
        community_id=event.community_id,
        title=event.title,
        description=event.description,
        place=event.place,
        link=event.link,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        time_zone=event.time_zone,
        capacity=event.capacity,
        plus_ones=event.plus_ones,
        rsvp_until=event.rsvp_until,
        status=event.status,
        is_over=is_over(event, now),
        shows_names=event.shows_names,
        is_unlisted=event.visibility == Visibility.LINK,
        has_picture=event.picture is not None,
        is_closed=event.rsvp_until is not None and event.rsvp_until <= now,
        repeats=await _repeats(session, event),
        position=position_of(event.position),
        hosts=await _hosts(session, event),
        n_going=counts.get(RsvpStatus.GOING, 0),
        n_maybe=counts.get(RsvpStatus.MAYBE, 0),
        n_waitlisted=counts.get(RsvpStatus.WAITLISTED, 0),
        names=await _names(session, event),
    )


async def _counts(session: AsyncSession, event_id: int) -> dict[RsvpStatus, int]:
    people = func.count(Rsvp.id) + func.coalesce(func.sum(Rsvp.guests), 0)
    rows = await session.execute(select(Rsvp.status, people).where(Rsvp.event_id == event_id).group_by(Rsvp.status))
    return {status: int(n) for status, n in rows}


async def _repeats(session: AsyncSession, event: Event) -> Mapping[str, Any] | None:
    if event.series_id is None:
        return None
    query = select(EventSeries.rule).where(EventSeries.id == event.series_id, EventSeries.ended_at.is_(None))
    return await session.scalar(query)


async def _hosts(session: AsyncSession, event: Event) -> tuple[str, ...]:
    query = select(Member.id, Member.name).where(
        Member.id.in_(select(EventHost.member_id).where(EventHost.event_id == event.id)) | (Member.id == event.host_id)
    )
    rows = sorted(await session.execute(query), key=lambda row: (row.id != event.host_id, row.id))
    return tuple(name for _, name in rows)


async def _names(session: AsyncSession, event: Event) -> tuple[str, ...]:
    if not event.shows_names:
        return ()
    query = (
        select(Member.name)
        .join(Rsvp, Rsvp.member_id == Member.id)
        .where(Rsvp.event_id == event.id, Rsvp.status == RsvpStatus.GOING)
        .order_by(Rsvp.answered_at, Rsvp.id)
        .limit(MOST_NAMES)
    )
    return tuple(await session.scalars(query))


async def remember_card(session: AsyncSession, event_id: int, delivery_id: int) -> None:
    """The message of this delivery is a card: it is edited when answers change, and takes reactions."""
    session.add(EventCard(event_id=event_id, delivery_id=delivery_id))
    await session.flush()


async def forget_card(session: AsyncSession, delivery_id: int) -> Event | None:
    """The message of this delivery is gone; returns the event whose card it was, None when it was none."""
    deletion = delete(EventCard).where(EventCard.delivery_id == delivery_id).returning(EventCard.event_id)
    event_id = await session.scalar(deletion)
    return await session.get(Event, event_id) if event_id is not None else None


async def cards_of(session: AsyncSession, event_id: int) -> list[int]:
    """Deliveries that posted a card of the event, oldest first."""
    query = select(EventCard.delivery_id).where(EventCard.event_id == event_id).order_by(EventCard.id)
    return list(await session.scalars(query))


async def events_of_messages(
    session: AsyncSession, addresses: Collection[tuple[int, int]]
) -> dict[tuple[int, int], int]:
    """Event ids by (Telegram chat id, Telegram message id), for those messages that are cards."""
    if not addresses:
        return {}
    query = (
        select(Chat.telegram_id, Delivery.telegram_message_id, EventCard.event_id)
        .join(Delivery, Delivery.id == EventCard.delivery_id)
        .join(Chat, Chat.id == Delivery.chat_id)
        .where(is_one_of(Chat.telegram_id, {chat_id for chat_id, _ in addresses}))
        .where(is_one_of(Delivery.telegram_message_id, {message_id for _, message_id in addresses}))
    )
    wanted_addresses = set(addresses)
    rows = [(chat_id, message_id or 0, event_id) for chat_id, message_id, event_id in await session.execute(query)]
    return {
        (chat_id, message_id): event_id
        for chat_id, message_id, event_id in rows
        if (chat_id, message_id) in wanted_addresses
    }
