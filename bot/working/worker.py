"""Turns stored updates into effects: what a person waits for first and one by one, chatter in batches.

Both lanes mark updates done in the transaction that holds their effects, so a kill at any instant neither loses nor
doubles anything.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update
from telegram.ext import Application

from bot.clock import Clock
from bot.handlers import rsvps
from bot.hearing.parts import NotUnderstood
from bot.hearing.raw_updates import unpacked
from bot.hearing.updates import hear
from bot.notices import departures, moves, newcomers
from bot.scene.context import CURRENT_TURN
from bot.scene.scene import ask
from bot.scene.services import Services
from bot.scene.turn import AlreadyDone, Turn, UnitOfWork
from bot.working.attempts import Attempts
from bot.working.lanes import Unpacked, batches, lanes_of
from bot.working.press_answers import PressAnswers
from bot.working.quarantine import set_aside, set_aside_unread
from models.database import Database, is_temporary
from models.domain.hearing import inbox, recording
from models.domain.hearing.facts import Fact
from models.domain.hearing.inbox import Waiting

log = logging.getLogger(__name__)

# Chatter per commit: large enough that the disk is not the limit, small enough that a press waits milliseconds.
BATCH = 500
# People served at once, each in their own chat's order.
LANES = 8
# Without a wake-up the rows are looked at this often, in seconds.
IDLE_SECONDS = 1.0
FIRST_WAIT, LONGEST_WAIT = 0.2, 10.0
# Seconds for the last word to the database before the worker ends.
LONGEST_FAREWELL = 2.0

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class Worker:
    """Works off the inbox; one runs in each process that hears."""

    def __init__(self, services: Services, application: AnyApplication, stored: asyncio.Event) -> None:
        self.services, self.application, self.stored = services, application, stored
        self._answers = PressAnswers(services.clock)
        self._failures: dict[int, BaseException] = {}
        self._attempts = Attempts()
        application.add_error_handler(self._remember_failure)

    @property
    def _database(self) -> Database:
        return self.services.database

    @property
    def _clock(self) -> Clock:
        return self.services.clock

    async def run(self) -> None:
        """Work until cancelled; a database that is gone is waited for."""
        try:
            await self._run()
        except asyncio.CancelledError:
            with suppress(Exception):
                async with asyncio.timeout(LONGEST_FAREWELL):
                    await self._attempts.take_back(self._database)
            raise

    async def _run(self) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                if not await self.work_off():
                    await self._wait_for_more()
                wait = FIRST_WAIT
            except Exception as error:
                level = logging.WARNING if is_temporary(error) else logging.ERROR
                log.log(
                    level, "worker: %s; again in %.1f s", type(error).__name__, wait, exc_info=level > logging.WARNING
                )
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    async def _wait_for_more(self) -> None:
        # Not wait_for(): in Python 3.11 that one swallows a cancellation that comes together with the wake-up.
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE_SECONDS):
                await self.stored.wait()
        self.stored.clear()

    async def work_off(self) -> int:
        """Handle what waits, the urgent first, until nothing does; returns how many updates that were."""
        n_handled = 0
        while n := await self._urgent() or await self._chatter():
            n_handled += n
        return n_handled

    async def _urgent(self) -> int:
        async with self._database.reading() as session:
            rows = await inbox.waiting(session, is_urgent=True, limit=BATCH)
            senders = {row.sender_telegram_id for row in rows if row.sender_telegram_id is not None}
            # What the same people did before must be known: who says hello and presses Start is a member.
            before = await inbox.waiting(session, is_urgent=False, limit=BATCH, of_senders=senders) if senders else []
        if await self._attempts.are_suspect(self._database, [*before, *rows]):
            await self._alone(before, self._record_alone)
            await self._alone(rows, lambda row: self._serve(row, unpacked(row.payload)))
            return len(rows)
        await self._attempts.begin(self._database, [*before, *rows])
        await self._record_all(before)
        gate = asyncio.Semaphore(LANES)
        await asyncio.gather(*(self._in_order(lane, gate) for lane in lanes_of(rows)))
        self._attempts.end([*before, *rows])
        return len(rows)

    async def _alone(self, rows: Sequence[Waiting], work: Callable[[Waiting], Awaitable[None]]) -> None:
        """One after the other, each counted before: one of them may end this process as it did the last."""
        for row in rows:
            if await self._attempts.begin_alone(self._database, row):
                await work(row)
            else:
                await set_aside_unread(self.services, row)
            self._attempts.end([row])

    async def _in_order(self, lane: Sequence[Unpacked], gate: asyncio.Semaphore) -> None:
        for together in batches(lane):
            async with gate:
                await self._serve_together(together)

    async def _serve_together(self, updates: Sequence[Unpacked]) -> None:
        """Several presses on one event in one transaction; when anything is wrong with one, each alone."""
        if len(updates) > 1:
            try:
                await self._share(updates)
                return
            except Exception as error:
                if is_temporary(error):
                    raise
                log.warning("worker: %d presses together: %s; now each alone", len(updates), type(error).__name__)
        for row, raw in updates:
            await self._serve(row, raw)

    async def _share(self, updates: Sequence[Unpacked]) -> None:
        facts = {row.id: _facts(raw) for row, raw in updates}
        turns = []
        async with self._database.transaction() as session:
            mine, _ = await self._mark_and_record(session, facts)
            work = UnitOfWork(session)
            await work.meet({row.sender_telegram_id for row, _ in updates if row.sender_telegram_id is not None})
            for row, raw in (one for one in updates if one[0].id in mine):
                # Each has its own instant: the waitlist goes by it.
                turn = Turn(self._database, row.id, facts[row.id], self._clock.now(), shared=work)
                turns.append((raw, turn))
                await self._handle(raw, turn)
            await work.close()
        for raw, turn in turns:
            self._answer_press(raw, turn)
        self.services.door.wake()
        self.services.runner.wake()

    async def _serve(self, row: Waiting, raw: Any) -> None:
        """One update through its handlers; what cannot be handled is set aside, what may pass later is raised."""
        turn = Turn(self._database, row.id, (), self._clock.now(), self.services.founding)
        try:
            turn.facts = _facts(raw)
            await self._handle(raw, turn)
            await turn.finish()
        except AlreadyDone:
            return
        except Exception as error:
            if is_temporary(error):
                raise
            if not turn.is_done:
                await set_aside(self.services, row.id, raw, error)
                return
            log.error("worker: update row %d failed after its commit: %s", row.id, type(error).__name__)
        finally:
            self._answer_press(raw, turn)

    async def _handle(self, raw: dict[str, Any], turn: Turn) -> None:
        update = Update.de_json(raw, self.application.bot)
        token = CURRENT_TURN.set(turn)
        try:
            await self.application.process_update(update)
        finally:
            CURRENT_TURN.reset(token)
        if error := self._failures.pop(update.update_id, None):
            raise error

    async def _remember_failure(self, update: object, context: Any) -> None:
        """python-telegram-bot swallows what handlers raise; the worker must know."""
        if isinstance(update, Update) and context.error is not None:
            self._failures[update.update_id] = context.error

    def _answer_press(self, raw: Any, turn: Turn) -> None:
        """Every press is answered at once, even one that failed; the network is not waited for."""
        press = raw.get("callback_query") if isinstance(raw, dict) else None
        if not isinstance(press, dict) or not self.services.ask_telegram:
            return
        answer = turn.answer or (
            lambda: ask(self.services, "answerCallbackQuery", {"callback_query_id": press.get("id")})
        )
        self._answers.give(answer)

    async def _chatter(self) -> int:
        async with self._database.reading() as session:
            rows = await inbox.waiting(session, is_urgent=False, limit=BATCH)
        if await self._attempts.are_suspect(self._database, rows):
            await self._alone(rows, self._record_alone)
            return len(rows)
        await self._attempts.begin(self._database, rows)
        await self._record_all(rows)
        self._attempts.end(rows)
        return len(rows)

    async def _record_all(self, rows: Sequence[Waiting]) -> None:
        if not rows:
            return
        try:
            await self._record(rows)
        except Exception as error:
            if is_temporary(error):
                raise
            # Something in the batch is wrong: alone, each either passes or is set aside.
            for row in rows:
                await self._record_alone(row)

    async def _record(self, rows: Sequence[Waiting]) -> None:
        facts = {row.id: _facts(unpacked(row.payload)) for row in rows}
        async with self._database.transaction() as session:
            _, heard = await self._mark_and_record(session, facts)
            is_answered = await rsvps.hear_reactions(self.services, session, heard, now=self._clock.now())
            is_greeted = await newcomers.greet(self.services, session, heard, now=self._clock.now())
            is_released = await departures.release(self.services, session, heard, now=self._clock.now())
            is_moved = await moves.follow(self.services, session, heard, now=self._clock.now())
        if is_answered or is_greeted or is_released or is_moved:
            self.services.door.wake()
            self.services.runner.wake()

    async def _mark_and_record(
        self, session: AsyncSession, facts: Mapping[int, Sequence[Fact]]
    ) -> tuple[set[int], list[Fact]]:
        """Claim the rows that are still ours to do and record what they say; returns those, and their facts."""
        now = self._clock.now()
        mine = await inbox.mark_done(session, list(facts), now=now)
        heard = [fact for row_id, of_row in facts.items() if row_id in mine for fact in of_row]
        await recording.record(session, heard, now=now, founding=self.services.founding)
        return mine, heard

    async def _record_alone(self, row: Waiting) -> None:
        try:
            await self._record([row])
        except Exception as error:
            if is_temporary(error):
                raise
            await set_aside(self.services, row.id, unpacked(row.payload), error)

    async def finish_answers(self) -> None:
        """Wait for answers to presses that are on their way."""
        await self._answers.finish()

    async def close(self) -> None:
        """As finish_answers(), and nothing is tried again."""
        await self._answers.close()


def _facts(raw: Any) -> Sequence[Fact]:
    if not isinstance(raw, dict):
        raise NotUnderstood("the stored update is no JSON object")
    return hear(raw)
