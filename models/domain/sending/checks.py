"""Whether what a waiting push says still holds, asked once more before it leaves; the features that say it know how.

A reason's `about` may name, besides the kinds of a Mute, a kind for which a feature offers a Check, as kind:target.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.members.learners import learners

# Takes the reader's member id and every target of one kind; True while all of them hold.
Check = Callable[[AsyncSession, int, Collection[str], datetime], Awaitable[bool]]
Checks = Mapping[str, Check]


async def holds(
    session: AsyncSession, reader_id: int, about: Collection[tuple[str, str]], checks: Checks, *, now: datetime
) -> bool:
    """Whether everything that the push rests on still holds for its reader; a few statements for each kind of claim."""
    for kind, check in checks.items():
        targets = [target for one, target in about if one == kind]
        if targets and not await check(session, reader_id, targets, now):
            return False
    return True


def learns(community_id: int, member_id: int) -> str:
    """The claim that a member may be learned from there: whoever is named, or whose own history is told them."""
    return f"learns:{community_id}:{member_id}"


def by_place(targets: Iterable[str]) -> dict[int, set[int]]:
    """Targets PLACE:MEMBER as members by place (a community, an event)."""
    members: defaultdict[int, set[int]] = defaultdict(set)
    for target in targets:
        place_id, _, member_id = target.partition(":")
        members[int(place_id)].add(int(member_id))
    return dict(members)


async def are_learners(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each COMMUNITY:MEMBER may be learned from, and so be named."""
    return all([ids <= await learners(session, one, among=ids) for one, ids in by_place(targets).items()])


CHECKS: Checks = {"learns": are_learners}
