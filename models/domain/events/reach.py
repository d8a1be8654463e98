"""Whether somebody can be at an event: online from anywhere, in a room only where they live or have been to events.

A time zone is all we know of where people are: the one they chose, else the community's, and those of rooms they said yes to;
and whether they can come at all, if they said so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.member_time import zone_of
from models.tables.event import IS_IN, Event, EventStatus, Rsvp
from models.tables.member import Member

# Where somebody said yes to a room longer ago, they may live no more.
BEEN_WITHIN = timedelta(days=180)
_ONLINE = re.compile(
    r"\b(?:online|zoom|google meet|teams|webex|discord|remote|virtual|video ?call|livestream|voice chat|telegram)\b|"
    r"线上|在线|直播|腾讯会议|飞书|视频会议|语音",
    re.IGNORECASE,
)


def is_online(event: Event) -> bool:
    """Whether an event can be joined from anywhere: it says so, or has a link and no place."""
    if event.position is not None:
        return False
    if event.place:
        return _ONLINE.search(event.place) is not None
    return bool(event.link) or _ONLINE.search(event.title) is not None


def is_in_reach(event_zone: str, *, online: bool, zones: Collection[str]) -> bool:
    """Whether somebody who can be in rooms of these zones can be there."""
    return online or zone_of(event_zone).key in zones


async def zones_of(
    session: AsyncSession, members: Iterable[Member], community_zone: str, *, now: datetime
) -> dict[int, frozenset[str]]:
    """The zones each member can be in a room of; none for who said that they cannot come."""
    members = list(members)
    known = {member.id: zone_of(member.time_zone, community_zone).key for member in members}
    been = await _been(session, known, now)
    far = {member.id for member in members if member.is_online_only}
    return {
        member_id: frozenset() if member_id in far else frozenset({zone}) | been.get(member_id, frozenset())
        for member_id, zone in known.items()
    }


async def _been(session: AsyncSession, member_ids: Collection[int], now: datetime) -> Mapping[int, frozenset[str]]:
    query = (
        select(Rsvp.member_id, Event)
        .join(Event, Event.id == Rsvp.event_id)
        .where(Rsvp.status.in_(IS_IN), Event.status == EventStatus.PUBLISHED, Event.starts_at > now - BEEN_WITHIN)
        .where(is_one_of(Rsvp.member_id, member_ids))
    )
    found: dict[int, set[str]] = {}
    for member_id, event in await session.execute(query):
        if not is_online(event):
            found.setdefault(member_id, set()).add(zone_of(event.time_zone).key)
    return {member_id: frozenset(zones) for member_id, zones in found.items()}
