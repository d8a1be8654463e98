"""Who may come across an event: its whole community, or only those whom its card or a link of it reached.

Every list, digest and invitation asks here, so that an unlisted event shows up in none of them by an oversight.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.delivery import Delivery
from models.tables.event import Event, EventCard, EventHost, Rsvp, RsvpStatus, Visibility


def is_listed() -> ColumnElement[bool]:
    """Events that may be shown to any member of their community unasked."""
    return Event.visibility == Visibility.COMMUNITY


def is_seen_by(member_id: int) -> ColumnElement[bool]:
    """Listed events, those the member has a standing answer to, and those they host."""
    answered_events = select(Rsvp.event_id).where(Rsvp.member_id == member_id, Rsvp.status != RsvpStatus.WITHDRAWN)
    hosted_events = select(EventHost.event_id).where(EventHost.member_id == member_id)
    return or_(is_listed(), Event.host_id == member_id, Event.id.in_(answered_events), Event.id.in_(hosted_events))


def is_seen_in(chat_id: int) -> ColumnElement[bool]:
    """Listed events, and those whose card stands in this chat (our row id)."""
    cards = (
        select(EventCard.event_id)
        .join(Delivery, Delivery.id == EventCard.delivery_id)
        .where(Delivery.chat_id == chat_id, Delivery.failed_at.is_(None))
    )
    return or_(is_listed(), Event.id.in_(cards))


async def may_come_across(
    session: AsyncSession, event: Event, *, member_id: int | None = None, chat_id: int | None = None
) -> bool:
    """Whether the member sees the event in lists, or anybody in the chat; for presses that name an event by its id."""
    is_visible = [is_seen_by(member_id)] if member_id is not None else []
    is_visible += [is_seen_in(chat_id)] if chat_id is not None else []
    return await session.scalar(select(Event.id).where(Event.id == event.id, or_(is_listed(), *is_visible))) is not None
