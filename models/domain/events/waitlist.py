"""The line for seats, as arithmetic over the answers to one event. A party is a member with their guests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from models.tables.event import RsvpStatus

# How long an offered seat is held: a private message may be read late, a mention in the group shows who is around.
CLAIM_WINDOW = timedelta(hours=12)
CLAIM_WINDOW_IN_GROUP = timedelta(hours=2)


class Party(Protocol):
    """What the line needs to know of one answer; `id` breaks ties and is None before it is written."""

    id: int
    member_id: int
    status: RsvpStatus
    guests: int
    waitlisted_at: datetime | None


P = TypeVar("P", bound=Party)


def seats_taken(parties: Iterable[Party]) -> int:
    """People who are going, guests included."""
    return sum(1 + party.guests for party in parties if party.status == RsvpStatus.GOING)


def free_seats(capacity: int | None, parties: Iterable[Party]) -> int | None:
    """Seats that are left, at least 0; None where there is no limit."""
    return None if capacity is None else max(capacity - seats_taken(parties), 0)


def line(parties: Iterable[P]) -> list[P]:
    """Those who wait, first come first."""
    waiting = [party for party in parties if party.status == RsvpStatus.WAITLISTED]
    return sorted(waiting, key=lambda party: (party.waitlisted_at is None, party.waitlisted_at, party.id or 0))


def first_that_fits(capacity: int | None, parties: Iterable[P]) -> P | None:
    """The first in line whose whole party fits into the seats that are left."""
    everyone = list(parties)
    free = free_seats(capacity, everyone)
    return next((party for party in line(everyone) if free is None or 1 + party.guests <= free), None)


def position_of(party: P, parties: Iterable[P]) -> int | None:
    """The party's place in the line, from 1; None when it does not wait."""
    places = [other.member_id for other in line(parties)]
    return places.index(party.member_id) + 1 if party.member_id in places else None


def claim_until(now: datetime, starts_at: datetime, *, is_reachable: bool) -> datetime:
    """Until when an offered seat is held; close to the start at most half of the time that is left."""
    window = CLAIM_WINDOW if is_reachable else CLAIM_WINDOW_IN_GROUP
    return now + min(window, max(starts_at - now, timedelta()) / 2)
