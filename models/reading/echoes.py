"""Whether somebody says to a question no more than that they would like to know as well, or cannot tell. Pure rules.

Known failings: an echo that begins with a story of its own; one in words that are not in the table.
"""

from __future__ import annotations

import re
from functools import lru_cache

from models.reading.patterns import pattern_of

# Longer ones tell something after all: "Not sure, but the notary in Mitte did ours in two weeks".
LONGEST_EN, LONGEST_ZH = 70, 20

_ECHO = pattern_of(
    r"^\W*(?:(?:also|really|very|quite|just) )?(?:"
    r"following(?: this| along| too)?\b|(?:i'm |am )?(?:also )?(?:curious|keen|wondering|in the same boat)\b|"
    r"(?:i'm |am )?(?:also )?interested(?: in (?:this|that))?(?: too| as well| here)?(?:, please share.*)?\W*$|"
    r"(?:interesting, )?(?:we|i) (?:see|saw) it differently\b|interesting\W*$|"
    r"same (?:here|question|problem|boat|issue)\b|me too\b|good luck\b|fingers crossed\b|"
    r"(?:i|we)(?:'d| would)? (?:also |really )?(?:love|like|want) to (?:know|hear|learn|see)\b|"
    r"would (?:also )?(?:love|like) to\b|"
    r"(?:please )?(?:let (?:us|me) know|keep (?:us|me) posted|share (?:what|it|here|with))\b|"
    r"(?:i'm |am )?(?:not sure|no idea|no clue|afraid not)\b|(?:i )?(?:don't|do not|dont) know\b|(?:i )?wish i knew\b|"
    r"(?:i )?hope (?:you|it|that|they)\b|asking myself\b|great question\b|good question\b)"
    r"|^\W*(?:同问|同求|蹲|插眼|码住|我也(?:想|在找|需要|不)|也想(?:知道|了解)|关注|祝(?:你|顺利)|(?:我)?(?:也)?不(?:太)?(?:清楚|知道|了解|懂)|"
    r"没(?:用|做|试)过|期待|坐等|好问题|希望(?:你|能|有))",
    re.IGNORECASE,
)
_GOES_ON = pattern_of(r"\b(?:but|though|try|ask|we used|ours|i know)\b|不过|但是?|可以问|试试|我们用")


@lru_cache(maxsize=20_000)
def echoes(text: str) -> bool:
    """Whether it answers nothing: "Following this, same problem here", 同问, "No idea, sorry"."""
    plain = text.strip().replace("’", "'")
    longest = LONGEST_EN if plain.isascii() else LONGEST_ZH
    has_more = _GOES_ON.search(plain.lower()) is not None or any(mark.isdigit() for mark in plain)
    return len(plain) <= longest and not has_more and _ECHO.search(plain) is not None
