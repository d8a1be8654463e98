"""Who is reminded of which event, and when: a day before with a way out, an hour before; each once, at a fitting hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.events.announcements import recipients
from models.domain.member_time import Defaults, quiet_hours
from models.tables.event import Event, EventStatus, Rsvp, RsvpStatus
from models.tables.member import Member

What = Literal["day", "hour"]
# How long before the start each reminder is due, and until how long before it still helps.
WINDOWS: dict[What, tuple[timedelta, timedelta]] = {
    "day": (timedelta(hours=24), timedelta(hours=2)),
    "hour": (timedelta(hours=1), timedelta(0)),
}


@dataclass(frozen=True)
class Reminder:
    """One member to remind: from `due_at` on, of no use after `expires_at`; silent when it falls into their night."""

    member: Member
    what: What
    due_at: datetime
    expires_at: datetime
    is_silent: bool


def speaks_for_itself(starts_at: datetime, *, now: datetime) -> bool:
    """Whether who goes is reminded of it within a day from now, or was within the last one."""
    return starts_at - WINDOWS["day"][0] <= now + timedelta(days=1)


async def soon(session: AsyncSession, *, now: datetime) -> list[Event]:
    """Published events that start within a day."""
    longest = WINDOWS["day"][0]
    query = select(Event).where(
        Event.status == EventStatus.PUBLISHED, Event.starts_at > now, Event.starts_at <= now + longest
    )
    return list(await session.scalars(query.order_by(Event.starts_at, Event.id)))


async def due(session: AsyncSession, event: Event, *, now: datetime, defaults: Defaults) -> list[Reminder]:
    """Reminders of this event that nobody queued yet."""
    reminders: list[Reminder] = []
    for what, (before, at_least) in WINDOWS.items():
        if event.starts_at - before <= now < event.starts_at - at_least:
            already = await recipients(session, event, what)
            members = [member for member in await _going(session, event, before) if member.id not in already]
            reminders += [_reminder(event, member, what, now, defaults) for member in members]
    return reminders


async def _going(session: AsyncSession, event: Event, before: timedelta) -> Sequence[Member]:
    """Those who decided before the reminder's time: who has just answered needs none."""
    query = (
        select(Member)
        .join(Rsvp, Rsvp.member_id == Member.id)
        .where(Rsvp.event_id == event.id, Rsvp.status == RsvpStatus.GOING, Rsvp.claim_until.is_(None))
        .where(Rsvp.answered_at <= event.starts_at - before)
        .order_by(Member.id)
    )
    return [member for member in await session.scalars(query) if member.is_reachable]


def _reminder(event: Event, member: Member, what: What, now: datetime, defaults: Defaults) -> Reminder:
    latest = event.starts_at - WINDOWS[what][1]
    ends = quiet_hours(member, event.time_zone, defaults).end_after(now)
    if ends is not None and ends < latest:
        return Reminder(member, what, ends, latest, is_silent=False)
    return Reminder(member, what, now, latest, is_silent=ends is not None)
