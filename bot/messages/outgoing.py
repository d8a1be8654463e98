"""What every message is made of: text, buttons, and the parameters they become. Knows no client library."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from bot.texts import Safe

# Telegram's limits for a text and for a caption after the markup is parsed, in UTF-16 units.
LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
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
    """One message to say: HTML text and rows of buttons, perhaps under a photo (a file id)."""

    text: Safe
    rows: Sequence[Sequence[Button]] = ()
    is_silent: bool = False
    picture: str | None = None

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

    def caption(self, *, reply_to: int | None = None) -> dict[str, Any]:
        """Parameters of sendPhoto or editMessageCaption, without the destination and the photo; `reply_to` as in payload()."""
        payload = self.payload(reply_to=reply_to)
        del payload["link_preview_options"]
        return {"caption": payload.pop("text"), **payload}

    def media(self, photo: str) -> dict[str, Any]:
        """Parameters of editMessageMedia, without the destination: this photo (a file id) with the text as its caption."""
        caption = self.caption()
        media = {"type": "photo", "media": photo, "caption": caption["caption"], "parse_mode": caption["parse_mode"]}
        return {"media": media, "reply_markup": caption["reply_markup"]}


def lines(*parts: Safe | str | None) -> Safe:
    """Sentences under each other; None is left out, an empty one is an empty line."""
    return Safe("\n".join(part for part in parts if part is not None))


def shown_length(text: Safe) -> int:
    """How long Telegram finds a text: what is shown of it, in UTF-16 units."""
    return _units(unescape(re.sub(r"<[^>]*>", "", text)))


def cut(words: str, longest: int) -> str:
    """Plain words in at most so many UTF-16 units: cut at the end of a word, or anywhere where there are no blanks, with "…"."""
    if _units(words) <= longest:
        return words
    start = words.encode("utf-16-le", "surrogatepass")[: 2 * max(longest - 1, 0)].decode("utf-16-le", "ignore")
    if not words[len(start)].isspace() and (in_whole_words := re.match(r"(.+)\s\S*\Z", start, re.DOTALL)):
        # A single endless word is better cut than left out.
        start = in_whole_words[1] if len(in_whole_words[1]) >= len(start) // 2 else start
    return start.rstrip(" \n,.;:，。；：、") + "…" if longest > 0 else ""


def _units(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2
