"""Events of ours in members' own calendars: files, links, and a personal feed behind a secret, revocable address."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import keys_of_session
from models.domain.events.calendar_files import CalendarEvent, google_link, outlook_link
from models.domain.member_time import zone_of
from models.reading.positions import position_of
from models.tables.event import CalendarFeed, Event, EventStatus, Rsvp, RsvpStatus
from models.tables.member import Member, Membership

# A feed keeps what is over for so long, so that calendars do not lose yesterday.
FEED_LOOK_BACK = timedelta(days=60)
# Answers that put an event into a member's feed.
IN_FEED = (RsvpStatus.GOING, RsvpStatus.MAYBE, RsvpStatus.WAITLISTED)
TOKEN_BYTES = 24


@dataclass(frozen=True)
class Feed:
    """What a feed's address gives."""

    member: Member
    events: tuple[CalendarEvent, ...]


def calendar_event(event: Event, rsvp: Rsvp | None = None) -> CalendarEvent:
    """The event as calendars know it; with somebody's answer, as theirs."""
    changed_at = event.changed_at or event.created_at
    return CalendarEvent(
        uid=event.calendar_uid,
        title=event.title,
        starts_at=event.starts_at,
        ends_at=event.ends_at if event.ends_at and event.ends_at > event.starts_at else None,
        zone=zone_of(event.time_zone),
        changed_at=max(changed_at, rsvp.answered_at) if rsvp else changed_at,
        sequence=event.sequence,
        is_cancelled=event.status == EventStatus.CANCELLED,
        answer=rsvp.status if rsvp else None,
        place=event.place,
        position=position_of(event.position),
        link=event.link,
        description=event.description,
    )


async def of_reader(session: AsyncSession, event: Event, member_id: int) -> CalendarEvent:
    """The event as it stands in one member's calendar."""
    query = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.member_id == member_id)
    return calendar_event(event, await session.scalar(query))


def links(event: CalendarEvent) -> list[tuple[str, str]]:
    """(label, address) of pages that add the event to a calendar on the web."""
    return [("📅 Google", google_link(event)), ("📅 Outlook", outlook_link(event))]


async def open_feed(session: AsyncSession, member_id: int, *, now: datetime) -> str:
    """A new secret for the member's feed; the one before stops working at once."""
    await close_feed(session, member_id)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    token_hash = keys_of_session(session).lookup_hash(token)
    session.add(CalendarFeed(member_id=member_id, token_hash=token_hash, created_at=now))
    await session.flush()
    return token


async def close_feed(session: AsyncSession, member_id: int) -> bool:
    """Revoke the member's feed; False when there was none."""
    result = await session.execute(
        delete(CalendarFeed).where(CalendarFeed.member_id == member_id).returning(CalendarFeed.id)
    )
    return result.first() is not None


async def feed(session: AsyncSession, token: str, *, now: datetime) -> Feed | None:
    """The member's events behind a secret, cancelled ones too; None for an unknown or revoked one.

    Events of communities the member has left are not in it.
    """
    owner = select(CalendarFeed.member_id).where(CalendarFeed.token_hash == keys_of_session(session).lookup_hash(token))
    member_id = await session.scalar(owner)
    if member_id is None:
        return None
    query = (
        select(Event, Rsvp)
        .join(Rsvp, Rsvp.event_id == Event.id)
        .join(Membership, Membership.community_id == Event.community_id)
        .where(
            Rsvp.member_id == member_id,
            Rsvp.status.in_(IN_FEED),
            Event.status != EventStatus.DRAFT,
        )
        .where(Membership.member_id == member_id, Membership.left_at.is_(None))
        .where(Event.starts_at > now - FEED_LOOK_BACK)
        .order_by(Event.starts_at, Event.id)
    )
    entries = tuple(calendar_event(event, rsvp) for event, rsvp in await session.execute(query))
    return Feed(await session.get_one(Member, member_id), entries)
