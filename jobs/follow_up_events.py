"""Every half hour: those who were there are asked how it was, and a day later the host reads what came of it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from bot import event_posts
from bot.messages import event_ratings as messages
from bot.services import Services
from models.domain import event_ratings
from models.domain.event_messages import once_key, told
from models.domain.event_reminders import quiet_hours
from models.tables.event import Event
from models.tables.member import Member


async def run(services: Services, *, now: datetime) -> str:
    """Queue the questions and summaries that are due."""
    windows = {
        "rate": (event_ratings.ASKED_AFTER, event_ratings.ASKED_UNTIL),
        "summary": (event_ratings.SUMMED_UP_AFTER, event_ratings.SUMMED_UP_UNTIL),
    }
    n_asked = n_summaries = 0
    for what, (after, until) in windows.items():
        async with services.database.reading() as session:
            ended = [e.id for e in await event_ratings.ended_within(session, now=now, after=after, until=until)]
        for event_id in ended:
            async with services.database.transaction() as session:
                event = await session.get_one(Event, event_id)
                if what == "rate":
                    n_asked += await _ask(services, session, event, now)
                else:
                    n_summaries += await _sum_up(services, session, event, now)
    if n_asked or n_summaries:
        services.door.wake()
    return f"{n_asked} attendees asked, {n_summaries} hosts told"


async def _ask(services: Services, session: AsyncSession, event: Event, now: datetime) -> int:
    known = await told(session, event, "rate")
    members = [member for member in await event_ratings.attendees(session, event.id) if member.id not in known]
    asked = [
        await _tell(services, session, event, member, "rate", "follow_up", messages.question, now)
        for member in members
        if member.id != event.host_id
    ]
    return sum(asked)


async def _sum_up(services: Services, session: AsyncSession, event: Event, now: datetime) -> int:
    host = await session.get(Member, event.host_id) if event.host_id else None
    if host is None or host.id in await told(session, event, "summary"):
        return 0
    found = await event_ratings.summary(session, event)
    if not found.n_going and not found.n_came:
        return 0
    notice = partial(messages.report, found=found)
    return int(await _tell(services, session, event, host, "summary", "report", notice, now))


async def _tell(
    services: Services,
    session: AsyncSession,
    event: Event,
    member: Member,
    what: str,
    kind: str,
    notice: event_posts.Notice,
    now: datetime,
) -> bool:
    """At the end of their night when it is night; of no use when the time to rate is over."""
    queued = await event_posts.tell(
        services,
        session,
        event,
        member,
        kind,
        notice,
        now=now,
        due_at=quiet_hours(member, event.time_zone, services.defaults).end_after(now),
        expires_at=event.starts_at + event_ratings.RATED_UNTIL,
        once_key=once_key(event, what, member.id),
    )
    return queued is not None
