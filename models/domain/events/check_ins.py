"""Who was there: by the door's code or QR, by a ticket, or ticked off a list by the host, also days later."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.events import seats
from models.domain.members import consent
from models.tables.event import Event, EventStatus, Rsvp, RsvpStatus
from models.tables.interaction import Interaction, InteractionKind
from models.tables.member import Member

# Members check themselves in from so long before the start until so long after the end.
OPENS_BEFORE, CLOSES_AFTER = timedelta(hours=2), timedelta(hours=1)
# A host whose phone had no network at the door may mark later.
HOST_MAY_UNTIL = timedelta(days=14)
CODE_DIGITS = 4
# No-shows are forgotten after this, and only events where anybody was checked in can have any.
NO_SHOW_MEMORY = timedelta(days=90)

Outcome = Literal["in", "already", "not_a_member", "too_early", "too_late", "cancelled", "unknown"]


@dataclass(frozen=True)
class CheckIn:
    """What became of a check-in; `at` is when the member came in, for "in" and "already"."""

    outcome: Outcome
    at: datetime | None = None


@dataclass(frozen=True)
class GuestRow:
    """One line of the host's list."""

    member_id: int
    name: str
    guests: int
    checked_in_at: datetime | None


@dataclass(frozen=True)
class Reliability:
    """Of the events of the last NO_SHOW_MEMORY a member said yes to: those they came to, and those they missed."""

    n_came: int
    n_missed: int


async def code_of(session: AsyncSession, event_id: int) -> str:
    """What the host says at the door; made when first asked for."""
    event = await seats.lock(session, event_id)
    if event is None:
        raise LookupError(event_id)
    if event.check_in_code is None:
        event.check_in_code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        await session.flush()
    return event.check_in_code


async def check_in(
    session: AsyncSession, event_id: int, member_id: int, *, now: datetime, is_by_host: bool = False
) -> CheckIn:
    """The member is there; whoever came without an answer is kept too, because the room was open to them."""
    event = await seats.lock(session, event_id)
    refusal = await _refusal(session, event, member_id, now, is_by_host=is_by_host)
    if event is None or refusal is not None:
        return CheckIn(refusal or "unknown")
    query = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.member_id == member_id)
    row = (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()
    if row is None:
        row = Rsvp(event_id=event.id, member_id=member_id, status=RsvpStatus.NONE, answered_at=now, guests=0)
        session.add(row)
    if row.checked_in_at is not None:
        return CheckIn("already", row.checked_in_at)
    # Marked days later, they were there then.
    row.checked_in_at = min(now, event.over_at)
    row.claim_until = None
    _note(session, event, member_id, now, value=1)
    await session.flush()
    return CheckIn("in", row.checked_in_at)


async def undo(session: AsyncSession, event_id: int, member_id: int, *, now: datetime) -> bool:
    """The host ticked the wrong name; False when it was not ticked."""
    event = await seats.lock(session, event_id)
    query = select(Rsvp).where(Rsvp.event_id == event_id, Rsvp.member_id == member_id, Rsvp.checked_in_at.is_not(None))
    row = (await session.scalars(query)).one_or_none()
    if event is None or row is None:
        return False
    row.checked_in_at = None
    _note(session, event, member_id, now, value=-1)
    if row.status == RsvpStatus.NONE:
        await session.delete(row)
    await session.flush()
    return True


async def event_with_code(session: AsyncSession, member_id: int, code: str, *, now: datetime) -> Event | None:
    """The event in one of the member's communities that is on now and has this code."""
    communities = [community.id for community in await consent.communities_of(session, member_id)]
    query = select(Event).where(
        is_one_of(Event.community_id, communities),
        Event.status == EventStatus.PUBLISHED,
        Event.check_in_code == code.strip(),
        Event.starts_at <= now + OPENS_BEFORE,
        Event.starts_at > now - timedelta(days=3),
    )
    matches = list(await session.scalars(query.order_by(Event.starts_at.desc())))
    return next((event for event in matches if _self_window(event, now) is None), None)


async def guest_list(session: AsyncSession, event_id: int) -> list[GuestRow]:
    """Everyone who is going or was there, in the order in which they answered."""
    query = (
        select(Member.id, Member.name, Rsvp.guests, Rsvp.checked_in_at)
        .join(Rsvp, Rsvp.member_id == Member.id)
        .where(Rsvp.event_id == event_id, (Rsvp.status == RsvpStatus.GOING) | Rsvp.checked_in_at.is_not(None))
        .order_by(Rsvp.answered_at, Rsvp.id)
    )
    return [GuestRow(*row) for row in await session.execute(query)]


async def reliability(session: AsyncSession, member_id: int, *, now: datetime) -> Reliability:
    """The kind no-show memory: it fades, the member sees it, and nobody is blamed where nobody was checked in."""
    checked_events = select(Rsvp.event_id).where(Rsvp.checked_in_at.is_not(None))
    query = (
        select(func.count(Rsvp.id), func.count(Rsvp.checked_in_at))
        .join(Event, Event.id == Rsvp.event_id)
        .where(Rsvp.member_id == member_id, Rsvp.status == RsvpStatus.GOING, Event.status == EventStatus.PUBLISHED)
        .where(Event.starts_at > now - NO_SHOW_MEMORY, Event.starts_at <= now - timedelta(days=1))
        .where(Event.id.in_(checked_events))
    )
    n_all, n_came = (await session.execute(query)).one()
    return Reliability(n_came, n_all - n_came)


async def _refusal(
    session: AsyncSession, event: Event | None, member_id: int, now: datetime, *, is_by_host: bool
) -> Outcome | None:
    if event is None or event.status == EventStatus.DRAFT:
        return "unknown"
    if event.status == EventStatus.CANCELLED:
        return "cancelled"
    if not is_by_host and not await consent.is_member(session, member_id, event.community_id):
        return "not_a_member"
    if not is_by_host:
        return _self_window(event, now)
    if now < event.starts_at - OPENS_BEFORE:
        return "too_early"
    return "too_late" if now > event.starts_at + HOST_MAY_UNTIL else None


def _self_window(event: Event, now: datetime) -> Outcome | None:
    if now < event.starts_at - OPENS_BEFORE:
        return "too_early"
    return "too_late" if now > event.over_at + CLOSES_AFTER else None


def _note(session: AsyncSession, event: Event, member_id: int, now: datetime, *, value: int) -> None:
    session.add(
        Interaction(
            community_id=event.community_id,
            member_id=member_id,
            kind=InteractionKind.CHECK_IN,
            at=now,
            event_id=event.id,
            value=value,
        )
    )
