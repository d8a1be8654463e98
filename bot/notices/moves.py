"""A basic group became a supergroup: what is coming is announced there once, and lives on there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.notices import event_posts
from bot.scene.services import Services
from models.database import is_one_of
from models.domain.hearing.facts import Fact, HeardMigration
from models.tables.community import Chat
from models.tables.delivery import Delivery
from models.tables.event import Event, EventCard, EventStatus


async def follow(services: Services, session: AsyncSession, facts: Sequence[Fact], *, now: datetime) -> bool:
    """Move the events of groups that moved; called for recorded facts, in their transaction. True when a card was posted."""
    return any([await _move(services, session, chat, now) for chat in await old_chats(session, facts)])


async def old_chats(session: AsyncSession, facts: Sequence[Fact]) -> list[Chat]:
    """The basic groups that became supergroups, as these facts say."""
    old_ids = {fact.place.telegram_id for fact in facts if isinstance(fact, HeardMigration)}
    query = select(Chat).where(is_one_of(Chat.telegram_id, old_ids), Chat.migrated_to_id.is_not(None))
    return list(await session.scalars(query)) if old_ids else []


async def _move(services: Services, session: AsyncSession, old: Chat, now: datetime) -> int:
    """Cards in the old group can be neither edited nor pressed any more: they count as cards no longer. How many are new."""
    query = select(Event).where(Event.chat_id == old.id, Event.status == EventStatus.PUBLISHED, Event.starts_at > now)
    coming = list(await session.scalars(query.order_by(Event.starts_at, Event.id)))
    # Drafts and series go on there too.
    await session.execute(update(Event).where(Event.chat_id == old.id).values(chat_id=old.migrated_to_id))
    stood_there = select(Delivery.id).where(Delivery.chat_id == old.id)
    await session.execute(delete(EventCard).where(EventCard.delivery_id.in_(stood_there)))
    for event in coming:
        await session.refresh(event)
        await event_posts.post_card(services, session, event, now=now)
    return len(coming)
