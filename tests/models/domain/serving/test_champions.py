from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.serving import champions
from models.domain.serving.champions import ChampionIsUnreadable, Trial
from models.learning.behaviour_model import BehaviourModel
from models.learning.predictors import Calibration, Linear
from models.tables.model import TrainedModel
from tests.factories import make_community
from tests.village import NOW


def model(weight: float) -> BehaviourModel:
    one = np.ones(1)
    predictor = Linear(mean=one * 0, scale=one, coefficients=one * weight, intercept=np.asarray(0.0))
    return BehaviourModel(("kin",), predictor, Calibration(np.array([-1.0, 1.0]), np.array([0.0, 1.0])))


def trial(weight: float = 1.0, *, is_promoted: bool = True) -> Trial:
    return Trial(
        name="recommender",
        model=model(weight),
        is_promoted=is_promoted,
        verdict="no_champion" if is_promoted else "not_better_than_baseline",
        metrics={"candidate": 0.4, "popularity": 0.2},
        trained_from=NOW - timedelta(days=60),
        trained_until=NOW - timedelta(days=20),
        evaluated_until=NOW,
    )


async def _weight(session: AsyncSession, community_id: int) -> float | None:
    serving = await champions.champion(session, community_id, "recommender")
    return None if serving is None else float(serving.model.score(np.ones((1, 1)))[0])


async def test_the_promoted_serve_and_the_kept_out_do_not(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)

        assert await _weight(session, community.id) is None
        await champions.enter(session, community.id, trial(1.0), now=NOW)
        await champions.enter(session, community.id, trial(2.0, is_promoted=False), now=NOW)
        assert await _weight(session, community.id) == 1.0
        await champions.enter(session, community.id, trial(3.0), now=NOW)
        assert await _weight(session, community.id) == 3.0

        told = await champions.history(session, community.id, "recommender")
        assert [row.status for row in told] == ["champion", "kept_out", "retired"]
        assert [row.verdict for row in told] == ["no_champion", "not_better_than_baseline", "no_champion"]
        assert told[2].retired_at == NOW


async def test_only_the_last_artefacts_are_kept_but_every_metric(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)

        for weight in range(6):
            await champions.enter(session, community.id, trial(float(weight)), now=NOW)

        query = text("SELECT count(*), count(artefact), count(metrics) FROM trained_model")
        assert (await session.execute(query)).one() == (6, champions.KEPT_ARTEFACTS, 6)
        assert await _weight(session, community.id) == 5.0


@pytest.mark.parametrize(
    "harm",
    [
        # Gone, cut off by a half-written restore, written under another installation's key.
        "UPDATE trained_model SET artefact = NULL",
        "UPDATE trained_model SET artefact = substr(artefact, 1, 40)",
        "UPDATE trained_model SET artefact = CAST(x'0199999999' || substr(artefact, 6) AS BLOB)",
    ],
)
async def test_an_unreadable_champion_is_set_aside_once(sqlite: Database, harm: str) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)
        await champions.enter(session, community.id, trial(), now=NOW)
        await session.execute(text(harm))

        with pytest.raises(ChampionIsUnreadable) as problem:
            await champions.champion(session, community.id, "recommender")
        first = await champions.set_aside(session, problem.value, now=NOW)
        second = await champions.set_aside(session, problem.value, now=NOW)

        assert (first, second) == (True, False)
        assert str(problem.value).endswith(".")
        assert await champions.champion(session, community.id, "recommender") is None


async def test_an_artefact_that_was_altered_before_it_was_sealed_is_refused(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        community = await make_community(session)
        row = await champions.enter(session, community.id, trial(), now=NOW)
        forged = bytearray(row.artefact or b"")
        forged[-40] ^= 1
        await session.execute(update(TrainedModel).values(artefact=bytes(forged)))

        with pytest.raises(ChampionIsUnreadable, match="altered"):
            await champions.champion(session, community.id, "recommender")
