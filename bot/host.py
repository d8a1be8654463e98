"""The running host: intake, worker and door tied together; the wiring screen decides what each of them is."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.ext import ExtBot
from telegram.warnings import PTBUserWarning

from bot.app import AnyApplication, build_application
from bot.config import Telegram
from bot.delivery.door import Door
from bot.delivery.door_names import own_name
from bot.delivery.pacing import Limits
from bot.hearing.intake import Polling
from bot.hearing.updates import ALLOWED_UPDATES
from bot.menu import publish_menus
from bot.notices import listing_moves, lost_cards
from bot.scene.services import Services, Wakeable
from bot.working.worker import Worker
from models.domain.digests.validity import CHECKS as OF_DIGESTS
from models.domain.events.validity import CHECKS as OF_EVENTS
from models.domain.introductions.validity import CHECKS as OF_INTRODUCTIONS
from models.domain.invitations.validity import CHECKS as OF_INVITATIONS
from models.domain.listings.validity import CHECKS as OF_LISTINGS
from models.domain.profiles.validity import CHECKS as OF_PROFILES
from models.domain.questions.validity import CHECKS as OF_QUESTIONS
from models.domain.sending.checks import CHECKS as OF_ANYTHING
from models.domain.sending.checks import Checks

log = logging.getLogger(__name__)

# All that the door looks up again before a push leaves.
CHECKS: Checks = {
    **OF_ANYTHING,
    **OF_EVENTS,
    **OF_DIGESTS,
    **OF_INTRODUCTIONS,
    **OF_PROFILES,
    **OF_INVITATIONS,
    **OF_LISTINGS,
    **OF_QUESTIONS,
}


class Host:
    """One bot in one process. `start()` before anything else; then `run()` for ever, or `settle()` step by step.

    `name` is the door's; by default one that no other host has.
    """

    def __init__(self, services: Services, bot: ExtBot[None], *, name: str | None = None) -> None:
        limits = services.config.delivery
        self.bot = bot
        self.door = Door(
            services.database,
            bot,
            services.clock,
            defaults=services.defaults,
            checks=CHECKS,
            limits=Limits(
                per_chat_seconds=limits.per_chat_seconds,
                per_group_minute=limits.per_group_minute,
                per_second=limits.per_second,
            ),
            name=name or own_name(),
            random=services.random,
            restore=self._restore,
        )
        self.services = replace(services, door=self.door, ask_telegram=self._ask_telegram)
        self.polling = Polling(bot, services.database, services.clock)
        self.application: AnyApplication = build_application(bot)
        self.worker = Worker(self.services, self.application, self.polling.health.storing)

    async def start(self) -> None:
        """Ask Telegram who we are, patiently; handlers and links need the name. Raises telegram.error.InvalidToken."""
        await _patiently(self.application.initialize)
        self._share(replace(self.services, bot_username=self.bot.username, bot_id=self.bot.id))

    def use_runner(self, runner: Wakeable) -> None:
        """Who is woken when a handler deferred a job."""
        self._share(replace(self.services, runner=runner))

    def _share(self, services: Services) -> None:
        self.services = services
        self.application.bot_data["services"] = self.worker.services = services

    async def run(self, telegram: Telegram) -> None:
        """Hear, work and speak until cancelled; the first of them to fail for good ends all."""
        await self._choose_intake(telegram)
        async with asyncio.TaskGroup() as group:
            group.create_task(self.publish_menus(), name="menus")
            if telegram.mode == "polling":
                group.create_task(self.polling.run(), name="intake")
            group.create_task(self.worker.run(), name="worker")
            group.create_task(self.door.run(), name="door")

    async def _choose_intake(self, telegram: Telegram) -> None:
        """Tell Telegram how we listen; what waits there is kept either way."""
        if telegram.mode == "polling":
            method, parameters = "deleteWebhook", {}
        else:
            address = f"{self.services.config.web.address.rstrip('/')}/telegram"
            method = "setWebhook"
            parameters = {"url": address, "secret_token": telegram.secret, "allowed_updates": list(ALLOWED_UPDATES)}
        await _patiently(lambda: self._ask_telegram(method, parameters))

    async def publish_menus(self) -> None:
        """What clients list under "/". Menus are a comfort: a refusal must not keep the host from listening."""
        try:
            await publish_menus(self._ask_telegram, self.services.texts)
        except TelegramError as error:
            log.warning("host: the command menus were not set: %s", error.message)

    async def settle(self) -> int:
        """Hear, work and speak until nothing more happens at this instant; returns how many steps that took.

        For tests and the simulated clock; never beside run().
        """
        n_steps = 0
        self.polling.poll_seconds = 0
        while await self.polling.poll() + await self.worker.work_off() + await self.door.flush():
            await self.worker.finish_answers()
            n_steps += 1
        await self.worker.finish_answers()
        return n_steps

    async def stop(self) -> None:
        """Finish what is in flight and close the connections."""
        await self.worker.close()
        await self.door.stop()
        await self.application.shutdown()

    async def _restore(self, session: AsyncSession, delivery_id: int, now: datetime) -> None:
        await lost_cards.restore(self.services, session, delivery_id, now=now)
        await listing_moves.restore(self.services, session, delivery_id, now=now)

    async def _ask_telegram(self, method: str, parameters: dict[str, Any]) -> Any:
        with warnings.catch_warnings():
            # It advises the library's own methods; ours are named by data and may be newer than the library.
            warnings.simplefilter("ignore", PTBUserWarning)
            return await self.bot.do_api_request(method, api_kwargs=parameters)


async def _patiently(call: Callable[[], Awaitable[object]]) -> None:
    """Call until Telegram answers: a host that starts during an outage waits it out. Refusals are raised."""
    wait = 1.0
    while True:
        try:
            await call()
            return
        except NetworkError as error:
            # The library counts refused requests among network errors.
            if isinstance(error, BadRequest):
                raise
            log.warning("host: Telegram cannot be reached; asking again in %.0f s", wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 30.0)
