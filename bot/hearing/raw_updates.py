"""Raw updates as rows: whatever Telegram, or somebody who pretends to be it, sends can be kept; the worker judges it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from bot.hearing.updates import is_urgent, kind_of, origin_of
from bot.request import read_json

# Strings are stepped over; what is left of JSON's structure are its brackets.
_STRUCTURE = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
# Quotes inside strings are escaped, so this can only be a name; Telegram writes it first.
_NUMBER = re.compile(rb'"update_id"\s*:\s*([0-9]{1,18})(?![0-9])')


def number_of(raw: Any) -> int:
    """The number that Telegram gave an update, or one made of its bytes: below zero, and the same for the same update."""
    if isinstance(raw, bytes):
        match = _NUMBER.search(raw)
        return int(match[1]) if match else _made_of(raw)
    number = raw.get("update_id") if isinstance(raw, dict) else None
    if isinstance(number, int) and not isinstance(number, bool) and abs(number) < 2**63:
        return number
    return _made_of(pack(raw))


def _made_of(payload: bytes) -> int:
    return -1 - int.from_bytes(hashlib.sha256(payload).digest()[:7])


def row_of(bot_id: int, raw: Any) -> dict[str, Any]:
    """The row of an update, or of bytes that nobody can read; never fails on strange contents. The worker judges it."""
    sender, chat = origin_of(raw)
    return {
        "bot_id": bot_id,
        "update_id": number_of(raw),
        "kind": plain_kind(raw),
        "is_urgent": is_urgent(raw),
        "sender_telegram_id": sender,
        "chat_telegram_id": chat,
        "payload": raw if isinstance(raw, bytes) else pack(raw),
    }


def read_update(payload: bytes) -> Any:
    """The update, or its bytes where nobody can read them."""
    try:
        return read_json(payload)
    except ValueError:
        return payload


def first_update_in(answer: bytes) -> bytes | None:
    """The bytes of the first update in an answer to getUpdates that cannot be read; None where none can be made out."""
    depth, begins = 0, None
    for sign in _STRUCTURE.finditer(answer):
        if sign[0] in (b"{", b"["):
            depth += 1
            # The envelope, its list of updates, an update.
            if depth == 3 and begins is None:
                begins = sign.start()
        elif sign[0] in (b"}", b"]"):
            depth -= 1
            if depth == 2 and begins is not None:
                return _if_numbered(answer[begins : sign.end()])
    return None if begins is None else _if_numbered(answer[begins:])


def _if_numbered(update: bytes) -> bytes | None:
    return update if _NUMBER.search(update) else None


def plain_kind(raw: Any) -> str:
    """The kind for rows and logs, which stand in plain text: what Telegram would never name so may be anybody's words."""
    kind = kind_of(raw)
    return kind if re.fullmatch("[a-z_]{1,64}", kind) else "unknown"


def pack(raw: Any) -> bytes:
    """JSON of an update; half surrogate pairs become question marks, numbers may be of any size, nesting of any depth."""
    try:
        return orjson.dumps(raw)
    except TypeError:
        pass
    try:
        return json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace")
    except RecursionError:
        return "".join(_encode(raw)).encode("utf-8", "replace")


class _Sign(str):
    """A piece of JSON that is written already."""


def _encode(raw: Any) -> Iterator[str]:
    """JSON piece by piece: encoders call themselves for each level, which Python ends at a thousand."""
    todo: list[Any] = [raw]
    while todo:
        one = todo.pop()
        if isinstance(one, _Sign):
            yield one
        elif isinstance(one, dict):
            members = [(_Sign(f"{json.dumps(name)}:"), value) for name, value in one.items()]
            todo += _enclose("{", members, "}")
        elif isinstance(one, list):
            todo += _enclose("[", [(value,) for value in one], "]")
        else:
            yield json.dumps(one, ensure_ascii=False)


def _enclose(opening: str, parts: Sequence[tuple[Any, ...]], closing: str) -> list[Any]:
    """What is to be written, the last first."""
    pieces: list[Any] = [_Sign(opening)]
    for number, part in enumerate(parts):
        pieces += [_Sign(","), *part] if number else part
    return [*pieces, _Sign(closing)][::-1]


def unpack(payload: bytes | None) -> Any:
    """The update as it came; None when it is no JSON, or was wiped."""
    try:
        return orjson.loads(payload or b"")
    except orjson.JSONDecodeError:
        return None
