"""The Bot API methods, grouped by topic; importing this package fills the registry."""

from bot.playground.server.methods import (
    account,
    answering,
    chats,
    editing,
    profile,
    receiving,
    sending,
)

__all__ = ["account", "answering", "chats", "editing", "profile", "receiving", "sending"]
