"""How many will come: P(comes | said yes) for each guest, from the community's check-ins and their own; and the sum's spread.

Beta-binomial shrinkage: without any check-in four of five are expected (PRIOR), a community's own rate outweighs that after
some dozen check-ins, and a member's own record, faded after check_ins.NO_SHOW_MEMORY, outweighs the community's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.check_ins import NO_SHOW_MEMORY
from models.tables.event import Event, Rsvp

# Weights count as observations. The priors are ours, from organisers' rules of thumb; check-ins replace them.
PRIOR_CAME, PRIOR_WEIGHT = 0.8, 10.0
OWN_WEIGHT = 4.0
MAYBE_COMES = 0.2
# "Still coming", said the day before, leaves half of the doubt.
CONFIRMED_DOUBT = 0.5
# The interval holds the truth four times in five.
COVERAGE = 0.8


@dataclass(frozen=True)
class Forecast:
    """People expected, guests included: the mean, and an interval that holds with COVERAGE."""

    expected: float
    low: int
    high: int


def chance(community: tuple[int, int], own: tuple[int, int], *, is_confirmed: bool) -> float:
    """P(comes) of one who is going; both arguments are (came, said yes) counts of past events with check-ins."""
    rate = (PRIOR_CAME * PRIOR_WEIGHT + community[0]) / (PRIOR_WEIGHT + community[1])
    mine = (rate * OWN_WEIGHT + own[0]) / (OWN_WEIGHT + own[1])
    return 1 - (1 - mine) * CONFIRMED_DOUBT if is_confirmed else mine


def spread(parties: Iterable[tuple[float, int]]) -> Forecast:
    """The distribution of a sum of independent parties of (probability, people), exactly."""
    masses = [1.0]
    for probability, size in parties:
        longer = [mass * (1 - probability) for mass in masses] + [0.0] * size
        for number, mass in enumerate(masses):
            longer[number + size] += mass * probability
        masses = longer
    expected = sum(number * mass for number, mass in enumerate(masses))
    return Forecast(expected, _quantile(masses, (1 - COVERAGE) / 2), _quantile(masses, (1 + COVERAGE) / 2))


def _quantile(masses: Sequence[float], at: float) -> int:
    total = 0.0
    for number, mass in enumerate(masses):
        total += mass
        if total >= at - 1e-12:
            return number
    return len(masses) - 1


async def forecast(session: AsyncSession, event: Event, *, now: datetime) -> Forecast:
    """The turnout as expected now."""
    rows = list(await session.scalars(select(Rsvp).where(Rsvp.event_id == event.id)))
    past = await _record(session, event, now)
    community = sum(came for came, _ in past.values()), sum(said for _, said in past.values())
    going = [
        (chance(community, past.get(row.member_id, (0, 0)), is_confirmed=row.confirmed_at is not None), 1 + row.guests)
        for row in rows
        if row.status == "going"
    ]
    return spread([*going, *((MAYBE_COMES, 1) for row in rows if row.status == "maybe")])


async def _record(session: AsyncSession, event: Event, now: datetime) -> dict[int, tuple[int, int]]:
    """(came, said yes) by member, over the community's recent events where anybody was checked in."""
    checked = select(Rsvp.event_id).where(Rsvp.checked_in_at.is_not(None))
    query = (
        select(Rsvp.member_id, func.count(Rsvp.checked_in_at), func.count(Rsvp.id))
        .join(Event, Event.id == Rsvp.event_id)
        .where(Event.community_id == event.community_id, Event.status == "published", Rsvp.status == "going")
        .where(Event.starts_at > now - NO_SHOW_MEMORY, Event.starts_at <= now - timedelta(days=1))
        .where(Event.id.in_(checked), Event.id != event.id)
        .group_by(Rsvp.member_id)
    )
    return {member_id: (came, said) for member_id, came, said in await session.execute(query)}
