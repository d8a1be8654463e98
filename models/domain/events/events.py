"""Events: planned, published, changed, cancelled, and who may do that. Answers and seats are seats.py, cards cards.py."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.events import announcements, seats, series, visibility
from models.domain.members import rights
from models.reading.event_draft import EventDraft
from models.tables.community import GROUPS, Chat, Community
from models.tables.event import Event, EventHost, EventSeries, EventStatus, Rsvp, RsvpStatus, Visibility
from models.tables.member import Member

# What a host may change: besides what goes on in a series, what belongs to one evening.
CHANGEABLE = frozenset({*series.SAID_BY_HOST, "starts_at", "ends_at", "rsvp_until"})
# Characters; longer ones would not leave room under a picture.
LONGEST_TITLE, LONGEST_PLACE = 120, 200
# Events that began this long ago still show in lists, for those who are on their way.
STILL_SHOWN = timedelta(hours=1)


class EventIsPast(ValueError):
    """The event would start in the past."""


@dataclass(frozen=True)
class Change:
    """An event after a change; `promoted_ids` are members who got a seat through it."""

    event: Event
    is_moved: bool
    promoted_ids: tuple[int, ...] = ()


async def may_manage(session: AsyncSession, event: Event, member_id: int) -> bool:
    """True for the host, co-hosts and the community's admins."""
    if event.host_id == member_id:
        return True
    is_host = select(EventHost.id).where(EventHost.event_id == event.id, EventHost.member_id == member_id)
    if await session.scalar(is_host) is not None:
        return True
    return await rights.is_admin(session, member_id, event.community_id)


async def plan(
    session: AsyncSession,
    draft: EventDraft,
    *,
    community: Community,
    zone: str,
    host_id: int | None,
    chat_id: int | None,
    thread_id: int | None,
    now: datetime,
) -> Event:
    """Keep a draft that only its creator has seen; it is announced by publish()."""
    event = Event(
        community_id=community.id,
        host_id=host_id,
        chat_id=chat_id,
        telegram_thread_id=thread_id,
        title=draft.title[:LONGEST_TITLE],
        description=draft.description,
        place=draft.place[:LONGEST_PLACE] if draft.place else None,
        position=draft.position.as_json() if draft.position else None,
        link=draft.link,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        time_zone=zone,
        capacity=draft.capacity,
        plus_ones=draft.plus_ones,
        status=EventStatus.DRAFT,
        calendar_uid=f"{secrets.token_hex(12)}@klatch",
        created_at=now,
    )
    session.add(event)
    await session.flush()
    if draft.repeats is not None:
        await series.begin(session, event, draft.repeats, now=now)
    return event


async def publish(session: AsyncSession, event_id: int, *, now: datetime) -> Event | None:
    """Turn a draft into an event that takes answers; None when it is none any more. Raises EventIsPast."""
    event = await seats.lock(session, event_id)
    if event is None or event.status != EventStatus.DRAFT:
        return None
    if event.starts_at <= now:
        raise EventIsPast
    event.status = EventStatus.PUBLISHED
    await session.flush()
    return event


async def drop(session: AsyncSession, event_id: int) -> None:
    """Forget a draft; what was published is cancelled instead."""
    deletion = delete(Event).where(Event.id == event_id, Event.status == EventStatus.DRAFT).returning(Event.series_id)
    series_id = await session.scalar(deletion)
    if series_id is not None:
        await session.execute(delete(EventSeries).where(EventSeries.id == series_id))


async def change(session: AsyncSession, event_id: int, changes: Mapping[str, Any], *, now: datetime) -> Change | None:
    """Write a host's changes; None when the event is gone or cancelled.

    A new start keeps the length unless a new end comes with it; a new place has no position unless one comes with it.
    Raises EventIsPast, seats.CapacityTooSmall, KeyError, ValueError (no such visibility).
    """
    values = _check(changes)
    event = await seats.lock(session, event_id)
    if event is None or event.status == EventStatus.CANCELLED:
        return None
    if event.status != EventStatus.DRAFT and values.get("picture", "") is None:
        # A message takes a photo, and another one, but never gives it up.
        del values["picture"]
    starts_at = values.get("starts_at", event.starts_at)
    if "starts_at" in values and starts_at <= now:
        raise EventIsPast
    is_moved = starts_at != event.starts_at
    if is_moved and values.get("ends_at") is None and event.ends_at is not None:
        values["ends_at"] = starts_at + (event.ends_at - event.starts_at)
    promoted_ids: tuple[int, ...] = ()
    if "capacity" in values:
        promoted_ids = await seats.set_capacity(session, event, values.pop("capacity"), now=now)
    for name, value in values.items():
        setattr(event, name, value)
    if is_moved:
        await _follow_move(session, event, now)
        # Once it had begun, seats that fell free went to nobody.
        promoted_ids += await seats.settle(session, event, now=now)
    if values.get("visibility") == Visibility.LINK:
        await announcements.withdraw(session, event.id, now=now, what="invite")
    event.sequence, event.changed_at = event.sequence + 1, now
    await session.flush()
    return Change(event, is_moved, promoted_ids)


