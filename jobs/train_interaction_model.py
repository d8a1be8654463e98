"""Daily, after the recommender: P(member joins thread) is learned anew; a model serves only if it earned it later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np

from bot.scene.services import Services
from jobs.train_recommender import train
from models.domain.serving import trials
from models.domain.serving.candidates import Serving
from models.domain.serving.champions import Trial
from models.learning.dataset import CommunityLog
from models.tables.model import ModelName


async def run(services: Services, *, now: datetime, community_id: int | None = None) -> str:
    """Try a new interaction model in every community, or in one."""
    return await train(services, _try, now=now, community_id=community_id)


def _try(log: CommunityLog, serving: Serving, now: datetime, rng: np.random.Generator) -> Trial:
    champion: Any = serving.model_of(ModelName.INTERACTION_MODEL)
    return trials.try_interaction_model(log, champion, now=now, rng=rng)
