"""What becomes of needs and offers when their authors leave, their group moves, or somebody deletes their card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import listings as messages
from bot.notices import listing_posts
from bot.notices.moves import old_chats
from bot.scene.services import Services
from models.database import is_one_of
from models.domain.hearing.facts import Fact, HeardStanding
from models.domain.listings import cards, endings
from models.domain.listings.listings import is_open
from models.domain.sending.about import About
from models.tables.community import GROUPS, Chat
from models.tables.delivery import Subject
from models.tables.listing import Listing
from models.tables.member import PRESENT, Member, Membership


async def release(services: Services, session: AsyncSession, facts: Sequence[Fact], *, now: datetime) -> bool:
    """Whoever leaves a community, or is banned from it, needs and offers nothing there any more; True when anything ended.

    Called for recorded facts, in their transaction. Whoever is still in another chat of the community keeps all.
    """
    departures = {
        fact.actor.telegram_id
        for fact in facts
        if isinstance(fact, HeardStanding) and fact.status not in PRESENT and fact.place.kind in GROUPS
    }
    endings_now = await _listings_of(session, departures, now) if departures else []
    for listing in endings_now:
        is_posted = listing.posted_at is not None
        await endings.end(session, listing, now=now)
        if is_posted:
            await listing_posts.refresh_card(services, session, listing, now=now)
    return bool(endings_now)


async def _listings_of(session: AsyncSession, telegram_ids: set[int], now: datetime) -> list[Listing]:
    """Open ones, and drafts, in communities that these people have left."""
    is_member_there = and_(Membership.member_id == Listing.member_id, Membership.community_id == Listing.community_id)
    query = (
        select(Listing)
        .join(Member, Member.id == Listing.member_id)
        .join(Membership, is_member_there)
        .where(is_one_of(Member.telegram_id, telegram_ids), Membership.left_at.is_not(None))
        .where(or_(is_open(now), Listing.posted_at.is_(None)))
        .order_by(Listing.id)
    )
    return list(await session.scalars(query))


async def follow(services: Services, session: AsyncSession, facts: Sequence[Fact], *, now: datetime) -> bool:
    """A basic group became a supergroup: what is open is shown there once. True when a card was posted."""
    return any([await _move(services, session, chat, now) for chat in await old_chats(session, facts)])


async def _move(services: Services, session: AsyncSession, old: Chat, now: datetime) -> int:
    """Cards in the old group can be neither edited nor pressed any more. How many are new."""
    query = select(Listing.id).where(Listing.chat_id == old.id, is_open(now)).order_by(Listing.id)
    open_ids = list(await session.scalars(query))
    there = update(Listing).where(Listing.chat_id == old.id)
    await session.execute(there.values(chat_id=old.migrated_to_id, card_id=None))
    for listing_id in open_ids:
        listing = await session.get_one(Listing, listing_id)
        await session.refresh(listing)
        await listing_posts.post_card(services, session, listing, now=now)
    return len(open_ids)


async def restore(services: Services, session: AsyncSession, delivery_id: int, *, now: datetime) -> None:
    """The message that this delivery posted is gone, says Telegram: a card comes back once, then its author decides."""
    listing = await cards.listing_of_card(session, delivery_id)
    if listing is None:
        return
    listing.card_id = None
    await session.flush()
    if not listing.is_open(now):
        return
    once_key = f"listing:{listing.id}:card_again:{listing.chat_id}"
    if await listing_posts.post_card(services, session, listing, now=now, once_key=once_key) is None:
        about = About(Subject.LISTING, listing.id, "card_deleted", now)
        await listing_posts.tell_author(services, session, listing, messages.card_deletion, now=now, about=about)
