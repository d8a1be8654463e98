"""Needs and offers that meet: what one member posted, and another looks for or can give. Loads stemmers and numpy, for jobs.

Within a language by their words, across languages by what an encoder made of them, where one is installed: across, words have
nothing in common, and within, vectors find nothing more. Two needs are never proposed to each other, and nobody to themselves.
Both names stand on cards already; each author is told of the other's card once, a few times a week at most.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from math import inf
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations import own_messages
from models.domain.conversations.own_fields import Choices
from models.domain.introductions import introductions, meanings
from models.domain.introductions.meanings import words_of
from models.domain.introductions.validity import meets
from models.domain.listings import listings
from models.domain.members.learners import learners
from models.domain.members.literacy import literacy_of
from models.domain.profiles.field_choices import field_choices
from models.domain.sending.about import About
from models.learning.encoder import Encoder
from models.learning.languages import language_of
from models.learning.meanings import Meaning, is_chinese, nearness
from models.learning.search import SearchIndex
from models.learning.search_words import search_words
from models.reading.fields import fields_of
from models.reading.in_person import is_passed_on, thing_passed_on
from models.reading.listing_kinds import ListingKind
from models.tables.community import Community
from models.tables.delivery import Delivery, Subject
from models.tables.listing import Listing
from models.tables.member import Member

# What is new is looked at for so long: whoever could not be told in that time hears of it by /find.
NEW_FOR = timedelta(days=1)
# What an offer says of a need, weighed by rarity (0 to 1); so many are looked at for one.
ENOUGH, MOST_LOOKED_AT = 0.5, 50
# Across languages: so much nearer than what lies around, where the offer is of every field of the need, and where one of them is
# of no field we know. With no thing that changes hands, 38 of 40 so told in eight invented towns are true (by one limit of .05,
# whatever the fields, 30 of 55), and in stocks of 50 from the pairs that nobody tuned on .96; they are .26 of what could be told.
NEAR_IN_FIELD, NEAR_WITHOUT = 0.03, 0.15
# Cards told to one author about one listing of theirs, in so many days.
MOST_MATCHES, WITHIN = 3, timedelta(days=7)

Match = tuple[Listing, Listing]
Apart = Collection[tuple[int, int]]


async def has_news(session: AsyncSession, community_id: int, *, now: datetime) -> bool:
    """Whether anything was posted within NEW_FOR that is open."""
    return any(_is_fresh(one, now) for one in await listings.open_listings(session, [community_id], now=now))


async def new_matches(
    session: AsyncSession,
    community_id: int,
    *,
    now: datetime,
    encoder: Encoder | None = None,
    around: Sequence[Meaning] = (),
) -> list[Match]:
    """Pairs (whose author is told, of what), one of them posted within NEW_FOR; the best of each need first.

    With an encoder those across languages, too, as far as meanings.keep() was called; `around` are usual texts.
    """
    stock = await listings.open_listings(session, [community_id], now=now)
    fresh = {one for one in stock if _is_fresh(one, now)}
    if not fresh:
        return []
    apart = await introductions.apart(session, community_id, {one.member_id for one in stock}, now=now)
    pairs = meetings_of(stock, apart)
    if encoder is not None:
        meaning_of = await meanings.of_stock(session, stock, encoder=encoder)
        pairs += _across_languages(meaning_of, around, apart)
    told = [(need, offer) for need, offer in dict.fromkeys(pairs) if need in fresh or offer in fresh]
    return await _readable(session, community_id, [*told, *((offer, need) for need, offer in told)], now)


async def _readable(session: AsyncSession, community_id: int, matches: Sequence[Match], now: datetime) -> list[Match]:
    """Those whose author can read what they are told of: across languages perhaps one of two, who can tell the other."""
    across = {own.member_id for own, other in matches if is_chinese(own.text) != is_chinese(other.text)}
    if not across:
        return list(matches)
    community = await session.get_one(Community, community_id)
    allowed = await learners(session, community_id, among=across)
    messages = await own_messages.messages_of(session, community_id, allowed, now=now, of=allowed)
    authors = await session.scalars(select(Member).where(is_one_of(Member.id, across)))
    choices = await field_choices(session, community_id, allowed)
    readers = {
        one.id: literacy_of(
            one,
            (said.text for said in messages.get(one.id, ())),
            community,
            unread=choices.get(one.id, Choices()).unread,
        )
        for one in authors
    }
    return [
        (own, other)
        for own, other in matches
        if own.member_id not in readers
        or readers[own.member_id].can_read(words_of(other), language_of(words_of(other)))
    ]


def meetings_of(stock: Sequence[Listing], apart: Apart) -> list[Match]:
    """Each need with the offers that meet it best by their words, none of its own author's, nor of those kept apart from them."""
    index = SearchIndex({one: words_of(one) for one in stock if one.kind == ListingKind.OFFER})
    needs = (one for one in stock if one.kind == ListingKind.NEED)
    return [(need, offer) for need in needs for offer in _offers_for(need, index, apart)]


