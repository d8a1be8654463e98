"""Needs and offers that meet: what one member posted, and another looks for or can give. Loads stemmers, for jobs.

Two needs are never proposed to each other, and nobody to themselves. Both names stand on cards already; each author is told of
the other's card once, a few times a week at most.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.introductions import introductions
from models.domain.listings import listings
from models.domain.sending.about import About
from models.learning.search import SearchIndex
from models.learning.search_words import search_words
from models.reading.fields import fields_of
from models.reading.listing_kinds import ListingKind
from models.tables.delivery import Delivery, Subject
from models.tables.listing import Listing

# What is new is looked at for so long: whoever could not be told in that time hears of it by /find.
NEW_FOR = timedelta(days=1)
# What an offer says of a need, weighed by rarity (0 to 1); so many are looked at for one.
ENOUGH, MOST_LOOKED_AT = 0.5, 50
# Cards told to one author about one listing of theirs, in so many days.
MOST_MATCHES, WITHIN = 3, timedelta(days=7)

Match = tuple[Listing, Listing]


async def new_matches(session: AsyncSession, community_id: int, *, now: datetime) -> list[Match]:
    """Pairs (whose author is told, of what), one of them posted within NEW_FOR; the best of each need first."""
    stock = await listings.open_listings(session, [community_id], now=now)
    fresh = {one for one in stock if one.posted_at is not None and one.posted_at > now - NEW_FOR}
    if not fresh:
        return []
    apart = await introductions.apart(session, {one.member_id for one in stock}, now=now)
    pairs = [(need, offer) for need, offer in meetings_of(stock, apart) if need in fresh or offer in fresh]
    return [*pairs, *((offer, need) for need, offer in pairs)]


def meetings_of(stock: Sequence[Listing], apart: Collection[tuple[int, int]]) -> list[Match]:
    """Each need with the offers that meet it best, none of its own author's, nor of those kept apart from them."""
    index = SearchIndex({one: _words(one) for one in stock if one.kind == ListingKind.OFFER})
    needs = (one for one in stock if one.kind == ListingKind.NEED)
    return [(need, offer) for need in needs for offer in _offers_for(need, index, apart)]


def _offers_for(need: Listing, index: SearchIndex[Listing], apart: Collection[tuple[int, int]]) -> list[Listing]:
    """Those that say enough of it, best first; none of one's own, and none that surely is of another field."""
    hits = index.find(_wish(_words(need)), most=MOST_LOOKED_AT, least_share=ENOUGH)
    offers = [
        hit.key
        for hit in hits
        if hit.key.member_id != need.member_id and (need.member_id, hit.key.member_id) not in apart
    ]
    return [one for one in offers if _may_be_of_one_field(_words(need), _words(one))][:MOST_MATCHES]


def _words(listing: Listing) -> str:
    """What it is, and for whom: "a template", "NDAs with suppliers"; by itself the first would meet any template."""
    return f"{listing.text} {listing.audience or ''}"


def _wish(text: str) -> str:
    """What is needed, its first word twice: of "a lawyer for term sheets" the lawyer matters most."""
    words = (word for word in search_words(text).whole if word.isascii() and not word.isdigit())
    return f"{next(words, '')} {text}"


def _may_be_of_one_field(one: str, other: str) -> bool:
    fields, others = fields_of(one), fields_of(other)
    return not fields or not others or bool(fields & others)


def about(listing: Listing, match: Listing) -> About:
    """What the author of a listing is told of the match; it goes when the match is closed or erased."""
    return About(Subject.LISTING, match.id, listings.match_of(listing.id))


async def is_enough(session: AsyncSession, listing: Listing, *, now: datetime) -> bool:
    """Whether its author has heard of as many as anybody reads."""
    query = select(func.count(Delivery.id)).where(
        Delivery.about_kind == Subject.LISTING,
        Delivery.what == listings.match_of(listing.id),
        Delivery.member_id == listing.member_id,
        Delivery.created_at > now - WITHIN,
    )
    return (await session.scalar(query) or 0) >= MOST_MATCHES
