"""What /rsvp answers: which event is meant, and one's own place in it."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.messages.outgoing import Button, Outgoing
from bot.texts import Safe, Texts

# Reactions are a receipt that makes no noise in a group; both are among those every chat starts with.
GOING, NOTED = "👍", "👌"


def receipt(message_id: int, *, is_going: bool) -> dict[str, Any]:
    """Parameters of setMessageReaction on the member's own command."""
    emoji = GOING if is_going else NOTED
    return {"message_id": message_id, "reaction": [{"type": "emoji", "emoji": emoji}]}


def which(texts: Texts, language: str, *, link: str) -> Outgoing:
    """Several events are coming up here: their list is in private."""
    return Outgoing(texts.say(language, "rsvps.which"), [[Button(texts.plain(language, "rsvps.choose"), url=link)]])


def standing(texts: Texts, language: str, words: str, *, message_id: int, link: str | None = None) -> Outgoing:
    """One short sentence to the member who wrote the command; the link opens the private chat."""
    button = [[Button(texts.plain(language, "help.open_private"), url=link)]] if link else []
    return Outgoing(Safe(escape(words, quote=False)), button, is_silent=True, reply_to=message_id)
