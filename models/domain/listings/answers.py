"""Who can help, or is interested: a press tells the author who it was, and nobody else."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import String, cast, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of, is_one_of
from models.domain.members import consent
from models.domain.sending import deliveries
from models.domain.sending.about import About, is_about
from models.tables.delivery import Delivery, Subject
from models.tables.listing import Listing, ListingAnswer
from models.tables.member import Member, Membership, Mute, MuteKind

Refusal = Literal["own", "not_open", "not_a_member"]


class AnswerRefused(ValueError):
    """It cannot be answered by this member; `code` says why."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code)
        self.code = code


async def answer(session: AsyncSession, listing: Listing, member_id: int, *, now: datetime) -> bool:
    """Note that a member can help, or is interested; False where they said so before. Raises AnswerRefused."""
    if listing.member_id == member_id:
        raise AnswerRefused("own")
    if not listing.is_open(now):
        raise AnswerRefused("not_open")
    if not await consent.is_member(session, member_id, listing.community_id):
        raise AnswerRefused("not_a_member")
    row = {"listing_id": listing.id, "member_id": member_id, "answered_at": now}
    statement = insert_of(session, ListingAnswer).values(row).on_conflict_do_nothing()
    return await session.scalar(statement.returning(ListingAnswer.id)) is not None


async def count(session: AsyncSession, listing_id: int) -> int:
    """How many answered."""
    query = select(func.count(ListingAnswer.id)).where(ListingAnswer.listing_id == listing_id)
    return await session.scalar(query) or 0


async def helpers(session: AsyncSession, listing: Listing) -> list[Member]:
    """Whom its author may hear of, in the order of their answers: without those who left, and those they muted."""
    muted = select(Mute.target).where(Mute.member_id == listing.member_id, Mute.kind == MuteKind.PERSON)
    here = (Membership.community_id == listing.community_id, Membership.left_at.is_(None))
    query = (
        select(Member)
        .join(ListingAnswer, ListingAnswer.member_id == Member.id)
        .join(Membership, Membership.member_id == Member.id)
        .where(ListingAnswer.listing_id == listing.id, *here, cast(Member.id, String).not_in(muted))
    )
    return list(await session.scalars(query.order_by(ListingAnswer.answered_at, ListingAnswer.id)))


def about(listing_id: int, helper_id: int) -> About:
    """What its author is told of one answer."""
    return About(Subject.LISTING, listing_id, f"answer:{helper_id}")


async def of_member(session: AsyncSession, member_id: int) -> list[int]:
    """The ids of what a member answered."""
    query = select(ListingAnswer.listing_id).where(ListingAnswer.member_id == member_id)
    return list(await session.scalars(query.order_by(ListingAnswer.listing_id)))


async def forget_named(session: AsyncSession, member_id: int, *, now: datetime) -> None:
    """What authors were told of the member's answers is not kept, what waits is withdrawn; to be called while rows stand."""
    for listing_id in await of_member(session, member_id):
        naming = select(Delivery.id).where(is_about(about(listing_id, member_id)))
        naming_ids = list(await session.scalars(naming))
        await deliveries.withdraw(session, naming_ids, now=now)
        blank = update(Delivery).where(is_one_of(Delivery.id, naming_ids)).values(payload=None, reasons=None)
        await session.execute(blank)
