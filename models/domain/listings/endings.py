"""How a need or an offer ends when nobody closes it: its author is asked some days before, and hears once that it ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.listings.listings import is_open, withdraw_notices
from models.domain.sending.about import About
from models.tables.delivery import Subject
from models.tables.listing import Listing

# So long before its end its author is asked; of what stays less than SHORT, a day before.
ASKED_BEFORE, ASKED_BEFORE_SHORT, SHORT = timedelta(days=3), timedelta(days=1), timedelta(days=10)
# A deadline of its author's own that is so near when they post needs no question.
NEAR = timedelta(days=3)


def still_open(listing: Listing) -> About:
    """The question before this end; kept open, it has another."""
    return About(Subject.LISTING, listing.id, "still_open", listing.expires_at)


def ending(listing: Listing) -> About:
    """The line after this end."""
    return About(Subject.LISTING, listing.id, "ended", listing.expires_at)


async def ending_soon(session: AsyncSession, *, now: datetime) -> list[Listing]:
    """Open ones whose author is to be asked by now, the nearest end first; asked they may be already."""
    query = select(Listing).where(is_open(now), Listing.expires_at <= now + ASKED_BEFORE)
    found = await session.scalars(query.order_by(Listing.expires_at, Listing.id))
    return [listing for listing in found if (at := asked_at(listing)) is not None and at <= now]


def asked_at(listing: Listing) -> datetime | None:
    """When its author is asked whether it is still open; None: they said themselves when it ends, and that is near."""
    stays = listing.expires_at - (listing.posted_at or listing.created_at)
    if listing.until_at == listing.expires_at and stays <= NEAR:
        return None
    return listing.expires_at - (ASKED_BEFORE_SHORT if stays < SHORT else ASKED_BEFORE)


async def over(session: AsyncSession, *, now: datetime) -> list[Listing]:
    """What came to its end and is not closed yet; drafts that nobody posted among them."""
    query = select(Listing).where(Listing.closed_at.is_(None), Listing.expires_at <= now)
    return list(await session.scalars(query.order_by(Listing.expires_at, Listing.id)))


async def end(session: AsyncSession, listing: Listing, *, now: datetime) -> None:
    """It ends without a word of its author; a draft goes. What waits to be told of it is taken back."""
    if listing.posted_at is None:
        await session.delete(listing)
    else:
        listing.closed_at = min(now, listing.expires_at)
        await withdraw_notices(session, listing.id, now=now)
    await session.flush()
