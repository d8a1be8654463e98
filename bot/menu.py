"""The command menus that Telegram's clients show: by audience and language. Display only; rights are checked again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.texts import Texts
from bot.texts.languages import FALLBACK, LANGUAGES

PRIVATE = (
    "digest", "events", "rsvp", "need", "offer", "find", "intro", "round", "profile", "calendar", "checkin", "settings", "pause",
    "why", "privacy", "mydata", "forgetme", "language", "stop", "help",
)  # fmt: skip
GROUP = ("event", "events", "rsvp", "need", "offer", "find", "round", "privacy", "help")
ADMINS = (
    "event",
    "events",
    "rsvp",
    "need",
    "offer",
    "find",
    "round",
    "stats",
    "pairs",
    "setup",
    "settings",
    "privacy",
    "help",
)

SCOPES = {"all_private_chats": PRIVATE, "all_group_chats": GROUP, "all_chat_administrators": ADMINS}
COMMANDS = frozenset(name for names in SCOPES.values() for name in names)


async def publish_menus(ask: Callable[[str, dict[str, Any]], Awaitable[Any]], texts: Texts) -> None:
    """Set every menu; setting the same one again changes nothing."""
    for scope, names in SCOPES.items():
        for language in LANGUAGES:
            commands = [{"command": name, "description": texts.plain(language, f"menu.{name}")} for name in names]
            # Without a code: for everybody who has no menu of their own.
            code = "" if language == FALLBACK else language
            await ask("setMyCommands", {"commands": commands, "scope": {"type": scope}, "language_code": code})
