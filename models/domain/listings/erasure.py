"""Taking back all that a member needed or offered: the rows, and the words that what we sent still holds of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.sending import deliveries
from models.tables.delivery import Delivery, Subject
from models.tables.listing import Listing


async def erase(
    session: AsyncSession, member_id: int, *, now: datetime, community_id: int | None = None
) -> dict[int, list[int]]:
    """Erase a member's needs and offers, in one community perhaps.

    Criteria: no row holds their words, what waited with them is withdrawn. Returns the messages in groups that still show
    them, as ids of deliveries by community.
    """
    own = [Listing.member_id == member_id]
    own += [] if community_id is None else [Listing.community_id == community_id]
    rows = (await session.execute(select(Listing.id, Listing.card_id).where(*own))).all()
    if not rows:
        return {}
    shown = await _showing(session, [row.id for row in rows], [row.card_id for row in rows if row.card_id])
    words = select(Delivery.id).where(or_(is_one_of(Delivery.id, shown), is_one_of(Delivery.edits_id, shown)))
    holding_ids = list(await session.scalars(words))
    await deliveries.withdraw(session, holding_ids, now=now)
    blank = update(Delivery).where(is_one_of(Delivery.id, holding_ids)).values(payload=None, reasons=None)
    await session.execute(blank)
    await session.execute(delete(Listing).where(is_one_of(Listing.id, [row.id for row in rows])))
    return await _by_community(session, shown)


async def _showing(session: AsyncSession, listing_ids: list[int], card_ids: list[int]) -> list[int]:
    """First deliveries of all messages about these: cards, previews, what their author was told."""
    about = select(Delivery.id).where(
        is_one_of(Delivery.about_kind, (Subject.LISTING, Subject.LISTING_DRAFT)),
        is_one_of(Delivery.about_id, listing_ids),
    )
    return sorted({*card_ids, *await session.scalars(about)})


async def _by_community(session: AsyncSession, delivery_ids: list[int]) -> dict[int, list[int]]:
    query = select(Delivery.community_id, Delivery.id).where(
        is_one_of(Delivery.id, delivery_ids),
        Delivery.chat_id.is_not(None),
        Delivery.telegram_message_id.is_not(None),
    )
    by_community: dict[int, list[int]] = {}
    for community_id, delivery_id in await session.execute(query.order_by(Delivery.id)):
        if community_id is not None:
            by_community.setdefault(community_id, []).append(delivery_id)
    return by_community
