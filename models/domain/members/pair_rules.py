"""What admins decide about two members: never to be introduced, or together in the next round. Only admins ever see it.

A decision for the next round is over with that round, whatever came of it: one that stayed would tell admins that one of the
two had left the other out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.members import consent
from models.domain.members.two_members import PairRefused
from models.tables.member import Member
from models.tables.pair_rule import Decision, PairRule

# Of one community: as many as a page shows.
MOST = 30

Pair = tuple[int, int]


@dataclass(frozen=True)
class Entry:
    """One decision, as admins see it."""

    rule_id: int
    decision: Decision
    people: tuple[Member, Member]


async def decide(
    session: AsyncSession, community_id: int, two: Collection[Member], decision: Decision, *, now: datetime
) -> None:
    """From now on this holds for the two, instead of what held before. Raises PairRefused."""
    ids = sorted(one.id for one in two)
    if len(set(ids)) != 2:
        raise PairRefused("the_same")
    where = (PairRule.community_id == community_id, PairRule.one_id == ids[0], PairRule.other_id == ids[1])
    n_before = select(func.count(PairRule.id)).where(PairRule.community_id == community_id)
    if (await session.scalar(n_before) or 0) >= MOST:
        raise PairRefused("too_many", str(MOST))
    for member in two:
        if decision == Decision.MUST and await _is_with_somebody_else(session, community_id, member.id, ids):
            raise PairRefused("taken", member.name)
    await session.execute(delete(PairRule).where(*where))
    session.add(PairRule(community_id=community_id, one_id=ids[0], other_id=ids[1], decision=decision, decided_at=now))
    await session.flush()


async def entries(session: AsyncSession, community_id: int) -> list[Entry]:
    """What holds there, the oldest first; without those of whom one left or wants nothing kept, until they are back."""
    rules = list(
        await session.scalars(select(PairRule).where(PairRule.community_id == community_id).order_by(PairRule.id))
    )
    here = await consent.members_on_record(session, community_id)
    ids = {one for rule in rules for one in (rule.one_id, rule.other_id)} & here
    people = {one.id: one for one in await session.scalars(select(Member).where(is_one_of(Member.id, ids)))}
    return [
        Entry(rule.id, rule.decision, (people[rule.one_id], people[rule.other_id]))
        for rule in rules
        if rule.one_id in people and rule.other_id in people
    ]


async def community_of(session: AsyncSession, rule_id: int) -> int | None:
    """Where a decision holds; None for one that is gone."""
    return await session.scalar(select(PairRule.community_id).where(PairRule.id == rule_id))


async def lift(session: AsyncSession, rule_id: int) -> None:
    """It holds no more."""
    await session.execute(delete(PairRule).where(PairRule.id == rule_id))


async def separations(session: AsyncSession, community_id: int, member_ids: Collection[int]) -> set[Pair]:
    """Pairs of these that are never introduced there, both ways round."""
    pairs = await _pairs(session, community_id, member_ids, Decision.NEVER)
    return {*pairs, *((other, one) for one, other in pairs)}


async def for_next_round(session: AsyncSession, community_id: int, member_ids: Collection[int]) -> list[Pair]:
    """Pairs of these that are to be together, nobody in two of them."""
    chosen: list[Pair] = []
    for one, other in await _pairs(session, community_id, member_ids, Decision.MUST):
        if not {one, other} & {member_id for pair in chosen for member_id in pair}:
            chosen.append((one, other))
    return chosen


async def end_round(session: AsyncSession, community_id: int) -> None:
    """What was decided for the next round is over."""
    over = (PairRule.community_id == community_id, PairRule.decision == Decision.MUST)
    await session.execute(delete(PairRule).where(*over))


async def _is_with_somebody_else(session: AsyncSession, community_id: int, member_id: int, two: list[int]) -> bool:
    """Whether the member is to be with another in the next round already."""
    theirs = or_(PairRule.one_id == member_id, PairRule.other_id == member_id)
    where = (PairRule.community_id == community_id, PairRule.decision == Decision.MUST, theirs)
    pairs = await session.execute(select(PairRule.one_id, PairRule.other_id).where(*where))
    return any(list(pair) != two for pair in pairs)


async def _pairs(
    session: AsyncSession, community_id: int, member_ids: Collection[int], decision: Decision
) -> list[Pair]:
    query = select(PairRule.one_id, PairRule.other_id).where(
        PairRule.community_id == community_id,
        PairRule.decision == decision,
        is_one_of(PairRule.one_id, member_ids),
        is_one_of(PairRule.other_id, member_ids),
    )
    return [(one, other) for one, other in await session.execute(query.order_by(PairRule.id))]
