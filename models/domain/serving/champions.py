"""Learned models as rows: which one serves, how a new one takes its place, and what is kept of the old.

models/learning is loaded only where a model is read or written, so that the report card can be shown without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of, keys_of_session
from models.encryption import KeyProblem
from models.tables.model import ModelStatus, TrainedModel

# Artefacts kept per model, the serving one included; older rows keep their metrics only.
KEPT_ARTEFACTS = 3


class ChampionIsUnreadable(ValueError):
    """The serving model cannot be used; the message is one plain sentence for admins."""

    def __init__(self, row_id: int, sentence: str) -> None:
        super().__init__(sentence)
        self.row_id = row_id


@dataclass(frozen=True)
class Champion:
    """The model that serves, and its row."""

    row_id: int
    model: Any


@dataclass(frozen=True)
class Trial:
    """A candidate that was judged: what it is made of, on which data, and the verdict in words for people."""

    name: str
    model: Any
    is_promoted: bool
    verdict: str
    metrics: dict[str, Any]
    trained_from: datetime
    trained_until: datetime
    evaluated_until: datetime


async def champion(session: AsyncSession, community_id: int, name: str) -> Champion | None:
    """The serving model; None when none was promoted yet. Raises ChampionIsUnreadable: missing, altered, another key's."""
    from models.learning.store import ModelIsUnreadable, unpack

    row_id = await session.scalar(
        select(TrainedModel.id)
        .where(
            TrainedModel.community_id == community_id,
            TrainedModel.name == name,
            TrainedModel.status == ModelStatus.CHAMPION,
        )
        .order_by(TrainedModel.id.desc())
        .limit(1)
    )
    if row_id is None:
        return None
    try:
        blob = await session.scalar(select(TrainedModel.artefact).where(TrainedModel.id == row_id))
        if blob is None:
            raise ModelIsUnreadable("This model's artefact is missing; train it again.")
        return Champion(row_id, unpack(blob, key=keys_of_session(session).artefact_key))
    except (ModelIsUnreadable, KeyProblem) as problem:
        raise ChampionIsUnreadable(row_id, str(problem)) from None


async def set_aside(session: AsyncSession, problem: ChampionIsUnreadable, *, now: datetime) -> bool:
    """An unreadable champion serves no longer; True for the first who says so."""
    statement = update(TrainedModel).where(
        TrainedModel.id == problem.row_id, TrainedModel.status == ModelStatus.CHAMPION
    )
    result = await session.execute(
        statement.values(status=ModelStatus.UNREADABLE, verdict="unreadable", retired_at=now)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


async def enter(session: AsyncSession, community_id: int, trial: Trial, *, now: datetime) -> TrainedModel:
    """Keep a judged candidate: promoted it serves from now on and the champion before it retires."""
    from models.learning.store import pack

    of_name = (TrainedModel.community_id == community_id, TrainedModel.name == trial.name)
    blob = None
    if trial.is_promoted:
        info = {"name": trial.name, "trained_until": trial.trained_until.isoformat()}
        blob = pack(trial.model, key=keys_of_session(session).artefact_key, info=info)
        before = update(TrainedModel).where(*of_name, TrainedModel.status == ModelStatus.CHAMPION)
        await session.execute(before.values(status=ModelStatus.RETIRED, retired_at=now))
    row = TrainedModel(
        community_id=community_id,
        name=trial.name,
        status=ModelStatus.CHAMPION if trial.is_promoted else ModelStatus.KEPT_OUT,
        artefact=blob,
        trained_from=trial.trained_from,
        trained_until=trial.trained_until,
        evaluated_until=trial.evaluated_until,
        metrics=trial.metrics,
        verdict=trial.verdict[:200],
        created_at=now,
    )
    session.add(row)
    await session.flush()
    await _drop_old_artefacts(session, community_id, trial.name)
    return row


async def _drop_old_artefacts(session: AsyncSession, community_id: int, name: str) -> None:
    kept_ids = (
        select(TrainedModel.id)
        .where(TrainedModel.community_id == community_id, TrainedModel.name == name)
        .where(TrainedModel.status.in_((ModelStatus.CHAMPION, ModelStatus.RETIRED)))
        .order_by(TrainedModel.id.desc())
        .limit(KEPT_ARTEFACTS)
    )
    old = update(TrainedModel).where(TrainedModel.community_id == community_id, TrainedModel.name == name)
    await session.execute(old.where(~is_one_of(TrainedModel.id, await session.scalars(kept_ids))).values(artefact=None))


async def history(session: AsyncSession, community_id: int, name: str, *, limit: int = 10) -> list[TrainedModel]:
    """The last trials of a model, newest first, without their artefacts being read."""
    from sqlalchemy.orm import defer

    query = (
        select(TrainedModel)
        .options(defer(TrainedModel.artefact))
        .where(TrainedModel.community_id == community_id, TrainedModel.name == name)
        .order_by(TrainedModel.id.desc())
        .limit(limit)
    )
    return list(await session.scalars(query))
