"""What a card shows of a need or an offer, and which messages are cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.listings import answers
from models.reading.listing_kinds import ListingKind
from models.tables.community import Community
from models.tables.listing import Listing, ListingOutcome
from models.tables.member import Member


@dataclass(frozen=True)
class ListingView:
    """One need or offer as everybody may see it; `zone` is the clock that its author meant, None: the installation's."""

    id: int
    kind: ListingKind
    author: str
    community: str
    text: str
    # All that its author wrote of it.
    line: str
    quantity: str | None
    place: str | None
    audience: str | None
    until_at: datetime | None
    until_has_time: bool
    expires_at: datetime
    zone: str | None
    is_draft: bool
    is_open: bool
    outcome: ListingOutcome | None = None
    n_answers: int = 0


async def view_of(session: AsyncSession, listing: Listing, *, now: datetime) -> ListingView:
    """The listing as it stands."""
    author = await session.get_one(Member, listing.member_id)
    community = await session.get_one(Community, listing.community_id)
    return ListingView(
        id=listing.id,
        kind=listing.kind,
        author=author.name,
        community=community.name,
        text=listing.text,
        line=listing.line or listing.text,
        quantity=listing.quantity,
        place=listing.place,
        audience=listing.audience,
        until_at=listing.until_at,
        until_has_time=listing.until_has_time,
        expires_at=listing.expires_at,
        zone=community.time_zone,
        is_draft=listing.posted_at is None,
        is_open=listing.is_open(now),
        outcome=listing.outcome,
        n_answers=await answers.count(session, listing.id),
    )


async def listing_of_card(session: AsyncSession, delivery_id: int) -> Listing | None:
    """The listing whose card this delivery posted; None when it is no card."""
    return (await session.scalars(select(Listing).where(Listing.card_id == delivery_id))).one_or_none()
