from __future__ import annotations

from typing import Any

import orjson

from bot.callbacks import EventButton, RsvpButton
from bot.working.lanes import MOST_TOGETHER, batches, lanes_of
from models.domain.events.wishes import Wish
from models.domain.hearing.inbox import Waiting

CLUB = {"id": -100, "type": "supergroup", "title": "Founders"}


def press(row_id: int, person: int, data: str) -> Waiting:
    message = {"message_id": 5, "date": 1, "chat": CLUB}
    who = {"id": person, "is_bot": False, "first_name": "Mia"}
    return waiting(row_id, person, callback_query={"id": str(row_id), "from": who, "data": data, "message": message})


def waiting(row_id: int, person: int, **update: Any) -> Waiting:
    return Waiting(row_id, orjson.dumps({"update_id": row_id, **update}), person)


def going(row_id: int, person: int, event_id: int = 1) -> Waiting:
    return press(row_id, person, RsvpButton(event_id, Wish.GOING).pack())


def together(*rows: Waiting) -> list[list[int]]:
    return sorted([row.id for row, _ in batch] for lane in lanes_of(rows) for batch in batches(lane))


def test_presses_on_one_event_are_served_together_and_those_on_another_apart() -> None:
    assert together(going(1, 11), going(2, 12), going(3, 13, event_id=2), going(4, 14)) == [[1, 2, 4], [3]]


def test_who_did_something_else_as_well_keeps_their_own_order() -> None:
    ticket = press(3, 12, EventButton("ticket", 1).pack())

    lanes = [[row.id for row, _ in lane] for lane in lanes_of([going(1, 11), going(2, 12), ticket, going(4, 13)])]

    assert sorted(lanes) == [[1, 4], [2, 3]]


def test_a_long_queue_is_served_in_parts() -> None:
    served = together(*(going(number, 100 + number) for number in range(MOST_TOGETHER + 1)))

    assert [len(batch) for batch in served] == [MOST_TOGETHER, 1]


def test_what_names_nobody_and_what_is_no_object_is_served_alone() -> None:
    assert together(Waiting(1, b"[]", None), Waiting(2, b"7", None), going(3, 11)) == [[1], [2], [3]]
