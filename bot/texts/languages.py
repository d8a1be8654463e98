"""The languages Klatch speaks: the one list. Another one is an entry here, a texts file, and what models/reading reads of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from babel import Locale


@dataclass(frozen=True)
class Maps:
    """Addresses of a map service: a place looked up by its name, and a point."""

    by_name: str
    by_point: str


GOOGLE = Maps(
    "https://www.google.com/maps/search/?api=1&query={place}",
    "https://www.google.com/maps/search/?api=1&query={latitude},{longitude}",
)
# Google's maps are not reachable from mainland China. Amap wants the longitude first, and to be told that Telegram's points
# are not in China's own grid.
AMAP = Maps(
    "https://uri.amap.com/search?keyword={place}",
    "https://uri.amap.com/marker?position={longitude},{latitude}&name={place}&coordinate=wgs84",
)


@dataclass(frozen=True)
class Language:
    """One language: `code` names its texts file and is what members and communities keep."""

    code: str
    # Whose rules hold for counts, lists and dates, in Unicode's words.
    locale_name: str
    maps: Maps = GOOGLE

    @cached_property
    def locale(self) -> Locale:
        """Unicode's rules."""
        return Locale.parse(self.locale_name)

    @property
    def own_name(self) -> str:
        """What its speakers call it."""
        names = self.locale.languages
        return str(names.get(self.locale_name) or names[self.locale.language])


LANGUAGES = {
    one.code: one
    for one in (
        # English as outside America: 4 December, and no comma before the last "and".
        Language("en", "en_001"),
        Language("zh", "zh_Hans", AMAP),
    )
}
# What is said where a language has no sentence, and to whoever speaks none of ours.
FALLBACK = "en"


def language_spoken(client_language: str) -> str:
    """The language of ours that fits what a Telegram client speaks ("zh-hans", "pt-br"), else the fallback."""
    code = client_language.lower().partition("-")[0]
    return code if code in LANGUAGES else FALLBACK
