"""Queues one delivery to a chat and says so."""

from __future__ import annotations

from datetime import datetime

from bot.scene.services import Services
from models.domain.sending import deliveries


async def run(services: Services, *, now: datetime, chat_id: int = 1) -> str:
    async with services.database.transaction() as session:
        await deliveries.queue(session, "notice", now=now, chat_id=chat_id, payload={"text": "Hello"})
    return f"greeted at {now:%H:%M}"
