"""Every half hour: authors are asked whether their needs and offers are still open, and what came to its end is closed."""

from __future__ import annotations

from datetime import datetime

from bot.messages import listings as messages
from bot.notices import listing_posts
from bot.scene.services import Services
from models.domain.listings import endings
from models.tables.listing import Listing


async def run(services: Services, *, now: datetime) -> str:
    """Ask, and close."""
    async with services.database.reading() as session:
        ending_ids = [listing.id for listing in await endings.ending_soon(session, now=now)]
        over_ids = [listing.id for listing in await endings.over(session, now=now)]
    n_questions = sum([await _ask(services, listing_id, now) for listing_id in ending_ids])
    n_ends = sum([await _end(services, listing_id, now) for listing_id in over_ids])
    if n_questions or n_ends:
        services.door.wake()
    return f"{n_questions} questions queued, {n_ends} needs and offers ended"


async def _ask(services: Services, listing_id: int, now: datetime) -> bool:
    async with services.database.transaction() as session:
        listing = await session.get(Listing, listing_id)
        if listing is None or not listing.is_open(now):
            return False
        about = endings.still_open(listing)
        end = listing.expires_at
        question = await listing_posts.tell_author(
            services, session, listing, messages.still_open, now=now, about=about, expires_at=end
        )
        return question is not None


async def _end(services: Services, listing_id: int, now: datetime) -> bool:
    async with services.database.transaction() as session:
        listing = await session.get(Listing, listing_id)
        if listing is None or listing.closed_at is not None or listing.expires_at > now:
            return False
        is_posted = listing.posted_at is not None
        await endings.end(session, listing, now=now)
        if is_posted:
            await listing_posts.refresh_card(services, session, listing, now=now)
            about = endings.ending(listing)
            await listing_posts.tell_author(services, session, listing, messages.end, now=now, about=about)
        return is_posted
