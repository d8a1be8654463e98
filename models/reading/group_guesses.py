"""What a group's title, talk and people's clients say of its language and its clock: proposals for its admins, nothing more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.reading.patterns import pattern_of
from models.reading.scripts import scripts_of
from models.reading.zone_places import places, plain, regions
from models.reading.zones import WORDLIKE

# Fewer messages say little about what a group speaks.
LEAST_TEXTS = 8
# Of the messages; between these two shares a group speaks both.
CLEARLY_CHINESE, CLEARLY_NOT = 0.8, 0.2
# A place named less often in the talk is somewhere people travel to.
LEAST_NAMED = 3
MOST_ZONES = 3
_HAN_RUN = pattern_of(r"[\u3400-\u9fff]{2,}")
# Words of English that are towns as well.
_NO_TOWNS = frozenset(
    "bath central cork home hull mobile most nice of orange reading split table male union victoria".split()  # noqa: SIM905
)
# Where nearly all live who read their Telegram in a language; English, Spanish, French and Arabic say too little.
_ZONES_OF_CLIENTS = {
    "Asia/Shanghai": "zh zh-hans zh-cn", "Asia/Taipei": "zh-hant zh-tw", "Asia/Hong_Kong": "zh-hk yue",
    "Asia/Singapore": "zh-sg en-sg", "Asia/Tokyo": "ja", "Asia/Seoul": "ko", "Asia/Ho_Chi_Minh": "vi",
    "Asia/Bangkok": "th", "Asia/Jakarta": "id", "Asia/Kuala_Lumpur": "ms", "Asia/Kolkata": "hi en-in",
    "Asia/Tehran": "fa", "Asia/Jerusalem": "he", "Europe/Berlin": "de", "Europe/Vienna": "de-at",
    "Europe/Zurich": "de-ch", "Europe/Paris": "fr-fr", "Europe/Rome": "it", "Europe/Amsterdam": "nl",
    "Europe/Warsaw": "pl", "Europe/Prague": "cs", "Europe/Budapest": "hu", "Europe/Bucharest": "ro",
    "Europe/Athens": "el", "Europe/Kyiv": "uk", "Europe/Istanbul": "tr", "Europe/Stockholm": "sv",
    "Europe/Copenhagen": "da", "Europe/Oslo": "nb no", "Europe/Helsinki": "fi", "Europe/Sofia": "bg",
    "Europe/London": "en-gb", "America/Sao_Paulo": "pt-br", "Europe/Lisbon": "pt-pt", "Europe/Madrid": "es-es",
    "America/Mexico_City": "es-mx", "Australia/Sydney": "en-au",
}  # fmt: skip
_ZONE_OF_CLIENT = {code: zone for zone, codes in _ZONES_OF_CLIENTS.items() for code in codes.split()}


@dataclass(frozen=True)
class Signs:
    """What is known of a group: `clients` are Telegram's language codes of its admins, `zones` those that members chose."""

    title: str = ""
    texts: Sequence[str] = ()
    clients: Sequence[str] = ()
    zones: Sequence[str] = ()


def language_of(signs: Signs) -> str | None:
    """ "zh", or "en" for what is written in letters; None where the signs say nothing, or both."""
    kinds = [kinds for text in signs.texts if (kinds := scripts_of(text))]
    if len(kinds) >= LEAST_TEXTS:
        share = sum("han" in scripts for scripts in kinds) / len(kinds) - sum(
            len(scripts) == 2 for scripts in kinds
        ) / 2 / len(kinds)
        return "zh" if share >= CLEARLY_CHINESE else "en" if share <= CLEARLY_NOT else None
    title_scripts = scripts_of(signs.title)
    client_languages = {"zh" if code.lower().startswith(("zh", "yue")) else "en" for code in signs.clients}
    client_languages |= {"zh" if script == "han" else "en" for script in title_scripts}
    # A client in English says little of somebody who gave their group a Chinese name.
    if title_scripts == {"han"}:
        return "zh"
    return client_languages.pop() if len(client_languages) == 1 else None


def zones_of(signs: Signs) -> tuple[str, ...]:
    """Zones to propose, the likeliest first: the title's, the members', those of places talked about, the clients'."""
    counts = Counter(zone for text in signs.texts for zone in {zones[0] for zones in _places_in(text)})
    likely = [zone for zones in _places_in(signs.title) for zone in zones]
    likely += [zone for zone, _ in Counter(signs.zones).most_common()]
    likely += [zone for zone, n in counts.most_common() if n >= LEAST_NAMED]
    likely += [zone for code in signs.clients if (zone := zone_of_client(code))]
    likely += ["Asia/Shanghai"] if language_of(signs) == "zh" else []
    return tuple(dict.fromkeys(likely))[:MOST_ZONES]


def zone_of_client(code: str) -> str | None:
    """Where somebody probably is whose Telegram speaks this language; None for the languages of many lands."""
    code = code.lower()
    return _ZONE_OF_CLIENT.get(code) or _ZONE_OF_CLIENT.get(code.partition("-")[0])


def _places_in(text: str) -> Iterable[tuple[str, ...]]:
    """The zones of every place that the text names, in its order."""
    words = [(word, plain(word)) for word in re.split(r"[^\w'’.]+", text) if word]
    n = 0
    while n < len(words):
        length = next((k for k in (3, 2, 1) if _is_place([*words[n : n + k]], k)), 0)
        if length:
            yield places()[" ".join(bare for _, bare in words[n : n + length])]
        n += length or 1
    for run in _HAN_RUN.findall(text):
        yield from _places_in_han(plain(run))


def _is_place(words: Sequence[tuple[str, str]], n: int) -> bool:
    name = " ".join(bare for _, bare in words)
    if len(words) < n or name not in places() or name in regions() or _HAN_RUN.search(name):
        return False
    first_word = words[0][0]
    # SF is a city, "sf" is nothing; and a town is written with a capital letter.
    return (
        first_word.isupper() if len(name) < 4 or name in WORDLIKE else name not in _NO_TOWNS and first_word[0].isupper()
    )


def _places_in_han(run: str) -> Iterable[tuple[str, ...]]:
    n = 0
    while n < len(run):
        length = next((k for k in (5, 4, 3, 2) if run[n : n + k] in places() and n + k <= len(run)), 0)
        if length and run[n : n + length] not in regions():
            yield places()[run[n : n + length]]
        n += length or 1
