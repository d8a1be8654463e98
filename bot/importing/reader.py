"""From JSON to chats and messages, one at a time: memory does not grow with the file.

Format: Telegram Desktop's own writer (Telegram/SourceFiles/export/output/export_output_json.cpp). A single chat is one
object with name, type, id and messages; an account has such objects in chats.list and left_chats.list.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import ijson

from bot.importing.recognising import HOW_TO_EXPORT, NotAnExport, check_is_not_foreign, check_keys
from bot.importing.source import Source

Raw = dict[str, Any]
Events = Iterator[tuple[str, Any]]

# Bytes handed to the parser at once: an error is told this exactly. Larger slices are no faster (measured).
SLICE = 1024
# Telegram Desktop nests 6 levels inside a message; anything much deeper is no export.
DEEPEST = 40
# Where chats stand in the file, in ijson's words, and what they say of themselves.
_CHATS = frozenset({"", "chats.list.item", "left_chats.list.item"})
_HEAD = frozenset({"name", "type", "id"})
# To a channel's administrators its direct messages are exported as a supergroup; only suggested posts tell them apart.
DIRECT_MESSAGES = "direct_messages"
_DIRECT_ACTIONS = frozenset({"process_suggested_post", "suggested_post_success", "suggested_post_refund"})
_DIRECT = re.compile(rb'"(?:process_suggested_post|suggested_post_success|suggested_post_refund)"')
# A look through the bytes for one of them, so much at once.
_SCANNED, _LONGEST = 1 << 16, 40
_DAMAGED = (
    ijson.JSONError,
    lzma.LZMAError,
    zlib.error,
    zipfile.BadZipFile,
    EOFError,
    OSError,
    RecursionError,
    UnicodeDecodeError,
)


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


def read_export(
    source: Source,
    is_wanted: Callable[[ExportedChat], bool],
    *,
    survey: Callable[[], Sequence[ExportedChat | None]] = tuple,
    is_surveyed: bool = False,
) -> Iterator[ExportedChat | Raw]:
    """Each wanted chat, followed by its messages. Raises BrokenExport, NotAnExport.

    `survey` tells what the chats are where their messages stand first, or always (`is_surveyed`); see `survey()` here. It is
    asked at most once.
    """
    try:
        heads = survey() if is_surveyed else None
        events = _events(source)
        event, _ = next(events)
        if event != "start_map":
            raise NotAnExport("This is JSON, but no export of Telegram Desktop: it should begin with {.")
        yield from _Walk(events, is_wanted, survey, heads).outermost()
    except _DAMAGED as error:
        raise BrokenExport(source.position, _why(error)) from error


def survey(source: Source) -> list[ExportedChat | None]:
    """What each chat with messages is, in the order of the file, wherever its type and id stand (jq -S sorts them behind).

    None: it does not say. A channel's direct messages are told apart from groups here. Reads the whole file and builds
    nothing; a damaged one is read as far as it goes.
    """
    heads: list[ExportedChat | None] = []
    head: dict[str, Raw] = {}
    direct: set[str] = set()
    with suppress(*_DAMAGED):
        for prefix, event, value in ijson.parse(source, use_float=True, buf_size=SLICE):
            place, _, field = prefix.rpartition(".")
            if event == "end_map" and prefix in _CHATS:
                of_chat = head.pop(prefix, {})
                if prefix in direct:
                    direct.remove(prefix)
                    of_chat["type"] = DIRECT_MESSAGES
                if "messages" in of_chat:
                    heads.append(_head(of_chat))
            elif place in _CHATS and (field in _HEAD or (field == "messages" and event == "start_array")):
                head.setdefault(place, {})[field] = value
            elif field == "action" and value in _DIRECT_ACTIONS:
                direct.add(place.removesuffix("messages.item").removesuffix("."))
    return heads


def has_direct_messages(source: Source) -> bool:
    """Whether the file names a suggested post anywhere: then it has to be surveyed. Reads bytes only, never raises for them."""
    tail = b""
    with suppress(*_DAMAGED):
        while piece := source.read(_SCANNED):
            if _DIRECT.search(tail + piece):
                return True
            tail = piece[-_LONGEST:]
    return False


def _events(source: Source) -> Events:
    # The C parser hands out events; building a million small objects in Python costs less than writing them to rows.
    # Without use_float its Decimals crash the process on a number such as 1e999999999999999999999 (ijson 3.6).
    events: Events = ijson.basic_parse(source, use_float=True, buf_size=SLICE)
    return events


class _Walk:
    """One pass over the parser's events."""

    def __init__(
        self,
        events: Events,
        is_wanted: Callable[[ExportedChat], bool],
        survey: Callable[[], Sequence[ExportedChat | None]],
        heads: Sequence[ExportedChat | None] | None,
    ) -> None:
        self._events, self._is_wanted, self._survey, self._heads = events, is_wanted, survey, heads
        self._n_chats = 0

    def outermost(self) -> Iterator[ExportedChat | Raw]:
        """One chat, or an account, which holds lists of chats. Raises NotAnExport when it is neither."""
        head: Raw = {}
        yield from self._object(head, is_outermost=True)
        if not self._n_chats:
            check_keys(head)

    def _object(self, head: Raw, *, is_outermost: bool = False) -> Iterator[ExportedChat | Raw]:
        for event, key in self._events:
            if event == "end_map":
                return
            event, value = next(self._events)
            if key == "messages" and event == "start_array":
                chat = self._chat(head)
                is_building = self._is_wanted(chat)
                if is_building:
                    yield chat
                yield from _messages(self._events, is_building=is_building)
            elif is_outermost and key in {"chats", "left_chats"} and event == "start_map":
                head[key] = None
                yield from self._chat_list()
            else:
                head[key] = _value(self._events, event, value, is_building=False)

    def _chat_list(self) -> Iterator[ExportedChat | Raw]:
        for event, key in self._events:
            if event == "end_map":
                return
            event, value = next(self._events)
            if key != "list" or event != "start_array":
                _value(self._events, event, value, is_building=False)
                continue
            for event, value in self._events:
                if event == "end_array":
                    break
                if event == "start_map":
                    yield from self._object({})
                else:
                    _value(self._events, event, value, is_building=False)

    def _chat(self, raw: Raw) -> ExportedChat:
        """What the messages that begin here belong to."""
        if not raw.keys() >= _HEAD and self._heads is None:
            self._heads = self._survey()
        heads = self._heads or ()
        head = heads[self._n_chats] if self._n_chats < len(heads) else _head(raw)
        if head is None and self._n_chats:
            raise EOFError("a chat does not say its type and id")
        if head is None:
            check_is_not_foreign({*raw, "messages"})
            raise NotAnExport(
                "A chat does not say its type and id: the file is no export of Telegram Desktop, or its end is missing. "
                f"{HOW_TO_EXPORT}."
            )
        self._n_chats += 1
        return head


def _head(head: Raw) -> ExportedChat | None:
    number, name, kind = head.get("id"), head.get("name"), head.get("type")
    if not isinstance(kind, str) or not isinstance(number, int) or isinstance(number, bool):
        return None
    return ExportedChat(name if isinstance(name, str) else None, kind, number)


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
    reason = error.args[0] if error.args else ""
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return text.split("\n", 1)[0].strip().rstrip(".") or type(error).__name__
