from __future__ import annotations

import io
import json
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from bot.importing.reader import BrokenExport, ExportedChat, read_export, survey
from bot.importing.recognising import NotAnExport
from bot.importing.source import Source
from tests.bot.importing.exports import account, chat, message


def everything(export: Any, is_wanted: Callable[[ExportedChat], bool] = lambda _: True) -> list[Any]:
    raw = io.BytesIO(export if isinstance(export, bytes) else json.dumps(export).encode())
    return list(read_export(Source(raw, raw), is_wanted))


def test_a_single_chat_is_read_message_by_message() -> None:
    first, second = (
        message(1, text=["a", {"type": "bold", "text": "b"}]),
        message(2, reactions=[{"count": 1, "recent": [{}]}]),
    )

    found = everything(chat(first, second))

    assert found == [ExportedChat("Founders", "private_supergroup", 7), first, second]


def test_an_account_has_chats_and_left_chats() -> None:
    one, two = chat(message(1), name="One", number=1), chat(message(2), name="Two", number=2)

    found = everything(account(one, left=(two,)))

    assert [item.name if isinstance(item, ExportedChat) else item["id"] for item in found] == ["One", 1, "Two", 2]


def test_what_nobody_wants_is_never_built() -> None:
    private = chat(message(1, text="secret"), kind="personal_chat")

    found = everything(account(private, chat(message(2))), lambda told: told.kind != "personal_chat")

    assert "secret" not in str(found)
    assert found[-1]["id"] == 2


@pytest.mark.parametrize(
    "export",
    [
        # no object at all
        [],
        "text",
        # messages before the type: nobody could tell whether the chat is private
        {"id": 7, "messages": [], "type": "personal_chat"},
        # an id that is none
        {"type": "private_group", "id": "7", "messages": []},
        {"type": "private_group", "id": True, "messages": []},
    ],
)
def test_another_kind_of_json_is_no_export(export: Any) -> None:
    with pytest.raises(NotAnExport):
        everything(export)


def in_order(export: Any, *keys: str) -> Any:
    """The chat with its keys in this order; a whole account's chats, too."""
    if isinstance(export, dict) and "messages" in export:
        return {key: export[key] for key in keys}
    if isinstance(export, dict):
        return {key: in_order(value, *keys) for key, value in export.items()}
    return [in_order(one, *keys) for one in export] if isinstance(export, list) else export


def surveyed(export: Any, is_wanted: Callable[[ExportedChat], bool] = lambda _: True) -> list[Any]:
    content = json.dumps(export).encode()
    first, again = io.BytesIO(content), io.BytesIO(content)
    return list(read_export(Source(first, first), is_wanted, survey=lambda: survey(Source(again, again))))


@pytest.mark.parametrize("keys", list(permutations(("name", "type", "id", "messages"))))
def test_keys_may_stand_in_any_order(keys: tuple[str, ...]) -> None:
    one, two = chat(message(1), name="One", number=1), chat(message(2), name="Two", number=2)

    alone, together = surveyed(in_order(one, *keys)), surveyed(in_order(account(one, left=(two,)), *keys))

    assert alone == [ExportedChat("One", "private_supergroup", 1), message(1)]
    assert together == [*alone, ExportedChat("Two", "private_supergroup", 2), message(2)]


def test_a_private_chat_is_private_wherever_its_type_stands() -> None:
    private = chat(message(1, text="secret"), kind="personal_chat", number=9)
    sorted_keys = in_order(account(private, chat(message(2))), "id", "messages", "name", "type")

    found = surveyed(sorted_keys, lambda told: told.kind != "personal_chat")

    assert "secret" not in str(found)
    assert found[-1]["id"] == 2


def test_of_a_cut_off_file_with_sorted_keys_the_whole_chats_are_read() -> None:
    one, two = chat(message(1), name="One", number=1), chat(message(2), name="Two", number=2)
    sorted_keys = in_order({"chats": {"list": [one, two]}}, "id", "messages", "name", "type")
    content = json.dumps(sorted_keys).encode()[:-40]
    first, again = io.BytesIO(content), io.BytesIO(content)
    found: list[Any] = []

    with pytest.raises(BrokenExport, match="does not say its type"):
        found.extend(read_export(Source(first, first), lambda _: True, survey=lambda: survey(Source(again, again))))

    assert found == [ExportedChat("One", "private_supergroup", 1), message(1)]