def _check(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes, if they are such as hosts may make; with a place goes its position, or none."""
    if unknown := set(changes) - CHANGEABLE:
        raise KeyError(f"not changeable: {', '.join(sorted(unknown))}")
    if "visibility" in changes:
        Visibility(changes["visibility"])
    return {"position": None, **changes} if "place" in changes else dict(changes)


async def _follow_move(session: AsyncSession, event: Event, now: datetime) -> None:
    """What was said of another time is asked and told anew; a series that nobody saw yet begins at the new one."""
    await _ask_again(session, event.id)
    await announcements.withdraw(session, event.id, now=now)
    if event.status == EventStatus.DRAFT and event.series_id is not None:
        (await session.get_one(EventSeries, event.series_id)).first_starts_at = event.starts_at


async def _ask_again(session: AsyncSession, event_id: int) -> None:
    """Who said "still coming" said it of another time."""
    for row in await seats.answers(session, event_id):
        row.confirmed_at = None


async def cancel(session: AsyncSession, event_id: int, *, now: datetime) -> Event | None:
    """Call an event off; None when it is gone, only a draft, or cancelled already."""
    event = await seats.lock(session, event_id)
    if event is None or event.status != EventStatus.PUBLISHED:
        return None
    event.status, event.cancelled_at = EventStatus.CANCELLED, now
    event.sequence, event.changed_at = event.sequence + 1, now
    await announcements.withdraw(session, event.id, now=now)
    await session.flush()
    return event


async def cancel_coming(session: AsyncSession, event: Event, *, now: datetime) -> list[Event]:
    """Call off the event and every coming one of its series, of which no further ones follow.

    Returns those that this called off, soonest first.
    """
    if event.series_id is None:
        return [one for one in [await cancel(session, event.id, now=now)] if one]
    await series.stop(session, event.series_id, now=now)
    event_ids = {event.id, *await series.coming(session, event.series_id, now=now)}
    # In the order in which every transaction locks events.
    cancelled_events = [one for event_id in sorted(event_ids) if (one := await cancel(session, event_id, now=now))]
    return sorted(cancelled_events, key=lambda one: one.starts_at)


async def set_co_host(session: AsyncSession, event: Event, member_id: int, *, is_host: bool) -> None:
    """Give or take a co-host's rights; giving twice is fine."""
    own = (EventHost.event_id == event.id, EventHost.member_id == member_id)
    host_id = await session.scalar(select(EventHost.id).where(*own))
    if is_host and host_id is None and member_id != event.host_id:
        session.add(EventHost(event_id=event.id, member_id=member_id))
    elif not is_host:
        await session.execute(delete(EventHost).where(*own))
    await session.flush()


async def upcoming(
    session: AsyncSession,
    community_ids: Collection[int],
    *,
    now: datetime,
    limit: int = 10,
    is_visible: ColumnElement[bool] | None = None,
) -> list[Event]:
    """Published events that have not been going on for long, soonest first.

    `is_visible` says whose view it is (event_visibility.is_seen_by or is_seen_in); None: what the whole community sees.
    """
    query = (
        select(Event)
        .where(
            is_one_of(Event.community_id, community_ids),
            Event.status == EventStatus.PUBLISHED,
            Event.starts_at > now - STILL_SHOWN,
        )
        .where(visibility.is_listed() if is_visible is None else is_visible)
        .order_by(Event.starts_at, Event.id)
        .limit(limit)
    )
    return list(await session.scalars(query))


async def own_answers(session: AsyncSession, member_id: int, event_ids: Collection[int]) -> dict[int, Rsvp]:
    """The member's answers by event id."""
    query = select(Rsvp).where(Rsvp.member_id == member_id, is_one_of(Rsvp.event_id, event_ids))
    return {row.event_id: row for row in await session.scalars(query)}


async def audience(session: AsyncSession, event_id: int, statuses: Sequence[RsvpStatus]) -> list[Member]:
    """The members with one of these answers, in the order in which they answered."""
    query = (
        select(Member)
        .join(Rsvp, Rsvp.member_id == Member.id)
        .where(Rsvp.event_id == event_id, is_one_of(Rsvp.status, statuses))
        .order_by(Rsvp.answered_at, Rsvp.id)
    )
    return list(await session.scalars(query))


async def home_chat(session: AsyncSession, community_id: int) -> Chat | None:
    """Where the community's events are announced when nobody said where: its oldest group that is still there."""
    query = (
        select(Chat)
        .where(Chat.community_id == community_id, Chat.kind.in_(GROUPS), Chat.gone_at.is_(None))
        .order_by(Chat.id)
        .limit(1)
    )
    return (await session.scalars(query)).one_or_none()


async def naming(session: AsyncSession, member_id: int) -> list[Event]:
    """Published events whose cards may name the member: those they answered or host."""
    answered_events = select(Rsvp.event_id).where(Rsvp.member_id == member_id)
    hosted_events = select(EventHost.event_id).where(EventHost.member_id == member_id)
    query = select(Event).where(
        Event.status != EventStatus.DRAFT,
        Event.id.in_(answered_events) | Event.id.in_(hosted_events) | (Event.host_id == member_id),
    )
    return list(await session.scalars(query.order_by(Event.id)))
