"""Which language a text in Latin letters is in, by how common its words are in each; None where it is not sure. Pure.

Loads dictionaries: frequencies are wordfreq's small lists. Three words are enough where they are plain ones; names, brands and
the founders' English ("landing page feedback") make it unsure, and unsure is None: nobody is kept from what may be theirs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache, lru_cache

# Languages in Latin letters that founders' groups speak and wordfreq has.
LANGUAGES = (
    "en",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "pl",
    "sv",
    "da",
    "nb",
    "fi",
    "tr",
    "ro",
    "cs",
    "hu",
    "id",
    "ca",
    "vi",
)
FEWEST_WORDS = 3
# A word that a language has not counts as one in ten million; the best language leads by so many powers of ten a word.
UNKNOWN, LEAD = -7.0, 0.6

_LINK = re.compile(r"https?://\S+|```.*?```|`[^`]*`|@\w+", re.DOTALL)
_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]{2,}(?:['’][^\W\d_]+)?")


@lru_cache(maxsize=50_000)
def language_of(text: str) -> str | None:
    """Its code ("en", "de"), or None."""
    words = [word.lower().replace("’", "'") for word in _WORD.findall(_LINK.sub(" ", text))]
    if len(words) < FEWEST_WORDS:
        return None
    scores = sorted((sum(_commonness(word, one) for word in words) / len(words), one) for one in LANGUAGES)
    (second, _), (best, language) = scores[-2:]
    return language if best - second >= LEAD else None


def _commonness(word: str, language: str) -> float:
    """Power of ten of how often a word is used."""
    share = _frequencies(language).get(word, 0.0)
    return max(math.log10(share), UNKNOWN) if share else UNKNOWN


@cache
def _frequencies(language: str) -> Mapping[str, float]:
    from wordfreq import get_frequency_dict

    return get_frequency_dict(language, wordlist="small")
