"""Whether an ordinary message says that its writer needs or offers something: 求一位律师, "we have two spare desks".

For asking its author, privately, whether to keep it, so precision comes first: only what somebody says of themselves, now, and of
things that people give each other here. A question about a fact, small talk, an event, an answer to one person, what was
needed once or is no longer needed, and what others need are none.
"""

from __future__ import annotations

import re
from enum import StrEnum

from models.reading.listing_phrases import NEEDS, NEVER, OFFERS, SENTENCE_NEVER, WHOLE_NEVER
from models.reading.questions import settles
from models.reading.text_kinds import is_command
from models.reading.wording import reading_copy, tidy

# A longer message is a story.
MAX_CHARACTERS = 700


class ListingKind(StrEnum):
    """What a listing is."""

    NEED = "need"
    OFFER = "offer"


def kind_of_listing(text: str) -> ListingKind | None:
    """What a chat message offers or needs, by its first sentence that does; None where in doubt. Never raises."""
    if is_command(text) or len(text) > MAX_CHARACTERS:
        return None
    plain = reading_copy(tidy(text))
    if WHOLE_NEVER.search(plain) or settles(plain):
        return None
    return next((kind for sentence in _sentences(plain) if (kind := _kind(sentence)) is not None), None)


def _kind(sentence: str) -> ListingKind | None:
    if SENTENCE_NEVER.search(sentence):
        return None
    for kind, patterns in ((ListingKind.OFFER, OFFERS), (ListingKind.NEED, NEEDS)):
        for pattern in patterns:
            match = pattern.search(sentence)
            if match is not None and not NEVER.match(sentence, match.end()):
                return kind
    return None


_SENTENCE = re.compile(r"(?:(?![!?\n]|\.(?:\s|$)|;\s).)+[!?]*")


def _sentences(plain: str) -> list[str]:
    return [match[0].strip() for match in _SENTENCE.finditer(plain) if match[0].strip()]
