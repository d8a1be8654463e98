"""Every ten minutes: when an event of a series has begun, the next one is announced."""

from __future__ import annotations

from datetime import datetime

from bot.notices import event_posts
from bot.scene.services import Services
from models.domain.events import series


async def run(services: Services, *, now: datetime) -> str:
    """Announce the next instance of every series that needs one."""
    async with services.database.reading() as session:
        series_ids = await series.due(session, now=now)
    n_announced = sum([await _announce(services, series_id, now) for series_id in series_ids])
    if n_announced:
        services.door.wake()
    return f"{n_announced} events announced for {len(series_ids)} series"


async def _announce(services: Services, series_id: int, now: datetime) -> bool:
    async with services.database.transaction() as session:
        event = await series.announce_next(session, series_id, now=now)
        if event is not None:
            await event_posts.post_card(services, session, event, now=now)
    return event is not None
