"""One delivery as one call of the Bot API."""

from __future__ import annotations

import asyncio
import base64
import warnings
from typing import Any

from telegram import Bot, InputFile
from telegram.warnings import PTBDeprecationWarning, PTBUserWarning

from bot.delivery.outcomes import Arrived, Outcome, read_error
from models.domain.sending.claims import ClaimedDelivery
from models.domain.sending.deliveries import INSTEAD, UPLOAD

# A call that takes longer (real seconds) is given up; whether it arrived is then in doubt.
CALL_SECONDS = 30.0
READ_SECONDS = 20.0
# The General topic is addressed without its number.
GENERAL_TOPIC = 1
# Methods about a message that is there: its id says where.
KNOWS_NO_TOPICS = frozenset({"setMessageReaction"})


async def call(bot: Bot, claim: ClaimedDelivery) -> Outcome:
    """Send one delivery and say what became of it; raises nothing but cancellation.

    Raw calls, so that methods and parameters newer than the library work.
    """
    try:
        parameters = parameters_of(claim)
        _hush()
        async with asyncio.timeout(CALL_SECONDS):
            result = await bot.do_api_request(claim.method, api_kwargs=parameters, read_timeout=READ_SECONDS)
    except Exception as error:
        return read_error(error)
    return Arrived(_message_id(result))


def parameters_of(claim: ClaimedDelivery) -> dict[str, Any]:
    """The call's parameters: the payload, its files made uploadable, and the destination."""
    parameters = {name: _uploadable(value) for name, value in claim.payload.items() if name != INSTEAD}
    parameters["chat_id"] = claim.address
    if claim.edits_message_id is not None:
        parameters["message_id"] = claim.edits_message_id
    elif claim.thread_id not in (None, GENERAL_TOPIC) and claim.method not in KNOWS_NO_TOPICS:
        parameters["message_thread_id"] = claim.thread_id
    return parameters


def _uploadable(value: Any) -> Any:
    if isinstance(value, dict) and UPLOAD in value:
        return InputFile(base64.b64decode(value[UPLOAD]), filename=value.get("filename"))
    return value


def _message_id(result: Any) -> int | None:
    """The id of the message a call made: of the first one for an album, None for methods that answer True."""
    first = result[0] if isinstance(result, list) and result else result
    return first.get("message_id") if isinstance(first, dict) else None


def _hush() -> None:
    """Two warnings of the library about itself: raw calls are meant here, and 429 announces a future type.

    Said before each call because whoever runs us (a test runner) may have set other filters since; it is idempotent.
    """
    warnings.filterwarnings("ignore", message=r"Please use 'Bot\.\w+' instead of", category=PTBUserWarning)
    warnings.filterwarnings("ignore", message=r".*attribute `retry_after`", category=PTBDeprecationWarning)
