"""Whether somebody can be at an event: online from anywhere, in a room only where they live or have been to events.

A time zone is all we know of where people are: the one they chose, else the community's, and those of rooms they said yes to;
and whether they can come at all, if they said so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.member_time import zone_of
from models.tables.community import Community
from models.tables.event import IS_IN, Event, EventStatus, Rsvp
from models.tables.member import Member, Membership

# Where somebody said yes to a room longer ago, they may live no more.
BEEN_WITHIN = timedelta(days=180)
# A community is in one place when so many of those known to be somewhere are there; of fewer than these nothing is known.
TOGETHER_SHARE, FEWEST_KNOWN = 0.75, 5
# Nobody is told of what begins between these hours of theirs.
NIGHT_FROM, NIGHT_UNTIL = 23, 6
# So many are looked at.
ASKED = 1_000
_ONLINE = re.compile(
    r"\b(?:online|zoom|google meet|teams|webex|discord|remote|virtual|video ?call|livestream|voice chat|telegram)\b|"
    r"线上|在线|直播|腾讯会议|飞书|视频会议|语音",
    re.IGNORECASE,
)


class Placed(Protocol):
    """What says where people meet: an event, or a view of one."""

    @property
    def title(self) -> str: ...  # noqa: D102  # the columns of Event
    @property
    def place(self) -> str | None: ...  # noqa: D102
    @property
    def position(self) -> object | None: ...  # noqa: D102
    @property
    def link(self) -> str | None: ...  # noqa: D102


def is_online(event: Placed) -> bool:
    """Whether an event can be joined from anywhere: it says so, or has a link and no place."""
    if event.position is not None:
        return False
    if event.place:
        return _ONLINE.search(event.place) is not None
    return bool(event.link) or _ONLINE.search(event.title) is not None


def is_in_reach(event_zone: str, *, online: bool, zones: Collection[str]) -> bool:
    """Whether somebody who can be in rooms of these zones can be there."""
    return online or zone_of(event_zone).key in zones


def is_at_night(starts_at: datetime, own_zone: str | None, hours_asleep: Collection[int] = ()) -> bool:
    """Whether it begins while somebody sleeps: by the clock they chose, else by the hours of UTC in which they never write."""
    if own_zone is None:
        return starts_at.astimezone(UTC).hour in hours_asleep
    hour = starts_at.astimezone(zone_of(own_zone)).hour
    return hour >= NIGHT_FROM or hour < NIGHT_UNTIL


async def zones_of(
    session: AsyncSession, members: Iterable[Member], community: Community, *, now: datetime
) -> dict[int, frozenset[str]]:
    """The zones each member can be in a room of; none for who said that they cannot come.

    Who never said where they are is where the community is, unless many of those who did are elsewhere.
    """
    members = list(members)
    home = frozenset({zone_of(community.time_zone).key} if await _is_together(session, community) else ())
    been = await _been(session, [member.id for member in members], now)
    return {member.id: _zones(member, home, been.get(member.id, frozenset())) for member in members}


def _zones(member: Member, home: frozenset[str], been: frozenset[str]) -> frozenset[str]:
    if member.is_online_only:
        return frozenset()
    return been | (frozenset({zone_of(member.time_zone).key}) if member.time_zone else home)


async def _is_together(session: AsyncSession, community: Community) -> bool:
    """Whether most members who said where they are can come where the community meets."""
    query = (
        select(Member.time_zone, Member.is_online_only)
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.community_id == community.id, Member.time_zone.is_not(None), Member.is_bot.is_(False))
        .limit(ASKED)
    )
    home = zone_of(community.time_zone).key
    can_come = [zone_of(zone).key == home and not is_far for zone, is_far in await session.execute(query)]
    return len(can_come) < FEWEST_KNOWN or sum(can_come) >= TOGETHER_SHARE * len(can_come)


async def _been(session: AsyncSession, member_ids: Collection[int], now: datetime) -> Mapping[int, frozenset[str]]:
    query = (
        select(Rsvp.member_id, Event)
        .join(Event, Event.id == Rsvp.event_id)
        .where(Rsvp.status.in_(IS_IN), Event.status == EventStatus.PUBLISHED, Event.starts_at > now - BEEN_WITHIN)
        .where(is_one_of(Rsvp.member_id, member_ids))
    )
    places_of: dict[int, set[str]] = {}
    for member_id, event in await session.execute(query):
        if not is_online(event):
            places_of.setdefault(member_id, set()).add(zone_of(event.time_zone).key)
    return {member_id: frozenset(zones) for member_id, zones in places_of.items()}
