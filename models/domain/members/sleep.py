"""When somebody sleeps who never said where they are: around the middle of the longest silence of their days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.tables.message import Message, Sender

# Of who wrote less than this within these days, or is never silent for so long, nothing is known.
FEWEST_MESSAGES, LOOK_BACK, FEWEST_SILENT_HOURS = 30, timedelta(days=60), 6
# An hour with less than this share of somebody's messages is silent: people have bad nights.
SILENT_SHARE = 0.01
# So many hours around the middle; a long silence is also an evening away from the telephone.
NIGHT_HOURS = 7
_HOURS = 24


async def hours_asleep(
    session: AsyncSession, learner_ids: Collection[int], *, now: datetime
) -> dict[int, frozenset[int]]:
    """Hours of UTC, 0 to 23, in which each of these likely sleeps; learners only, and those of whom it can be told."""
    hour = extract("hour", Message.sent_at)
    query = (
        select(Message.member_id, hour, func.count())
        .where(is_one_of(Message.member_id, learner_ids), Message.sent_at >= now - LOOK_BACK, Message.sent_at < now)
        .where(Message.sender == Sender.MEMBER, Message.deleted_at.is_(None))
        .group_by(Message.member_id, hour)
    )
    written: dict[int, dict[int, int]] = {}
    for member_id, at_hour, n in await session.execute(query):
        if member_id is not None:
            written.setdefault(member_id, {})[int(at_hour)] = n
    nights = {member_id: night(n_by_hour) for member_id, n_by_hour in written.items()}
    return {member_id: hours for member_id, hours in nights.items() if hours}


def night(n_by_hour: Mapping[int, int]) -> frozenset[int]:
    """The hours around the middle of the longest silence; none when there is too little to tell."""
    n = sum(n_by_hour.values())
    if n < FEWEST_MESSAGES:
        return frozenset()
    silent = {hour for hour in range(_HOURS) if n_by_hour.get(hour, 0) < SILENT_SHARE * n}
    length, first = max((_run(silent, hour), -hour) for hour in range(_HOURS))
    if length < FEWEST_SILENT_HOURS:
        return frozenset()
    middle = -first + length // 2
    half = min(NIGHT_HOURS, length) // 2
    return frozenset((middle + step) % _HOURS for step in range(-half, half + 1))


def _run(silent: Collection[int], first: int) -> int:
    """How many hours of silence follow one another from this one on."""
    return next((n for n in range(_HOURS) if (first + n) % _HOURS not in silent), _HOURS)
