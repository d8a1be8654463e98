from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain.invitations import expected_answers, invitations
from models.domain.invitations.turnout import forecast
from models.tables.community import Community
from models.tables.delivery import Delivery
from models.tables.event import Event
from models.tables.recommendation import Recommendation
from tests.factories import give_consent, join, make_community, make_event, make_member, make_rsvp

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def _invite(
    session: AsyncSession, community: Community, event: Event, *, hours_ago: float = 5, **values: Any
) -> Recommendation:
    """An invitation that left then; nobody has answered it."""
    sent_at, member = NOW - hours_ago * HOUR, await make_member(session)
    await join(session, member, community)
    await give_consent(session, member, community, "learn", "invite")
    times = {"created_at": sent_at, "due_at": sent_at, "sent_at": sent_at}
    delivery = Delivery(kind="invite", member_id=member.id, method="sendMessage", payload={}, **times)
    session.add(delivery)
    await session.flush()
    about = {"community_id": community.id, "member_id": member.id, "item_kind": "event", "item_id": event.id}
    made = {"source": "host", "position": 0, "score": 1.0, "reasons": [], "created_at": sent_at}
    row = Recommendation(**{**about, **made, "delivery_id": delivery.id, **values})
    session.add(row)
    await session.flush()
    return row


async def test_answers_tell_how_far_an_invitation_lifts_what_the_model_said(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        event = await make_event(session, community)
        assert await expected_answers.lift(session, community.id, now=NOW) == 1.0
        for number in range(20):
            answer = "going" if number < 8 else None
            await _invite(session, community, event, hours_ago=100, probability=0.2, action=answer)
        await _invite(session, community, event, hours_ago=100, action="going")  # a rule's, not the model's
        await _invite(session, community, event, hours_ago=10, probability=0.9)  # too fresh to count

        found = await expected_answers.lift(session, community.id, now=NOW)

    # Four were expected and eight came, on top of four as expected before.
    assert found == pytest.approx((4 + 8) / (4 + 4))


async def test_open_invitations_hope_for_what_the_model_or_the_community_says(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        event = await make_event(session, community)
        await _invite(session, community, event, probability=0.4)
        await _invite(session, community, event)
        await _invite(session, community, event, probability=0.9, action="not_going")
        await _invite(session, community, event, probability=0.9, hours_ago=60)

        found = await expected_answers.open_chances(session, event, now=NOW)

    # One who was asked 60 hours ago and did not answer: nothing is hoped for, and it lowers what is.
    lift = 4 / 4.9
    assert sorted(found) == pytest.approx(sorted([0.4 * lift, 1 / 5]))


async def test_a_forecast_tells_apart_what_open_invitations_may_add(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        event = await make_event(session, community, capacity=3)
        await make_rsvp(session, event, await make_member(session))
        before = await forecast(session, event, now=NOW)
        for _ in range(3):
            await _invite(session, community, event, probability=0.5)
        some = await forecast(session, event, now=NOW)
        for _ in range(9):
            await _invite(session, community, event, probability=0.9)
        many = await forecast(session, event, now=NOW)

    assert (before.n_open, before.may_add) == (0, 0.0)
    assert (some.mean, some.low, some.high) == (before.mean, before.low, before.high)
    assert (some.n_open, some.may_add) == (3, pytest.approx(1.5 * 0.8))
    # No more than there are seats.
    assert (many.n_open, many.may_add) == (12, 2)


@pytest.mark.parametrize(
    ("capacity", "n_open", "seats"),
    [
        (None, 30, float("inf")),  # no limit
        (2, 0, 2.0),
        (2, 4, 1.0),  # four of a quarter each
        (2, 16, 0.0),  # eight open for each free seat, however unlikely each
    ],
)
async def test_seats_are_left_that_open_invitations_are_not_expected_to_fill(
    database: Database, capacity: int | None, n_open: int, seats: float
) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        event = await make_event(session, community, capacity=capacity)
        for _ in range(n_open):
            await _invite(session, community, event, probability=0.25 if n_open < 10 else 0.01)

        found = await invitations.seats_to_fill(session, event, now=NOW)

    assert found == pytest.approx(seats)
