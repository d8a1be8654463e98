"""When an edit found no message: the card of a coming event that somebody deleted is posted again, once."""

from __future__ import annotations

from datetime import datetime

from bot.notices import event_posts
from bot.scene.services import Services
from models.domain.events import cards
from models.tables.event import EventStatus


async def run(services: Services, *, now: datetime, delivery_id: int) -> str:
    """Post again what the delivery posted, if it was the last card of an event to come and was not posted again before."""
    async with services.database.transaction() as session:
        event = await cards.forget_card(session, delivery_id)
        if event is None or event.status != EventStatus.PUBLISHED or event.starts_at <= now:
            return "no card to post again"
        if await cards.cards_of(session, event.id):
            return "another card stands"
        posted = await event_posts.post_card(services, session, event, now=now, once_key=f"card:{event.id}:again")
    services.door.wake()
    return "1 card posted again" if posted else "it was deleted twice: left alone"
