"""What handlers and jobs are given: one frozen bundle, built once on the wiring screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from bot.clock import Clock
from bot.config import Config
from bot.scene.echoes import Echoes
from bot.texts import Texts, Voice
from bot.texts.languages import LANGUAGES, language_spoken
from models.database import Database
from models.domain.hearing.chats import Founding
from models.domain.member_time import Defaults, place_zone
from models.tables.community import Community
from models.tables.member import Frequency, Member


class Wakeable(Protocol):
    """The door out and the job runner: told that a row may be due now."""

    def wake(self) -> None:
        """Look at the rows now instead of at the next tick."""


class NobodyToWake:
    """Nobody to wake: jobs run by hand, tests of one room."""

    def wake(self) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Services:
    """Everything that is not in the update itself."""

    database: Database
    clock: Clock
    texts: Texts
    config: Config
    random: Random = field(default_factory=Random)
    door: Wakeable = field(default_factory=NobodyToWake)
    runner: Wakeable = field(default_factory=NobodyToWake)
    echoes: Echoes = field(default_factory=Echoes)
    # Without @; links into private chats are made from it.
    bot_username: str = "klatch_bot"
    bot_id: int = 0
    # Says things at once that are no messages (answers to presses); None where there is no Telegram.
    ask_telegram: Callable[[str, dict[str, Any]], Awaitable[Any]] | None = None

    def voice(self, reader: Member | Community | None) -> Voice:
        """How a member (in private), a community (in its groups) or nobody in particular is spoken to."""
        defaults = self.config.defaults
        own = reader.time_zone if reader else None
        language = reader.language if reader else None
        if isinstance(reader, Member) and not language and reader.client_language:
            language = language_spoken(reader.client_language)
        zone = place_zone(own, self.defaults)
        return Voice(
            self.texts,
            language or defaults.language,
            zone,
            is_own_clock=isinstance(reader, Member) and own is not None,
            is_unsure=isinstance(reader, Member) and own is None,
        )

    @staticmethod
    def languages(*, first: str) -> list[str]:
        """Every language that is spoken, beginning with this one."""
        return sorted(LANGUAGES, key=lambda code: code != first)

    @property
    def founding(self) -> Founding:
        """What a new community begins with."""
        return Founding(self.config.defaults.language, self.config.defaults.time_zone)

    @property
    def defaults(self) -> Defaults:
        """What holds until a member or a community chooses."""
        settings = self.config.defaults
        return Defaults(
            language=settings.language,
            time_zone=settings.time_zone,
            digest=Frequency(settings.digest),
            digest_hour=settings.digest_hour,
            quiet_hours=(settings.quiet_hours[0], settings.quiet_hours[1]),
            attention_budget=settings.attention_budget,
        )