def _is_fresh(listing: Listing, now: datetime) -> bool:
    return listing.posted_at is not None and listing.posted_at > now - NEW_FOR


def _offers_for(need: Listing, index: SearchIndex[Listing], apart: Apart) -> list[Listing]:
    """Those that say enough of it, best first."""
    hits = index.find(_wish(words_of(need)), most=MOST_LOOKED_AT, least_share=ENOUGH)
    return [hit.key for hit in hits if _may_meet(need, hit.key, apart)][:MOST_MATCHES]


def _across_languages(meaning_of: Mapping[Listing, Meaning], around: Sequence[Meaning], apart: Apart) -> list[Match]:
    """(need, offer) in two languages that are each other's nearest, and near enough."""
    pairs: list[Match] = []
    for asks_in_chinese in (False, True):
        asking = [
            one for one in meaning_of if one.kind == ListingKind.NEED and meaning_of[one].is_chinese == asks_in_chinese
        ]
        giving = [
            one for one in meaning_of if one.kind == ListingKind.OFFER and meaning_of[one].is_chinese != asks_in_chinese
        ]
        near = nearness([meaning_of[one] for one in asking], [meaning_of[one] for one in giving], around)
        if near.size:
            least = np.array([[_least_nearness(need, offer, apart) for offer in giving] for need in asking])
            near = np.where(np.isfinite(least), near, -np.inf)
            is_nearest = (near == near.max(axis=0)) & (near == near.max(axis=1, keepdims=True))
            pairs += [(asking[i], giving[j]) for i, j in np.argwhere(is_nearest & (near >= least))]
    return pairs


def _may_meet(need: Listing, offer: Listing, apart: Apart) -> bool:
    """Not one's own, nobody whom one is kept from, and none that surely is of another field."""
    is_other = need.member_id != offer.member_id and (need.member_id, offer.member_id) not in apart
    return is_other and _may_be_of_one_field(words_of(need), words_of(offer)) and _is_the_thing(need, offer)


def _is_the_thing(need: Listing, offer: Listing) -> bool:
    """Of a thing that changes hands its own name must be needed: a guest of a podcast needs no podcast microphones."""
    thing = thing_passed_on(words_of(offer))
    if thing is None or not thing.isascii():
        return thing is None or thing in words_of(need)
    return not search_words(thing).whole.keys().isdisjoint(search_words(words_of(need)).whole)


def _least_nearness(need: Listing, offer: Listing, apart: Apart) -> float:
    """How near two texts in two languages must lie to be told; infinite: they never are."""
    fields, offered = fields_of(words_of(need)), fields_of(words_of(offer))
    if is_passed_on(words_of(offer)) or not _may_meet(need, offer, apart):
        return inf
    if not fields or not offered:
        return NEAR_WITHOUT
    return NEAR_IN_FIELD if fields <= offered else inf


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


def claims(listing: Listing, match: Listing) -> list[dict[str, Any]]:
    """What is looked up again before that leaves: whether its author may still be led to the other's."""
    return [{"key": "match", "values": {}, "about": [meets(listing.community_id, match.member_id)]}]


async def is_enough(session: AsyncSession, listing: Listing, *, now: datetime) -> bool:
    """Whether its author has heard of as many as anybody reads."""
    query = select(func.count(Delivery.id)).where(
        Delivery.about_kind == Subject.LISTING,
        Delivery.what == listings.match_of(listing.id),
        Delivery.member_id == listing.member_id,
        Delivery.created_at > now - WITHIN,
    )
    return (await session.scalar(query) or 0) >= MOST_MATCHES
