"""Each error says whether Telegram may have done it, and what it tells of the destination."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
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

from bot.delivery.outcomes import (
    REFUSALS,
    Arrived,
    InDoubt,
    Migrated,
    NotArrived,
    Outcome,
    Refused,
    TokenRejected,
    Unexpected,
    Wait,
    read_error,
)


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


def refused(wording: str, effect: str) -> Refused:
    return Refused(f"refused: {wording}", effect)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        # the connection never stood
        (caused(NetworkError("httpx.ConnectError"), httpx.ConnectError("")), NotArrived()),
        (caused(TimedOut(), httpx.ConnectTimeout("")), NotArrived()),
        (caused(TimedOut(), httpx.PoolTimeout("")), NotArrived()),
        # the request may have been read
        (caused(TimedOut(), httpx.ReadTimeout("")), InDoubt()),
        (caused(TimedOut(), httpx.WriteTimeout("")), InDoubt()),
        (caused(NetworkError("httpx.ReadError"), httpx.ReadError("")), InDoubt()),
        (caused(NetworkError("httpx.RemoteProtocolError"), httpx.RemoteProtocolError("")), InDoubt()),
        (TimedOut(), InDoubt()),
        (TimeoutError(), InDoubt()),
        # 5xx in Telegram's envelope, and from a proxy
        (NetworkError("Internal Server Error"), NotArrived()),
        (caused(NetworkError("Bad Gateway (502)"), TelegramError("Invalid server response")), InDoubt()),
        # 200 with nonsense
        (TelegramError("Invalid server response"), InDoubt()),
        # answers that are about the whole bot
        (InvalidToken(), TokenRejected()),
        (caused(EndPointNotFound("x"), InvalidToken("Unauthorized")), TokenRejected()),
        (caused(EndPointNotFound("x"), InvalidToken("Not Found")), Refused("refused: unknown method")),
        (Conflict("terminated by other getUpdates request"), NotArrived()),
        (ChatMigrated(-1001), Migrated(-1001)),
        # permanent, with what they tell of the destination
        (Forbidden("Forbidden: bot was blocked by the user"), refused("bot was blocked by the user", "member_blocked")),
        (Forbidden("Forbidden: user is deactivated"), refused("user is deactivated", "member_unreachable")),
        (
            Forbidden("Forbidden: bot was kicked from the supergroup chat"),
            refused("bot was kicked from the", "chat_gone"),
        ),
        (BadRequest("Bad Request: chat not found"), refused("chat not found", "chat_gone")),
        (BadRequest("Bad Request: message to edit not found"), refused("message to edit not found", "message_gone")),
        (BadRequest("Bad Request: MESSAGE_ID_INVALID"), refused("message_id_invalid", "message_gone")),
        (BadRequest("Bad Request: message thread not found"), refused("message thread not found", "topic_gone")),
        (BadRequest("Bad Request: TOPIC_DELETED"), refused("topic_deleted", "topic_gone")),
        (BadRequest("Bad Request: PEER_ID_INVALID"), refused("peer_id_invalid", "chat_gone")),
        (
            BadRequest("Bad Request: message is not modified: specified new message content is the same"),
            Arrived(None),
        ),
        (NetworkError("Request Entity Too Large"), refused("request entity too large", "none")),
        # refusals that are in no list fail too, without what they quote
        (Forbidden("Forbidden: something new"), refused("forbidden", "none")),
        (BadRequest('Bad Request: unsupported tag "Mia\'s secret" at 3'), refused("unsupported tag", "none")),
        # a fault of ours
        (KeyError("result"), Unexpected("KeyError")),
    ],
)
def test_an_error_says_what_happened(error: Exception, outcome: Outcome) -> None:
    assert read_error(error) == outcome


@pytest.mark.filterwarnings("ignore:.*retry_after")
def test_retry_after_is_read_as_time() -> None:
    assert read_error(RetryAfter(17)) == Wait(timedelta(seconds=17))


def test_the_table_is_written_as_it_is_compared() -> None:
    assert all(part == part.lower() for _, part, _ in REFUSALS)
