"""Webhooks: updates are posted in order within each chat, retried with growing pauses until they expire."""

import asyncio
import contextlib
import re
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from bot.playground.server.errors import bad_request
from bot.playground.server.methods.registry import Call
from bot.playground.server.snapshots import Json
from bot.playground.server.updates import Update
from bot.playground.server.world import Bot, World

SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
DEFAULT_CONNECTIONS = 40
MAX_CONNECTIONS = 100
# The first failure is retried at once; then the pause doubles up to this many seconds (SRV WebhookActor).
MAX_PAUSE_SECONDS = 60
MAX_RETRY_AFTER_SECONDS = 3600
ANSWER_TIMEOUT_SECONDS = 60.0


@dataclass
class Webhook:
    """One bot's webhook: what was asked for, and the tasks that deliver."""

    world: World
    bot: Bot
    client: httpx.AsyncClient
    url: str
    secret_token: str
    max_connections: int
    has_certificate: bool
    last_error_at: int = 0
    last_error: str = ""
    _waiting: dict[int, deque[Update]] = field(default_factory=dict)
    _tasks: "dict[int, asyncio.Task[None]]" = field(default_factory=dict)
    _slots: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.max_connections)

    def info(self) -> Json:
        """Its part of a WebhookInfo."""
        info: Json = {
            "url": self.url,
            "has_custom_certificate": self.has_certificate,
            "max_connections": self.max_connections,
        }
        if self.last_error:
            info |= {"last_error_date": self.last_error_at, "last_error_message": self.last_error}
        return info

    def add(self, update: Update) -> None:
        """Deliver an update once those before it in the same chat are delivered."""
        self._waiting.setdefault(update.chat_id, deque()).append(update)
        if update.chat_id not in self._tasks:
            task = asyncio.get_running_loop().create_task(self._deliver_chat(update.chat_id))
            self._tasks[update.chat_id] = task

    def stop(self) -> None:
        """Deliver no more; what was not delivered stays in the bot's queue."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self._waiting.clear()

    async def _deliver_chat(self, chat_id: int) -> None:
        waiting = self._waiting[chat_id]
        while waiting:
            await self._deliver(waiting[0])
            waiting.popleft()
        del self._waiting[chat_id], self._tasks[chat_id]

    async def _deliver(self, update: Update) -> None:
        """Post one update until it is accepted or has expired."""
        fails = 0
        while update.expires_at > self.world.now():
            async with self._slots:
                retry_after = await self._post(update)
            if retry_after is None:
                break
            await self.world.clock.sleep(retry_after or _pause(fails))
            fails += 1
        self.bot.queue.confirm(update.id)

    async def _post(self, update: Update) -> int | None:
        """None when the bot accepted the update, else the seconds it asked to wait (0: not said)."""
        headers = {"Content-Type": "application/json"}
        if self.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret_token
        try:
            answer = await self.client.post(
                self.url, content=update.body, headers=headers, timeout=ANSWER_TIMEOUT_SECONDS
            )
        except httpx.HTTPError as error:
            return self._fail(type(error).__name__)
        if answer.is_success:
            return None
        self._fail(f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}")
        pause = answer.headers.get("Retry-After", "")
        return min(int(pause), MAX_RETRY_AFTER_SECONDS) if pause.isdigit() else 0

    def _fail(self, why: str) -> int:
        self.last_error, self.last_error_at = why, self.world.timestamp()
        return 0


def _pause(fails: int) -> float:
    """Seconds before the next try: none after the first failure, then 2, 4, 8 ... up to MAX_PAUSE_SECONDS."""
    return 0.0 if fails == 0 else min(2.0**fails, MAX_PAUSE_SECONDS)


class WebhookSettings:
    """Sets and removes webhooks. Without an injected client only addresses of this machine are allowed."""

    def __init__(self, client: httpx.AsyncClient | None = None) -> None:
        self._own_client = client
        self._own: httpx.AsyncClient | None = None

    def set(self, call: Call) -> None:
        """Check the arguments of setWebhook and start delivering."""
        url, secret_token = call["url"], call.get("secret_token", "")
        connections = call.get("max_connections", DEFAULT_CONNECTIONS)
        self._check_url(url)
        if secret_token and not SECRET_TOKEN.fullmatch(secret_token):
            raise bad_request("secret token contains unallowed characters")
        if not 1 <= connections <= MAX_CONNECTIONS:
            raise bad_request(f"max_connections must be 1-{MAX_CONNECTIONS}")
        self.remove(call.bot)
        call.bot.webhook = Webhook(
            call.world, call.bot, self._client(), url, secret_token, connections, "certificate" in call
        )
        for update in call.bot.queue.head():
            call.bot.webhook.add(update)

    def remove(self, bot: Bot) -> None:
        """Stop delivering to this bot's webhook, when it has one."""
        if bot.webhook is not None:
            bot.webhook.stop()
            bot.webhook = None

    async def aclose(self) -> None:
        """Close the client this object made; an injected one is its owner's."""
        if self._own is not None:
            with contextlib.suppress(RuntimeError):  # its event loop may be gone already
                await self._own.aclose()
            self._own = None

    def _check_url(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise bad_request("bad webhook: invalid URL")
        if self._own_client is None and parts.hostname not in LOOPBACK_HOSTS:
            raise bad_request("bad webhook: the local Telegram only calls addresses of this machine")

    def _client(self) -> httpx.AsyncClient:
        if self._own_client is None and self._own is None:
            self._own = httpx.AsyncClient(trust_env=False)
        client = self._own_client or self._own
        assert client is not None  # noqa: S101  one of the two is set above
        return client
