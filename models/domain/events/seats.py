"""Who has a seat at an event and who waits for one: never more people than seats, however many press at once.

The rules are pure; every change of an event's answers goes through one function that holds the event's row locked
(PostgreSQL: FOR UPDATE; SQLite has one writer at a time anyway), so that two presses never see the same free seat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.events.waitlist import claim_until, first_that_fits, position_of
from models.domain.events.wishes import WISHES, AnswerRefused, Change, Wish, change_of, is_closed, leave
from models.domain.members import consent
from models.reading.rsvp_words import Answer
from models.tables.delivery import Delivery
from models.tables.event import IS_IN, Event, EventStatus, Rsvp, RsvpStatus
from models.tables.interaction import Interaction, InteractionKind
from models.tables.member import Member


class CapacityTooSmall(ValueError):
    """More people are going than there would be seats; nobody is sent away."""

    def __init__(self, n_going: int) -> None:
        super().__init__(f"{n_going} are going already")
        self.n_going = n_going


@dataclass(frozen=True)
class Seating:
    """What holds after an answer; `position` is the place on the waitlist, from 1; `promoted_ids` got a seat through it."""

    status: RsvpStatus
    guests: int
    position: int | None
    is_changed: bool
    promoted_ids: tuple[int, ...] = ()
    # They held a seat before and hold none now.
    gave_seat: bool = False


@dataclass(frozen=True)
class HeldEvent:
    """An event that a transaction holds locked, with all its answers as they stand in it."""

    event: Event
    rows: list[Rsvp]


@dataclass(frozen=True)
class PassedSeats:
    """Whose offered seat went on, and who has it now (member ids)."""

    lapsed_ids: tuple[int, ...]
    promoted_ids: tuple[int, ...]


def is_over(event: Event, now: datetime) -> bool:
    """True when the event has ended."""
    return event.over_at <= now


async def lock(session: AsyncSession, event_id: int) -> Event | None:
    """The event as it stands, held until the end of the transaction; None when there is none."""
    query = select(Event).where(Event.id == event_id).with_for_update()
    return (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()


async def answers(session: AsyncSession, event_id: int) -> list[Rsvp]:
    """Every answer to the event, oldest row first."""
    query = select(Rsvp).where(Rsvp.event_id == event_id).order_by(Rsvp.id)
    return list(await session.scalars(query, execution_options={"populate_existing": True}))


async def answer(
    session: AsyncSession,
    event_id: int,
    member_id: int,
    wish: Wish,
    *,
    now: datetime,
    held_events: dict[int, HeldEvent] | None = None,
) -> Seating:
    """A member answers an event; the same answer twice withdraws it. Raises AnswerRefused.

    - going, maybe, not_going: set, or withdraw when it holds already; going confirms an offered seat instead.
    - guest: who is in brings one guest more, each on a seat, and after the most allowed none again; others come themselves.
    - keep: still coming, or takes the offered seat; release: gives the seat back; withdraw: takes the answer back.

    `held_events` are events that this transaction holds already, by id: several answers in one look only once.
    """
    held_event = await _look(session, event_id, member_id, now, held_events)
    if wish in (Wish.GOING, Wish.MAYBE, Wish.GUEST) and is_closed(held_event.event, now):
        raise AnswerRefused("closed")
    return await _apply(session, held_event, member_id, WISHES[wish], now)


async def state(
    session: AsyncSession,
    event_id: int,
    member_id: int,
    answer: Answer,
    *,
    guests: int | None = None,
    now: datetime,
    held_events: dict[int, HeldEvent] | None = None,
) -> Seating:
    """A member says outright what shall hold, so that saying it twice changes nothing. Raises AnswerRefused.

    `guests` are how many come along with who is going, None: as many as before. `held_events` as in answer().
    """
    held_event = await _look(session, event_id, member_id, now, held_events)
    return await _apply(session, held_event, member_id, change_of(answer, guests), now)


async def _look(
    session: AsyncSession, event_id: int, member_id: int, now: datetime, held_events: dict[int, HeldEvent] | None
) -> HeldEvent:
    """The locked event that the member may answer, and its answers; what is held is not read again."""
    held_event = held_events.get(event_id) if held_events else None
    event = await _open_for(session, held_event.event if held_event else await lock(session, event_id), member_id, now)
    own_event = HeldEvent(event, held_event.rows if held_event else await answers(session, event_id))
    if held_events is not None:
        held_events[event_id] = own_event
    return own_event


async def _apply(
    session: AsyncSession, held_event: HeldEvent, member_id: int, change: Change, now: datetime
) -> Seating:
    """Do to the member's answer to a locked event what they wish, and pass on what that frees."""
    event, rows = held_event.event, held_event.rows
    own = next((row for row in rows if row.member_id == member_id), None)
    is_new = own is None
    own = own or Rsvp(event_id=event.id, member_id=member_id, status=RsvpStatus.WITHDRAWN, answered_at=now, guests=0)
    before = (own.status, own.guests, own.claim_until, own.confirmed_at)
    change(event, own, rows, now)
    if is_new:
        # Kept only once the wish was not refused. The row's id breaks ties in the line between presses of one instant.
        session.add(own)
        rows.append(own)
    is_changed = (own.status, own.guests, own.claim_until, own.confirmed_at) != before
    promoted_ids = await _fill(session, event, rows, now) if is_changed else ()
    if own.member_id in promoted_ids:
        # A smaller party got in: whoever acts is there, and need not be asked whether they take the seat.
        own.claim_until, promoted_ids = None, tuple(one for one in promoted_ids if one != own.member_id)
    if (own.status, own.guests) != before[:2]:
        own.answered_at = now
        session.add(_interaction(event, own, now))
    await session.flush()
    gave_seat = before[0] == RsvpStatus.GOING and own.status != RsvpStatus.GOING
    return Seating(own.status, own.guests, position_of(own, rows), is_changed, promoted_ids, gave_seat)


