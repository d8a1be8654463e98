"""Daily, after the other trainings: P(member comes to event) is learned anew; a model serves only if it earned it later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from bot.scene.services import Services
from jobs.train_recommender import train
from models.domain.invitations import history as invitation_history
from models.domain.invitations import trials
from models.domain.invitations.invitations import NAME
from models.domain.serving.candidates import Serving
from models.domain.serving.champions import Trial
from models.learning.gatherings import Gatherings


async def run(services: Services, *, now: datetime, community_id: int | None = None) -> str:
    """Try a new invitation model in every community, or in one."""
    return await train(services, _try, now=now, community_id=community_id, reader=_read_history, names=(NAME,))


async def _read_history(session: AsyncSession, community_id: int, now: datetime) -> Gatherings:
    return (await invitation_history.read_past(session, community_id, now=now)).gatherings


def _try(history: Gatherings, serving: Serving, now: datetime, rng: np.random.Generator) -> Trial:
    champion: Any = serving.model_of(NAME)
    return trials.try_invitation_model(history, champion, now=now, rng=rng)
