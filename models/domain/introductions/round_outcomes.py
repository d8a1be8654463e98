"""What a round comes to: introductions that pass names at once, those left out, and those who rest after silence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.database import is_one_of
from models.domain.introductions import introductions, rounds
from models.domain.introductions.introductions import State
from models.domain.introductions.rounds import MOST_SILENT
from models.domain.members import pair_rules
from models.domain.sending.about import About
from models.tables.community import Community
from models.tables.delivery import Delivery, Subject
from models.tables.introduction import Introduction, IntroductionKind, IntroductionSide, Outcome
from models.tables.introduction_round import Round, RoundPlace

KIND = IntroductionKind.ROUND
# A week after a round everybody is asked whether they met; before that silence says nothing.
ASKED_WITHIN = timedelta(days=8)


class NotIntroduced(ValueError):
    """The round did not introduce this member there: a forged button."""


async def introduce(
    session: AsyncSession, current: Round, member_ids: Collection[int], *, reasons: Sequence[Any], now: datetime
) -> int | None:
    """Introduce two or three of a round; returns the introduction, None when one of them must not be named any more.

    Everything is looked at once more: who takes part, whom a block keeps apart, and who was in this round already.
    """
    places = await rounds.taking_part(session, current.community_id, now=now, among=member_ids)
    if set(member_ids) != places.keys() or await members_introduced(session, current, among=member_ids):
        return None
    introduction = await introductions.propose(
        session, current.community_id, member_ids, kind=KIND, reasons=reasons, now=now
    )
    _, sides = await introductions.lock(session, introduction.id)
    for side in sides:
        # The yes was given by joining: a no to introductions after it still counts.
        side.is_accepted, side.answered_at = True, places[side.member_id].joined_at
    community = await session.get_one(Community, current.community_id)
    is_wanted = bool(await pair_rules.for_next_round(session, community.id, member_ids))
    repeat_after = now if is_wanted else now - rounds.no_repeat(community)
    state = await introductions.settle(session, introduction, sides, now=now, repeat_after=repeat_after)
    if state != State.INTRODUCED:
        await session.delete(introduction)
        await session.flush()
        return None
    await _mark(session, current.community_id, member_ids, left_out_at=None)
    return introduction.id


async def members_introduced(
    session: AsyncSession, current: Round, *, among: Collection[int] | None = None
) -> set[int]:
    """Who was introduced in this round so far."""
    query = (
        select(IntroductionSide.member_id)
        .join(Introduction, Introduction.id == IntroductionSide.introduction_id)
        .where(Introduction.community_id == current.community_id, Introduction.kind == KIND)
        .where(Introduction.introduced_at >= current.due_at)
    )
    if among is not None:
        query = query.where(is_one_of(IntroductionSide.member_id, among))
    return set(await session.scalars(query))


async def introduced_pairs(
    session: AsyncSession, community_id: int, member_ids: Collection[int]
) -> tuple[frozenset[tuple[int, int]], frozenset[tuple[int, int]]]:
    """Who of these was ever introduced to whom, and of whom one said that they won't meet; both ways round."""
    one, other = aliased(IntroductionSide), aliased(IntroductionSide)
    query = (
        select(one.member_id, other.member_id, one.outcome)
        .join(other, other.introduction_id == one.introduction_id)
        .join(Introduction, Introduction.id == one.introduction_id)
        .where(Introduction.community_id == community_id, Introduction.introduced_at.is_not(None))
        .where(is_one_of(one.member_id, member_ids), is_one_of(other.member_id, member_ids))
        .where(one.member_id != other.member_id)
    )
    rows = (await session.execute(query)).all()
    unwanted = {(row[0], row[1]) for row in rows if row[2] == Outcome.WONT}
    return frozenset((row[0], row[1]) for row in rows), frozenset(unwanted | {(b, a) for a, b in unwanted})


async def recent(session: AsyncSession, *, now: datetime) -> list[Round]:
    """Rounds whose names may still have been waiting for somebody's morning."""
    made = select(Round).where(Round.made_at > now - rounds.LATE)
    return list(await session.scalars(made.order_by(Round.id)))


async def undo_withheld(session: AsyncSession, current: Round, *, now: datetime) -> list[int]:
    """Whoever takes part and whose names did not leave comes first next time; returns them.

    What nobody was told of never came about: it keeps no two from being introduced, and is counted nowhere.
    """
    query = (
        select(IntroductionSide.introduction_id, IntroductionSide.member_id, introductions.is_withheld())
        .join(Introduction, Introduction.id == IntroductionSide.introduction_id)
        .where(Introduction.community_id == current.community_id, Introduction.kind == KIND)
        .where(Introduction.introduced_at >= current.due_at)
    )
    rows = (await session.execute(query)).all()
    withheld = {row[1] for row in rows if row[2]}
    if not withheld:
        return []
    partly_told = {row[0] for row in rows if not row[2]}
    untold = {row[0] for row in rows} - partly_told
    await session.execute(delete(Introduction).where(is_one_of(Introduction.id, untold)))
    there = await rounds.taking_part(session, current.community_id, now=now, among=withheld)
    await leave_out(session, current, there, now=now)
    return list(there)


