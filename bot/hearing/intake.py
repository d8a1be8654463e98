"""The one door in: raw updates and the offset are committed together, and only then acknowledged.

python-telegram-bot's own updater confirms a batch before any of it is safe, and one update it cannot parse stops it for
ever; so this loop fetches raw JSON and leaves understanding to the worker.
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.warnings import PTBUserWarning

from bot.clock import Clock
from bot.hearing.raw_updates import first_update_in, number_of, read_update, row_of
from bot.hearing.updates import ALLOWED_UPDATES, is_direct_messages
from bot.request import Unreadable
from models.database import Database, is_temporary
from models.domain.hearing import inbox

log = logging.getLogger(__name__)

# Telegram holds a poll open for at most 50 s; at most 100 updates come at once.
POLL_SECONDS = 30
BATCH = 100
# Waits after a failure double from the first to the second, in seconds.
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0


@dataclass
class IntakeHealth:
    """What /health and /setup tell: a deaf bot looks alive from everywhere else."""

    polled_at: datetime | None = None
    problem: str | None = None
    storing: asyncio.Event = field(default_factory=asyncio.Event)


async def store_updates(
    database: Database, bot_id: int, raws: Sequence[Any], *, now: datetime, next_update_id: int | None = None
) -> int:
    """Commit raw updates, and the offset behind them, in one transaction; returns how many were new.

    One that is still bytes is one that nobody can read. What readers write to a channel in private is not kept at all.
    """
    rows = [row_of(bot_id, raw) for raw in raws if not is_direct_messages(raw)]
    async with database.transaction() as session:
        n_new = await inbox.store(session, rows, now=now)
        if next_update_id is not None:
            await inbox.acknowledge(session, bot_id, next_update_id, now=now)
    return n_new


class Polling:
    """Asks Telegram for updates for ever; whatever fails is waited out and asked again."""

    def __init__(self, bot: Bot, database: Database, clock: Clock, *, poll_seconds: int = POLL_SECONDS) -> None:
        self.bot, self.database, self.clock, self.poll_seconds = bot, database, clock, poll_seconds
        self.health = IntakeHealth()
        self._offset: int | None = None
        # So many updates are asked for one by one, since one among them made its batch unreadable.
        self._n_alone = 0

    async def run(self) -> None:
        """Poll until cancelled. Raises InvalidToken, which waiting cannot mend."""
        wait = FIRST_WAIT
        while True:
            try:
                await self.poll()
                wait, self.health.problem = FIRST_WAIT, None
            except InvalidToken:
                raise
            except Exception as error:
                self.health.problem = _plainly(error)
                log.warning("intake: %s; asking again in %.1f s", self.health.problem, wait)
                # Real time: the network does not know about simulated clocks.
                await asyncio.sleep(_asked_to_wait(error) or wait)
                wait = min(wait * 2, LONGEST_WAIT)
                if not (isinstance(error, TelegramError) or is_temporary(error)):
                    log.exception("intake: an unexpected failure")

    async def poll(self) -> int:
        """One batch and one commit; returns how many updates were new."""
        if self._offset is None:
            async with self.database.reading() as session:
                self._offset = await inbox.next_update_id(session, self.bot.id)
        batch = await self._ask_until_read(self._offset)
        now = self.clock.now()
        self.health.polled_at = now
        if not batch:
            return 0
        # Numbers of our own making are below zero. Telegram's may begin anew far below the last one.
        following = max((number + 1 for raw in batch if (number := number_of(raw)) >= 0), default=self._offset)
        n_new = await store_updates(self.database, self.bot.id, batch, now=now, next_update_id=following)
        self._offset = following
        self.health.storing.set()
        return n_new

    async def _ask_until_read(self, offset: int) -> list[Any]:
        """The next updates. Of a batch that cannot be read one by one; the one that is to blame comes as its bytes."""
        try:
            batch = await self._ask(offset, 1 if self._n_alone else BATCH)
        except Unreadable as answer:
            if not self._n_alone:
                log.warning("intake: a batch cannot be read; asking for its updates one by one")
                self._n_alone = BATCH
                return await self._ask_until_read(offset)
            update = first_update_in(answer.payload)
            if update is None:
                # Not even an update: a proxy's page, or half of an answer. It is asked for again.
                raise
            self._n_alone = 0
            return [read_update(update)]
        self._n_alone = max(self._n_alone - len(batch), 0) if batch else 0
        return batch

    async def _ask(self, offset: int, limit: int) -> list[Any]:
        parameters = {
            "offset": offset,
            "limit": limit,
            # The first does not wait: whether we hear is known at once, and the health page need not be doubted.
            "timeout": self.poll_seconds if self.health.polled_at else 0,
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        with warnings.catch_warnings():
            # It advises Bot.get_updates, which parses; raw JSON is the point here.
            warnings.simplefilter("ignore", PTBUserWarning)
            answer: Any = await self.bot.do_api_request(
                "getUpdates", api_kwargs=parameters, read_timeout=self.poll_seconds + 10
            )
        return answer if isinstance(answer, list) else []


def _asked_to_wait(error: Exception) -> float | None:
    # The public attribute warns of its own future; the time is the same.
    return error._retry_after.total_seconds() if isinstance(error, RetryAfter) else None


def _plainly(error: Exception) -> str:
    """A sentence for logs and /setup; Telegram's own texts carry no token."""
    if isinstance(error, Conflict):
        return "another program asks for this bot's updates, or a webhook is set (409)"
    if isinstance(error, Unreadable):
        return "Telegram's answer cannot be read"
    if isinstance(error, TimedOut):
        return "Telegram did not answer in time"
    if isinstance(error, NetworkError):
        return "Telegram cannot be reached"
    return type(error).__name__
