"""getUpdates and webhooks, with the real server's manners."""

import asyncio
from typing import Any

import orjson

from bot.playground.server.errors import ApiError, bad_request
from bot.playground.server.methods.parameters import BOOLEAN, CERTIFICATE, INTEGER, STRING, STRINGS
from bot.playground.server.methods.registry import Call, method
from bot.playground.server.snapshots import Json
from bot.playground.server.updates import DEFAULT_KINDS, KINDS, Update

MAX_UPDATES = 100
MAX_TIMEOUT = 50
# SRV process_get_updates_query, in real time.
SAME_OFFSET_SECONDS = 0.5


@method(
    "getUpdates",
    "Array of Update",
    optional={"offset": INTEGER, "limit": INTEGER, "timeout": INTEGER, "allowed_updates": STRINGS},
)
async def get_updates(call: Call) -> list[Json]:
    """The oldest unconfirmed updates; waits up to `timeout` seconds of real time for the first one."""
    if call.bot.webhook is not None:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        )
    remember_allowed(call)
    queue = call.bot.queue
    queue.seek(call.get("offset", 0))
    limit = _limit(call)
    stop_poller(call, "other getUpdates request; make sure that only one bot instance is running")
    own_turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    own_turn.add_done_callback(lambda turn: turn.cancelled() or turn.exception())  # seen, so never reported as lost
    call.bot.poller = own_turn
    try:
        updates = queue.head(limit)
        deadline = asyncio.get_running_loop().time() + min(max(call.get("timeout", 0), 0), MAX_TIMEOUT)
        while not updates and await _wait(call, own_turn, deadline):
            updates = queue.head(limit)
    finally:
        if call.bot.poller is own_turn:
            call.bot.poller = None
    return [parse_update(update) for update in updates]


def _limit(call: Call) -> int:
    """1-100; the same offset again at once gets one update only, so that a stuck bot does not read a batch in a loop."""
    question = (call.get("offset", 0), asyncio.get_running_loop().time())
    before, call.bot.last_poll = call.bot.last_poll, question
    is_repeated = before is not None and before[0] == question[0] and question[1] - before[1] < SAME_OFFSET_SECONDS
    return 1 if is_repeated else min(max(call.get("limit", MAX_UPDATES), 1), MAX_UPDATES)


async def _wait(call: Call, own_turn: "asyncio.Future[None]", deadline: float) -> bool:
    """Wait for an update, the deadline (False) or another poller (ApiError 409)."""
    remaining = deadline - asyncio.get_running_loop().time()
    if remaining <= 0:
        return False
    call.bot.queue.arrival.clear()
    arrival: asyncio.Future[Any] = asyncio.ensure_future(call.bot.queue.arrival.wait())
    waiting: set[asyncio.Future[Any]] = {arrival, own_turn}
    try:
        await asyncio.wait(waiting, timeout=remaining, return_when=asyncio.FIRST_COMPLETED)
    finally:
        arrival.cancel()
    if own_turn.done():
        own_turn.result()
    return True


def stop_poller(call: Call, why: str) -> None:
    """End a getUpdates that still waits with 409."""
    poller = call.bot.poller
    if poller is not None and not poller.done():
        poller.set_exception(ApiError(409, f"Conflict: terminated by {why}"))


def remember_allowed(call: Call) -> None:
    """Keep the kinds named in allowed_updates; an empty list means the default, none at all the former setting."""
    names = call.get("allowed_updates")
    if names is None:
        return
    unknown = sorted(set(names) - KINDS)
    if unknown:
        raise bad_request(f"allowed_updates has unknown kinds: {', '.join(unknown)}")
    call.bot.queue.kinds = frozenset(names) or DEFAULT_KINDS


def parse_update(update: Update) -> Json:
    """The update as JSON."""
    body: Json = orjson.loads(update.body)
    return body


@method(
    "setWebhook",
    "Boolean",
    required_parameters={"url": STRING},
    optional={
        "certificate": CERTIFICATE,
        "ip_address": STRING,
        "max_connections": INTEGER,
        "allowed_updates": STRINGS,
        "drop_pending_updates": BOOLEAN,
        "secret_token": STRING,
    },
)
def set_webhook(call: Call) -> bool:
    """Deliver updates to a URL from now on; an empty one removes the webhook."""
    remember_allowed(call)
    _drop_if_asked(call)
    if call["url"]:
        call.webhooks.set(call)
        stop_poller(call, "setWebhook request")
    else:
        call.webhooks.remove(call.bot)
    return True


@method("deleteWebhook", "Boolean", optional={"drop_pending_updates": BOOLEAN})
def delete_webhook(call: Call) -> bool:
    """Go back to getUpdates."""
    _drop_if_asked(call)
    call.webhooks.remove(call.bot)
    return True


@method("getWebhookInfo", "WebhookInfo")
def get_webhook_info(call: Call) -> Json:
    """Where updates go and how that works out."""
    queue = call.bot.queue
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": queue.pending()}
    if call.bot.webhook is not None:
        info |= call.bot.webhook.info()
    if queue.kinds != DEFAULT_KINDS:
        info["allowed_updates"] = sorted(queue.kinds)
    return info


def _drop_if_asked(call: Call) -> None:
    if call.get("drop_pending_updates", False):
        call.bot.queue.clear()
