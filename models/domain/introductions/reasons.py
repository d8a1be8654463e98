"""Why two at one event should meet: true sentences from rows both can see. Pure rules; no reason, no name.

A good meeting is one that would hardly happen by itself: common ground or an answer to a question, with somebody one has
not talked with much yet; newcomers find somebody who knows many, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from models.domain.conversations.own_fields import Talks, Trace
from models.domain.introductions.facts import Gathering, Guest
from models.domain.members.newcomers import is_new
from models.reading.fields import Field
from models.tables.recommendation import Source

# Reasons told next to a name; more are not read.
MOST_REASONS = 2
# From how many talks on a field is somebody's, and answers are worth a sentence.
FEW_MESSAGES = 2
# A question of so long ago is one asked lately.
LATELY = timedelta(days=30)
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
            *_fields(gathering, reader, other, now),
            *_talk(gathering, reader, other),
            *_events(gathering, reader, other),
        ]
    return sorted(reasons, key=lambda reason: (-reason.weight, reason.key))


def _about(gathering: Gathering, reader: Guest, other: Guest, now: datetime) -> Iterator[Reason]:
    """What newcomers and those who know many are to each other."""
    if _is_new(gathering, other, now) and other.joined_at is not None:
        weight = 0.7 if reader.n_contacts >= MANY_CONTACTS else 0.3
        project = next((other.projects[chat] for chat in reader.chats & other.chats if chat in other.projects), None)
        if project is not None:
            yield Reason(Source.TOLD_PROJECT, weight + 0.1, {"words": project})
        else:
            yield Reason(Source.NEW_HERE, weight, {"n": max((now - other.joined_at).days, 1)})
    if other.n_contacts >= MANY_CONTACTS and _is_new(gathering, reader, now):
        yield Reason(Source.KNOWS_MANY, 0.75)


def _is_new(gathering: Gathering, guest: Guest, now: datetime) -> bool:
    """Joined lately, not with the founders, and this is their first event."""
    return guest.learns and not guest.n_attended and is_new(guest.joined_at, gathering.founded_at, now=now)


def _fields(gathering: Gathering, reader: Guest, other: Guest, now: datetime) -> Iterator[Reason]:
    """The one field of work that says most: what one asked about and the other knows, else one that is both's own."""
    own, theirs = _talks(reader, other), _talks(other, reader)
    for key, weight, ns in (
        (Source.CAN_HELP, 0.85, fields_of_help(own, theirs, now - LATELY)),
        (Source.WANTS_HELP, 0.6, fields_of_help(theirs, own, now - LATELY)),
        (Source.SAME_FIELD, 0.5, {one: theirs.contributions[one].n for one in common_fields(own, theirs)}),
    ):
        if ns:
            is_topic, n, best = max((one in gathering.topic, n, one) for one, n in ns.items())
            yield Reason(key, weight + 0.1 * is_topic, {"field": best.value, "n": n})
            return


def fields_of_help(asker: Talks, helper: Talks, since: datetime) -> dict[Field, int]:
    """Fields that one asked about lately and the other knows better: how many questions they answered there."""
    none, own = Trace(datetime.min.replace(tzinfo=UTC), 0), helper.own()
    return {
        one: helper.solutions[one].n
        for one, asked in asker.questions.items()
        if one in own and one not in asker.choices.denials and asked.at >= since
        if helper.solutions.get(one, none).n >= max(FEW_MESSAGES, asker.solutions.get(one, none).n + 1)
    }


def common_fields(one: Talks, other: Talks) -> list[Field]:
    """Fields of both, in which both took part in more than one talk."""
    both = one.own() & other.own() & one.contributions.keys() & other.contributions.keys()
    return [key for key in both if min(one.contributions[key].n, other.contributions[key].n) >= FEW_MESSAGES]


def _talks(who: Guest, reader: Guest) -> Talks:
    """Over the groups that both are in."""
    return Talks.together(who.talks[chat] for chat in who.chats & reader.chats if chat in who.talks)


def _talk(gathering: Gathering, reader: Guest, other: Guest) -> Iterator[Reason]:
    """Questions answered and reactions between the two."""
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
    return _n(gathering.replies, one, other) + _n(gathering.replies, other, one)


def _n(counts: Mapping[tuple[int, int, int], int], who: Guest, whom: Guest) -> int:
    """Over the groups that both are in."""
    return sum(counts.get((who.member.id, whom.member.id, chat), 0) for chat in who.chats & whom.chats)
