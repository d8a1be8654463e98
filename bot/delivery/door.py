"""The one door out: claims due deliveries, sends them within the limits, and writes what became of each.

Claim in one transaction, send outside any, write the outcome in another. What a `kill -9` leaves between them is settled
by the next start, as each kind prefers (models/domain/sending/policies.py).
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from random import Random

from telegram import Bot

from bot.clock import Clock
from bot.delivery import outcomes
from bot.delivery.calls import call
from bot.delivery.door_names import has_ended
from bot.delivery.pacing import Limiter, Limits
from bot.delivery.receipts import Receipts, Restore
from models.database import Database, is_temporary
from models.domain.member_time import Defaults
from models.domain.sending import claims
from models.domain.sending.checks import Checks
from models.domain.sending.claims import ClaimedDelivery, SettledDelivery

logger = logging.getLogger(__name__)

# Sends at once, over different chats: enough for 28 a second at 250 ms a call.
CONCURRENCY = 8
# Claims of any door that are older than this were left by a crash: no call and its receipt take as long.
STALE_AFTER = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)


class Door:
    """Sends what models.domain.sending.deliveries queued.

    `name` must differ between doors that run at the same time (door_names.own_name()): a door that starts takes over the
    claims of its own name, and each minute those of names whose process has ended.
    `restore` is called, in the transaction that writes the outcome, when a message that was to change is gone.
    `wake()` after a commit makes `run()` look at once; rows of other processes are seen every `poll_seconds`.
    """

    def __init__(
        self,
        database: Database,
        bot: Bot,
        clock: Clock,
        *,
        defaults: Defaults,
        checks: Checks,
        limits: Limits,
        name: str,
        random: Random | None = None,
        poll_seconds: float = 5.0,
        restore: Restore | None = None,
    ) -> None:
        self._database, self._bot, self._clock = database, bot, clock
        self._defaults, self._checks, self._name, self._poll_seconds = defaults, checks, name, poll_seconds
        self._receipts = Receipts(random or Random(name), restore)  # noqa: S311  # jitter, not a secret
        self._limits, self._limiter = limits, Limiter(limits)
        self._claiming = asyncio.Lock()
        self._wake = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._seen_until: datetime | None = None
        self._recovered_at: datetime | None = None
        self._n_sent = 0
        self._is_stopping = False
        # At INFO these write each address they call, and the address holds the token.
        for chatty in ("httpx", "httpcore"):
            logging.getLogger(chatty).setLevel(logging.WARNING)

    def wake(self) -> None:
        """Something was queued, or became sendable."""
        self._wake.set()

    async def run(self) -> None:
        """Send whatever is due until stop(). An outage of the database is waited out."""
        self._is_stopping = False
        while not self._is_stopping:
            self._wake.clear()
            looked_at = self._clock.now()
            try:
                await self._fill()
                wake_at = await self._next_look(looked_at)
            except Exception as error:
                # The type only: a statement's error carries its parameters.
                logger.error("The door cannot reach its rows (%s); it tries again.", type(error).__name__)
                wake_at = self._clock.now() + timedelta(seconds=1)
            await self._rest_until(wake_at)
        await self._drain()

    async def stop(self) -> None:
        """Claim nothing more and return when what is in flight has its outcome written."""
        self._is_stopping = True
        self.wake()
        await self._drain()

    async def flush(self) -> int:
        """Send all that is due and allowed at this instant; returns how many arrived."""
        before = self._n_sent
        while await self._fill() or self._sending:
            if self._sending:
                await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
        return self._n_sent - before

    async def _fill(self) -> bool:
        """Claim and start as many sends as there is room for; says whether there was anything to decide."""
        await self._look_back()
        has_decided = False
        while len(self._sending) < CONCURRENCY and not self._is_stopping:
            step = await self._claim()
            if step is None:
                break
            has_decided = True
        return has_decided

    async def _claim(self) -> ClaimedDelivery | SettledDelivery | None:
        async with self._claiming:
            now = self._clock.now()
            if self._limiter.overall_slot(now) > now:
                return None
            busy, busy_for_edits = self._limiter.busy(now)
            async with self._database.transaction() as session:
                step = await claims.claim_next(
                    session,
                    now=now,
                    by=self._name,
                    defaults=self._defaults,
                    checks=self._checks,
                    busy=busy,
                    busy_for_edits=busy_for_edits,
                )
            if isinstance(step, ClaimedDelivery):
                self._start(step, now)
            return step

    def _start(self, claim: ClaimedDelivery, now: datetime) -> None:
        self._limiter.note(claim.address, now, is_edit=claim.edits_id is not None)
        task = asyncio.create_task(self._deliver(claim), name=f"delivery {claim.id}")
        self._sending.add(task)
        task.add_done_callback(self._finish)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self.wake()
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("%s ended without an outcome: %s", task.get_name(), type(error).__name__)

    async def _deliver(self, claim: ClaimedDelivery) -> None:
        outcome = await call(self._bot, claim)
        self._limiter.note_end(claim.address, self._clock.now(), is_edit=claim.edits_id is not None)
        while True:
            try:
                async with self._database.transaction() as session:
                    await self._receipts.write(session, claim, outcome, now=self._clock.now(), limiter=self._limiter)
                self._n_sent += isinstance(outcome, outcomes.Arrived)
                return
            except Exception as error:
                if not is_temporary(error) or self._is_stopping:
                    raise
                logger.warning("Outcome of delivery %s waits for the database.", claim.id)
                await self._clock.sleep(1.0)

    async def _look_back(self) -> None:
        """Settle what crashes left, and learn what other doors sent within the minute."""
        async with self._claiming:
            now = self._clock.now()
            if self._recovered_at is not None and now < self._recovered_at - MINUTE:
                if self._sending:
                    # Their claims look like those of a crash; each ends in seconds and wakes us.
                    return
                # The clock was ahead: what it made us wait for is forgotten, and what was sent is learned anew.
                self._limiter, self._seen_until = Limiter(self._limits), None
            if self._recovered_at is None or abs(now - self._recovered_at) >= MINUTE:
                await self._recover(now)
            if self._seen_until is None or not self._database.is_sqlite:
                await self._learn_sends(now)

    async def _recover(self, now: datetime) -> None:
        own = {self._name} if self._recovered_at is None else set()
        async with self._database.transaction() as session:
            ended = {name for name in await claims.claimants(session) if has_ended(name)}
            n_again, n_never = await claims.recover_in_doubt(session, now=now, older_than=STALE_AFTER, by=own | ended)
            await claims.pull_forward(session, now=now)
        self._recovered_at = now
        if n_again or n_never:
            logger.warning("After a crash: %s deliveries go again, %s stay in doubt.", n_again, n_never)

    async def _learn_sends(self, now: datetime) -> None:
        # The first time our own count as well: they were sent before a restart.
        not_by = self._name if self._seen_until is not None else None
        since = min(max(self._seen_until or now - MINUTE, now - MINUTE), now)
        async with self._database.reading() as session:
            sends = await claims.recent_sends(session, since=since, not_by=not_by)
        # A clock that was ahead, here or at another door, must not hide what is sent until that time comes.
        self._seen_until = min(max([at for _, at, _ in sends], default=since), now)
        for address, at, is_edit in sends:
            self._limiter.note(address, at, is_edit=is_edit)

    async def _next_look(self, looked_at: datetime) -> datetime:
        """When there may be something to send; a finished send or wake() makes it sooner.

        Counted from before the last look: what became due or allowed while that went on may have been missed by it.
        """
        async with self._database.reading() as session:
            is_held_up, next_due_at = await claims.outlook(session, now=looked_at)
        free_at = self._limiter.next_change(looked_at) if is_held_up else None
        poll_at = looked_at + timedelta(seconds=self._poll_seconds)
        return min(at for at in (poll_at, next_due_at, free_at) if at is not None)

    async def _rest_until(self, wake_at: datetime) -> None:
        sleeping = asyncio.create_task(self._sleep_until(wake_at))
        waking = asyncio.create_task(self._wake.wait())
        try:
            await asyncio.wait([sleeping, waking], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sleeping, waking):
                task.cancel()
            # Gathered, not awaited one by one: a cancellation of ours that comes just now must not pass for theirs.
            await asyncio.gather(sleeping, waking, return_exceptions=True)

    async def _sleep_until(self, instant: datetime) -> None:
        # Asked for here, where no time can pass before the clock knows; it moved on while the rows were read.
        await self._clock.sleep((instant - self._clock.now()).total_seconds())

    async def _drain(self) -> None:
        while self._sending:
            await asyncio.wait(self._sending)
