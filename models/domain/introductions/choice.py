"""Who is named to whom at one event. Imported by jobs alone; it loads numpy and scipy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from models.domain.introductions.facts import Gathering, Guest
from models.domain.introductions.people_to_meet import MOST_NAMED, MOST_NAMES, Name, Suggestion, about
from models.domain.introductions.reasons import MOST_REASONS, Reason, are_friends, reasons_for, worth
from models.domain.sending.checks import learns
from models.learning.matching import match


def choose(gathering: Gathering, named_already: Mapping[int, Sequence[int]], *, now: datetime) -> list[Suggestion]:
    """What to tell everybody who can be reached and was not told yet; whoever has nobody with a reason gets nothing.

    Criteria: nobody is named who left the reader out, whom the reader left out, or who met them already; who talks with
    them all the time is named only to those who would have nobody else; nobody is named more than MOST_NAMED times.
    """
    guests = gathering.guests
    place = {guest.member.id: i for i, guest in enumerate(guests)}
    score = np.zeros((len(guests), len(guests)))
    is_last_resort = np.zeros(score.shape, dtype=np.bool_)
    reasons: dict[tuple[int, int], list[Reason]] = {}
    for i, reader in enumerate(guests):
        for j, other in enumerate(guests):
            if i == j or (reader.member.id, other.member.id) in gathering.apart | gathering.acquaintances:
                continue
            reasons[i, j] = reasons_for(gathering, reader, other, now=now)
            score[i, j] = worth(gathering, reader, other, reasons[i, j])
            is_last_resort[i, j] = are_friends(gathering, reader, other)
    # Who cannot be written to gets nothing, but may be named.
    silent: dict[int, Sequence[int]] = {i: () for i, guest in enumerate(guests) if not guest.member.is_reachable}
    fixed_lists = silent | {
        place[member_id]: [place[one] for one in names if one in place]
        for member_id, names in named_already.items()
        if member_id in place
    }
    lists = match(
        score, is_last_resort=is_last_resort, fixed_lists=fixed_lists, most_names=MOST_NAMES, most_named=MOST_NAMED
    )
    return [
        Suggestion(
            guests[i].member,
            tuple(_name(gathering, guests[i], guests[j], score[i, j], reasons[i, j]) for j in names),
        )
        for i, names in enumerate(lists)
        if names and i not in fixed_lists
    ]


def _name(gathering: Gathering, reader: Guest, other: Guest, score: float, reasons: Sequence[Reason]) -> Name:
    subjects = about(gathering.event, reader.member.id, other.member.id)
    # What they did themselves is told them while they agree that we learn from it.
    subjects += [learns(gathering.event.community_id, reader.member.id)] if reader.learns else []
    reason_rows = tuple(
        {"key": reason.key, "values": dict(reason.values), "about": subjects} for reason in reasons[:MOST_REASONS]
    )
    return Name(other.member, float(score), reason_rows)
