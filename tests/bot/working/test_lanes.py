from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.callbacks import EventButton, RsvpButton
from bot.hearing.raw_updates import row_of
from bot.working.lanes import MOST_RECORDED, MOST_RECORDED_BESIDE, MOST_TOGETHER, Batch, Lanes
from models.domain.events.wishes import Wish
from models.domain.hearing.inbox import WORDS, Waiting

CLUB, OTHER = -100, -200


def waiting(number: int, raw: dict[str, Any]) -> Waiting:
    row = row_of(1, {"update_id": number, **raw})
    names = ("update_id", "kind", "is_urgent", "sender_telegram_id", "chat_telegram_id", "payload")
    return Waiting(number, *(row[name] for name in names))


def _who(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "Mia"}


def _where(chat: int) -> dict[str, Any]:
    return {"id": chat, "type": "supergroup" if chat < 0 else "private"}


def press(number: int, person: int, data: str, chat: int = CLUB) -> Waiting:
    message = {"message_id": 5, "date": 1, "chat": _where(chat)}
    return waiting(number, {"callback_query": {"id": "1", "from": _who(person), "data": data, "message": message}})


def going(number: int, person: int, event_id: int = 1, chat: int = CLUB) -> Waiting:
    return press(number, person, RsvpButton(event_id, Wish.GOING).pack(), chat)


def words(number: int, person: int, chat: int = CLUB, text: str = "hello") -> Waiting:
    message = {"message_id": number, "date": 1, "chat": _where(chat), "from": _who(person), "text": text}
    return waiting(number, {"message": message})


def command(number: int, person: int, chat: int = CLUB) -> Waiting:
    message = {"message_id": number, "date": 1, "chat": _where(chat), "from": _who(person), "text": "/help"}
    entities = [{"type": "bot_command", "offset": 0, "length": 5}]
    return waiting(number, {"message": message | {"entities": entities}})


def thumb(number: int, person: int, chat: int = CLUB) -> Waiting:
    reaction = {"chat": _where(chat), "user": _who(person), "message_id": 5, "date": 1}
    return waiting(number, {"message_reaction": reaction | {"old_reaction": [], "new_reaction": []}})


def lanes_with(*rows: Waiting) -> Lanes:
    lanes = Lanes()
    lanes.add(rows)
    return lanes


def numbers(batches: Sequence[Batch]) -> list[list[int]]:
    return [[row.id for row in batch.rows] for batch in batches]


@pytest.mark.parametrize(
    ("first", "second", "are_free"),
    [
        # In a chat, whoever acts.
        (command(1, 11), command(2, 12), [[1]]),
        (press(1, 11, "consent"), command(2, 12), [[1]]),
        (command(1, 11), going(2, 12), [[1]]),
        (thumb(1, 11), going(2, 12), [[1]]),
        # Of a person, wherever.
        (command(1, 11), command(2, 11, chat=11), [[1]]),
        (words(1, 11), command(2, 11, chat=11), [[1]]),
        (command(1, 11, chat=11), words(2, 11), [[1]]),
        # Nothing was done by one of them or in one of these.
        (command(1, 11), command(2, 12, chat=OTHER), [[1], [2]]),
        (command(1, 11), words(2, 12, chat=OTHER), [[1], [2]]),
        # No answer depends on what others wrote; what is written later stands behind.
        (words(1, 11), command(2, 12), [[2], [1]]),
        (command(1, 11), words(2, 12), [[1]]),
        # Somebody reacts to what was written.
        (words(1, 11), thumb(2, 12), [[1, 2]]),
    ],
)
def test_order_is_kept_where_somebody_would_miss_it(first: Waiting, second: Waiting, are_free: list[list[int]]) -> None:
    assert numbers(lanes_with(first, second).ready()) == are_free


def test_presses_on_one_event_are_served_together_and_those_on_another_apart() -> None:
    lanes = lanes_with(going(1, 11), going(2, 12), going(3, 13, event_id=2, chat=OTHER), going(4, 14))

    assert numbers(lanes.ready()) == [[1, 2, 4], [3]]


def test_presses_in_private_share_the_commit_of_those_in_the_group() -> None:
    assert numbers(lanes_with(going(1, 11), going(2, 12, chat=12), going(3, 13)).ready()) == [[1, 2, 3]]


def test_who_did_something_else_in_between_keeps_their_own_order_and_that_of_the_chat() -> None:
    ticket = press(3, 12, EventButton("ticket", 1).pack())

    lanes = lanes_with(going(1, 11), going(2, 12), ticket, going(4, 13), going(5, 14, chat=14))

    assert numbers(lanes.ready()) == [[1, 2, 5]]


