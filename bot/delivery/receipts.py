"""What became of each send, as rows: its end or its next try, and what that teaches about its destination."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery import outcomes
from bot.delivery.outcomes import Effect, Outcome
from bot.delivery.pacing import Limiter
from models.domain.sending import claims, deliveries, destinations
from models.domain.sending.claims import ClaimedDelivery
from models.domain.sending.policies import policy_of
from models.tables.delivery import Failure

logger = logging.getLogger(__name__)

# Retries wait 1, 2, 4 ... up to this many seconds, give or take a fifth.
LONGEST_BACKOFF_SECONDS = 60.0
# So often (about a minute) a failing delivery holds up those behind it, to keep the order in its chat through an outage of
# Telegram's; afterwards they overtake it, for it may be this very message that Telegram cannot take.
ATTEMPTS_IN_ORDER = 6

# Takes the id of the delivery that had posted the message, and now.
Restore = Callable[[AsyncSession, int, datetime], Awaitable[None]]


class Receipts:
    """Writes outcomes in the caller's transaction; `restore` is called when a message that was to change is gone."""

    def __init__(self, random: Random, restore: Restore | None) -> None:
        self._random, self._restore = random, restore

    async def write(
        self, session: AsyncSession, claim: ClaimedDelivery, outcome: Outcome, *, now: datetime, limiter: Limiter
    ) -> None:
        """One row's end or next try, and what the outcome says about its destination."""
        match outcome:
            case outcomes.Arrived(message_id):
                await claims.receipt(session, claim, now=now, message_id=message_id)
            case outcomes.Refused(effect=Effect.TOPIC_GONE) if claim.thread_id is not None:
                await destinations.forget_topic(session, claim.id)
                await claims.release(session, claim, now=now, due_at=now)
            case outcomes.Refused(failure, effect):
                await claims.fail(session, claim, now=now, failure=failure)
                await _learn(session, claim, effect, failure, now=now)
                if effect == Effect.MESSAGE_GONE and claim.edits_id is not None and self._restore is not None:
                    await self._restore(session, claim.edits_id, now)
                if effect == Effect.NONE:
                    await deliveries.say_instead(session, claim.id, now=now)
            case outcomes.Unexpected(name):
                logger.error("Delivery %s (%s) failed unexpectedly: %s", claim.id, claim.kind, name)
                await claims.fail(session, claim, now=now, failure=f"unexpected: {name}")
            case outcomes.InDoubt() if policy_of(claim.kind).in_doubt == "never":
                await claims.fail(session, claim, now=now, failure=Failure.IN_DOUBT)
            case outcomes.Migrated(new_address):
                await _follow(session, claim, new_address)
                await claims.release(session, claim, now=now, due_at=self._soon(claim, now))
            case _:
                await claims.release(session, claim, now=now, due_at=self._next_try(claim, outcome, now, limiter))

    def _next_try(self, claim: ClaimedDelivery, outcome: Outcome, now: datetime, limiter: Limiter) -> datetime:
        """When to try again, having told the limiter who else waits until then."""
        match outcome:
            case outcomes.Wait(retry_after):
                retry_after = max(retry_after, timedelta(seconds=1))
                limiter.note_refusal(claim.address, now, retry_after)
                return now + retry_after
            case outcomes.TokenRejected():
                logger.error("Telegram rejects the bot's token; nothing can be sent until it is mended.")
                limiter.wait_all(again_at := now + timedelta(seconds=LONGEST_BACKOFF_SECONDS))
                return again_at
            case _:
                again_at = now + self._backoff(claim.n_attempts)
                if claim.n_attempts <= ATTEMPTS_IN_ORDER:
                    limiter.wait(claim.address, again_at)
                return again_at

    def _backoff(self, n_attempts: int) -> timedelta:
        seconds = min(2.0 ** min(n_attempts - 1, 10), LONGEST_BACKOFF_SECONDS)
        return timedelta(seconds=seconds * self._random.uniform(0.8, 1.2))

    def _soon(self, claim: ClaimedDelivery, now: datetime) -> datetime:
        # At once under the new id; two groups that name each other must not keep us busy.
        return now if claim.n_attempts <= ATTEMPTS_IN_ORDER else now + self._backoff(claim.n_attempts)


async def _learn(session: AsyncSession, claim: ClaimedDelivery, effect: Effect, reason: str, *, now: datetime) -> None:
    """A refusal that concerns the whole destination changes its row, so that nothing else tries in vain."""
    if claim.member_id is not None and effect == Effect.MEMBER_BLOCKED:
        await destinations.mark_member_blocked(session, claim.member_id, now=now)
    elif claim.member_id is not None and effect in {Effect.MEMBER_UNREACHABLE, Effect.CHAT_GONE}:
        await destinations.mark_member_unreachable(session, claim.member_id)
    elif claim.chat_id is not None and effect == Effect.CHAT_GONE:
        await destinations.mark_chat_gone(session, claim.chat_id, now=now, reason=reason[:64])


async def _follow(session: AsyncSession, claim: ClaimedDelivery, new_address: int) -> None:
    if claim.chat_id is not None:
        await destinations.follow_migration(session, claim.chat_id, new_address)
