"""Events from their hosts' side: which ones a member looks after, and how somebody without a handle becomes a co-host."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.events import events
from models.domain.events.check_ins import HOST_MAY_UNTIL
from models.domain.members import consent, deep_links, rights
from models.tables.event import Event, EventHost, EventStatus
from models.tables.member import LinkAction, Member

# The step behind the link that a host passes on.
# Of a full list of what one hosts, so many places are kept for what is over.
MOST_OVER = 2


async def hosting(session: AsyncSession, member_id: int, *, now: datetime, limit: int) -> list[Event]:
    """What is the member's: coming events and drafts, the next first, then what is over, newest first.

    Theirs is what they host or co-host, and what nobody hosts in a community whose admin they are. Events of the last
    HOST_MAY_UNTIL stay: their hosts mark who came, export, and repeat them; of these there is room for MOST_OVER at least.
    """
    is_over = Event.starts_at <= now - events.STILL_SHOWN
    query = select(Event).where(_is_of(member_id)).order_by(Event.starts_at, Event.id)
    coming = await session.scalars(
        query.where(Event.status.in_((EventStatus.DRAFT, EventStatus.PUBLISHED)), ~is_over).limit(limit)
    )
    over = await session.scalars(
        query.where(Event.status == EventStatus.PUBLISHED, is_over, Event.starts_at > now - HOST_MAY_UNTIL)
    )
    ahead, behind = list(coming), list(over)[::-1]
    return [*ahead[: limit - min(len(behind), MOST_OVER)], *behind][:limit]


def _is_of(member_id: int) -> ColumnElement[bool]:
    co_hosted = select(EventHost.event_id).where(EventHost.member_id == member_id)
    is_hosted = exists().where(EventHost.event_id == Event.id)
    is_nobodys = and_(Event.host_id.is_(None), ~is_hosted, Event.community_id.in_(rights.administered_by(member_id)))
    return or_(Event.host_id == member_id, Event.id.in_(co_hosted), is_nobodys)


async def hosts_of(session: AsyncSession, event: Event) -> list[Member]:
    """The host and the co-hosts."""
    co_hosts = select(EventHost.member_id).where(EventHost.event_id == event.id)
    query = select(Member).where(Member.id.in_(co_hosts) | (Member.id == event.host_id)).order_by(Member.id)
    return list(await session.scalars(query))


async def keepers(session: AsyncSession, event: Event) -> list[Member]:
    """Who is told what a host is told: the hosts; of an event that has none (an anonymous admin planned it, or its host
    was erased) the community's admins, who may all manage it.
    """
    return await hosts_of(session, event) or await rights.admins_of(session, event.community_id)


async def offer_co_hosting(session: AsyncSession, event: Event, *, now: datetime) -> str:
    """The token of a link that makes the first member who follows it a co-host."""
    return await deep_links.remember(
        session, LinkAction.CO_HOST, now=now, community_id=event.community_id, target_id=event.id
    )


async def accept_co_hosting(session: AsyncSession, event: Event, member_id: int, token_id: int) -> bool:
    """The link was followed; False for a stranger to the community, for whom it stays good for somebody else."""
    if event.status == EventStatus.CANCELLED or not await consent.is_member(session, member_id, event.community_id):
        return False
    await deep_links.use_up(session, token_id)
    await events.set_co_host(session, event, member_id, is_host=True)
    return True
