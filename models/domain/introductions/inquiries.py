"""Somebody asks in private who knows something, and chooses whom of those found to ask: as numbers, until both said yes.

Whatever became of somebody since the list was shown, asking them looks the same to the asker.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.introductions import introductions, proposals
from models.domain.members import consent
from models.domain.members.learners import learners
from models.tables.consent import Purpose
from models.tables.inquiry import Inquiry, InquiryCandidate
from models.tables.introduction import Introduction, IntroductionKind
from models.tables.member import Member

# Shown for one question; asked by one member, and put before one member, within PERIOD, whatever was answered.
MOST_SHOWN, MOST_ASKED, MOST_TURNS, PERIOD = 3, 5, 2, timedelta(days=7)
# The hour tells nothing: who is asked hears of it at the next full one.
STEP = timedelta(hours=1)


class TooManyAsked(ValueError):
    """The member asked MOST_ASKED people within PERIOD."""


@dataclass(frozen=True)
class Knower:
    """One who may know it: why, as the asker reads it, and as they read it themselves; neither names anybody."""

    member: Member
    community_id: int
    score: float
    topic: Mapping[str, Any]
    for_asker: Sequence[Mapping[str, Any]]
    for_helper: Sequence[Mapping[str, Any]]


async def often_asked(session: AsyncSession, member_ids: Collection[int], *, now: datetime) -> set[int]:
    """Those of these members who were put before askers often enough lately."""
    query = (
        select(InquiryCandidate.candidate_id)
        .join(Introduction, Introduction.id == InquiryCandidate.introduction_id)
        .where(is_one_of(InquiryCandidate.candidate_id, member_ids), Introduction.proposed_at > now - PERIOD)
        .group_by(InquiryCandidate.candidate_id)
        .having(func.count(InquiryCandidate.id) >= MOST_TURNS)
    )
    return set(await session.scalars(query))


async def begin(
    session: AsyncSession, member_id: int, question: str, knowers: Sequence[Knower], *, now: datetime
) -> Inquiry:
    """Keep the question and whom it found, in this order, for the buttons below the answer."""
    inquiry = Inquiry(member_id=member_id, question=question, asked_at=now)
    session.add(inquiry)
    await session.flush()
    session.add_all(
        InquiryCandidate(
            inquiry_id=inquiry.id,
            community_id=one.community_id,
            candidate_id=one.member.id,
            position=position,
            facts={"topic": one.topic, "asker": list(one.for_asker), "helper": list(one.for_helper)},
        )
        for position, one in enumerate(knowers)
    )
    await session.flush()
    return inquiry


async def of_member(session: AsyncSession, inquiry_id: int, member_id: int) -> Inquiry | None:
    """A question that this member asked; None when it is somebody else's or gone."""
    inquiry = await session.get(Inquiry, inquiry_id)
    return inquiry if inquiry is not None and inquiry.member_id == member_id else None


async def candidates(session: AsyncSession, inquiry_id: int) -> list[InquiryCandidate]:
    """Who was found for it, in order."""
    query = select(InquiryCandidate).where(InquiryCandidate.inquiry_id == inquiry_id)
    return list(await session.scalars(query.order_by(InquiryCandidate.position)))


async def question_of(session: AsyncSession, introduction_id: int) -> str | None:
    """What was asked by whoever an introduction goes back to; None for all that came about otherwise."""
    query = (
        select(Inquiry.question)
        .join(InquiryCandidate, InquiryCandidate.inquiry_id == Inquiry.id)
        .where(InquiryCandidate.introduction_id == introduction_id)
    )
    return await session.scalar(query)


async def ask(
    session: AsyncSession, inquiry: Inquiry, candidate: InquiryCandidate, subjects: Sequence[str], *, now: datetime
) -> Introduction | None:
    """Propose it: the asker has said yes by choosing; None where that was done before. Raises TooManyAsked.

    Who may not be asked any more has no part in it, and it comes to nothing like one that is not answered.
    """
    if candidate.introduction_id is not None:
        return None
    if await _n_asked(session, inquiry.member_id, now) >= MOST_ASKED:
        raise TooManyAsked
    asker_id, helper_id = inquiry.member_id, candidate.candidate_id
    is_willing = await _may_be_asked(session, candidate, asker_id, subjects, now)
    about = [proposals.subject(one) for one in subjects]
    introduction = await introductions.propose(
        session,
        candidate.community_id,
        [asker_id, helper_id] if is_willing else [asker_id],
        kind=IntroductionKind.ASKED,
        reasons=[{"key": "looks_for", "values": {"topic": candidate.facts["topic"]}, "about": about}],
        reasons_for={asker_id: candidate.facts["asker"], helper_id: candidate.facts["helper"]},
        now=now,
    )
    candidate.introduction_id = introduction.id
    await introductions.answer(session, introduction.id, asker_id, is_accepted=True, now=now)
    return introduction


def hour_of_asking(now: datetime) -> datetime:
    """When the question may leave."""
    return now.replace(minute=0, second=0, microsecond=0) + STEP


async def _n_asked(session: AsyncSession, member_id: int, now: datetime) -> int:
    query = (
        select(func.count(InquiryCandidate.id))
        .join(Inquiry, Inquiry.id == InquiryCandidate.inquiry_id)
        .join(Introduction, Introduction.id == InquiryCandidate.introduction_id)
        .where(Inquiry.member_id == member_id, Introduction.proposed_at > now - PERIOD)
    )
    return await session.scalar(query) or 0


async def _may_be_asked(
    session: AsyncSession, candidate: InquiryCandidate, asker_id: int, subjects: Sequence[str], now: datetime
) -> bool:
    helper_id = candidate.candidate_id
    willing = await consent.consenting(session, candidate.community_id, Purpose.INTRODUCE)
    return (
        helper_id in willing & await learners(session, candidate.community_id, among={helper_id})
        and not await introductions.apart(session, candidate.community_id, [asker_id, helper_id], now=now)
        and not await proposals.unwilling(session, [helper_id], subjects, now=now)
        and helper_id not in await introductions.put_together_with(session, asker_id)
    )
