"""What became of one call to Telegram: arrived, certainly not, perhaps, or refused for good, read from the error raised.

The question that matters after an error is whether Telegram may have done it. An answer in Telegram's own envelope says it
did not; a connection that never stood did not carry it; everything else (a timeout after writing, a broken connection, an
answer that is not Telegram's) leaves it in doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)


class Effect(StrEnum):
    """What a refusal says about the destination."""

    NONE = "none"
    # What it was about is gone, so there is nothing left to say either.
    MOOT = "moot"
    MEMBER_BLOCKED = "member_blocked"
    MEMBER_UNREACHABLE = "member_unreachable"
    CHAT_GONE = "chat_gone"
    # The chat itself still takes messages.
    TOPIC_GONE = "topic_gone"
    # The message to change was deleted.
    MESSAGE_GONE = "message_gone"
    # It was done already.
    ARRIVED = "arrived"


@dataclass(frozen=True)
class Arrived:
    """Telegram did it; `message_id` is None for methods that make no message."""

    message_id: int | None


@dataclass(frozen=True)
class NotArrived:
    """Telegram certainly did not do it, and may if asked again."""


@dataclass(frozen=True)
class InDoubt:
    """Telegram may or may not have done it."""


@dataclass(frozen=True)
class Wait:
    """429: ask this chat again after that time."""

    retry_after: timedelta


@dataclass(frozen=True)
class Migrated:
    """The group has a new id."""

    new_address: int


@dataclass(frozen=True)
class Refused:
    """Telegram will never do it; `effect` is what that says about the destination."""

    failure: str
    effect: Effect = Effect.NONE


@dataclass(frozen=True)
class TokenRejected:
    """Telegram does not know this bot; nothing can be sent until somebody mends that."""


@dataclass(frozen=True)
class Unexpected:
    """Not an error of Telegram or the network: a fault of ours."""

    name: str


Outcome = Arrived | NotArrived | InDoubt | Wait | Migrated | Refused | TokenRejected | Unexpected

# Telegram's wording (lower case, a part of it is enough) and what it means; the first match counts.
# Read in tdlib/telegram-bot-api, telegram-bot-api/Client.cpp.
REFUSALS: tuple[tuple[type[TelegramError], str, Effect], ...] = (
    (Forbidden, "bot was blocked by the user", Effect.MEMBER_BLOCKED),
    (Forbidden, "user is deactivated", Effect.MEMBER_UNREACHABLE),
    (Forbidden, "bot can't initiate conversation with a user", Effect.MEMBER_UNREACHABLE),
    (Forbidden, "bot can't send messages to bots", Effect.MEMBER_UNREACHABLE),
    (Forbidden, "bot can't send messages to the user", Effect.MEMBER_UNREACHABLE),
    (Forbidden, "bot was kicked from the", Effect.CHAT_GONE),
    (Forbidden, "bot is not a member of the", Effect.CHAT_GONE),
    (Forbidden, "the group chat was deleted", Effect.CHAT_GONE),
    (BadRequest, "chat not found", Effect.CHAT_GONE),
    (BadRequest, "group chat was deactivated", Effect.CHAT_GONE),
    (BadRequest, "user not found", Effect.MEMBER_UNREACHABLE),
    (BadRequest, "peer_id_invalid", Effect.CHAT_GONE),
    # The state we want already stands.
    (BadRequest, "message is not modified", Effect.ARRIVED),
    # The message is gone, or was never ours: nothing to learn about the chat.
    (BadRequest, "message to edit not found", Effect.MESSAGE_GONE),
    (BadRequest, "message_id_invalid", Effect.MESSAGE_GONE),
    (BadRequest, "message can't be edited", Effect.NONE),
    (BadRequest, "message to delete not found", Effect.NONE),
    (BadRequest, "message to be replied not found", Effect.NONE),
    (BadRequest, "message thread not found", Effect.TOPIC_GONE),
    (BadRequest, "topic_deleted", Effect.TOPIC_GONE),
    (BadRequest, "message to react not found", Effect.MOOT),
    # The chat's administrators allow no reactions, or others.
    (BadRequest, "reaction_invalid", Effect.NONE),
    (BadRequest, "topic_closed", Effect.NONE),
    # The bot is in the chat but may not write; an admin can change that, the next delivery will tell.
    (BadRequest, "not enough rights", Effect.NONE),
    (BadRequest, "have no rights to send a message", Effect.NONE),
    (BadRequest, "need administrator rights", Effect.NONE),
    (BadRequest, "chat_write_forbidden", Effect.NONE),
    # Answers with other codes than 400 and 403, which the library counts as network errors.
    (NetworkError, "request entity too large", Effect.NONE),
    (NetworkError, "not implemented", Effect.NONE),
)

# The request never reached Telegram.
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


def read_error(error: Exception) -> Outcome:
    """What an exception of a call says happened; never raises."""
    if isinstance(error, RetryAfter):
        # The public attribute warns of its own future; the seconds are the same.
        return Wait(error._retry_after)
    if isinstance(error, ChatMigrated):
        return Migrated(error.new_chat_id)
    if isinstance(error, EndPointNotFound | InvalidToken):
        return _of_the_address(error)
    if (refusal := _refusal(error)) is not None:
        return refusal
    if isinstance(error, Conflict):
        return NotArrived()
    if isinstance(error, TelegramError | TimeoutError | httpx.HTTPError):
        return _of_the_network(error)
    return Unexpected(type(error).__name__)


def _of_the_address(error: EndPointNotFound | InvalidToken) -> Outcome:
    # The library reads 401 (token) and 404 (method) alike; only the wording below tells them apart.
    is_about_the_method = isinstance(error, EndPointNotFound) and "unauthorized" not in str(error.__cause__).lower()
    return Refused("refused: unknown method") if is_about_the_method else TokenRejected()


def _refusal(error: Exception) -> Outcome | None:
    wording = str(error).lower()
    for kind, part, effect in REFUSALS:
        if isinstance(error, kind) and part in wording:
            return Arrived(None) if effect == Effect.ARRIVED else Refused(f"refused: {part}", effect)
    if isinstance(error, BadRequest | Forbidden):
        return Refused(f"refused: {_without_quotation(str(error))}")
    return None


def _of_the_network(error: Exception) -> Outcome:
    cause = error.__cause__ if isinstance(error, TelegramError) else error
    if isinstance(cause, _NEVER_LEFT):
        return NotArrived()
    # The library raises a plain NetworkError for a 5xx in Telegram's envelope; anything else has a cause.
    is_telegrams_no = isinstance(error, NetworkError) and not isinstance(error, TimedOut) and cause is None
    return NotArrived() if is_telegrams_no else InDoubt()


def _without_quotation(wording: str) -> str:
    # "Can't parse entities: unsupported start tag "mia"": what follows may quote a member, what precedes does not.
    for mark in (":", '"', "'s ", "`"):
        wording = wording.split(mark, 1)[0]
    return wording.strip().lower()[:80]
