"""Daily: what each source of candidates is worth is learned anew; a recommender serves only if it earned it later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.notices.admin_notices import say_unreadable
from bot.scene.services import Services
from models.domain.serving import candidates, champions, training, trials
from models.domain.serving.candidates import Serving
from models.domain.serving.champions import Trial
from models.learning.dataset import CommunityLog
from models.learning.fitting import TooLittleData
from models.tables.community import Community
from models.tables.model import ModelName

# Older messages say little about today's tastes, and training should stay a matter of seconds.
LEARN_FROM = timedelta(days=180)

# Reads what one community may be learned from; what it gives is what the trial takes.
Read = Callable[[AsyncSession, int, datetime], Awaitable[Any]]
Try = Callable[[Any, Serving, datetime, np.random.Generator], Trial]


async def run(services: Services, *, now: datetime, community_id: int | None = None) -> str:
    """Try a new recommender in every community, or in one."""
    return await train(services, _try, now=now, community_id=community_id)


def _try(log: CommunityLog, serving: Serving, now: datetime, rng: np.random.Generator) -> Trial:
    champion: Any = serving.model_of(ModelName.RECOMMENDER)
    return trials.try_recommender(log, champion, now=now, rng=rng)


async def read_log(session: AsyncSession, community_id: int, now: datetime) -> CommunityLog:
    """What a community's learners said and did lately."""
    return (await training.read_log(session, community_id, since=now - LEARN_FROM, until=now)).log


async def train(
    services: Services,
    try_it: Try,
    *,
    now: datetime,
    community_id: int | None,
    reader: Read = read_log,
    names: Sequence[str] = candidates.OF_DIGESTS,
) -> str:
    """Read, fit and judge outside any transaction, then write the verdict; one line with what became of each.

    `names` are the models whose champions the trial may ask for.
    """
    async with services.database.reading() as session:
        query = select(Community).order_by(Community.id)
        query = query if community_id is None else query.where(Community.id == community_id)
        communities = list(await session.scalars(query))
    lines = [
        f"community {one.id}: {await _train_one(services, one, try_it, reader, names, now)}" for one in communities
    ]
    return "; ".join(lines) or "no community yet"


async def _train_one(
    services: Services, community: Community, try_it: Try, reader: Read, names: Sequence[str], now: datetime
) -> str:
    async with services.database.reading() as session:
        learnt = await reader(session, community.id, now)
        serving = await candidates.load_serving(session, community.id, names)
    trial: Trial | None = None
    rng = np.random.default_rng(services.random.getrandbits(64))
    try:
        trial = try_it(learnt, serving, now, rng)
        outcome = trials.outcome(trial)
    except TooLittleData as too_little:
        outcome = f"too little data, plain rules serve ({too_little})"
    async with services.database.transaction() as session:
        await say_unreadable(session, services, community, serving.problems, now=now)
        if trial is not None:
            await champions.enter(session, community.id, trial, now=now)
    return outcome
