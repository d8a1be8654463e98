"""Raw updates as rows: whatever Telegram, or somebody who pretends to be it, sends can be kept; the worker judges it."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from bot.hearing.updates import is_urgent, kind_of, origin_of

# A stand-in for what no encoder takes; it is no JSON, so the worker sets it aside.
TOO_DEEP = b"nested too deeply to be kept"


def has_update_id(raw: Any) -> bool:
    """Without its number an update can be neither acknowledged nor told apart: there is nothing to keep it under."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return isinstance(number, int) and not isinstance(number, bool) and abs(number) < 2**63


def row_of(bot_id: int, raw: dict[str, Any]) -> dict[str, Any]:
    """The row of an update that has its number; never fails on strange contents."""
    sender, chat = origin_of(raw)
    return {
        "bot_id": bot_id,
        "update_id": raw["update_id"],
        "kind": plain_kind(raw),
        "is_urgent": is_urgent(raw),
        "sender_telegram_id": sender,
        "chat_telegram_id": chat,
        "payload": packed(raw),
    }


def plain_kind(raw: Any) -> str:
    """The kind for rows and logs, which stand in plain text: what Telegram would never name so may be anybody's words."""
    kind = kind_of(raw)
    return kind if re.fullmatch("[a-z_]{1,64}", kind) else "unknown"


def packed(raw: Any) -> bytes:
    """JSON of an update; half surrogate pairs become question marks, numbers may be of any size."""
    try:
        return orjson.dumps(raw)
    except TypeError:
        pass
    try:
        return json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace")
    except RecursionError:
        return TOO_DEEP


def unpacked(payload: bytes) -> Any:
    """The update as it came; None when it is no JSON."""
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None
