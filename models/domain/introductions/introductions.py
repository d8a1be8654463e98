"""Introductions with a double opt-in: names pass once, when everybody in one said yes, and only while all may be named.

open -> agreed -> introduced; a no makes it declined, time makes it expired, and neither is told to anybody. Rounds propose
to all sides at once, and so does /intro, whose asker has said yes; after an event one attendee picks another
(staying_in_touch.py), who has no row until they pick too. Callers tell the sides; nothing here sends.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.database import is_one_of
from models.domain.members import consent, pair_rules
from models.domain.sending import deliveries
from models.domain.sending.about import About
from models.tables.consent import ConsentDecision, Purpose
from models.tables.delivery import Delivery, Failure, Subject
from models.tables.introduction import Introduction, IntroductionKind, IntroductionSide
from models.tables.member import Member, Mute, MuteKind

EXPIRES_AFTER = timedelta(days=14)
# How somebody says that they want nothing of somebody: by name, or of one whose name they were not told.
LEFT_OUT = (MuteKind.PERSON, MuteKind.NAMELESS)


class State(StrEnum):
    """Where an introduction stands."""

    # Somebody's answer is missing.
    OPEN = "open"
    # Nobody's yes is missing, but somebody may not be named just now.
    AGREED = "agreed"
    INTRODUCED = "introduced"
    DECLINED = "declined"
    EXPIRED = "expired"


class NotASide(ValueError):
    """The introduction was not proposed to this member, or is settled: a forged or stale button."""


def state(introduction: Introduction, sides: Sequence[IntroductionSide], *, now: datetime) -> State:
    """Where an introduction stands; agreed means that nobody's yes is missing."""
    if introduction.introduced_at is not None:
        return State.INTRODUCED
    if introduction.expires_at <= now:
        return State.EXPIRED
    if any(side.is_accepted is False for side in sides):
        return State.DECLINED
    missing = {side.about_member_id for side in sides if side.about_member_id} - {side.member_id for side in sides}
    is_agreed = len(sides) > 1 and not missing and all(side.is_accepted for side in sides)
    return State.AGREED if is_agreed else State.OPEN


async def propose(
    session: AsyncSession,
    community_id: int,
    member_ids: Collection[int],
    *,
    kind: IntroductionKind,
    reasons: Sequence[Any],
    now: datetime,
    event_id: int | None = None,
    reasons_for: Mapping[int, Sequence[Any]] | None = None,
) -> Introduction:
    """A new introduction between these members, all still silent; it lasts EXPIRES_AFTER.

    `reasons_for` a member: why it is proposed to them, where that is not what `reasons` say to all. It may name nobody.
    """
    introduction = Introduction(
        community_id=community_id,
        kind=kind,
        event_id=event_id,
        reasons=list(reasons),
        proposed_at=now,
        expires_at=now + EXPIRES_AFTER,
    )
    session.add(introduction)
    await session.flush()
    reasons_of = {one: list(why) for one, why in (reasons_for or {}).items()}
    session.add_all(
        IntroductionSide(introduction_id=introduction.id, member_id=one, reasons=reasons_of.get(one))
        for one in member_ids
    )
    await session.flush()
    return introduction


async def answer(
    session: AsyncSession, introduction_id: int, member_id: int, *, is_accepted: bool, now: datetime
) -> State:
    """A side says yes or no; the other answer replaces it until the introduction is settled. Raises NotASide.

    Returns where it stands afterwards; INTRODUCED from this very answer means: tell every side of `members_of`.
    """
    introduction, sides = await lock(session, introduction_id)
    own = next((side for side in sides if side.member_id == member_id), None)
    if introduction is None or own is None or state(introduction, sides, now=now) in (State.INTRODUCED, State.EXPIRED):
        raise NotASide
    own.is_accepted, own.answered_at = is_accepted, now
    return await settle(session, introduction, sides, now=now)


