"""Exports as Telegram Desktop writes them: name only what the test is about."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# 2026-01-01 00:00 UTC; message number n is sent n minutes later.
START = 1_767_225_600
MIA, TOM, ANA = ("user101", "Mia"), ("user102", "Tom"), ("user103", "Ana")


def message(number: int, who: tuple[str, str | None] = MIA, text: Any = None, **values: Any) -> dict[str, Any]:
    words = f"message {number}" if text is None else text
    return entry(number, type="message") | {"from": who[1], "from_id": who[0], "text": words} | values


def service(number: int, action: str, who: tuple[str, str | None] = MIA, **values: Any) -> dict[str, Any]:
    told = {"actor": who[1], "actor_id": who[0], "action": action, "text": "", "text_entities": []}
    return entry(number, type="service") | told | values


def entry(number: int, **values: Any) -> dict[str, Any]:
    seconds = START + 60 * number
    local = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return {"id": number, "date": local, "date_unixtime": str(seconds)} | values


def chat(
    *messages: dict[str, Any], name: str | None = "Founders", kind: str = "private_supergroup", number: int = 7
) -> Any:
    return {"name": name, "type": kind, "id": number, "messages": list(messages)}


def account(*chats: Any, left: tuple[Any, ...] = ()) -> Any:
    personal = {"about": "Here is the data you requested.", "personal_information": {"user_id": 1, "bio": "x"}}
    lists = {"chats": {"about": "", "list": list(chats)}, "left_chats": {"about": "", "list": list(left)}}
    return personal | {"contacts": {"about": "", "list": [{"user_id": 2}]}} | lists


def write(folder: Path, export: Any, name: str = "result.json") -> Path:
    path = folder / name
    path.write_text(export if isinstance(export, str) else json.dumps(export, indent=1, ensure_ascii=False), "utf-8")
    return path
