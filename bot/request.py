"""Our connection to Telegram: as python-telegram-bot's, but an answer that is no JSON is never written to the log."""

from __future__ import annotations

import json
from typing import Any

import orjson
from telegram.error import TelegramError
from telegram.request import HTTPXRequest


class Request(HTTPXRequest):
    """Reads answers with orjson. The library's own logs what it cannot read: half a batch of what members wrote."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The envelope as a dict. Raises TelegramError for what is none."""
        try:
            parsed = _parsed(payload)
        except (ValueError, RecursionError) as error:
            raise TelegramError("Invalid server response") from error
        if not isinstance(parsed, dict):
            raise TelegramError("Invalid server response") from ValueError("no JSON object")
        return parsed


def _parsed(payload: bytes) -> object:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        # The slow one also takes half surrogate pairs, NaN and broken UTF-8: better strange words than deafness.
        return json.loads(payload.decode("utf-8", "replace"))
