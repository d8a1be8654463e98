from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from sqlalchemy import select, text
from threadpoolctl import threadpool_limits

from bot.config import Config
from bot.playground.clock import SimulatedClock
from bot.scene.services import Services
from jobs import send_digests, train_interaction_model, train_recommender, weave_threads
from models.database import Database
from models.domain.serving import champions, training, trials
from models.learning.fitting import TooLittleData
from models.tables.delivery import Delivery
from models.tables.member import Member, Membership
from models.tables.model import TrainedModel
from models.tables.recommendation import Recommendation
from tests import invented
from tests.invented import END
from tests.models.domain.serving.test_champions import trial
from tests.stage import TEXTS
from tests.village import NOW, Village


@pytest.fixture(autouse=True)
def one_core() -> Iterator[None]:
    """As in the other process: several threads on shared cores spin more than they compute."""
    with threadpool_limits(1):
        yield


@pytest.fixture
def services(sqlite: Database, clock: SimulatedClock) -> Services:
    return Services(sqlite, clock, TEXTS, Config(), random=Random(7))


async def test_a_model_that_beats_the_baselines_on_later_days_is_promoted_and_serves(services: Services) -> None:
    async with services.database.transaction() as session:
        await invented.move_in(session, n_members=60, n_weeks=6)

    outcome = await train_interaction_model.run(services, now=END)

    async with services.database.reading() as session:
        [row] = await session.scalars(select(TrainedModel))
    assert (row.name, row.status) == ("interaction_model", "champion")
    assert row.trained_until < row.evaluated_until == END
    assert row.metrics["candidate"] > row.metrics["popularity"] + 0.1
    assert row.metrics["candidate"] > row.metrics["recency"]
    assert "interaction model: promoted, NDCG@10" in outcome
    assert outcome.endswith("to 2 March")

    await weave_threads.run(services, now=END)
    await send_digests.run(services, now=END + timedelta(hours=5))

    async with services.database.reading() as session:
        told = list(await session.scalars(select(Recommendation)))
        n_digests = len(list(await session.scalars(select(Delivery).where(Delivery.kind == "digest"))))
    assert n_digests > 30
    assert {one.model_id for one in told} - {None} == {row.id}
    assert all(one.reasons and one.delivery_id for one in told)


async def test_little_data_is_said_and_trains_nothing(services: Services) -> None:
    async with services.database.transaction() as session:
        village = await Village.found(session)
        await village.say(await village.learner("Mia"), "hello")

    outcome = await train_recommender.run(services, now=NOW)

    assert "too little data, plain rules serve" in outcome
    async with services.database.reading() as session:
        assert list(await session.scalars(select(TrainedModel))) == []


async def test_who_takes_consent_back_is_forgotten_by_the_next_training(services: Services) -> None:
    async with services.database.transaction() as session:
        community, log, _ = await invented.move_in(session, n_members=20, n_weeks=3)
        busiest = int(np.bincount(log.messages.member).argmax())
        await session.execute(
            text("UPDATE consent SET is_given = false WHERE purpose = 'learn' AND member_id = :id"), {"id": busiest}
        )

        learnt = await training.read_log(session, community.id, since=END - timedelta(days=180), until=END)

    assert busiest in log.members
    assert busiest not in learnt.log.members
    assert busiest not in learnt.log.messages.mentioned_member


def test_a_log_of_a_week_cannot_be_cut_into_past_and_later() -> None:
    from tests.models.learning.factories import make_log

    log = make_log((1, 0.0, "hello"))

    with pytest.raises(TooLittleData):
        trials.split_in_time(log, NOW.replace(year=2025, month=1, day=5))


async def test_admins_hear_once_that_a_model_cannot_be_read_and_digests_go_on(services: Services) -> None:
    async with services.database.transaction() as session:
        village = await Village.found(session)
        olga = await village.silent("Olga")
        owning = (await session.scalars(select(Membership).where(Membership.member_id == olga.id))).one()
        owning.role = "owner"
        mia, jo = await village.learner("Mia"), await village.learner("Jo")
        await village.say(jo, "Which bank do you use?", hours_ago=5)
        await village.say(jo, "Who knows a lawyer for a cap table?", hours_ago=30)
        # Legal questions are Mia's, too.
        for hours in (250, 300):
            await village.say(mia, f"Which lawyer drafts contracts, and who is quick? {hours}", hours_ago=hours)
        await champions.enter(session, village.community.id, trial(), now=NOW)
        await session.execute(text("UPDATE trained_model SET artefact = NULL"))
    await weave_threads.run(services, now=NOW)

    first = await send_digests.run(services, now=NOW)
    await send_digests.run(services, now=NOW + timedelta(days=7))

    async with services.database.reading() as session:
        notices = list(await session.scalars(select(Delivery).where(Delivery.kind == "notice")))
        digests = list(await session.scalars(select(Delivery).where(Delivery.kind == "digest")))
        [row] = await session.scalars(select(TrainedModel))
        name = (await session.get_one(Member, olga.id)).name
    assert [notice.member_id for notice in notices] == [olga.id]
    assert "I can't read one of my learned models" in notices[0].payload["text"]
    assert (row.status, name) == ("unreadable", "Olga")
    assert first == "digests queued: 1, members with too little to be told: 1"
    assert [digest.member_id for digest in digests] == [mia.id]
