from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.database import Database
from models.domain.events import reach
from models.tables.event import Event
from tests.factories import make_event, make_rsvp
from tests.village import NOW, Village


@pytest.mark.parametrize(
    ("values", "is_online"),
    [
        ({"place": "Café Kranz"}, False),
        ({"place": "Zoom"}, True),
        ({"place": "线上，腾讯会议"}, True),
        ({"place": None, "link": "https://meet.example.org/x"}, True),
        # A link beside a room is where to sign up or to read more.
        ({"place": "Café Kranz", "link": "https://example.org"}, False),
        ({"place": None, "title": "AMA online"}, True),
        ({"place": None}, False),
        ({"place": "Zoom", "position": {"latitude": 1.0, "longitude": 2.0}}, False),
    ],
)
def test_what_counts_as_online(values: dict[str, Any], is_online: bool) -> None:
    assert reach.is_online(Event(**{"title": "Demo night", "time_zone": "UTC", **values})) is is_online


def test_a_room_is_reached_where_one_lives_and_the_net_from_everywhere() -> None:
    berlin = frozenset({"Europe/Berlin"})

    assert reach.is_in_reach("Europe/Berlin", online=False, zones=berlin)
    assert not reach.is_in_reach("Asia/Shanghai", online=False, zones=berlin)
    assert reach.is_in_reach("Asia/Shanghai", online=True, zones=berlin)


async def test_where_somebody_can_be_is_their_own_zone_else_the_communitys_and_rooms_they_said_yes_to(
    database: Database,
) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        village.community.time_zone = "Europe/Berlin"
        mia, wei = await village.learner("Mia"), await village.learner("Wei", time_zone="Asia/Shanghai")
        # Madrid has Berlin's clock.
        eva = await village.learner("Eva", is_online_only=True)
        tokyo = {"time_zone": "Asia/Tokyo", "starts_at": NOW - timedelta(days=3)}
        room = await make_event(session, village.community, place="Shibuya", **tokyo)
        call = await make_event(session, village.community, place="Zoom", time_zone="America/New_York")
        long_ago = await make_event(
            session, village.community, starts_at=NOW - timedelta(days=400), time_zone="Asia/Seoul"
        )
        for event in (room, call, long_ago):
            await make_rsvp(session, event, mia)
        declined = await make_event(session, village.community, **tokyo)
        await make_rsvp(session, declined, wei, status="not_going")

        zones = await reach.zones_of(session, [mia, wei, eva], village.community, now=NOW)

    assert zones == {mia.id: {"Europe/Berlin", "Asia/Tokyo"}, wei.id: {"Asia/Shanghai"}, eva.id: set()}


@pytest.mark.parametrize(("n_far", "is_taken_to_be_there"), [(1, True), (3, False)])
async def test_who_never_said_is_where_the_community_is_unless_many_others_are_elsewhere(
    database: Database, n_far: int, is_taken_to_be_there: bool
) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        village.community.time_zone = "Europe/Berlin"
        silent = await village.learner("Mia")
        for number in range(5):
            # One who cannot come counts as far away, whatever their clock.
            zone = "Asia/Tokyo" if 0 < number < n_far else "Europe/Berlin"
            await village.learner(f"M{number}", time_zone=zone, is_online_only=not number)

        zones = await reach.zones_of(session, [silent], village.community, now=NOW)

    assert zones == {silent.id: {"Europe/Berlin"} if is_taken_to_be_there else set()}


@pytest.mark.parametrize(
    ("hour", "zone", "is_at_night"),
    [(18, "Asia/Shanghai", True), (11, "Asia/Shanghai", False), (18, "Europe/Berlin", False), (18, None, False)],
)
def test_what_begins_while_somebody_sleeps_is_not_for_them(hour: int, zone: str | None, is_at_night: bool) -> None:
    assert reach.is_at_night(NOW.replace(hour=hour, minute=0), zone) is is_at_night


def test_who_never_said_where_they_are_is_told_of_nothing_in_the_hours_they_sleep() -> None:
    assert reach.is_at_night(NOW.replace(hour=18, minute=30), None, {18, 19})
    assert not reach.is_at_night(NOW.replace(hour=11), None, {18, 19})
    # What they chose is better than what their messages say.
    assert not reach.is_at_night(NOW.replace(hour=18, minute=30), "Europe/Berlin", {18, 19})
