"""From JSON to chats and messages, one at a time: memory does not grow with the file.

Format: Telegram Desktop's own writer (Telegram/SourceFiles/export/output/export_output_json.cpp). A single chat is one
object with name, type, id and messages; an account has such objects in chats.list and left_chats.list.
"""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import ijson

from bot.importing.source import Source

Raw = dict[str, Any]
Events = Iterator[tuple[str, Any]]

# Bytes handed to the parser at once: an error is told this exactly. Larger slices are no faster (measured).
SLICE = 1024
# Telegram Desktop nests 6 levels inside a message; anything much deeper is no export.
DEEPEST = 40
_DAMAGED = (ijson.JSONError, lzma.LZMAError, zlib.error, EOFError, OSError, RecursionError, UnicodeDecodeError)


@dataclass(frozen=True, slots=True)
class ExportedChat:
    """What stands above the messages of a chat, in Telegram Desktop's words."""

    name: str | None
    kind: str
    number: int


class BrokenExport(Exception):
    """The file breaks off or is damaged; `position` is how many bytes of JSON were read when that was noticed."""

    def __init__(self, position: int, why: str) -> None:
        super().__init__(why)
        self.position, self.why = position, why


class NotAnExport(Exception):
    """The file is whole, but it is not what Telegram Desktop writes; the message is fit for a person."""


def read(source: Source, is_wanted: Callable[[ExportedChat], bool]) -> Iterator[ExportedChat | Raw]:
    """Each wanted chat, followed by its messages. Raises BrokenExport, NotAnExport."""
    try:
        # The C parser hands out events; building a million small objects in Python costs less than writing them to rows.
        # Without use_float its Decimals crash the process on a number such as 1e999999999999999999999 (ijson 3.6).
        events: Events = ijson.basic_parse(source, use_float=True, buf_size=SLICE)
        event, _ = next(events)
        if event != "start_map":
            raise NotAnExport("This is JSON, but no export of Telegram Desktop: it should begin with {.")
        yield from _object(events, is_wanted, is_outermost=True)
    except _DAMAGED as error:
        raise BrokenExport(source.position, _why(error)) from error


def _object(
    events: Events, is_wanted: Callable[[ExportedChat], bool], *, is_outermost: bool = False
) -> Iterator[ExportedChat | Raw]:
    """One chat; the outermost object may also be an account, which holds lists of chats."""
    told: Raw = {}
    for event, key in events:
        if event == "end_map":
            return
        event, value = next(events)
        if key == "messages" and event == "start_array":
            chat = _chat(told)
            is_building = is_wanted(chat)
            if is_building:
                yield chat
            yield from _messages(events, is_building=is_building)
        elif is_outermost and key in {"chats", "left_chats"} and event == "start_map":
            yield from _chat_list(events, is_wanted)
        else:
            told[key] = _value(events, event, value, is_building=False)


def _chat_list(events: Events, is_wanted: Callable[[ExportedChat], bool]) -> Iterator[ExportedChat | Raw]:
    for event, key in events:
        if event == "end_map":
            return
        event, value = next(events)
        if key != "list" or event != "start_array":
            _value(events, event, value, is_building=False)
            continue
        for event, value in events:
            if event == "end_array":
                break
            if event == "start_map":
                yield from _object(events, is_wanted)
            else:
                _value(events, event, value, is_building=False)


def _chat(told: Raw) -> ExportedChat:
    number, name = told.get("id"), told.get("name")
    if not isinstance(told.get("type"), str) or not isinstance(number, int) or isinstance(number, bool):
        raise NotAnExport(
            "A chat does not say its type and id before its messages; export it again with Telegram Desktop "
            "(Export chat history, format JSON)."
        )
    return ExportedChat(name if isinstance(name, str) else None, str(told["type"]), number)


def _messages(events: Events, *, is_building: bool) -> Iterator[Raw]:
    for event, value in events:
        if event == "end_array":
            return
        message = _value(events, event, value, is_building=is_building)
        if is_building:
            yield message if isinstance(message, dict) else {}


def _value(events: Events, event: str, value: Any, *, is_building: bool, depth: int = 0) -> Any:
    """The value that begins with this event; None for an object or list that nobody wants."""
    if event == "start_map":
        return _map(events, depth) if is_building else _skip(events)
    if event == "start_array":
        return _array(events, depth) if is_building else _skip(events)
    return value


def _map(events: Events, depth: int) -> Raw:
    _check_depth(depth)
    result = {}
    for event, key in events:
        if event == "end_map":
            break
        event, value = next(events)
        result[key] = _value(events, event, value, is_building=True, depth=depth + 1)
    return result


def _array(events: Events, depth: int) -> list[Any]:
    _check_depth(depth)
    result = []
    for event, value in events:
        if event == "end_array":
            break
        result.append(_value(events, event, value, is_building=True, depth=depth + 1))
    return result


def _skip(events: Events) -> None:
    """Read past an object or list that has just begun."""
    depth = 1
    for event, _ in events:
        if event in {"start_map", "start_array"}:
            depth += 1
        elif event in {"end_map", "end_array"}:
            depth -= 1
            if depth == 0:
                return


def _check_depth(depth: int) -> None:
    if depth > DEEPEST:
        raise RecursionError("objects within objects without end")


def _why(error: BaseException) -> str:
    """The first line of what is wrong; the parser's other lines repeat what members wrote."""
    told = error.args[0] if error.args else ""
    text = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    return text.split("\n", 1)[0].strip().rstrip(".") or type(error).__name__
