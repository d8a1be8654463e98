"""Whether a sentence only praises, welcomes or asks for more: "Kofi, sounds like a fun project." Pure rules.

The phrases stand in phrases/CODE.toml as `praise`; they begin a sentence. What follows after a comma may still tell something:
"Great question, we did both and kept the cheaper lab".
"""

from __future__ import annotations

import re

from models.reading.courtesies import phrases
from models.reading.patterns import pattern_of

# So many longer words, or Chinese characters, after the comma tell something.
FEWEST_WORDS, FEWEST_CHARACTERS = 3, 10
_ADDRESS = pattern_of(r"^\W*(?:[A-Z]\w+(?: [A-Z]\w+)?|[\u3400-\u9fff]{2,3})[,，:：]\s*")
_PART_END = pattern_of(r"[,，:：;；]|\s[–—-]\s")
_LONGER_WORD, _HAN = pattern_of(r"[a-zß-ÿ]{4,}"), pattern_of(r"[\u3400-\u9fff]")


def praises(sentence: str) -> bool:
    """Whether it says nothing else, to somebody by name or to all."""
    plain = sentence.strip().replace("’", "'")
    return any(_only_praises(one.lower()) for one in (plain, _ADDRESS.sub("", plain)))


def _only_praises(text: str) -> bool:
    beginning = phrases("praise").match(text)
    # A number tells something, and so does where to read on.
    if beginning is None or re.search(r"\d|\w\.\w", text):
        return False
    rest = _PART_END.split(text[beginning.end() :], maxsplit=1)[1:]
    told = rest[0] if rest else ""
    return len(_LONGER_WORD.findall(told)) < FEWEST_WORDS and len(_HAN.findall(told)) < FEWEST_CHARACTERS
