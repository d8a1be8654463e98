"""Addresses: into our private chat, and to single messages."""

from __future__ import annotations


def start_link(bot_username: str, token: str) -> str:
    """Opens the private chat and hands `token` to /start."""
    return f"https://t.me/{bot_username}?start={token}"


def message_link(telegram_chat_id: int, telegram_message_id: int, *, handle: str | None = None) -> str | None:
    """Jumps to a message; None where Telegram has no such links (basic groups and private chats).

    Supergroup and channel ids are -100 followed by the id that links use.
    """
    if handle:
        return f"https://t.me/{handle}/{telegram_message_id}"
    digits = str(telegram_chat_id)
    return f"https://t.me/c/{digits[4:]}/{telegram_message_id}" if digits.startswith("-100") else None
