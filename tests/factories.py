"""Rows that are valid by default: name only what the test is about."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.community import Chat, Community
from models.tables.consent import Consent
from models.tables.delivery import Delivery
from models.tables.event import Event, Rsvp
from models.tables.listing import Listing
from models.tables.member import Member, Membership

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_numbers = count(1)


async def make_community(session: AsyncSession, **values: Any) -> Community:
    return await _add(session, Community(**{"name": "Founders", "settings": {}, "created_at": LONG_AGO, **values}))


async def make_chat(session: AsyncSession, **values: Any) -> Chat:
    defaults = {"telegram_id": -1_000_000_000_000 - next(_numbers), "kind": "supergroup", "created_at": LONG_AGO}
    return await _add(session, Chat(**{**defaults, **values}))


async def make_member(session: AsyncSession, **values: Any) -> Member:
    """A member who has opened the private chat."""
    number = next(_numbers)
    defaults = {"telegram_id": 100_000 + number, "name": f"Member {number}", "created_at": LONG_AGO}
    return await _add(session, Member(**{**defaults, "reachable_at": LONG_AGO, **values}))


async def give_consent(session: AsyncSession, member: Member, community: Community, *purposes: str) -> None:
    for purpose in purposes:
        where = {"member_id": member.id, "community_id": community.id}
        session.add(Consent(**where, purpose=purpose, is_given=True, decided_at=LONG_AGO))
    await session.flush()


async def join(session: AsyncSession, member: Member, community: Community, **values: Any) -> Membership:
    """The member belongs to the community."""
    defaults = {"member_id": member.id, "community_id": community.id, "last_seen_at": LONG_AGO}
    return await _add(session, Membership(**{**defaults, **values}))


async def make_event(session: AsyncSession, community: Community, **values: Any) -> Event:
    """A published event without a limit, in the evening of 10 March 2026."""
    defaults = {
        "community_id": community.id,
        "title": "Demo night",
        "starts_at": datetime(2026, 3, 10, 18, tzinfo=UTC),
        "time_zone": "UTC",
        "calendar_uid": f"event-{next(_numbers)}@klatch",
        "created_at": LONG_AGO,
    }
    return await _add(session, Event(**{**defaults, **values}))


async def make_rsvp(session: AsyncSession, event: Event, member: Member, **values: Any) -> Rsvp:
    """The member is going."""
    defaults = {"event_id": event.id, "member_id": member.id, "status": "going", "answered_at": LONG_AGO}
    return await _add(session, Rsvp(**{**defaults, **values}))


async def make_listing(session: AsyncSession, member: Member, community: Community, **values: Any) -> Listing:
    """A posted need that stays open until 1 April 2026."""
    defaults = {
        "member_id": member.id,
        "community_id": community.id,
        "kind": "need",
        "text": "2 desks",
        "created_at": LONG_AGO,
        "posted_at": LONG_AGO,
        "expires_at": datetime(2026, 4, 1, tzinfo=UTC),
    }
    return await _add(session, Listing(**{**defaults, **values}))


async def make_card(session: AsyncSession, chat: Chat, member: Member, community: Community, **values: Any) -> Listing:
    """A posted need whose card stands in a group."""
    sent = {"created_at": LONG_AGO, "due_at": LONG_AGO, "sent_at": LONG_AGO, "telegram_message_id": 77}
    card = await _add(session, Delivery(kind="card", chat_id=chat.id, method="sendMessage", payload={}, **sent))
    return await make_listing(session, member, community, chat_id=chat.id, card_id=card.id, **values)


async def _add(session: AsyncSession, row: Any) -> Any:
    session.add(row)
    await session.flush()
    return row
