"""Voice: what messages are written with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.lists import format_list

from bot.texts.languages import FALLBACK, LANGUAGES, Maps
from bot.texts.render import Safe, Texts
from models.domain.member_time import zone_of


@dataclass(frozen=True)
class Voice:
    """How one reader is spoken to: the sentences, in their language, with times on a clock."""

    texts: Texts
    language: str
    zone: ZoneInfo
    # The reader chose this clock; else it is where they are likely to be.
    is_own_clock: bool = False
    # Nobody said which clock the reader has: which day it was, theirs may say otherwise.
    is_unsure: bool = False
    # Times are those of a room, whoever reads.
    is_of_room: bool = False

    def say(self, key: str, /, **values: Any) -> Safe:
        """A sentence as HTML; see Texts.say()."""
        return self.texts.say(self.language, key, **values)

    def plain(self, key: str, /, **values: Any) -> str:
        """A sentence without markup; see Texts.plain()."""
        return self.texts.plain(self.language, key, **values)

    def has(self, key: str) -> bool:
        """True when the language has a sentence of this name."""
        return key in self.texts.keys(self.language)

    @property
    def maps(self) -> Maps:
        """Where readers look up places."""
        return LANGUAGES.get(self.language, LANGUAGES[FALLBACK]).maps

    @property
    def locale(self) -> Locale:
        """Unicode's rules for the language."""
        return LANGUAGES.get(self.language, LANGUAGES[FALLBACK]).locale

    def together(self, parts: Sequence[str]) -> str:
        """Several things in one sentence: "Ana, Bo and Cy", Ana、Bo和Cy."""
        return format_list(parts, locale=self.locale)

    def speaking(self, language: str) -> Voice:
        """The same voice in another language."""
        return replace(self, language=language)

    def on_clock(self, zone: str) -> Voice:
        """The same voice with times on this clock, whoever reads them."""
        return replace(self, zone=zone_of(zone, self.zone.key))

    def near(self, zone: str) -> Voice:
        """The same for something that has a zone but no room: on its clock, unless the reader chose one of their own."""
        return self if self.is_own_clock else self.on_clock(zone)

    def in_room(self, zone: str) -> Voice:
        """The same for what takes place in a room of this zone: on the clock on its wall, which clients must not turn."""
        return replace(self.on_clock(zone), is_of_room=True)
