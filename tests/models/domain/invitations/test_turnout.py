from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.database import Database
from models.domain.invitations.turnout import Forecast, chance, forecast, spread
from tests.factories import give_consent, join, make_community, make_event, make_member, make_rsvp

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("community", "own", "is_confirmed", "expected"),
    [
        ((0, 0), (0, 0), False, 0.8),  # nothing known: the prior
        ((2, 10), (0, 0), False, 10 / 20),  # (8 + 2) of (10 + 10)
        ((0, 0), (0, 4), False, 3.2 / 8),  # four of four missed: (0.8 * 4 + 0) of (4 + 4)
        ((0, 0), (0, 0), True, 0.9),  # half of the doubt is gone
    ],
)
def test_a_members_chance_shrinks_to_the_communitys(
    community: tuple[int, int], own: tuple[int, int], is_confirmed: bool, expected: float
) -> None:
    assert chance(community, own, is_confirmed=is_confirmed) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("parties", "expected", "low", "high"),
    [
        ([], 0.0, 0, 0),
        ([(1.0, 3)], 3.0, 3, 3),  # a certain party of three
        # Two coins: 0 with 1/4, 1 with 1/2, 2 with 1/4; a tenth and nine tenths lie in the first and the last.
        ([(0.5, 1), (0.5, 1)], 1.0, 0, 2),
        # Twenty with 0.9: mean 18, P(<= 16) = .133 and P(<= 15) = .043; P(<= 19) = .878.
        ([(0.9, 1)] * 20, 18.0, 16, 20),
    ],
)
def test_the_sum_of_parties_is_exact(parties: list[tuple[float, int]], expected: float, low: int, high: int) -> None:
    found = spread(parties)

    assert (found.mean, found.low, found.high) == (pytest.approx(expected), low, high)


def test_doubt_that_is_shared_widens_the_interval_and_moves_nobody_who_is_certain() -> None:
    parties = [(0.8, 1)] * 60

    alone, together = spread(parties), spread(parties, is_shared=True)

    assert together.mean == pytest.approx(alone.mean)
    assert together.low < alone.low
    assert together.high >= alone.high
    assert spread([(1.0, 2), (0.0, 5)], is_shared=True) == Forecast(2.0, 2, 2)


async def test_a_forecast_counts_guests_records_and_doubtful_answers(database: Database) -> None:
    async with database.transaction() as session:
        community = await make_community(session)
        members = [await make_member(session) for _ in range(3)]
        for member in members:
            await join(session, member, community)
            await give_consent(session, member, community, "learn")
        past = await make_event(session, community, starts_at=NOW - timedelta(days=7))
        await make_rsvp(session, past, members[0], checked_in_at=NOW - timedelta(days=7))
        await make_rsvp(session, past, members[1])
        event = await make_event(session, community)
        await make_rsvp(session, event, members[0], guests=1)
        await make_rsvp(session, event, members[1])
        await make_rsvp(session, event, members[2], status="maybe")

        found = await forecast(session, event, now=NOW)

    # The community: (8 + 1) of 12 = .75; the first (.75 * 4 + 1) of 5 = .8 for two people, the second 3 of 5.
    assert found.mean == pytest.approx(2 * 0.8 + 0.6 + 0.2)
