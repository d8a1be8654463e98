from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from sqlalchemy import select, text
from threadpoolctl import threadpool_limits

from bot.clock import Clock
from bot.config import Config
from bot.scene.services import Services
from jobs import invite_to_events, train_invitation_model
from models.database import Database
from models.domain.serving import champions
from models.domain.serving.champions import Trial
from models.learning.behaviour_model import BehaviourModel
from models.learning.predictors import Calibration, Linear
from models.tables.delivery import Delivery
from models.tables.member import Membership
from models.tables.model import TrainedModel
from models.tables.recommendation import Recommendation
from tests import invented_events
from tests.factories import give_consent, join, make_community, make_event, make_member, make_rsvp
from tests.invented import END
from tests.stage import TEXTS

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def one_core() -> Iterator[None]:
    """As in the other process: several threads on shared cores spin more than they compute."""
    with threadpool_limits(1):
        yield


@pytest.fixture
def services(sqlite: Database, clock: Clock) -> Services:
    return Services(sqlite, clock, TEXTS, Config(), random=Random(7))


async def test_a_model_that_earned_it_on_later_events_invites(services: Services) -> None:
    async with services.database.transaction() as session:
        community, _ = await invented_events.move_in(session)
        event = await make_event(
            session, community, title="Night of hardware", host_id=1_000, starts_at=END + 7 * DAY, capacity=6
        )

    outcome = await train_invitation_model.run(services, now=END)

    async with services.database.reading() as session:
        [row] = await session.scalars(select(TrainedModel))
    assert (row.name, row.status) == ("invitation_model", "champion")
    assert row.trained_until < row.evaluated_until == END
    assert row.metrics["candidate"] > 1.1 * row.metrics["product"]
    assert row.metrics["candidate"] > row.metrics["untrained"]
    assert "invitation model: promoted, NDCG@10" in outcome

    await invite_to_events.run(services, now=END)

    async with services.database.reading() as session:
        of_event = (Recommendation.item_kind == "event", Recommendation.item_id == event.id)
        told = list(await session.scalars(select(Recommendation).where(*of_event).order_by(Recommendation.id)))
    assert told
    assert {one.model_id for one in told} == {row.id}
    assert all(one.reasons and 0 <= one.probability <= 1 for one in told if one.probability is not None)
    assert [one.score for one in told] == sorted((one.score for one in told), reverse=True)
    # Six seats are expected to be just filled: by all of them, and not without the last.
    said = [one.probability or 0.0 for one in told]
    assert len(said) == 25 or sum(said[:-1]) < 6 <= sum(said)


async def test_too_few_events_are_said_and_the_product_serves(services: Services) -> None:
    async with services.database.transaction() as session:
        community, _ = await invented_events.move_in(session, n_members=40, n_events=20)
        await make_event(session, community, title="Night of hardware", host_id=1_000, starts_at=END + 7 * DAY)

    outcome = await train_invitation_model.run(services, now=END)
    await invite_to_events.run(services, now=END)

    assert "too few to learn whom to invite; 90 would do" in outcome
    async with services.database.reading() as session:
        told = list(await session.scalars(select(Recommendation)))
        assert list(await session.scalars(select(TrainedModel))) == []
    assert told
    assert {(one.model_id, one.probability) for one in told} == {(None, None)}


def _trial(*, names: tuple[str, ...] = ("product",), probability: float = 0.5) -> Trial:
    """A champion that gives everybody the same chance."""
    one = np.ones(len(names))
    predictor = Linear(mean=one * 0, scale=one, coefficients=one, intercept=np.asarray(0.0))
    model = BehaviourModel(names, predictor, Calibration(np.array([0.0, 1.0]), np.array([probability] * 2)))
    dates = {"trained_from": END - 90 * DAY, "trained_until": END - 30 * DAY, "evaluated_until": END}
    return Trial(name="invitation_model", model=model, is_promoted=True, verdict="no_champion", metrics={}, **dates)


async def _hardware_club(services: Services, n: int = 3) -> int:
    """A community with an owner, a host, `n` members who came to the host's last evening, and one to come; its id."""
    async with services.database.transaction() as session:
        community = await make_community(session)
        ana = await make_member(session, name="Ana")
        await join(session, ana, community, role="owner")
        await give_consent(session, ana, community, "learn")
        past = await make_event(session, community, title="Hardware clinic", host_id=ana.id, starts_at=END - 20 * DAY)
        for number in range(n):
            guest = await make_member(session, name=f"Guest {number}")
            await join(session, guest, community, last_seen_at=END - DAY)
            await give_consent(session, guest, community, "learn", "invite")
            await make_rsvp(session, past, guest, answered_at=END - 25 * DAY)
        await make_event(session, community, title="Hardware night", host_id=ana.id, starts_at=END + 7 * DAY)
    return int(community.id)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE trained_model SET artefact = NULL",  # gone
        "UPDATE trained_model SET artefact = x'00'",  # not ours
    ],
)
async def test_admins_hear_once_that_the_model_cannot_be_read_and_the_product_invites(
    services: Services, harm: str
) -> None:
    community_id = await _hardware_club(services)
    async with services.database.transaction() as session:
        await champions.enter(session, community_id, _trial(), now=END)
        await session.execute(text(harm))

    await invite_to_events.run(services, now=END)
    await invite_to_events.run(services, now=END + timedelta(hours=1))

    async with services.database.reading() as session:
        notices = list(await session.scalars(select(Delivery).where(Delivery.kind == "notice")))
        invites = list(await session.scalars(select(Delivery).where(Delivery.kind == "invite")))
        told = list(await session.scalars(select(Recommendation)))
        owner = (await session.scalars(select(Membership).where(Membership.role == "owner"))).one()
        [status] = await session.scalars(select(TrainedModel.status))
    assert [notice.member_id for notice in notices] == [owner.member_id]
    assert "I can't read one of my learned models" in notices[0].payload["text"]
    assert status == "unreadable"
    assert len(invites) == 3
    assert {one.model_id for one in told} == {None}


async def test_a_champion_of_another_release_waits_until_it_is_trained_anew(services: Services) -> None:
    community_id = await _hardware_club(services)
    async with services.database.transaction() as session:
        await champions.enter(session, community_id, _trial(names=("horoscope",)), now=END)

    await invite_to_events.run(services, now=END)

    async with services.database.reading() as session:
        told = list(await session.scalars(select(Recommendation)))
    assert [one.model_id for one in told] == [None] * 3


async def test_a_chance_that_is_no_number_is_no_chance(services: Services) -> None:
    community_id = await _hardware_club(services)
    async with services.database.transaction() as session:
        await champions.enter(session, community_id, _trial(probability=float("nan")), now=END)

    await invite_to_events.run(services, now=END)

    async with services.database.reading() as session:
        told = list(await session.scalars(select(Recommendation)))
    assert [(one.score, one.probability) for one in told] == [(0.0, 0.0)] * 3
