"""Who may be invited to an event: those who agreed, can be reached, were not asked yet, can be there and read its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.events import engagements, reach
from models.domain.invitations.bonds import hosts_of
from models.domain.invitations.writings import Writing
from models.domain.members import consent, sleep
from models.learning.languages import language_of
from models.tables.community import Community
from models.tables.consent import Purpose
from models.tables.delivery import Delivery
from models.tables.event import Event, Rsvp
from models.tables.member import Member, Mute, MuteKind
from models.tables.recommendation import Recommendation, RecommendedItem


async def willing(session: AsyncSession, event: Event, now: datetime) -> list[Member]:
    """Who agreed and can be reached, without those who answered, were invited, host it, or muted who does."""
    consenting_ids = await consent.consenting(session, event.community_id, Purpose.INVITE)
    answerers = set(await session.scalars(select(Rsvp.member_id).where(Rsvp.event_id == event.id)))
    invitees = (
        select(Recommendation.member_id)
        .outerjoin(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.item_kind == RecommendedItem.EVENT, Recommendation.item_id == event.id)
        .where(Delivery.failed_at.is_(None))
    )
    mutes = select(Mute.member_id).where(
        Mute.kind.in_((MuteKind.HOST, MuteKind.PERSON)),
        Mute.target == str(event.host_id),
        Mute.until.is_(None) | (Mute.until > now),
    )
    excluded_ids = answerers | set(await session.scalars(invitees)) | set(await session.scalars(mutes))
    excluded_ids |= set(await hosts_of(session, event))
    query = (
        select(Member)
        .where(is_one_of(Member.id, consenting_ids - excluded_ids), Member.is_bot.is_(False))
        .order_by(Member.id)
    )
    return [
        member
        for member in await session.scalars(query)
        if member.is_reachable and (member.paused_until is None or member.paused_until <= now)
    ]


async def who_can_come(
    session: AsyncSession,
    event: Event,
    community: Community,
    members: Sequence[Member],
    texts: Mapping[int, Writing],
    now: datetime,
) -> list[Member]:
    """Those who can be where the event takes place, have nothing else then, and read what it is called."""
    zones = await reach.zones_of(session, members, community, now=now)
    placeless = {member.id for member in members if member.time_zone is None} & texts.keys()
    asleep = await sleep.hours_asleep(session, placeless, now=now)
    taken = await engagements.of_members(session, {member.id for member in members}, now=now)
    online, in_language = reach.is_online(event), language_of(event.title)

    def can_come(member: Member) -> bool:
        language = member.language or member.client_language or community.language
        writing = texts.get(member.id, Writing())
        literacy = writing.traces.literacy(language, community.language, unread=writing.talks.choices.unread)
        is_near = reach.is_in_reach(event.time_zone, online=online, zones=zones[member.id])
        is_awake = not reach.is_at_night(event.starts_at, member.time_zone, asleep.get(member.id, ()))
        is_free = not engagements.is_taken(event.id, event.starts_at, event.ends_at, taken.get(member.id, ()))
        return is_near and is_awake and is_free and literacy.can_read(event.title, in_language)

    return [member for member in members if can_come(member)]