def test_of_a_cut_off_chat_with_sorted_keys_nothing_is_taken_for_a_group() -> None:
    content = json.dumps(in_order(chat(message(1)), "id", "messages", "name", "type")).encode()[:-40]
    first, again = io.BytesIO(content), io.BytesIO(content)

    with pytest.raises(NotAnExport, match="its end is missing"):
        list(read_export(Source(first, first), lambda _: True, survey=lambda: survey(Source(again, again))))


@pytest.mark.parametrize(
    ("export", "app"),
    [
        ({"guild": {}, "channel": {}, "dateRange": {}, "messages": [{}]}, "Discord"),
        ({"participants": [], "messages": [{}], "title": "x"}, "Messenger or Instagram"),
        ({"room_name": "x", "topic": "", "messages": [{}]}, "Element"),
        ({"userId": "8:mia", "exportDate": "", "conversations": []}, "Skype"),
        ({"about": "", "personal_information": {}, "chats": {"list": []}}, "a whole Telegram account"),
    ],
)
def test_json_of_another_app_is_named(export: Any, app: str) -> None:
    with pytest.raises(NotAnExport, match=app):
        surveyed(export)


def test_a_message_is_handed_on_before_the_rest_is_read() -> None:
    content = json.dumps(chat(*(message(number) for number in range(1, 5_000)))).encode()
    raw = io.BytesIO(content)
    source = Source(raw, raw)

    items = read_export(source, lambda _: True)
    heads = [next(items), next(items)]

    assert heads[1] == message(1)
    assert source.position < 3_000


def test_odd_entries_are_handed_on_or_passed_over() -> None:
    odd = {
        "chats": {"about": {"deep": [1, {"er": 2}]}, "list": [1, [2], chat("no object", None, message(1))]},
        "more": [[]],
    }

    assert everything(odd)[1:] == [{}, {}, message(1)]


@pytest.mark.parametrize("missing", [1, 40, 300])
def test_a_cut_off_file_tells_where_and_keeps_what_came_before(missing: int) -> None:
    content = json.dumps(chat(*(message(number) for number in range(1, 60)))).encode()[:-missing]
    found: list[Any] = []

    raw = io.BytesIO(content)
    with pytest.raises(BrokenExport) as problem:
        found.extend(read_export(Source(raw, raw), lambda _: True))

    assert problem.value.position == len(content)
    assert found[1] == message(1)
    assert len(found) > 50


def test_a_damaged_file_tells_where_to_within_a_slice() -> None:
    content = json.dumps(chat(*(message(number) for number in range(1, 200)))).encode()
    at = content.index(b"message 150")
    damaged = content[:at] + b"\xff\xfe" + content[at:]
    found: list[Any] = []

    raw = io.BytesIO(damaged)
    with pytest.raises(BrokenExport) as problem:
        found.extend(read_export(Source(raw, raw), lambda _: True))

    assert 0 <= problem.value.position - at <= 1024
    assert found[-1]["id"] >= 140
    assert "message 1" not in problem.value.why


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"<html>",
        b"{" * 100_000,
        b'{"messages"',
        b"\x00\x01",
        # numbers that no number type takes
        b'{"type": "private_group", "id": ' + b"9" * 10_000,
        b'{"type": "private_group", "id": 1e' + b"9" * 30 + b"}",
    ],
)
def test_no_bytes_can_do_worse_than_break_off(content: bytes) -> None:
    with pytest.raises(BrokenExport):
        everything(content)


def test_objects_within_objects_without_end_are_refused() -> None:
    deep = "[" * 5_000 + "]" * 5_000

    with pytest.raises(BrokenExport, match="without end"):
        everything(f'{{"type": "private_group", "id": 7, "messages": [{{"id": {deep}}}]}}'.encode())
