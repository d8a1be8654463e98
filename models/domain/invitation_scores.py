"""Who is likely to come to an event: decayed co-attendance with those who come already, times the member's own recency.

The untrained product is what learned models have to beat; tests/benchmarks/invitations.py measures it on real RSVPs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import sqrt

# Half of an attendance's weight is gone after so many days; chosen on tests/benchmarks/invitations.py (flat from 60 to 120,
# and from 15 to 30).
TOGETHER_HALF_LIFE_DAYS = 60.0
RECENCY_HALF_LIFE_DAYS = 20.0
# What a member without any common event counts for, so that recency alone orders those.
NO_COMMON_EVENT = 1e-3
DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Attendance:
    """A member said yes to an event at that time (unix seconds)."""

    member_id: int
    event_id: int
    at: float


def together(attendances: Iterable[Attendance], seeds: Collection[int], *, now: float) -> dict[int, float]:
    """How often and how recently each member came to what the seeds came to; a large event ties its guests less.

    Each common event counts 0.5 ** (age / TOGETHER_HALF_LIFE_DAYS) / sqrt(guests). Only what is before `now` may be handed in.
    """
    guests: defaultdict[int, list[int]] = defaultdict(list)
    said: dict[tuple[int, int], float] = {}
    for one in attendances:
        guests[one.event_id].append(one.member_id)
        said[one.member_id, one.event_id] = one.at
    weights: defaultdict[int, float] = defaultdict(float)
    for (member_id, event_id), at in said.items():
        if member_id in seeds:
            weights[event_id] += _decayed(now - at, TOGETHER_HALF_LIFE_DAYS) / sqrt(len(guests[event_id]))
    scores: defaultdict[int, float] = defaultdict(float)
    for event_id, weight in weights.items():
        for member_id in guests[event_id]:
            scores[member_id] += weight
    return dict(scores)


def recency(attendances: Iterable[Attendance], *, now: float) -> dict[int, float]:
    """How many events each member said yes to, recent ones counting most."""
    scores: defaultdict[int, float] = defaultdict(float)
    for one in attendances:
        scores[one.member_id] += _decayed(now - one.at, RECENCY_HALF_LIFE_DAYS)
    return dict(scores)


def product(attendances: Collection[Attendance], seeds: Collection[int], *, now: float) -> dict[int, float]:
    """(together + NO_COMMON_EVENT) * sqrt(recency), for every member who ever said yes; higher is likelier to come."""
    common = together(attendances, seeds, now=now)
    recent = recency(attendances, now=now)
    return {
        member_id: (common.get(member_id, 0.0) + NO_COMMON_EVENT) * sqrt(value) for member_id, value in recent.items()
    }


def _decayed(age_seconds: float, half_life_days: float) -> float:
    return float(0.5 ** (age_seconds / DAY_SECONDS / half_life_days))
