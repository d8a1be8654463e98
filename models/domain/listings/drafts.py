"""Which messages show a need or an offer that is not posted yet: a newer line of its author takes their place."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.delivery import Delivery, Subject
from models.tables.listing import Listing

WHAT = "preview"


def remember(delivery: Delivery, listing: Listing) -> None:
    """The message now shows this draft."""
    delivery.about_kind, delivery.about_id, delivery.what = Subject.LISTING_DRAFT, listing.id, WHAT


def forget(delivery: Delivery) -> None:
    """The message shows none any more."""
    delivery.about_kind = delivery.about_id = delivery.what = None


async def previews_of(session: AsyncSession, listing_id: int) -> list[Delivery]:
    """Every message that shows the draft."""
    query = select(Delivery).where(
        Delivery.about_kind == Subject.LISTING_DRAFT, Delivery.about_id == listing_id, Delivery.what == WHAT
    )
    return list(await session.scalars(query.order_by(Delivery.id)))


async def supersede(session: AsyncSession, listing: Listing) -> list[Delivery]:
    """Forget what its author drafted before, in whatever community; returns the messages that showed it."""
    older = (Listing.member_id == listing.member_id, Listing.posted_at.is_(None), Listing.id != listing.id)
    shown = [(one, await previews_of(session, one.id)) for one in await session.scalars(select(Listing).where(*older))]
    for one, _ in shown:
        await session.delete(one)
    await session.flush()
    return [delivery for _, deliveries in shown for delivery in deliveries]
