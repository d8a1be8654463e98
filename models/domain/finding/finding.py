"""Needs, offers and events that say what somebody looks for; where none does, those of the same field of work."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.events import cards as event_cards
from models.domain.events import events
from models.domain.events.cards import EventView
from models.domain.listings import cards as listing_cards
from models.domain.listings import listings
from models.domain.listings.cards import ListingView
from models.domain.profiles.profiles import OpenProfile
from models.domain.sending.addresses import Address, addresses_of
from models.reading.fields import fields_of
from models.reading.listing_kinds import ListingKind
from models.tables.event import Event
from models.tables.listing import Listing

# What is found says at least so much of what was asked, weighed by rarity (0 to 1); best first, so many of a kind.
ENOUGH, MOST_OF_A_KIND = 0.25, 3
Thing = Listing | Event | OpenProfile
# Of more events nobody looks at the later ones.
MOST_EVENTS = 200


@dataclass(frozen=True)
class Discovery:
    """What was found, best first: who offers it, who else needs it, where it comes up, who is about such things.

    `is_near`: nothing says it, but these are of the same field.

    `addresses` are the cards of listings, by listing id, as far as one can jump there.
    """

    offers: Sequence[ListingView] = ()
    needs: Sequence[ListingView] = ()
    events: Sequence[EventView] = ()
    people: Sequence[OpenProfile] = ()
    addresses: Mapping[int, Address] = field(default_factory=dict)
    is_near: bool = False

    def __bool__(self) -> bool:
        return bool(self.offers or self.needs or self.events or self.people)


@dataclass(frozen=True)
class Stock:
    """What one reader may come across, the newest listings and the soonest events first."""

    listings: Sequence[Listing]
    events: Sequence[Event]


async def find(
    session: AsyncSession,
    query: str,
    *,
    community_ids: Collection[int],
    is_visible: ColumnElement[bool],
    people: Sequence[OpenProfile] = (),
    now: datetime,
) -> Discovery:
    """What says it in these communities; `is_visible` says whose view of events it is, `people` whom they may come across."""
    stock = await _stock(session, community_ids, is_visible, now)
    texts: dict[Thing, str] = {one: _text_of(one) for one in stock.listings}
    texts |= {one: _words_of(one) for one in stock.events}
    texts |= {one: one.text for one in people}
    # Reading thousands of texts takes tenths of a second, in which others are answered.
    matches = await asyncio.to_thread(_matches, query, texts)
    near = [] if matches else await asyncio.to_thread(_near, query, texts)
    return await _discovery(session, matches or near, now, is_near=not matches)


async def newest(
    session: AsyncSession, *, community_ids: Collection[int], is_visible: ColumnElement[bool], now: datetime
) -> Discovery:
    """What is open and coming up, asked for nothing."""
    stock = await _stock(session, community_ids, is_visible, now)
    return await _discovery(session, [*stock.listings, *stock.events], now)


async def _stock(
    session: AsyncSession, community_ids: Collection[int], is_visible: ColumnElement[bool], now: datetime
) -> Stock:
    ids = sorted(community_ids)
    coming = await events.upcoming(session, ids, now=now, limit=MOST_EVENTS, is_visible=is_visible)
    return Stock(await listings.open_listings(session, ids, now=now), coming)


def _text_of(listing: Listing) -> str:
    return "\n".join(one for one in (listing.text, listing.place, listing.audience, listing.quantity) if one)


def _words_of(event: Event) -> str:
    return "\n".join(one for one in (event.title, event.description, event.place) if one)


def _matches(query: str, texts: Mapping[Thing, str]) -> list[Thing]:
    from models.learning.search import SearchIndex  # a host that starts does without

    hits = SearchIndex(texts).find(query, most=len(texts), least_share=ENOUGH)
    return [hit.key for hit in hits]


def _near(query: str, texts: Mapping[Thing, str]) -> list[Thing]:
    fields = fields_of(query)
    return [
        one for one, text in texts.items() if fields & (one.fields if isinstance(one, OpenProfile) else fields_of(text))
    ]


async def _discovery(
    session: AsyncSession, best_first: Sequence[Thing], now: datetime, *, is_near: bool = False
) -> Discovery:
    posts = [one for one in best_first if isinstance(one, Listing)]
    offers, needs = (
        [one for one in posts if one.kind == kind][:MOST_OF_A_KIND] for kind in (ListingKind.OFFER, ListingKind.NEED)
    )
    coming = [one for one in best_first if isinstance(one, Event)][:MOST_OF_A_KIND]
    return Discovery(
        offers=[await listing_cards.view_of(session, one, now=now) for one in offers],
        needs=[await listing_cards.view_of(session, one, now=now) for one in needs],
        events=[await event_cards.view_of(session, one, now=now) for one in coming],
        people=[one for one in best_first if isinstance(one, OpenProfile)][:MOST_OF_A_KIND],
        addresses=await _addresses(session, [*offers, *needs]),
        is_near=is_near,
    )


async def _addresses(session: AsyncSession, posts: Sequence[Listing]) -> dict[int, Address]:
    card_of = {one.id: one.card_id for one in posts if one.card_id is not None}
    addresses = await addresses_of(session, card_of.values())
    return {listing_id: addresses[card] for listing_id, card in card_of.items() if card in addresses}
