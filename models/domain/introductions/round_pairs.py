"""Whom a round introduces to whom, and why. For jobs alone; it loads numpy and scipy.

One assignment serves everybody at once; what each pair is worth to it is round_worths.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import numpy as np

from models.domain.conversations.own_fields import Talks
from models.domain.introductions.reasons import LATELY, common_fields, fields_of_help
from models.domain.introductions.round_facts import Circle, Person
from models.domain.introductions.round_worths import candidates
from models.learning.arrays import Floats, Ints
from models.learning.assignment import assign, greedy, trios
from models.learning.languages import language_of
from models.learning.market import Plan, market
from models.tables.listing import Listing

# What it is worth that anybody is found for a member, and for one who was left out last time.
SERVED, FIRST = 0.1, 1.0
# Members beyond whom there is no time for the best choice.
MOST_MEMBERS = 30_000

Reason = dict[str, Any]
# Members, and one reason for each two of them who have one.
Group = tuple[tuple[int, ...], list[Reason]]


@dataclass(frozen=True)
class Choice:
    """Groups of two or three members with their reasons, those for whom nobody is left, and how far from the best it is."""

    groups: tuple[Group, ...]
    leftovers: tuple[int, ...]
    gap: float


def choose(circle: Circle, *, seed: int, now: datetime) -> Choice:
    """One assignment for everybody; who is left makes a trio with two whom they may both meet."""
    ids = [person.member.id for person in circle.people]
    place = {member_id: i for i, member_id in enumerate(ids)}
    never = {(place[one], place[other]) for one, other in circle.never if one in place and other in place}
    pairs, worth = candidates(circle, never, now=now)
    musts = [(place[one], place[other]) for one, other in circle.musts]
    plan = _plan(circle, pairs, worth, musts, seed)
    groups = [tuple(pair) for pair in plan.pairs.tolist()]
    served = {i for group in groups for i in group}
    left = [i for i in range(len(ids)) if i not in served]
    joined = trios(left, groups, pairs, worth, never=never)
    for i, index in joined.items():
        groups[index] = (*groups[index], i)
    return Choice(
        tuple((tuple(ids[i] for i in group), reasons_of(circle, group, now=now)) for group in groups),
        tuple(ids[i] for i in left if i not in joined),
        plan.gap,
    )


def nobody(circle: Circle) -> Choice:
    """Too few for a round: all are left."""
    return Choice((), tuple(person.member.id for person in circle.people), 0.0)


def _plan(circle: Circle, pairs: Ints, worth: Floats, musts: Sequence[tuple[int, int]], seed: int) -> Plan:
    bonus = np.array([FIRST if person.is_left_out else SERVED for person in circle.people])
    keys = np.array([_key(person.member.id) for person in circle.people], dtype=np.int64)
    everybody = market(len(circle.people), pairs, worth, bonus=bonus, keys=keys, seed=seed)
    is_small = len(circle.people) <= MOST_MEMBERS
    return assign(everybody, musts=musts) if is_small else greedy(everybody, musts=musts)


def _key(member_id: int) -> int:
    """A number that stays with a member and says nothing of when they came."""
    return int.from_bytes(blake2b(str(member_id).encode(), digest_size=7).digest(), "big")


def reasons_of(circle: Circle, group: Sequence[int], *, now: datetime) -> list[Reason]:
    """One true reason for each pair of the group that has one, the strongest: who gives what to whom, or their common field."""
    people = [circle.people[i] for i in group]
    pairs = [(one, other) for i, one in enumerate(people) for other in people[i + 1 :]]
    reasons = [_reason(circle, one, other, now) or _again(circle, one, other) for one, other in pairs]
    return [reason for reason in reasons if reason is not None]


def _reason(circle: Circle, one: Person, other: Person, now: datetime) -> Reason | None:
    ids = {one.member.id, other.member.id}
    for need, offer in circle.meetings:
        if {need.member_id, offer.member_id} == ids:
            return _reason_of("need_met", need.member_id, offer.member_id, need=need.text, offer=offer.text)
    shared = one.chats & other.chats
    own, theirs = (Talks.together(who.talks[chat] for chat in shared if chat in who.talks) for who in (one, other))
    for asker, helper, asked, known in ((one, other, own, theirs), (other, one, theirs, own)):
        if found := fields_of_help(asked, known, now - LATELY):
            best = max(found, key=lambda field: (found[field], field.value))
            return _reason_of("can_help", asker.member.id, helper.member.id, field=best.value)
    if common := common_fields(own, theirs):
        return _reason_of("same_field", one.member.id, other.member.id, field=min(common).value)
    for giver, taker in ((one, other), (other, one)):
        if offers := _readable(giver.offers, one, other):
            return _reason_of("offers", taker.member.id, giver.member.id, offer=offers[0])
    for asker, helper in ((one, other), (other, one)):
        if needs := _readable(asker.needs, one, other):
            return _reason_of("needs", asker.member.id, helper.member.id, need=needs[0])
    return None


def _readable(stock: Sequence[Listing], *people: Person) -> list[str]:
    """What each of these can read of it."""
    texts = [listing.text for listing in stock]
    return [text for text in texts if all(one.literacy.can_read(text, language_of(text)) for one in people)]


def _again(circle: Circle, one: Person, other: Person) -> Reason | None:
    """They are no strangers, where nothing better is known of them."""
    is_repeat = (one.member.id, other.member.id) in circle.before
    return _reason_of("again", one.member.id, other.member.id) if is_repeat else None


def _reason_of(key: str, asker_id: int, helper_id: int, **values: str) -> Reason:
    return {"key": key, "asker": asker_id, "helper": helper_id, "values": values}
