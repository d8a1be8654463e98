"""What every message is made of: text, buttons, and the parameters they become. Knows no client library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.texts import Safe

# Telegram's limit for a text after its markup is parsed, in UTF-16 units.
LONGEST_TEXT = 4096
# Callback data is 1 to 64 bytes.
LONGEST_DATA = 64


@dataclass(frozen=True)
class Button:
    """A button under a message: either data that comes back when it is pressed, or a link."""

    label: str
    data: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        if (self.data is None) == (self.url is None):
            raise ValueError("A button has either data or a link.")
        if self.data is not None and not 1 <= len(self.data.encode()) <= LONGEST_DATA:
            raise ValueError(f"Callback data must be 1 to {LONGEST_DATA} bytes: {self.data!r}")

    def as_json(self) -> dict[str, str]:
        """An InlineKeyboardButton."""
        return {"text": self.label, **({"callback_data": self.data} if self.data else {"url": self.url or ""})}


@dataclass(frozen=True)
class Outgoing:
    """One message to say: HTML text and rows of buttons."""

    text: Safe
    rows: Sequence[Sequence[Button]] = ()
    is_silent: bool = False

    def payload(self, *, reply_to: int | None = None) -> dict[str, Any]:
        """Parameters of sendMessage or editMessageText, without the destination; `reply_to` is for a new message only."""
        replies = {"message_id": reply_to, "allow_sending_without_reply": True}
        return {
            "text": str(self.text),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": [[button.as_json() for button in row] for row in self.rows if row]},
            **({"disable_notification": True} if self.is_silent else {}),
            **({"reply_parameters": replies} if reply_to is not None else {}),
        }

    def caption(self) -> dict[str, Any]:
        """Parameters of sendPhoto or editMessageCaption, without the destination and the photo."""
        payload = self.payload()
        del payload["link_preview_options"]
        return {"caption": payload.pop("text"), **payload}


def lines(*parts: Safe | str | None) -> Safe:
    """Sentences under each other; None is left out, an empty one is an empty line."""
    return Safe("\n".join(part for part in parts if part is not None))
