"""Did you meet? A week after names passed each side is asked, and once more after "not yet"; what they say is theirs alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import distinct, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.digests import feedback
from models.domain.introductions import introductions, proposals
from models.domain.introductions.introductions import NotASide
from models.domain.members import consent
from models.domain.sending import deliveries
from models.domain.sending.about import About
from models.tables.consent import Purpose
from models.tables.delivery import Subject
from models.tables.interaction import Interaction, InteractionKind
from models.tables.introduction import Introduction, IntroductionSide, Outcome
from models.tables.member import Member, MuteKind

# Asked so long after the names passed, and again so long after "not yet"; later than that nobody is asked any more.
ASKED_AFTER, AGAIN_AFTER, LASTS = timedelta(days=7), timedelta(days=7), timedelta(days=30)
# Characters of a sentence.
LONGEST = 500


@dataclass(frozen=True)
class Question:
    """One side to ask about the others."""

    introduction: Introduction
    member: Member
    others: tuple[Member, ...]
    about: About

    @property
    def expires_at(self) -> datetime | None:
        """When asking is of no use any more."""
        passed_at = self.introduction.introduced_at
        return passed_at + LASTS if passed_at else None


async def due(session: AsyncSession, *, now: datetime) -> list[Question]:
    """Whom to ask now: those who can be written to, still want introductions, and were not asked this time."""
    is_of_now = (Introduction.introduced_at > now - LASTS, Introduction.introduced_at <= now - ASKED_AFTER)
    is_not_yet = (IntroductionSide.outcome == Outcome.NOT_YET) & (IntroductionSide.outcome_at <= now - AGAIN_AFTER)
    query = (
        select(IntroductionSide, Introduction)
        .join(Introduction, Introduction.id == IntroductionSide.introduction_id)
        .where(*is_of_now, ~introductions.is_withheld(), or_(IntroductionSide.outcome.is_(None), is_not_yet))
        .order_by(IntroductionSide.id)
    )
    questions = [
        await _question(session, introduction, side, now) for side, introduction in await session.execute(query)
    ]
    open_questions = [one for one in questions if one is not None]
    keys = {one.about.once_key(one.member.id) for one in open_questions}
    used = await deliveries.used_keys(session, keys)
    return [one for one in open_questions if one.about.once_key(one.member.id) not in used]


async def _question(
    session: AsyncSession, introduction: Introduction, side: IntroductionSide, now: datetime
) -> Question | None:
    members = await introductions.members_of(session, introduction.id)
    willing = await consent.consenting(session, introduction.community_id, Purpose.INTRODUCE)
    on_record = await consent.members_on_record(session, introduction.community_id)
    own = next(one for one in members if one.id == side.member_id)
    left_out = (await feedback.muted_items(session, {own.id}, now=now))[own.id]
    others = tuple(
        one
        for one in members
        if one is not own and one.id in on_record and (MuteKind.PERSON, str(one.id)) not in left_out
    )
    if not others or own.id not in willing or not own.is_reachable:
        return None
    what = "met" if side.outcome is None else "met_again"
    return Question(introduction, own, others, About(Subject.INTRODUCTION, introduction.id, what))


async def note(session: AsyncSession, introduction_id: int, member_id: int, outcome: Outcome, *, now: datetime) -> bool:
    """A side says what came of it; said again, the last word counts. A meeting is to the others' credit. Raises NotASide.

    Returns whether they are asked once more.
    """
    introduction, side = await _own(session, introduction_id, member_id)
    before = side.outcome
    side.outcome, side.outcome_at = outcome, now
    side.helped_at = side.helped_at if outcome == Outcome.MET else None
    if (before == Outcome.MET) != (outcome == Outcome.MET):
        await _credit(session, introduction, member_id, value=1 if outcome == Outcome.MET else -1, now=now)
    await session.flush()
    return outcome == Outcome.NOT_YET and before != Outcome.NOT_YET


async def note_help(session: AsyncSession, introduction_id: int, member_id: int, *, now: datetime) -> None:
    """A side that met says that it helped them; nobody else is told. Raises NotASide."""
    _, side = await _own(session, introduction_id, member_id)
    if side.outcome != Outcome.MET:
        raise NotASide
    side.helped_at = now
    await session.flush()


async def say(session: AsyncSession, introduction_id: int, member_id: int, sentence: str) -> None:
    """A sentence on how it went; nobody else reads it. Raises NotASide."""
    _, side = await _own(session, introduction_id, member_id)
    side.sentence = sentence.strip()[:LONGEST] or None
    await session.flush()


async def promises_kept(session: AsyncSession, member_ids: Collection[int]) -> dict[int, int]:
    """In how many introductions somebody said that they met each of these members."""
    own, other = IntroductionSide, IntroductionSide.__table__.alias("other")
    query = (
        select(own.member_id, func.count(distinct(own.introduction_id)))
        .join(other, (other.c.introduction_id == own.introduction_id) & (other.c.member_id != own.member_id))
        .where(is_one_of(own.member_id, member_ids), other.c.outcome == Outcome.MET)
        .group_by(own.member_id)
    )
    return dict((await session.execute(query)).all())


async def _own(session: AsyncSession, introduction_id: int, member_id: int) -> tuple[Introduction, IntroductionSide]:
    introduction = await session.get(Introduction, introduction_id)
    sides = await proposals.sides_of(session, introduction_id)
    own = next((side for side in sides if side.member_id == member_id), None)
    if introduction is None or introduction.introduced_at is None or own is None:
        raise NotASide
    return introduction, own


async def _credit(
    session: AsyncSession, introduction: Introduction, member_id: int, *, value: int, now: datetime
) -> None:
    """As a row of the same kind as meetings at events, so that whoever met is named to each other no more."""
    session.add_all(
        Interaction(
            community_id=introduction.community_id,
            member_id=member_id,
            kind=InteractionKind.MET,
            at=now,
            event_id=introduction.event_id,
            about_member_id=side.member_id,
            value=value,
        )
        for side in await proposals.sides_of(session, introduction.id)
        if side.member_id != member_id
    )
