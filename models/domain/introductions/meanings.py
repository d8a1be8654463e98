"""What open needs and offers mean, kept for those of whose words it was made; for jobs, where an encoder may be loaded.

Vectors are made outside any transaction, and only where both languages meet: within one, words do better.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.listings import listings
from models.learning.encoder import Encoder
from models.learning.meanings import Meaning, is_chinese, meanings_of, pack, unpack
from models.tables.listing import Listing, ListingMeaning

Words = Mapping[int, str]


def words_of(listing: Listing) -> str:
    """What it is, and for whom: "a template", "NDAs with suppliers"; by itself the first would meet any template."""
    return f"{listing.text} {listing.audience or ''}".strip()


async def is_in_two_languages(session: AsyncSession, community_id: int, *, now: datetime) -> bool:
    """Whether what is open could meet across languages."""
    words = await _open_words(session, community_id, now)
    return len({is_chinese(text) for text in words.values()}) > 1


async def to_encode(session: AsyncSession, community_id: int, *, encoder: Encoder, now: datetime) -> Words:
    """Words by listing that are open and not encoded yet."""
    words = await _open_words(session, community_id, now)
    query = select(ListingMeaning.listing_id, ListingMeaning.digest).where(
        is_one_of(ListingMeaning.listing_id, sorted(words)), ListingMeaning.encoder == encoder.name
    )
    encoded = {(row.listing_id, row.digest) for row in await session.execute(query)}
    return {one: text for one, text in words.items() if (one, _digest(text)) not in encoded}


async def _open_words(session: AsyncSession, community_id: int, now: datetime) -> Words:
    return {one.id: words_of(one) for one in await listings.open_listings(session, [community_id], now=now)}


def encode(words: Words, *, encoder: Encoder) -> dict[int, Meaning]:
    """What they mean, by listing."""
    return dict(zip(words, meanings_of(encoder, list(words.values())), strict=True))


async def keep(session: AsyncSession, words: Words, meanings: Mapping[int, Meaning], *, encoder: Encoder) -> None:
    """Keep what they mean of those that nobody erased in the meantime."""
    still_there = set(await session.scalars(select(Listing.id).where(is_one_of(Listing.id, sorted(meanings)))))
    await session.execute(delete(ListingMeaning).where(is_one_of(ListingMeaning.listing_id, sorted(meanings))))
    session.add_all(
        ListingMeaning(listing_id=one, encoder=encoder.name, digest=_digest(words[one]), vectors=pack(meaning))
        for one, meaning in meanings.items()
        if one in still_there
    )


async def of_stock(session: AsyncSession, stock: Sequence[Listing], *, encoder: Encoder) -> dict[Listing, Meaning]:
    """Of these what was kept, and still is what their words mean."""
    by_id = {one.id: one for one in stock}
    query = select(ListingMeaning).where(
        is_one_of(ListingMeaning.listing_id, sorted(by_id)), ListingMeaning.encoder == encoder.name
    )
    rows = list(await session.scalars(query))
    return {
        by_id[row.listing_id]: unpack(row.vectors)
        for row in rows
        if row.digest == _digest(words_of(by_id[row.listing_id]))
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
