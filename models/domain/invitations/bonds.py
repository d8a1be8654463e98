"""What ties members to a community, to its events and to each other: who belongs, hosts, goes, went, answers and avoids whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations.own_messages import LOOK_BACK
from models.tables.event import Event, EventHost, EventStatus, Rsvp, RsvpStatus
from models.tables.interaction import Interaction, InteractionKind
from models.tables.member import Member, Membership, Mute, MuteKind

# Attendance is remembered longer: events are rare.
ATTENDANCE_LOOK_BACK = timedelta(days=400)


async def hosts_of(session: AsyncSession, event: Event) -> dict[int, str]:
    """Names of host and co-hosts."""
    query = select(Member.id, Member.name).where(
        (Member.id == event.host_id) | Member.id.in_(select(EventHost.member_id).where(EventHost.event_id == event.id))
    )
    return dict((await session.execute(query)).all())


async def public_guests(session: AsyncSession, event: Event, learners: set[int]) -> dict[int, str]:
    """Who is going for all to see, and agreed to learning: they may be named to others."""
    if not event.shows_names:
        return {}
    query = (
        select(Member.id, Member.name)
        .join(Rsvp, Rsvp.member_id == Member.id)
        .where(Rsvp.event_id == event.id, Rsvp.status == RsvpStatus.GOING)
        .order_by(Rsvp.answered_at, Rsvp.id)
    )
    return {member_id: name for member_id, name in await session.execute(query) if member_id in learners}


async def attendances(
    session: AsyncSession, community_id: int, learners: set[int], now: datetime
) -> list[tuple[Event, int, datetime]]:
    """(event, member, when they said yes) of learning members; where people were checked in, only those who were there."""
    query = (
        select(Event, Rsvp)
        .join(Rsvp, Rsvp.event_id == Event.id)
        .where(Event.community_id == community_id, Event.status == EventStatus.PUBLISHED)
        .where(Event.starts_at > now - ATTENDANCE_LOOK_BACK, Rsvp.answered_at <= now)
    )
    rows = list((await session.execute(query)).all())
    with_check_in = {event.id for event, rsvp in rows if rsvp.checked_in_at is not None}
    return [
        (event, rsvp.member_id, rsvp.answered_at)
        for event, rsvp in rows
        if rsvp.member_id in learners
        and (rsvp.checked_in_at is not None or (rsvp.status == RsvpStatus.GOING and event.id not in with_check_in))
    ]


async def answers(
    session: AsyncSession, member_ids: Collection[int], others: Collection[int], now: datetime
) -> dict[int, dict[int, int]]:
    """How often each member answered each of the others lately."""
    query = (
        select(Interaction.member_id, Interaction.about_member_id, func.count())
        .where(Interaction.kind == InteractionKind.REPLY, Interaction.at > now - LOOK_BACK, Interaction.value > 0)
        .where(is_one_of(Interaction.member_id, member_ids), is_one_of(Interaction.about_member_id, others))
        .group_by(Interaction.member_id, Interaction.about_member_id)
    )
    answers_of: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for member_id, other, n in await session.execute(query):
        if member_id != other and other is not None:
            answers_of[member_id][other] = n
    return dict(answers_of)


async def muted_people(session: AsyncSession, member_ids: Collection[int], now: datetime) -> dict[int, set[int]]:
    """Whom each member asked not to hear of."""
    people: defaultdict[int, set[int]] = defaultdict(set)
    still = Mute.until.is_(None) | (Mute.until > now)
    query = select(Mute.member_id, Mute.target).where(
        Mute.kind == MuteKind.PERSON, is_one_of(Mute.member_id, member_ids), still
    )
    for member_id, target in await session.execute(query):
        people[member_id].add(int(target))
    return people


async def memberships(session: AsyncSession, community_id: int, member_ids: Collection[int]) -> dict[int, Membership]:
    """What ties each member to the community."""
    query = select(Membership).where(
        Membership.community_id == community_id, is_one_of(Membership.member_id, member_ids)
    )
    return {row.member_id: row for row in await session.scalars(query)}