def test_a_long_queue_is_served_in_parts() -> None:
    lanes = lanes_with(*(going(number, 100 + number) for number in range(MOST_TOGETHER + 1)))

    [batch] = lanes.ready()

    assert len(batch.rows) == MOST_TOGETHER


def test_chatter_goes_in_small_spoons_while_somebody_waits() -> None:
    chatter = [words(number, number) for number in range(1, 601)]

    assert len(lanes_with(*chatter).ready()[0].rows) == MOST_RECORDED
    assert len(lanes_with(*chatter, command(601, 11, chat=OTHER)).ready()[-1].rows) == MOST_RECORDED_BESIDE


def test_what_names_nobody_and_what_is_no_object_waits_for_nothing() -> None:
    unreadable = [
        Waiting(number, -number, "unknown", True, None, None, payload) for number, payload in ((1, b"[]"), (2, b"7"))
    ]

    assert sorted(numbers(lanes_with(*unreadable, going(3, 11)).ready())) == [[1], [2], [3]]


def test_what_was_stored_out_of_order_is_served_in_telegrams_order() -> None:
    late, early = command(8, 11), command(7, 12)

    lanes = lanes_with(Waiting(1, 8, *_rest(late)), Waiting(2, 7, *_rest(early)))

    assert numbers(lanes.ready()) == [[2]]


def _rest(row: Waiting) -> tuple[Any, ...]:
    return row.kind, row.is_urgent, row.sender_telegram_id, row.chat_telegram_id, row.payload


def test_what_an_earlier_process_left_begun_is_served_with_nothing_beside_it() -> None:
    lanes = Lanes()
    lanes.add([going(1, 11), going(2, 12), words(3, 13, chat=OTHER)], is_alone=True)
    lanes.add([command(4, 14, chat=-300)])

    served, beside = [], []
    while ready := lanes.ready():
        served += numbers(ready)
        lanes.start(ready[0])
        beside += lanes.ready()
        lanes.end(ready[0])

    assert (served, beside) == ([[1], [2], [4], [3]], [])


# People are members of groups -1 and -2 and may write in private.
PEOPLE, PLACES = st.integers(1, 3), st.sampled_from([-1, -2, 0])
ACTS = st.sampled_from([words, command, thumb, going, lambda number, person, chat: going(number, person, 2, chat)])


def must_wait(earlier: Waiting, later: Waiting) -> bool:
    """The rule in its own words: one person, or one chat and not a command that overtakes others' words."""
    if earlier.sender_telegram_id == later.sender_telegram_id:
        return True
    is_overtaken = later.is_urgent and not earlier.is_urgent and earlier.kind in WORDS
    return earlier.chat_telegram_id == later.chat_telegram_id and not is_overtaken


@given(st.lists(st.tuples(ACTS, PEOPLE, PLACES), max_size=25), st.data())
def test_whatever_takes_long_or_fails_everything_is_handled_once_and_in_order(acts: Any, data: st.DataObject) -> None:
    rows = [act(number, person, chat=place or person) for number, (act, person, place) in enumerate(acts, start=1)]
    unread, lanes = list(rows), Lanes()
    under_way: list[Batch] = []
    handled: list[int] = []

    while unread or len(lanes):
        ready = lanes.ready()
        assert ready or under_way or unread, "nobody can go on"
        step = data.draw(
            st.sampled_from(["read"] * bool(unread) + ["start"] * bool(ready) + ["end", "fail"] * bool(under_way))
        )
        if step == "read":
            n_read = data.draw(st.integers(1, len(unread)))
            lanes.add(unread[:n_read])
            del unread[:n_read]
        elif step == "start":
            batch = data.draw(st.sampled_from(ready))
            _assert_nobody_is_passed(batch, rows, handled)
            lanes.start(batch)
            under_way.append(batch)
        else:
            batch = under_way.pop(data.draw(st.integers(0, len(under_way) - 1)))
            (lanes.end if step == "end" else lanes.put_back)(batch)
            handled += [row.id for row in batch.rows] if step == "end" else []

    assert sorted(handled) == [row.id for row in rows]


def _assert_nobody_is_passed(batch: Batch, rows: Sequence[Waiting], handled: Sequence[int]) -> None:
    before = set(handled)
    for later in batch.rows:
        passed = [one.id for one in rows if one.id < later.id and one.id not in before and must_wait(one, later)]
        assert not passed, f"{later.id} passes {passed}"
        before.add(later.id)