async def settle(
    session: AsyncSession,
    introduction: Introduction,
    sides: Sequence[IntroductionSide],
    *,
    now: datetime,
    repeat_after: datetime | None = None,
) -> State:
    """Introduce when all agreed and all may still be named; otherwise nothing changes.

    Once is enough, or `repeat_after` an instant: who was introduced before it is news again.
    """
    is_agreed = state(introduction, sides, now=now) == State.AGREED
    if is_agreed and await _may_pass(session, introduction, sides, now, repeat_after):
        introduction.introduced_at = now
    await session.flush()
    return state(introduction, sides, now=now)


async def lock(session: AsyncSession, introduction_id: int) -> tuple[Introduction | None, list[IntroductionSide]]:
    """An introduction and its sides as they stand, held until the end of the transaction: two yeses settle it once."""
    query = select(Introduction).where(Introduction.id == introduction_id).with_for_update()
    introduction = (await session.scalars(query, execution_options={"populate_existing": True})).one_or_none()
    query_sides = select(IntroductionSide).where(IntroductionSide.introduction_id == introduction_id)
    sides = await session.scalars(
        query_sides.order_by(IntroductionSide.id), execution_options={"populate_existing": True}
    )
    return introduction, list(sides)


async def members_of(session: AsyncSession, introduction_id: int) -> list[Member]:
    """Everybody in it."""
    query = (
        select(Member)
        .join(IntroductionSide, IntroductionSide.member_id == Member.id)
        .where(IntroductionSide.introduction_id == introduction_id)
        .order_by(IntroductionSide.id)
    )
    return list(await session.scalars(query))


def about(introduction_id: int) -> About:
    """An introduction that came about: each side hears of it once."""
    return About(Subject.INTRODUCTION, introduction_id, "introduced")


def claims(introduction_id: int) -> list[dict[str, Any]]:
    """What is looked up again before that leaves, perhaps after a night: that all of it may still be named."""
    return [{"key": "introduced", "values": {}, "about": [f"introduced:{introduction_id}"]}]


def is_withheld() -> ColumnElement[bool]:
    """Of a side and its introduction in a query: the names did not leave for it, since somebody was not to be named any more."""
    return exists().where(
        Delivery.about_kind == Subject.INTRODUCTION,
        Delivery.about_id == Introduction.id,
        Delivery.what == "introduced",
        Delivery.member_id == IntroductionSide.member_id,
        Delivery.failure == Failure.OUTDATED,
    )


async def introduced_with(
    session: AsyncSession, community_id: int, member_id: int, *, since: datetime | None = None
) -> set[int]:
    """Whom the member has been introduced to in this community: ever, or since an instant."""
    own, other = aliased(IntroductionSide), aliased(IntroductionSide)
    query = (
        select(other.member_id)
        .join(own, own.introduction_id == other.introduction_id)
        .join(Introduction, Introduction.id == own.introduction_id)
        .where(Introduction.community_id == community_id, Introduction.introduced_at.is_not(None))
        .where(own.member_id == member_id, other.member_id != member_id)
    )
    if since is not None:
        query = query.where(Introduction.introduced_at > since)
    return set(await session.scalars(query))


async def put_together_with(session: AsyncSession, member_id: int) -> set[int]:
    """Everybody who was ever put to the member, or the member to them, whatever anybody answered."""
    own, other = aliased(IntroductionSide), aliased(IntroductionSide)
    query = (
        select(other.member_id)
        .join(own, own.introduction_id == other.introduction_id)
        .where(own.member_id == member_id, other.member_id != member_id)
    )
    return set(await session.scalars(query))


async def _may_pass(
    session: AsyncSession,
    introduction: Introduction,
    sides: Sequence[IntroductionSide],
    now: datetime,
    repeat_after: datetime | None,
) -> bool:
    """Everybody is still here and wants introductions, without a no in between; nobody left another out; it is news."""
    ids = {side.member_id for side in sides}
    # Two introductions of the same people are settled one after the other, so that the second sees the first.
    await session.execute(select(Member.id).where(is_one_of(Member.id, ids)).order_by(Member.id).with_for_update())
    if not await may_be_named(session, introduction, ids, now=now):
        return False
    taken_back = await withdrawals(session, introduction.community_id, ids)
    if any(side.member_id in taken_back and not _after(side, taken_back[side.member_id]) for side in sides):
        return False
    first_id = sides[0].member_id
    acquaintances = await introduced_with(session, introduction.community_id, first_id, since=repeat_after)
    return not ids - {first_id} <= acquaintances


