"""Takes urgent updates through their handlers: each with a transaction of its own, presses on one event with one for all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.hearing.raw_updates import unpack
from bot.scene.context import CURRENT_TURN
from bot.scene.scene import ask
from bot.scene.services import Services
from bot.scene.transaction import AlreadyDone, Turn, UnitOfWork
from bot.working.press_answers import PressAnswers
from bot.working.quarantine import set_aside
from bot.working.recording import facts_of, mark_and_record
from models.database import is_temporary
from models.domain.hearing.inbox import Waiting

log = logging.getLogger(__name__)

# Transactions at once. Handlers ask Telegram before theirs, so one that waits for it takes nobody's place.
MOST_TRANSACTIONS = 8

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class Serving:
    """What handlers are given, and what becomes of what they raise."""

    def __init__(self, services: Services, application: AnyApplication) -> None:
        self.services, self._application = services, application
        self.answers = PressAnswers(services.clock)
        self._failures: dict[int, BaseException] = {}
        self._gate = asyncio.Semaphore(MOST_TRANSACTIONS)
        application.add_error_handler(self._remember_failure)

    async def serve(self, row: Waiting) -> None:
        """One update through its handlers; what cannot be handled is set aside, what may pass later is raised."""
        services, raw = self.services, unpack(row.payload)
        turn = Turn(services.database, row.id, (), services.clock.now(), services.founding, gate=self._gate)
        try:
            turn.facts = facts_of(raw)
            await self._handle(raw, turn)
            await turn.finish()
        except AlreadyDone:
            return
        except Exception as error:
            if is_temporary(error):
                raise
            if not turn.is_done:
                await set_aside(services, row.id, raw, error)
                return
            log.error("worker: update row %d failed after its commit: %s", row.id, type(error).__name__)
        finally:
            self._answer_press(raw, turn)

    async def serve_together(self, rows: Sequence[Waiting]) -> None:
        """Presses on one event in one transaction; when anything is wrong with one, each alone."""
        try:
            await self._share(rows)
            return
        except Exception as error:
            if is_temporary(error):
                raise
            log.warning("worker: presses on one event (%d): %s; now each alone", len(rows), type(error).__name__)
        for row in rows:
            await self.serve(row)

    async def _share(self, rows: Sequence[Waiting]) -> None:
        services, turns = self.services, []
        raws = {row.id: unpack(row.payload) for row in rows}
        facts = {row_id: facts_of(raw) for row_id, raw in raws.items()}
        async with self._gate, services.database.transaction() as session:
            own_ids, _ = await mark_and_record(services, session, facts)
            work = UnitOfWork(session)
            await work.meet({row.sender_telegram_id for row in rows if row.sender_telegram_id is not None})
            for row in (one for one in rows if one.id in own_ids):
                # Each has its own instant: the waitlist goes by it.
                turn = Turn(services.database, row.id, facts[row.id], services.clock.now(), own_work=work)
                turns.append((raws[row.id], turn))
                await self._handle(raws[row.id], turn)
            await work.close()
        for raw, turn in turns:
            self._answer_press(raw, turn)
        services.door.wake()
        services.runner.wake()

    async def _handle(self, raw: dict[str, Any], turn: Turn) -> None:
        update = Update.de_json(raw, self._application.bot)
        token = CURRENT_TURN.set(turn)
        try:
            await self._application.process_update(update)
        finally:
            CURRENT_TURN.reset(token)
        if error := self._failures.pop(update.update_id, None):
            raise error

    async def _remember_failure(self, update: object, context: Any) -> None:
        """python-telegram-bot swallows what handlers raise; we must know."""
        if isinstance(update, Update) and context.error is not None:
            self._failures[update.update_id] = context.error

    def _answer_press(self, raw: Any, turn: Turn) -> None:
        """Every press is answered at once, even one that failed; the network is not waited for."""
        press = raw.get("callback_query") if isinstance(raw, dict) else None
        if not isinstance(press, dict) or not self.services.ask_telegram:
            return
        parameters = {"callback_query_id": press.get("id")}
        self.answers.give(turn.answer or (lambda: ask(self.services, "answerCallbackQuery", parameters)))
