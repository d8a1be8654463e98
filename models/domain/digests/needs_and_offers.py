"""Needs and offers that a digest may tell of, and which of them are no news; loaded for many members at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.digests.items import ListingFacts
from models.domain.events import reach
from models.domain.listings import cards, listings
from models.domain.sending.addresses import Address, addresses_of
from models.learning.languages import language_of
from models.reading.fields import fields_of
from models.reading.in_person import is_there_alone, zones_named
from models.reading.listing_kinds import ListingKind
from models.tables.community import Community
from models.tables.delivery import Delivery, Subject
from models.tables.listing import Listing, ListingAnswer
from models.tables.member import Member
from models.tables.message import Message

if TYPE_CHECKING:  # it loads dictionaries, which the process that answers members does without
    from models.learning.terms import Terms

# A need or an offer that stood for longer is news to nobody; /find still has it.
NEWS_WITHIN = timedelta(days=8)


async def load(
    session: AsyncSession, community: Community, learners: Collection[int], terms: Terms, *, now: datetime
) -> list[ListingFacts]:
    """What learners lately posted on a card that still stands, the newest first."""
    stock = [
        one
        for one in await listings.open_listings(session, [community.id], now=now)
        if one.member_id in learners and one.posted_at is not None and one.posted_at > now - NEWS_WITHIN
    ]
    addresses = await addresses_of(session, {one.card_id for one in stock if one.card_id})
    shown = [one for one in stock if one.card_id in addresses and addresses[one.card_id].telegram_message_id]
    zones = await _zones(session, shown, community, now=now)
    threads = await _threads(session, shown)
    facts = [await _facts(session, one, addresses[one.card_id or 0], zones.get(one.id), terms, now) for one in shown]
    return [replace(one, thread_id=threads.get(one.id)) for one in facts]


async def _threads(session: AsyncSession, stock: Sequence[Listing]) -> dict[int, int]:
    """In which thread the message stands that was kept as one of these."""
    query = select(Listing.id, Message.thread_id).join(Message, Message.id == Listing.message_id)
    rows = await session.execute(query.where(is_one_of(Listing.id, [one.id for one in stock])))
    return {listing_id: thread_id for listing_id, thread_id in rows if thread_id is not None}


async def _facts(
    session: AsyncSession,
    listing: Listing,
    address: Address,
    zones: frozenset[str] | None,
    terms: Terms,
    now: datetime,
) -> ListingFacts:
    view = await cards.view_of(session, listing, now=now)
    words = f"{view.text} {view.audience or ''}".strip()
    known_terms = terms.of(words)
    return ListingFacts(
        view=view,
        author_id=listing.member_id,
        address=address,
        chat_id=listing.chat_id or 0,
        posted_at=listing.posted_at or now,
        terms=known_terms,
        fields=fields_of(words),
        rare=frozenset(key for key in known_terms if terms.is_rare(key)),
        language=language_of(words),
        zones=zones,
    )


async def _zones(
    session: AsyncSession, stock: Sequence[Listing], community: Community, *, now: datetime
) -> dict[int, frozenset[str]]:
    """Where one must be for it: the place that its line names, else where who offers a thing or a room can be."""
    named = {one.id: zones_named(f"{one.place or ''} {one.text}") for one in stock}
    here = [one for one in stock if one.kind == ListingKind.OFFER and not named[one.id] and is_there_alone(one.text)]
    authors = list(await session.scalars(select(Member).where(is_one_of(Member.id, {one.member_id for one in here}))))
    of_authors = await reach.zones_of(session, authors, community, now=now) if authors else {}
    zones = {key: places for key, places in named.items() if places}
    return zones | {one.id: of_authors[one.member_id] for one in here if one.member_id in of_authors}


async def known_already(session: AsyncSession, listing_ids: Collection[int]) -> dict[int, set[int]]:
    """By member who answered one of these, or was told of it as a match: which."""
    told = select(Delivery.member_id, Delivery.about_id).where(
        Delivery.about_kind == Subject.LISTING,
        is_one_of(Delivery.about_id, listing_ids),
        Delivery.member_id.is_not(None),
        Delivery.failed_at.is_(None),
    )
    answered = select(ListingAnswer.member_id, ListingAnswer.listing_id)
    both: Any = union(told, answered.where(is_one_of(ListingAnswer.listing_id, listing_ids)))
    rows: list[Any] = [*await session.execute(both)]
    known: defaultdict[int, set[int]] = defaultdict(set)
    for member_id, listing_id in rows:
        known[member_id].add(listing_id)
    return known
