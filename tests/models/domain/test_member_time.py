from __future__ import annotations

import pytest

from models.domain.digests import hours
from models.domain.member_time import Defaults, digest_hour, member_zone, place_zone, quiet_hours
from models.tables.member import Member

DEFAULTS = Defaults(time_zone="Asia/Tokyo", digest_hour=9, quiet_hours=(22, 8))


@pytest.mark.parametrize(
    ("own", "near", "zone"),
    [
        ("Europe/Berlin", "Asia/Shanghai", "Europe/Berlin"),
        (None, "Asia/Shanghai", "Asia/Shanghai"),
        (None, None, "Asia/Tokyo"),
        ("Mars/Olympus", "", "Asia/Tokyo"),  # what is no zone any more is passed over
    ],
)
def test_whose_zone_holds(own: str | None, near: str | None, zone: str) -> None:
    member = Member(time_zone=own)

    assert member_zone(member, near, DEFAULTS).key == quiet_hours(member, near, DEFAULTS).zone.key == zone
    assert place_zone(near, DEFAULTS).key == (near or "Asia/Tokyo")


@pytest.mark.parametrize(
    ("chosen", "quiet", "wanted", "leaves"),
    [
        ({}, (22, 8), 9, 9),
        (
            {"quiet_until_hour": 10},
            (22, 10),
            9,
            10,
        ),  # one of the two may be chosen alone; the digest waits for the morning
        ({"quiet_from_hour": 7, "quiet_until_hour": 20, "digest_hour": 12}, (7, 20), 12, 20),
        ({"quiet_from_hour": 0, "quiet_until_hour": 0, "digest_hour": 3}, (0, 0), 3, 3),  # never quiet
    ],
)
def test_what_was_not_chosen_is_the_default(
    chosen: dict[str, int], quiet: tuple[int, int], wanted: int, leaves: int
) -> None:
    member = Member(**chosen)
    night = quiet_hours(member, None, DEFAULTS)

    assert (night.from_hour, night.until_hour) == quiet
    assert digest_hour(member, DEFAULTS) == wanted
    assert hours.digest_hour(member, DEFAULTS) == leaves
