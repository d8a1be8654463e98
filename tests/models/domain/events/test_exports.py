from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from models.database import Database
from models.domain.events.exports import answers_csv, harmless
from tests.factories import make_community, make_event, make_member, make_rsvp


async def test_answers_are_a_table_on_the_events_wall_clock(sqlite: Database) -> None:
    at = datetime(2026, 7, 1, 18, tzinfo=UTC)
    async with sqlite.transaction() as session:
        community = await make_community(session)
        event = await make_event(session, community, time_zone="Europe/Berlin")
        mia = await make_member(session, name='Mia "M", 米娅', handle="mia")
        await make_rsvp(session, event, mia, answered_at=at, guests=2)

        text = await answers_csv(session, event)

    [row] = csv.DictReader(io.StringIO(text))
    assert row["name"] == 'Mia "M", 米娅'
    assert (row["answer"], row["guests"], row["answered_at"], row["checked_in_at"]) == (
        "going",
        "2",
        "2026-07-01 20:00",
        "",
    )


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_names_are_no_formulas(name: str) -> None:
    assert harmless(name) == f"'{name}"
