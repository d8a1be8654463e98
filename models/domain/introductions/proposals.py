"""What is proposed to the sides of an introduction, without a name, and what each of their answers does.

Whatever one side answers, the others see the same: nothing. So no answer, and no block, is asked about anywhere but where
names pass.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.digests import feedback
from models.domain.introductions import introductions
from models.domain.introductions.introductions import NotASide, State
from models.domain.sending.about import About
from models.tables.delivery import Delivery, Subject
from models.tables.introduction import Introduction, IntroductionKind, IntroductionSide
from models.tables.member import Mute, MuteKind
from models.tables.recommendation import Recommendation, RecommendedItem, Source

# Kinds that are put to their sides so; after an event attendees pick each other instead.
PROPOSED = (IntroductionKind.ASKED, IntroductionKind.ROUND)


class Answer(StrEnum):
    """What a side may say to a proposal."""

    YES = "yes"
    # No to this one, and nothing else.
    NOT_NOW = "not_now"
    # And nothing more of whoever this is, though they do not know who.
    NOT_PERSON = "not_person"
    # And no more introductions of this kind, or on this field of work.
    NEVER = "never"


def about(introduction_id: int) -> About:
    """A proposal: each side is asked once."""
    return About(Subject.INTRODUCTION, introduction_id, "proposed")


def subject(word: str) -> str:
    """What an introduction is for, as reasons name it: a field of work, or a kind of introduction."""
    return f"{MuteKind.SUBJECT}:{word}"


def subjects_of(introduction: Introduction) -> list[str]:
    """What a side wants no more of, who says never: the subjects that its reasons name, else its kind."""
    claims = [claim for reason in introduction.reasons for claim in reason.get("about", ())]
    named = [target for kind, _, target in (claim.partition(":") for claim in claims) if kind == MuteKind.SUBJECT]
    return list(dict.fromkeys(named)) or [introduction.kind]


async def unwilling(
    session: AsyncSession, member_ids: Collection[int], subjects: Collection[str], *, now: datetime
) -> set[int]:
    """Those of these members who wanted no more introductions for any of these subjects."""
    query = select(Mute.member_id).where(
        Mute.kind == MuteKind.SUBJECT,
        is_one_of(Mute.member_id, member_ids),
        is_one_of(Mute.target, subjects),
        Mute.until.is_(None) | (Mute.until > now),
    )
    return set(await session.scalars(query))


async def sides_of(session: AsyncSession, introduction_id: int) -> list[IntroductionSide]:
    """Everybody in it, in the order in which they were put in."""
    query = select(IntroductionSide).where(IntroductionSide.introduction_id == introduction_id)
    return list(await session.scalars(query.order_by(IntroductionSide.id)))


async def silent_sides(session: AsyncSession, introduction_id: int) -> list[IntroductionSide]:
    """Who has to be asked: those who did not answer."""
    return [side for side in await sides_of(session, introduction_id) if side.is_accepted is None]


async def remember(
    session: AsyncSession, introduction: Introduction, side: IntroductionSide, *, now: datetime
) -> Recommendation:
    """The question to one side as a row, so that the controls under it work; it holds no number of the others."""
    row = Recommendation(
        community_id=introduction.community_id,
        member_id=side.member_id,
        item_kind=RecommendedItem.INTRODUCTION,
        item_id=introduction.id,
        source=Source(introduction.kind),
        position=0,
        score=0.0,
        reasons=_claiming(introduction, side),
        created_at=now,
    )
    session.add(row)
    await session.flush()
    return row


def reasons_of(introduction: Introduction, side: IntroductionSide) -> Sequence[dict[str, Any]]:
    """Why it is proposed to this side."""
    reasons: Sequence[dict[str, Any]] = introduction.reasons if side.reasons is None else side.reasons
    return reasons


def _claiming(introduction: Introduction, side: IntroductionSide) -> list[dict[str, Any]]:
    """The same with all that is looked up again before the question leaves."""
    claims = [
        f"{_check_of(introduction, side)}:{introduction.id}",
        *(subject(one) for one in subjects_of(introduction)),
    ]
    return [{**one, "about": [*one.get("about", ()), *claims]} for one in reasons_of(introduction, side)]


def _check_of(introduction: Introduction, side: IntroductionSide) -> str:
    """Who is told what others did is told so only while they may be learned from; what somebody asked for is no learning."""
    is_told_facts = any(one["key"].startswith("they_") for one in reasons_of(introduction, side))
    return "proposal_facts" if is_told_facts or introduction.kind == IntroductionKind.ROUND else "proposal"


async def reply(session: AsyncSession, introduction_id: int, member_id: int, answer: Answer, *, now: datetime) -> State:
    """A side answers, and what else they asked for by it is kept. Raises NotASide.

    INTRODUCED means: by this very answer; every side has to be told. All else must look alike to whoever answered.
    """
    introduction = await session.get(Introduction, introduction_id)
    if introduction is None or introduction.kind not in PROPOSED:
        raise NotASide
    state = await introductions.answer(session, introduction_id, member_id, is_accepted=answer == Answer.YES, now=now)
    if answer == Answer.NOT_PERSON:
        for other in await introductions.members_of(session, introduction_id):
            if other.id != member_id:
                await feedback.mute(session, member_id, MuteKind.NAMELESS, str(other.id), now=now)
    if answer == Answer.NEVER:
        for one in subjects_of(introduction):
            await feedback.mute(session, member_id, MuteKind.SUBJECT, one, now=now)
    await _note_answered(session, introduction_id, member_id, now)
    return state


async def _note_answered(session: AsyncSession, introduction_id: int, member_id: int, now: datetime) -> None:
    """The member's own question was acted upon."""
    own_question = (
        Recommendation.member_id == member_id,
        Recommendation.item_kind == RecommendedItem.INTRODUCTION,
        Recommendation.item_id == introduction_id,
    )
    await session.execute(update(Recommendation).where(*own_question).values(acted_at=now))
    deliveries = select(Recommendation.delivery_id).where(*own_question)
    await session.execute(update(Delivery).where(Delivery.id.in_(deliveries)).values(acted_at=now))
