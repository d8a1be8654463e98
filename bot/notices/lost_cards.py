"""A card that somebody deleted: it comes back once; after that its hosts decide, for it may have been deleted on purpose."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import event_notices as notices
from bot.notices import event_posts
from bot.scene.services import Services
from models.domain.events import cards, hosts, seats
from models.domain.members import rights
from models.tables.community import Chat
from models.tables.delivery import Delivery, DeliveryKind
from models.tables.event import Event, EventStatus
from models.tables.member import Member


async def restore(services: Services, session: AsyncSession, delivery_id: int, *, now: datetime) -> None:
    """The message that this delivery posted is gone, says Telegram; nothing happens where it was no card."""
    event = await cards.forget_card(session, delivery_id)
    if event is None or event.status != EventStatus.PUBLISHED or seats.is_over(event, now):
        return
    if await cards.cards_of(session, event.id):
        return
    once_key = f"event:{event.id}:card_again:{event.chat_id}"
    if await event_posts.post_card(services, session, event, now=now, once_key=once_key) is None:
        await _ask_hosts(services, session, event, now=now)


async def _ask_hosts(
    services: Services, session: AsyncSession, event: Event, *, now: datetime
) -> list[Delivery | None]:
    """Tell those who look after the event; where nobody of them can be written to, the card comes back again."""
    readers = await _readers(session, event)
    if not readers:
        return [await event_posts.post_card(services, session, event, now=now)]
    chat = await session.get(Chat, event.chat_id) if event.chat_id else None
    notice = partial(notices.card_deleted, chat=chat.title if chat else None)
    tell = partial(event_posts.tell, services, session, event)
    return [await tell(reader, DeliveryKind.NOTICE, notice, now=now) for reader in readers]


async def _readers(session: AsyncSession, event: Event) -> list[Member]:
    reachable_keepers = [one for one in await hosts.keepers(session, event) if one.is_reachable]
    admins = [] if reachable_keepers else await rights.admins_of(session, event.community_id)
    return reachable_keepers or [admin for admin in admins if admin.is_reachable]