async def answer_by_reaction(
    session: AsyncSession,
    event_id: int,
    member_id: int,
    *,
    is_set: bool,
    now: datetime,
    held_events: dict[int, HeldEvent] | None = None,
) -> Seating:
    """A thumb on the card: setting it means going (never a toggle), taking it away takes going back. Raises AnswerRefused."""
    if is_set:
        return await state(session, event_id, member_id, Answer.GOING, now=now, held_events=held_events)
    held_event = await _look(session, event_id, member_id, now, held_events)
    own = next((row for row in held_event.rows if row.member_id == member_id), None)
    if own is None or own.status not in IS_IN:
        # Another answer was given since: taking the thumb away says nothing about that one.
        return Seating(own.status if own else RsvpStatus.WITHDRAWN, 0, None, is_changed=False)
    return await _apply(session, held_event, member_id, WISHES[Wish.WITHDRAW], now)


async def depart(session: AsyncSession, event_id: int, member_id: int, *, now: datetime) -> Seating | None:
    """Take back the answer of a member who left the community, which nobody there may do any more; None without an event."""
    event = await lock(session, event_id)
    if event is None:
        return None
    held_event = HeldEvent(event, await answers(session, event_id))
    return await _apply(session, held_event, member_id, WISHES[Wish.WITHDRAW], now)


async def set_capacity(session: AsyncSession, event: Event, capacity: int | None, *, now: datetime) -> tuple[int, ...]:
    """Change the seats of a locked event; returns who got one. Raises CapacityTooSmall."""
    rows = await answers(session, event.id)
    n_going = sum(1 + row.guests for row in rows if row.status == RsvpStatus.GOING)
    if capacity is not None and capacity < n_going:
        raise CapacityTooSmall(n_going)
    event.capacity = capacity
    return await _fill(session, event, rows, now)


async def settle(session: AsyncSession, event: Event, *, now: datetime) -> tuple[int, ...]:
    """After a change of a locked event that may let somebody in (moved to a later time): who got a seat by it."""
    return await _fill(session, event, await answers(session, event.id), now)


async def pass_on(session: AsyncSession, event_id: int, *, now: datetime) -> PassedSeats:
    """Offered seats that nobody took in time go to the next in line; with nobody waiting they stay held."""
    event = await lock(session, event_id)
    if event is None:
        return PassedSeats((), ())
    rows = await answers(session, event.id)
    lapsed_ids, promoted_ids = await _lapse(session, event, rows, now) if _promotes(event, now) else ([], [])
    # A seat may also be free because somebody was erased or left.
    promoted_ids += await _fill(session, event, rows, now)
    await session.flush()
    return PassedSeats(tuple(lapsed_ids), tuple(promoted_ids))


