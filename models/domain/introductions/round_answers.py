"""What earlier introductions teach a round: who usually says that they met, and of whom others do. For jobs alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.learning import yes_model
from models.learning.yes_model import Answers, YesModel
from models.tables.introduction import Introduction, IntroductionSide, Outcome

# Everybody is asked a week after names passed; who said nothing a week later did not meet. Older ones say little.
ANSWERED_WITHIN, LOOK_BACK = timedelta(days=14), timedelta(days=400)


async def learn(
    session: AsyncSession, community_id: int, member_ids: Sequence[int], learner_ids: Collection[int], *, now: datetime
) -> YesModel | None:
    """Both sides' tendencies, by place in `member_ids`; None until learning beats the rule on later introductions."""
    return yes_model.fit_if_better(await read_answers(session, community_id, member_ids, learner_ids, now=now))


async def read_answers(
    session: AsyncSession, community_id: int, member_ids: Sequence[int], learner_ids: Collection[int], *, now: datetime
) -> Answers:
    """Who said that they met whom, of all introductions between members who may be learned from; the oldest first."""
    own, other = aliased(IntroductionSide), aliased(IntroductionSide)
    query = (
        select(own.member_id, other.member_id, own.outcome)
        .join(other, (other.introduction_id == own.introduction_id) & (other.member_id != own.member_id))
        .join(Introduction, Introduction.id == own.introduction_id)
        .where(Introduction.community_id == community_id)
        .where(Introduction.introduced_at > now - LOOK_BACK, Introduction.introduced_at <= now - ANSWERED_WITHIN)
        .order_by(Introduction.introduced_at, own.id, other.id)
    )
    place = {member_id: i for i, member_id in enumerate(member_ids)}
    known = place.keys() & set(learner_ids)
    rows = [(place[a], place[b], outcome) for a, b, outcome in await session.execute(query) if {a, b} <= known]
    ends = np.array([row[:2] for row in rows], dtype=np.int64).reshape(-1, 2)
    met = np.array([row[2] == Outcome.MET for row in rows], dtype=np.bool_)
    return Answers(len(place), ends[:, 0], ends[:, 1], met)
