"""Why two at one event should meet: true sentences from rows both can see. Pure rules; no reason, no name.

A good meeting is one that would hardly happen by itself: common ground or an answer to a question, with somebody one has
not talked with much yet; newcomers find somebody who knows many, and the other way round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.domain.introductions.facts import Gathering, Guest, WordCounts
from models.domain.members.newcomers import is_new
from models.learning.words import tokenize
from models.reading.bare_words import stands_bare
from models.tables.recommendation import Source

# Reasons told next to a name; more are not read.
MOST_REASONS = 2
# From how many messages on a word is somebody's subject, and answers are worth a sentence.
FEW_MESSAGES = 2
# Who exchanged answers with so many members lately knows their way around.
MANY_CONTACTS = 5
# Answers between two in LOOK_BACK at which a meeting is half as useful; and at which they need no introduction at all.
HALF_AT, FRIENDS_AT = 8.0, 30


@dataclass(frozen=True)
class Reason:
    """One part of a sentence about somebody: its key under people_to_meet.reason, its values, and how much it says (0 to 1)."""

    key: Source
    weight: float
    values: Mapping[str, Any] = field(default_factory=dict)


def are_friends(gathering: Gathering, one: Guest, other: Guest) -> bool:
    """Who talks all the time needs no introduction."""
    return _n_between(gathering, one, other) >= FRIENDS_AT


def worth(gathering: Gathering, reader: Guest, other: Guest, reasons: list[Reason]) -> float:
    """How good a meeting would be for the reader: the told reasons' weights, less the better the two know each other."""
    closeness = 1 / (1 + (_n_between(gathering, reader, other) / HALF_AT) ** 2)
    return closeness * sum(reason.weight for reason in reasons[:MOST_REASONS])


def reasons_for(gathering: Gathering, reader: Guest, other: Guest, *, now: datetime) -> list[Reason]:
    """Every true reason to name `other` to `reader`, the strongest first; none of somebody we may not learn from."""
    if not other.learns:
        return []
    reasons = list(_about(gathering, reader, other, now))
    if reader.learns:
        reasons += [
            *_words(gathering, reader, other),
            *_talk(gathering, reader, other),
            *_events(gathering, reader, other),
        ]
    return sorted(reasons, key=lambda reason: (-reason.weight, reason.key))


def _about(gathering: Gathering, reader: Guest, other: Guest, now: datetime) -> Iterator[Reason]:
    """What newcomers and those who know many are to each other."""
    if _is_new(gathering, other, now) and other.joined_at is not None:
        weight = 0.7 if reader.n_contacts >= MANY_CONTACTS else 0.3
        yield Reason(Source.NEW_HERE, weight, {"n": max((now - other.joined_at).days, 1)})
    if other.n_contacts >= MANY_CONTACTS and _is_new(gathering, reader, now):
        yield Reason(Source.KNOWS_MANY, 0.75, {"n": other.n_contacts})


def _is_new(gathering: Gathering, guest: Guest, now: datetime) -> bool:
    """Joined lately, not with the founders, and this is their first event."""
    return guest.learns and not guest.n_attended and is_new(guest.joined_at, gathering.founded_at, now=now)


def _words(gathering: Gathering, reader: Guest, other: Guest) -> Iterator[Reason]:
    """The one subject that says most: what one asked and the other knows about, else what both write about."""
    helpful, helping, common = _subjects(gathering, reader, other)
    for key, words, weight in (
        (Source.CAN_HELP, helpful, 0.85),
        (Source.WANTS_HELP, helping, 0.6),
        (Source.SAME_WORD, common, 0.5),
    ):
        if words:
            is_topic, n, word = max((_is_topic(gathering, word), n, word) for word, n in words.items())
            yield Reason(key, weight + 0.1 * is_topic, {"word": word, "n": n})
            return


def _subjects(gathering: Gathering, reader: Guest, other: Guest) -> tuple[dict[str, int], ...]:
    """Words, and how many messages on them are told: what the reader asked, what the other asked, what both write about."""
    questions, statements = (
        _counts(gathering.question_words, reader, other),
        _counts(gathering.statement_words, reader, other),
    )
    theirs_asked, theirs = (
        _counts(gathering.question_words, other, reader),
        _counts(gathering.statement_words, other, reader),
    )
    helpful: dict[str, int] = {}
    helping: dict[str, int] = {}
    common: dict[str, int] = {}
    for word in filter(stands_bare, (questions.keys() | statements.keys()) & (theirs_asked.keys() | theirs.keys())):
        own_n, n = statements.get(word, 0), theirs.get(word, 0)
        if word in questions and n >= FEW_MESSAGES and n > own_n:
            helpful[word] = n
        if word in theirs_asked and own_n >= FEW_MESSAGES > n:
            helping[word] = own_n
        n += theirs_asked.get(word, 0)
        if n >= FEW_MESSAGES <= own_n + questions.get(word, 0):
            common[word] = n
    return helpful, helping, common


def _counts(counts: WordCounts, who: Guest, reader: Guest) -> Mapping[str, int]:
    """Over the groups that both are in."""
    chats = who.chats & reader.chats
    if len(chats) == 1:
        # Most communities have one group: nothing to add up.
        return counts.get((who.member.id, next(iter(chats))), {})
    return sum((Counter(counts.get((who.member.id, chat), {})) for chat in chats), Counter())


def _is_topic(gathering: Gathering, word: str) -> bool:
    return bool(gathering.topic & {word, *tokenize(word)})


def _talk(gathering: Gathering, reader: Guest, other: Guest) -> Iterator[Reason]:
    """Answers and reactions between the two."""
    theirs, own_n = _n(gathering.answers, other, reader), _n(gathering.answers, reader, other)
    is_first = not reader.past.keys() & other.past.keys()
    if theirs >= FEW_MESSAGES:
        key, weight = (Source.ANSWERED_YOU_APART, 0.75) if is_first else (Source.ANSWERED_YOU, 0.4)
        yield Reason(key, weight, {"n": theirs})
    elif own_n >= FEW_MESSAGES:
        key, weight = (Source.YOU_ANSWERED_APART, 0.65) if is_first else (Source.YOU_ANSWERED, 0.35)
        yield Reason(key, weight, {"n": own_n})
    reactions = _n(gathering.reactions, other, reader), _n(gathering.reactions, reader, other)
    if min(reactions) >= FEW_MESSAGES:
        yield Reason(Source.REACT, 0.45, {"n": sum(reactions)})


def _events(gathering: Gathering, reader: Guest, other: Guest) -> Iterator[Reason]:
    """Evenings one held for the other, or that both went to without ever having talked in the group."""
    n_hosted = gathering.hosted_guests.get((other.member.id, reader.member.id), 0)
    n_came = gathering.hosted_guests.get((reader.member.id, other.member.id), 0)
    if n_hosted:
        yield Reason(Source.HOSTED, 0.5, {"n": n_hosted})
    elif n_came:
        yield Reason(Source.CAME, 0.45, {"n": n_came})
    common = reader.past.keys() & other.past.keys()
    if common and not _n_between(gathering, reader, other):
        yield Reason(Source.SAME_EVENT, 0.35, {"event": reader.past[max(common)]})


def _n_between(gathering: Gathering, one: Guest, other: Guest) -> int:
    return _n(gathering.answers, one, other) + _n(gathering.answers, other, one)


def _n(counts: Mapping[tuple[int, int, int], int], who: Guest, whom: Guest) -> int:
    """Over the groups that both are in."""
    return sum(counts.get((who.member.id, whom.member.id, chat), 0) for chat in who.chats & whom.chats)
