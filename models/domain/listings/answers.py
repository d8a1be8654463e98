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
from models.reading.listing_kinds import ListingKind
from models.tables.delivery import Delivery, Subject
from models.tables.listing import Listing, ListingAnswer, ListingOutcome
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


async def thank(session: AsyncSession, listing: Listing, helper_id: int, *, now: datetime) -> Member | None:
    """Its author says who helped with a need that was met here; None for anybody who did not answer, or was thanked before."""
    if listing.kind != ListingKind.NEED or listing.outcome != ListingOutcome.FOUND_HERE:
        return None
    helper = next((one for one in await helpers_to_thank(session, listing) if one.id == helper_id), None)
    if helper is not None:
        theirs = (ListingAnswer.listing_id == listing.id, ListingAnswer.member_id == helper_id)
        await session.execute(update(ListingAnswer).where(*theirs).values(helped_at=now))
    return helper


async def helpers_to_thank(session: AsyncSession, listing: Listing) -> list[Member]:
    """Those of helpers() of whom its author did not say that they helped."""
    thanked_already = select(ListingAnswer.member_id).where(
        ListingAnswer.listing_id == listing.id, ListingAnswer.helped_at.is_not(None)
    )
    ids = set(await session.scalars(thanked_already))
    return [one for one in await helpers(session, listing) if one.id not in ids]


async def count_needs_met(session: AsyncSession, member_id: int, community_id: int) -> int:
    """How many needs there were met thanks to the member, by the word of their authors."""
    query = (
        select(func.count(ListingAnswer.id))
        .join(Listing, Listing.id == ListingAnswer.listing_id)
        .where(Listing.community_id == community_id, Listing.outcome == ListingOutcome.FOUND_HERE)
        .where(ListingAnswer.member_id == member_id, ListingAnswer.helped_at.is_not(None))
    )
    return await session.scalar(query) or 0


def about_thanks(listing_id: int, helper_id: int) -> About:
    """What one who helped is told when its author says so."""
    return About(Subject.LISTING, listing_id, f"thanks:{helper_id}")


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
