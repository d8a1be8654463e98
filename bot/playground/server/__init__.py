"""A local Telegram: a strict, stateful Bot API server in memory. See the README one folder up."""

from bot.playground.server.errors import ApiError, Refused
from bot.playground.server.presses import Press
from bot.playground.server.snapshots import BotUser, Chat, Message, User
from bot.playground.server.telegram import LocalTelegram

__all__ = ["ApiError", "BotUser", "Chat", "LocalTelegram", "Message", "Press", "Refused", "User"]
