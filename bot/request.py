"""Our connection to Telegram: as python-telegram-bot's, but an answer that is no JSON is never written to the log."""

from __future__ import annotations

import json
from typing import Any

import orjson
from telegram.error import TelegramError
from telegram.request import HTTPXRequest


class Unreadable(TelegramError):
    """An answer that no reader takes. Its bytes are kept aside, never printed: they may be what members wrote."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("Invalid server response")
        self.payload = payload


class Request(HTTPXRequest):
    """Reads answers with orjson. The library's own logs what it cannot read: half a batch of what members wrote."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The envelope as a dict. Raises Unreadable for what is none."""
        try:
            content = read_json(payload)
        except ValueError as error:
            raise Unreadable(payload) from error
        if not isinstance(content, dict):
            raise Unreadable(payload) from ValueError("no JSON object")
        return content


def read_json(payload: bytes) -> Any:
    """What Telegram sent, by whichever way it came. Raises ValueError for what is no JSON or nested too deeply to be read."""
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        pass
    try:
        # The slow one also takes half surrogate pairs, NaN and broken UTF-8: better strange words than deafness.
        return json.loads(payload.decode("utf-8", "replace"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
