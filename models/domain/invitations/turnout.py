"""How many will come: P(comes | said yes) for each guest, from the community's check-ins and their own; and the sum's spread.

Beta-binomial shrinkage: without any check-in four of five are expected (PRIOR), a community's own rate outweighs that after
some dozen check-ins, and a member's own record, faded after check_ins.NO_SHOW_MEMORY, outweighs the community's. Records
are those of learners: whoever said no moves no number, neither their own nor the community's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import exp

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.events.check_ins import NO_SHOW_MEMORY
from models.domain.events.waitlist import free_seats
from models.domain.invitations.expected_answers import open_chances
from models.domain.members.learners import learners
from models.tables.event import Event, EventStatus, Rsvp, RsvpStatus

# Weights count as observations. The priors are ours, from organisers' rules of thumb; check-ins replace them.
PRIOR_CAME, PRIOR_WEIGHT = 0.8, 10.0
OWN_WEIGHT = 4.0
MAYBE_COMES = 0.2
# "Still coming", said the day before, leaves half of the doubt.
CONFIRMED_DOUBT = 0.5
# The interval holds the truth four times in five.
COVERAGE = 0.8
# How far events differ beyond chance, as a standard deviation of log odds; fitted so that the interval holds four times in
# five (tests/benchmarks/invitations.py), and five points of the normal distribution with their weights (Gauss-Hermite).
SHARED_DOUBT = 0.3
MOODS = ((-2.857, 0.0113), (-1.3556, 0.2221), (0.0, 0.5332), (1.3556, 0.2221), (2.857, 0.0113))


@dataclass(frozen=True)
class Forecast:
    """People expected, guests included: the mean, and an interval that holds with COVERAGE."""

    mean: float
    low: int
    high: int
    # Invitations that may still bring somebody, and how many people they are expected to bring beyond `mean`.
    n_open: int = 0
    may_add: float = 0.0


def chance(community: tuple[int, int], own: tuple[int, int], *, is_confirmed: bool) -> float:
    """P(comes) of one who is going; both arguments are (came, said yes) counts of past events with check-ins."""
    rate = (PRIOR_CAME * PRIOR_WEIGHT + community[0]) / (PRIOR_WEIGHT + community[1])
    own_rate = (rate * OWN_WEIGHT + own[0]) / (OWN_WEIGHT + own[1])
    return 1 - (1 - own_rate) * CONFIRMED_DOUBT if is_confirmed else own_rate


def spread(parties: Iterable[tuple[float, int]], *, is_shared: bool = False) -> Forecast:
    """The distribution of a sum of parties of (probability, people), exactly.

    `is_shared`: rain, or a strong speaker, moves everybody's odds together, so that events differ more than coins would.
    """
    all_parties = list(parties)
    moods = MOODS if is_shared else ((0.0, 1.0),)
    parts = [[weight * mass for mass in _masses(all_parties, exp(SHARED_DOUBT * shift))] for shift, weight in moods]
    masses = [sum(column) for column in zip(*parts, strict=True)]
    mean = sum(probability * size for probability, size in all_parties)
    return Forecast(mean, _quantile(masses, (1 - COVERAGE) / 2), _quantile(masses, (1 + COVERAGE) / 2))


def _masses(parties: Sequence[tuple[float, int]], odds: float) -> list[float]:
    """P(n people) for each n, everybody's odds multiplied by `odds`."""
    masses = [1.0]
    for probability, size in parties:
        shifted_probability = probability * odds / (1 - probability + probability * odds)
        longer = [mass * (1 - shifted_probability) for mass in masses] + [0.0] * size
        for number, mass in enumerate(masses):
            longer[number + size] += mass * shifted_probability
        masses = longer
    return masses


def _quantile(masses: Sequence[float], at: float) -> int:
    total = 0.0
    for number, mass in enumerate(masses):
        total += mass
        if total >= at - 1e-12:
            return number
    return len(masses) - 1


async def forecast(session: AsyncSession, event: Event, *, now: datetime) -> Forecast:
    """The turnout as expected now, of those who answered; what open invitations may add is told apart from it."""
    rows = list(await session.scalars(select(Rsvp).where(Rsvp.event_id == event.id)))
    past = await _record(session, event, now)
    community = sum(came for came, _ in past.values()), sum(promises for _, promises in past.values())
    going = [
        (chance(community, past.get(row.member_id, (0, 0)), is_confirmed=row.confirmed_at is not None), 1 + row.guests)
        for row in rows
        if row.status == RsvpStatus.GOING
    ]
    distribution = spread(
        [*going, *((MAYBE_COMES, 1) for row in rows if row.status == RsvpStatus.MAYBE)], is_shared=True
    )
    hopes = await open_chances(session, event, now=now)
    # Who says yes to an invitation comes as others who say yes do.
    may_add = sum(hopes) * chance(community, (0, 0), is_confirmed=False)
    free = free_seats(event.capacity, rows)
    return replace(distribution, n_open=len(hopes), may_add=may_add if free is None else min(may_add, free))


async def _record(session: AsyncSession, event: Event, now: datetime) -> dict[int, tuple[int, int]]:
    """(came, said yes) by learner, over the community's recent events where anybody was checked in."""
    learner_ids = await learners(session, event.community_id)
    checked_events = select(Rsvp.event_id).where(Rsvp.checked_in_at.is_not(None))
    query = (
        select(Rsvp.member_id, func.count(Rsvp.checked_in_at), func.count(Rsvp.id))
        .join(Event, Event.id == Rsvp.event_id)
        .where(
            Event.community_id == event.community_id,
            Event.status == EventStatus.PUBLISHED,
            Rsvp.status == RsvpStatus.GOING,
            is_one_of(Rsvp.member_id, learner_ids),
        )
        .where(Event.starts_at > now - NO_SHOW_MEMORY, Event.starts_at <= now - timedelta(days=1))
        .where(Event.id.in_(checked_events), Event.id != event.id)
        .group_by(Rsvp.member_id)
    )
    return {member_id: (came, n_promised) for member_id, came, n_promised in await session.execute(query)}