async def _lapse(
    session: AsyncSession, event: Event, rows: Sequence[Rsvp], now: datetime
) -> tuple[list[int], list[int]]:
    """Take back, the longest overdue first, each seat that somebody in line fits into; who lost one and who got one."""
    lapsed_ids: list[int] = []
    promoted_ids: list[int] = []
    overdue_rows = [
        row for row in rows if row.status == RsvpStatus.GOING and row.claim_until and row.claim_until <= now
    ]
    for row in sorted(overdue_rows, key=lambda row: (row.claim_until, row.id)):
        row.status = RsvpStatus.LAPSED
        if now_in := await _fill(session, event, rows, now):
            leave(row, RsvpStatus.LAPSED)
            session.add(_interaction(event, row, now))
            lapsed_ids.append(row.member_id)
            promoted_ids += now_in
        else:
            # Nobody in line fits into the seat: whoever holds it keeps it.
            row.status = RsvpStatus.GOING
    return lapsed_ids, promoted_ids


async def unheard_offers(session: AsyncSession, event_id: int, *, now: datetime) -> tuple[int, ...]:
    """Members whose private offer could not be delivered (they blocked us): they are mentioned in the group instead."""
    event = await session.get(Event, event_id)
    query = (
        select(Rsvp)
        .join(Delivery, Delivery.id == Rsvp.offer_id)
        .where(Rsvp.event_id == event_id, Rsvp.status == RsvpStatus.GOING, Rsvp.claim_until > now)
        .where(Delivery.failed_at.is_not(None), Delivery.member_id.is_not(None))
    )
    rows = list(await session.scalars(query)) if event is not None and _promotes(event, now) else []
    for row in rows:
        row.offer_id, row.claim_until = None, claim_until(now, event.starts_at, is_reachable=False) if event else None
    await session.flush()
    return tuple(row.member_id for row in rows)


async def _open_for(session: AsyncSession, event: Event | None, member_id: int, now: datetime) -> Event:
    """Refuse what cannot be answered, in the order in which a member would want to know."""
    if event is None or event.status == EventStatus.DRAFT:
        raise AnswerRefused("unknown")
    if not await consent.is_member(session, member_id, event.community_id):
        raise AnswerRefused("not_a_member")
    if event.status == EventStatus.CANCELLED:
        raise AnswerRefused("cancelled")
    if is_over(event, now):
        raise AnswerRefused("past")
    return event


def _promotes(event: Event, now: datetime) -> bool:
    return event.status == EventStatus.PUBLISHED and event.starts_at > now


async def _fill(session: AsyncSession, event: Event, rows: Sequence[Rsvp], now: datetime) -> tuple[int, ...]:
    """Give free seats to those in line, first come first served; a party that does not fit is skipped.

    At a cancelled event, too, so that nobody waits for a free seat should it take place after all; until then nobody can
    take up an offer, so such a seat is held without a time.
    """
    promoted_ids: list[int] = []
    while event.starts_at > now and (row := first_that_fits(event.capacity, rows)):
        member = await session.get(Member, row.member_id)
        row.status, row.waitlisted_at, row.confirmed_at = RsvpStatus.GOING, None, None
        is_reachable = member is not None and member.is_reachable
        is_offered = _promotes(event, now)
        row.claim_until = claim_until(now, event.starts_at, is_reachable=is_reachable) if is_offered else None
        session.add(_interaction(event, row, now))
        promoted_ids.append(row.member_id)
    return tuple(promoted_ids)


def _interaction(event: Event, row: Rsvp, now: datetime) -> Interaction:
    return Interaction(
        community_id=event.community_id,
        member_id=row.member_id,
        kind=InteractionKind.RSVP,
        at=now,
        event_id=event.id,
        value=-1 if row.status in (RsvpStatus.WITHDRAWN, RsvpStatus.LAPSED) else 1,
        what=row.status,
    )