async def may_be_named(
    session: AsyncSession, introduction: Introduction, member_ids: Collection[int], *, now: datetime
) -> bool:
    """Whether everybody is still here and wants introductions, and nobody is kept from another of them."""
    if not set(member_ids) <= await consent.consenting(session, introduction.community_id, Purpose.INTRODUCE):
        return False
    # Who picked each other by name meant each other, whomever they had left out without knowing.
    kinds = (MuteKind.PERSON,) if introduction.kind == IntroductionKind.EVENT else LEFT_OUT
    return not await apart(session, introduction.community_id, member_ids, now=now, kinds=kinds)


def _after(side: IntroductionSide, instant: datetime) -> bool:
    return side.answered_at is not None and side.answered_at > instant


async def withdrawals(session: AsyncSession, community_id: int, member_ids: Collection[int]) -> dict[int, datetime]:
    """When each member last said no to introductions: a yes to somebody counts only if it is later."""
    query = (
        select(ConsentDecision.member_id, func.max(ConsentDecision.decided_at))
        .where(ConsentDecision.community_id == community_id, is_one_of(ConsentDecision.member_id, member_ids))
        .where(ConsentDecision.purpose == Purpose.INTRODUCE, ConsentDecision.is_given.is_(False))
        .group_by(ConsentDecision.member_id)
    )
    return dict((await session.execute(query)).all())


async def apart(
    session: AsyncSession,
    community_id: int,
    member_ids: Collection[int],
    *,
    now: datetime,
    kinds: Collection[MuteKind] = LEFT_OUT,
) -> set[tuple[int, int]]:
    """Pairs that may not be introduced, both ways round: one asked not to hear of the other, or admins decided so.

    Every choice of two members asks this, and nothing says which of both it was.
    """
    targets = [str(member_id) for member_id in member_ids]
    query = select(Mute.member_id, Mute.target).where(
        is_one_of(Mute.kind, kinds),
        is_one_of(Mute.member_id, member_ids),
        is_one_of(Mute.target, targets),
        Mute.until.is_(None) | (Mute.until > now),
    )
    pairs = {(member_id, int(target)) for member_id, target in await session.execute(query)}
    decided_pairs = await pair_rules.separations(session, community_id, member_ids)
    return pairs | {(other, member_id) for member_id, other in pairs} | decided_pairs


async def expire(session: AsyncSession, *, now: datetime) -> int:
    """Forget wishes that came to nothing: no row is left that says who picked whom in vain. Returns how many.

    Proposals of other kinds stay as history, so that rounds know who was silent.
    """
    in_vain = (
        Introduction.introduced_at.is_(None),
        Introduction.kind == IntroductionKind.EVENT,
        Introduction.expires_at <= now,
    )
    result = await session.execute(delete(Introduction).where(*in_vain))
    return int(result.rowcount)  # type: ignore[attr-defined]


async def forget_named(session: AsyncSession, member_id: int, *, now: datetime) -> int:
    """Take a member's name out of what others were told; returns of how many messages. What has not left is withdrawn."""
    own = select(IntroductionSide.introduction_id).where(IntroductionSide.member_id == member_id)
    about_theirs = (
        Delivery.about_kind == Subject.INTRODUCTION,
        Delivery.about_id.in_(own),
        Delivery.member_id != member_id,
    )
    deliveries_naming = list(await session.scalars(select(Delivery).where(*about_theirs)))
    await deliveries.withdraw(session, [delivery.id for delivery in deliveries_naming], now=now)
    for delivery in deliveries_naming:
        delivery.payload, delivery.reasons = {}, None
    about_them = (IntroductionSide.introduction_id.in_(own), IntroductionSide.member_id != member_id)
    await session.execute(update(IntroductionSide).where(*about_them).values(reasons=None))
    await session.flush()
    return len(deliveries_naming)


async def drop_without_sides(session: AsyncSession) -> None:
    """After a member was erased: what nobody is part of any more."""
    await session.execute(delete(Introduction).where(~Introduction.id.in_(select(IntroductionSide.introduction_id))))
