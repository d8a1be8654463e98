"""Every ten minutes: who posted a need or an offer hears of what meets it, and the other author, too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import select

from bot.messages import listings as messages
from bot.notices import listing_posts
from bot.scene.services import Services
from models.domain.introductions import complements, meanings
from models.domain.listings import cards
from models.domain.sending.addresses import addresses_of
from models.learning.encoder import Encoder, NoEncoder, load_encoder
from models.learning.meanings import usual_meanings
from models.tables.community import Community
from models.tables.listing import Listing

LoadEncoder = Callable[[], Encoder]


async def run(services: Services, *, now: datetime, load: LoadEncoder = load_encoder) -> str:
    """Queue a line for each author."""
    async with services.database.reading() as session:
        community_ids = list(await session.scalars(select(Community.id).order_by(Community.id)))
    n_matches = sum([await _match(services, community_id, now, load) for community_id in community_ids])
    if n_matches:
        services.door.wake()
    return f"{n_matches} authors told of a match"


async def _match(services: Services, community_id: int, now: datetime, load: LoadEncoder) -> int:
    async with services.database.reading() as session:
        if not await complements.has_news(session, community_id, now=now):
            return 0
    encoder = await _encode(services, community_id, now, load)
    around = usual_meanings(encoder) if encoder else ()
    async with services.database.reading() as session:
        matches = await complements.new_matches(session, community_id, now=now, encoder=encoder, around=around)
        pairs = [(one.id, other.id) for one, other in matches]
    return sum([await _tell(services, *pair, now=now) for pair in pairs])


async def _encode(services: Services, community_id: int, now: datetime, load: LoadEncoder) -> Encoder | None:
    """Read what was posted in two languages; None: all is in one, or words alone have to do."""
    async with services.database.reading() as session:
        if not await meanings.is_in_two_languages(session, community_id, now=now):
            return None
    try:
        encoder = load()
    except NoEncoder:
        return None  # `klatch doctor` tells why.
    async with services.database.reading() as session:
        words = await meanings.to_encode(session, community_id, encoder=encoder, now=now)
    read = meanings.encode(words, encoder=encoder)
    async with services.database.transaction() as session:
        await meanings.keep(session, words, read, encoder=encoder)
    return encoder


async def _tell(services: Services, listing_id: int, match_id: int, *, now: datetime) -> bool:
    """Tell one author of one match, if both are still open and it is no news too many."""
    async with services.database.transaction() as session:
        listing, match = await session.get(Listing, listing_id), await session.get(Listing, match_id)
        if listing is None or match is None or not (listing.is_open(now) and match.is_open(now)):
            return False
        if await complements.is_enough(session, listing, now=now):
            return False
        view = await cards.view_of(session, match, now=now)
        addresses = await addresses_of(session, [match.card_id] if match.card_id else [])
        message = partial(messages.match, other=view, address=addresses.get(match.card_id or 0))
        about = complements.about(listing, match)
        end = min(listing.expires_at, match.expires_at)
        return (
            await listing_posts.tell_author(
                services,
                session,
                listing,
                message,
                now=now,
                about=about,
                expires_at=end,
                reasons=complements.claims(listing, match),
            )
            is not None
        )
