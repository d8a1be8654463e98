from __future__ import annotations

from datetime import timedelta

import pytest

from models.database import Database
from models.domain.digests import feedback
from models.domain.erasure import personal_data
from models.domain.erasure.own_numbers import renumber
from models.domain.sending import deliveries
from models.tables.delivery import DeliveryKind
from tests.village import NOW, Village


def test_ties_within_the_file_stay_and_others_are_left_out() -> None:
    held = {
        "delivery": [{"id": 70, "edits_id": None}, {"id": 93, "edits_id": 70}],
        "listing": [{"id": 12, "card_id": 71, "message_id": 5}],
        "recommendation": [{"id": 4, "delivery_id": 93}],
        "member": [{"id": 8}],
    }

    assert renumber(held) == {
        "delivery": [{"id": 1, "edits_id": None}, {"id": 2, "edits_id": 1}],
        "listing": [{"id": 12, "card_id": None, "message_id": 5}],
        "recommendation": [{"id": 4, "delivery_id": 2}],
        "member": [{"id": 8}],
    }


def test_a_key_made_of_such_a_number_keeps_no_number() -> None:
    [row] = renumber({"delivery": [{"id": 70, "once_key": "instead:69"}]})["delivery"]

    assert row == {"id": 1, "once_key": "instead"}


@pytest.mark.parametrize("n_of_others", [0, 3])
async def test_a_file_does_not_count_what_others_did_in_between(database: Database, n_of_others: int) -> None:
    async with database.transaction() as session:
        village = await Village.found(session)
        mia, jo = await village.learner("Mia"), await village.learner("Jo")
        for minute in range(2):
            for n in range(n_of_others):
                await deliveries.queue(session, DeliveryKind.REPLY, now=NOW, payload={}, member_id=jo.id)
                await feedback.mute(session, jo.id, "keyword", f"{n}", now=NOW)
            at = NOW + timedelta(minutes=minute)
            await deliveries.queue(session, DeliveryKind.REPLY, now=at, payload={}, member_id=mia.id)
            await feedback.mute(session, mia.id, "keyword", f"{minute}", now=at)

        held = await personal_data.export(session, mia)

        assert [[one["id"] for one in held[name]] for name in ("delivery", "mute")] == [[1, 2], [1, 2]]
