"""Events that repeat: each instance is an event of its own and may differ; the next one is announced when one has begun.

One instance leads: the coming ones are made like it. That is the first, until a host says of another "like this from now on".
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.member_time import zone_of
from models.reading.recurrence import Recurrence, next_occurrences, nth_weekday
from models.tables.event import Event, EventHost, EventSeries, EventStatus

# What a host says of an event that holds for each of a series.
SAID_BY_HOST = (
    "title", "description", "place", "position", "link", "capacity", "plus_ones", "shows_names", "visibility", "picture",
)  # fmt: skip
# What another instance, or a clone, takes over.
COPIED = ("community_id", "host_id", "chat_id", "telegram_thread_id", "time_zone", *SAID_BY_HOST)


def as_json(rule: Recurrence) -> dict[str, Any]:
    """The rule as its row keeps it."""
    until = rule.until.isoformat() if rule.until else None
    return {
        "every": rule.every,
        "interval": rule.interval,
        "week_of_month": rule.week_of_month,
        "until": until,
        "count": rule.count,
    }


def rule_of(row: Mapping[str, Any]) -> Recurrence:
    """The rule of a row."""
    until = datetime.fromisoformat(row["until"]) if row["until"] else None
    return Recurrence(row["every"], row["interval"], row["week_of_month"], until, row["count"])


async def begin(session: AsyncSession, event: Event, rule: Recurrence, *, now: datetime) -> EventSeries:
    """The event is the first of a series."""
    series = EventSeries(
        community_id=event.community_id, rule=as_json(rule), first_starts_at=event.starts_at, created_at=now
    )
    session.add(series)
    await session.flush()
    event.series_id = series.id
    await session.flush()
    return series


async def stop(session: AsyncSession, series_id: int, *, now: datetime) -> None:
    """No further instances; those that are announced stay."""
    series = await session.get(EventSeries, series_id)
    if series is not None and series.ended_at is None:
        series.ended_at = now
        await session.flush()


async def coming(session: AsyncSession, series_id: int, *, now: datetime) -> list[int]:
    """Ids of the published instances that have not begun."""
    is_coming = (Event.status == EventStatus.PUBLISHED, Event.starts_at > now)
    query = select(Event.id).where(Event.series_id == series_id, *is_coming).order_by(Event.id)
    return list(await session.scalars(query))


async def goes_on(session: AsyncSession, event: Event, *, now: datetime) -> bool:
    """True when others of its series are coming besides this event, announced or not."""
    if event.series_id is None:
        return False
    series = await session.get_one(EventSeries, event.series_id)
    return series.ended_at is None or bool(set(await coming(session, event.series_id, now=now)) - {event.id})


async def lead(session: AsyncSession, event: Event) -> bool:
    """From now on the coming events of its series are like this one, its time included; False when no more are coming.

    The rule goes on from this event: what is left of a count, and the week of the month it is in now.
    """
    query = select(EventSeries).where(EventSeries.id == event.series_id).with_for_update()
    series = (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()
    if series is None or series.ended_at is not None or event.status != EventStatus.PUBLISHED:
        return False
    instances = await _instances(session, series.id)
    rule = rule_of(series.rule)
    n_before = sum(one.starts_at < event.starts_at for one in instances)
    wall = event.starts_at.astimezone(zone_of(event.time_zone)).date()
    week = rule.week_of_month and _week_of_month(wall, rule.week_of_month)
    count = rule.count and max(rule.count - n_before, 1)
    series.rule = as_json(replace(rule, week_of_month=week, count=count))
    series.first_starts_at = event.starts_at
    for one in instances:
        one.leads_series = one.id == event.id
    await session.flush()
    return True


def _week_of_month(day: date, before: int) -> int:
    """Which of its weekdays in the month `day` is; a rule for the last one stays one while that is true."""
    is_last = nth_weekday(day.year, day.month, day.weekday(), -1) == day
    number = (day.day - 1) // 7 + 1
    return -1 if number > 4 or (before == -1 and is_last) else number


async def _instances(session: AsyncSession, series_id: int) -> list[Event]:
    """What was announced of a series, oldest first."""
    query = select(Event).where(Event.series_id == series_id, Event.status != EventStatus.DRAFT).order_by(Event.id)
    return list(await session.scalars(query, execution_options={"populate_existing": True}))


async def clone(
    session: AsyncSession, event: Event, starts_at: datetime, *, status: EventStatus, now: datetime
) -> Event:
    """The same event at another time, with the same length, hosts and time to answer, and nobody's answers."""
    shift = starts_at - event.starts_at
    copy = Event(
        **{name: getattr(event, name) for name in COPIED},
        starts_at=starts_at,
        ends_at=event.ends_at + shift if event.ends_at else None,
        rsvp_until=event.rsvp_until + shift if event.rsvp_until else None,
        status=status,
        calendar_uid=f"{secrets.token_hex(12)}@klatch",
        created_at=now,
    )
    session.add(copy)
    await session.flush()
    hosts = select(EventHost.member_id).where(EventHost.event_id == event.id)
    session.add_all([EventHost(event_id=copy.id, member_id=member_id) for member_id in await session.scalars(hosts)])
    await session.flush()
    return copy


async def due(session: AsyncSession, *, now: datetime) -> list[int]:
    """Series whose last announced instance has begun."""
    last = func.max(Event.starts_at)
    query = (
        select(EventSeries.id)
        .join(Event, Event.series_id == EventSeries.id)
        .where(EventSeries.ended_at.is_(None), Event.status != EventStatus.DRAFT)
        .group_by(EventSeries.id)
        .having(last <= now)
        .order_by(EventSeries.id)
    )
    return list(await session.scalars(query))


async def announce_next(session: AsyncSession, series_id: int, *, now: datetime) -> Event | None:
    """The next instance, published; None when the series is over or another worker was first.

    It is like the one that leads (lead()), else like the first, so a change of one instance stays with that instance.
    """
    query = select(EventSeries).where(EventSeries.id == series_id).with_for_update()
    series = (await session.scalars(query, execution_options={"populate_existing": True})).one()
    instances = await _instances(session, series_id)
    if series.ended_at is not None or not instances or max(one.starts_at for one in instances) > now:
        return None
    leader = next((one for one in instances if one.leads_series), instances[0])
    zone = zone_of(leader.time_zone)
    coming = next_occurrences(rule_of(series.rule), series.first_starts_at, zone, now, 1)
    if not coming:
        series.ended_at = now
        return None
    event = await clone(session, leader, coming[0], status=EventStatus.PUBLISHED, now=now)
    if leader.starts_at != series.first_starts_at:
        # The leading instance was moved: its length still holds, its own shift does not.
        event.rsvp_until = None
    event.series_id = series_id
    await session.flush()
    return event
