"""What members see of the bot's messages: which buttons there are now, and which messages a digest points to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.playground.server import LocalTelegram
from bot.playground.server.entities import utf16_slice
from bot.playground.server.snapshots import Message

_JUMP = re.compile(r"https://t\.me/(?:c/)?[^/]+/(\d+)$")
_NUMBER = re.compile(r"(\d+)\.")


@dataclass(frozen=True)
class ScreenButton:
    """One button: what it says back when pressed, or where it leads."""

    text: str
    data: str = ""
    url: str = ""


def buttons(telegram: LocalTelegram, message: Message) -> list[ScreenButton]:
    """The buttons under a message as it is now; none when it is gone."""
    row = telegram.chat_row(message.key).messages.get(message.id)
    markup = (row.body.get("reply_markup") or {}) if row else {}
    lines = markup.get("inline_keyboard", [])
    return [
        ScreenButton(one["text"], one.get("callback_data", ""), one.get("url", "")) for line in lines for one in line
    ]


def find(buttons_shown: list[ScreenButton], start: str) -> ScreenButton | None:
    """The first button whose data begins so."""
    return next((one for one in buttons_shown if one.data.startswith(start)), None)


def message_of(button: ScreenButton) -> int | None:
    """The id of the message that a button leads to."""
    match = _JUMP.match(button.url)
    return int(match[1]) if match else None


def numbered_links(message: Message) -> dict[int, int]:
    """Of a digest: the number of each item -> the id of the message it leads to."""
    links: dict[int, int] = {}
    number = 0
    for entity in sorted(message.get("entities", ()), key=lambda one: one["offset"]):
        text = utf16_slice(message.text, entity["offset"], entity["length"])
        if entity["type"] == "bold" and (match := _NUMBER.fullmatch(text)):
            number = int(match[1])
        elif entity["type"] == "text_link" and number and (match := _JUMP.match(entity["url"])):
            links.setdefault(number, int(match[1]))
    return links