async def leave_out(session: AsyncSession, current: Round, member_ids: Collection[int], *, now: datetime) -> None:
    """Nobody was found for them: they come first next time."""
    await _mark(session, current.community_id, member_ids, left_out_at=now)


async def _mark(
    session: AsyncSession, community_id: int, member_ids: Collection[int], *, left_out_at: datetime | None
) -> None:
    theirs = (RoundPlace.community_id == community_id, is_one_of(RoundPlace.member_id, member_ids))
    await session.execute(update(RoundPlace).where(*theirs).values(left_out_at=left_out_at))


def about_left_out(current: Round) -> About:
    """That nobody was found this time; each is told once."""
    return About(Subject.ROUND, current.id, "left_out")


def about_rest(current: Round) -> About:
    """That somebody rests from now on."""
    return About(Subject.ROUND, current.id, "rest")


async def count_silence(session: AsyncSession, current: Round, *, now: datetime) -> list[int]:
    """Before a round: who did nothing with the last one of which they were asked; returns those who rest from now on.

    A sign is a press under what they were told, or what they say came of it.
    """
    rounds_here = Round.community_id == current.community_id
    before = (
        select(Round).where(rounds_here, Round.due_at < current.due_at - ASKED_WITHIN).order_by(Round.due_at.desc())
    )
    judged = (await session.scalars(before.limit(1))).one_or_none()
    if judged is None:
        return []
    after = select(func.min(Round.due_at)).where(rounds_here, Round.due_at > judged.due_at)
    until = await session.scalar(after) or current.due_at
    silent, awake = await _silent_and_awake(session, current.community_id, judged.due_at, until)
    here = RoundPlace.community_id == current.community_id
    await session.execute(update(RoundPlace).where(here, is_one_of(RoundPlace.member_id, awake)).values(n_silent=0))
    await session.execute(
        update(RoundPlace).where(here, is_one_of(RoundPlace.member_id, silent)).values(n_silent=RoundPlace.n_silent + 1)
    )
    resting = (here, RoundPlace.rested_at.is_(None), RoundPlace.n_silent >= MOST_SILENT)
    ids = list(await session.scalars(select(RoundPlace.member_id).where(*resting).order_by(RoundPlace.member_id)))
    await session.execute(update(RoundPlace).where(*resting).values(rested_at=now))
    return ids


async def _silent_and_awake(
    session: AsyncSession, community_id: int, since: datetime, until: datetime
) -> tuple[set[int], set[int]]:
    """Of those whom the round of `since` introduced: who gave no sign, and who did; who joined anew since is awake."""
    pressed = exists().where(
        Delivery.about_kind == Subject.INTRODUCTION,
        Delivery.about_id == Introduction.id,
        Delivery.member_id == IntroductionSide.member_id,
        Delivery.acted_at.is_not(None),
    )
    query = (
        select(IntroductionSide.member_id, IntroductionSide.outcome, pressed, RoundPlace.joined_at)
        .join(Introduction, Introduction.id == IntroductionSide.introduction_id)
        .join(RoundPlace, RoundPlace.member_id == IntroductionSide.member_id)
        .where(RoundPlace.community_id == community_id, Introduction.community_id == community_id)
        .where(Introduction.kind == KIND, Introduction.introduced_at >= since, Introduction.introduced_at < until)
        .where(~introductions.is_withheld())
    )
    rows = (await session.execute(query)).all()
    signs = {row[0]: row[1] is not None or row[2] or row[3] > since for row in rows}
    return {one for one, is_sign in signs.items() if not is_sign}, {one for one, is_sign in signs.items() if is_sign}


async def note_met(session: AsyncSession, introduction_id: int, member_id: int, *, now: datetime) -> None:
    """The member says that they met. Raises NotIntroduced."""
    query = (
        select(IntroductionSide)
        .join(Introduction, Introduction.id == IntroductionSide.introduction_id)
        .where(Introduction.id == introduction_id, Introduction.kind == KIND, Introduction.introduced_at.is_not(None))
        .where(IntroductionSide.member_id == member_id)
    )
    side = (await session.scalars(query)).one_or_none()
    if side is None:
        raise NotIntroduced
    side.outcome, side.outcome_at = Outcome.MET, now
