from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from models.domain.events.waitlist import first_that_fits, free_seats, line, position_of, seats_taken

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class Party:
    member_id: int
    status: str
    guests: int = 0
    waitlisted_at: datetime | None = None

    @property
    def id(self) -> int:
        return self.member_id


def waiting(member_id: int, minutes: int, guests: int = 0) -> Party:
    return Party(member_id, "waitlisted", guests, NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("capacity", "parties", "free"),
    [
        (None, [Party(1, "going")], None),  # no limit
        (3, [], 3),  # nobody yet
        (3, [Party(1, "going", guests=1)], 1),  # a guest needs a seat too
        (3, [Party(1, "maybe"), Party(2, "not_going"), waiting(3, 0)], 3),  # only those going take seats
        (1, [Party(1, "going", guests=3)], 0),  # never less than none
    ],
)
def test_guests_take_seats_and_the_undecided_do_not(capacity: int | None, parties: list[Party], free: int) -> None:
    assert free_seats(capacity, parties) == free


def test_the_line_is_ordered_by_when_they_came() -> None:
    parties = [waiting(1, 9), Party(2, "going"), waiting(3, 4), waiting(4, 4)]

    assert [party.member_id for party in line(parties)] == [3, 4, 1]
    assert [position_of(party, parties) for party in parties] == [3, None, 1, 2]


def test_a_party_that_does_not_fit_is_skipped() -> None:
    parties = [Party(1, "going", guests=1), waiting(2, 0, guests=1), waiting(3, 5)]

    first = first_that_fits(3, parties)

    assert first is not None
    assert first.member_id == 3
    assert seats_taken(parties) == 2
