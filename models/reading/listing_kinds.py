"""Whether an ordinary message says that its writer needs or offers something: 求一位律师, "we have two spare desks".

For asking its author, privately, whether to keep it, so precision comes first: only what somebody says of themselves, now, and of
things that people give each other here. A question about a fact, small talk, an event, an answer to one person, what was
needed once or is no longer needed, and what others need are none. The sayings are in listing_sayings.toml.

Known failings: what is wanted is known by its noun, so a need for something rare is not noticed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from models.reading.patterns import pattern_of
from models.reading.questions import settles
from models.reading.text_kinds import is_command
from models.reading.wording import reading_copy, tidy

# A longer message is a story.
MAX_CHARACTERS = 500
_SENTENCE = pattern_of(r"(?:(?![!?\n]|\.(?=\s|$|[\u4e00-\u9fff])|;\s).)+[!?]*")
_PART = pattern_of(r"<(\w+)>")


class ListingKind(StrEnum):
    """What a listing is."""

    NEED = "need"
    OFFER = "offer"


def kind_of_listing(text: str) -> ListingKind | None:
    """What a chat message offers or needs, by its first sentence that does; None where in doubt. Never raises."""
    if is_command(text) or len(text) > MAX_CHARACTERS:
        return None
    plain = reading_copy(tidy(text))
    if _sayings("none", "whole").search(plain) or settles(plain):
        return None
    sentences = (match[0].strip() for match in _SENTENCE.finditer(plain))
    return next((kind for sentence in sentences if (kind := _kind(sentence)) is not None), None)


def _kind(sentence: str) -> ListingKind | None:
    if not sentence or _sayings("none", "sentence").search(sentence):
        return None
    sentence = _before().sub("", sentence)
    for letter in _table()["nouns"]:
        sentence = _noun(letter).sub(letter, sentence)
    kinds = (kind for kind in (ListingKind.OFFER, ListingKind.NEED) if _sayings(kind, "sayings").search(sentence))
    return next(kinds, None)


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files("models.reading").joinpath("listing_sayings.toml").read_text(encoding="utf-8"))


@cache
def _sayings(section: str, name: str) -> re.Pattern[str]:
    """The sayings of that name as one pattern."""
    return re.compile(_one_of(_table()[section][name]))


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"^(?:(?:{_one_of(_table()['before']['words'])})(?![\w'])[ ,:!.-]*)+")


@cache
def _noun(letter: str) -> re.Pattern[str]:
    """The nouns of a kind, as whole words."""
    return re.compile(rf"(?<![\w'])(?:{'|'.join(_table()['nouns'][letter])})(?![\w-])")


def _one_of(sayings: Sequence[str]) -> str:
    return "|".join(_PART.sub(lambda part: f"(?:{_one_of(_table()['parts'][part[1]])})", saying) for saying in sayings)
