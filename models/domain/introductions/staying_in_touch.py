"""Staying in touch after an event: attendees pick each other, and names pass when two picked one another.

A pick is an introduction with one side: the picker's yes, about somebody. The other gets a side by picking too, so their
rows, exports and screens are the same whether they were picked or not. A pick that is not returned is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.digests import feedback
from models.domain.events import ratings, seats
from models.domain.events.ratings import RATED_UNTIL, NotAnAttendee
from models.domain.introductions import introductions, meetings
from models.domain.members import consent
from models.tables.consent import Purpose
from models.tables.event import Event, EventStatus
from models.tables.introduction import Introduction, IntroductionKind, IntroductionSide, Outcome
from models.tables.member import Member, MuteKind

KIND = IntroductionKind.EVENT
Pick = Literal["picked", "introduced"]


class TooLate(NotAnAttendee):
    """The lists of an event close when it can no longer be rated."""


class NeedsConsent(ValueError):
    """Whoever wants to be introduced has to agree to introductions first."""


@dataclass(frozen=True)
class PickResult:
    """What a press came to; `introduction_id` only when it introduced two just now, who have to be told."""

    outcome: Literal["picked", "taken_back", "introduced", "known"]
    introduction_id: int | None = None


async def may_pick(session: AsyncSession, event: Event | None, member_id: int, *, now: datetime) -> list[Member]:
    """Whom the member may pick: the others who were there, without those they left out.

    Raises NotAnAttendee for whoever was not there, too early, or where names are not shown; TooLate; NeedsConsent.
    """
    if event is None or not event.shows_names or event.status != EventStatus.PUBLISHED:
        raise NotAnAttendee
    there = await ratings.attendees(session, event.id)
    if member_id not in {member.id for member in there} or now < event.starts_at:
        raise NotAnAttendee
    if now >= event.starts_at + RATED_UNTIL:
        raise TooLate
    if member_id not in await consent.consenting(session, event.community_id, Purpose.INTRODUCE):
        raise NeedsConsent
    left_out = (await feedback.muted_items(session, {member_id}, now=now))[member_id]
    return [member for member in there if member.id != member_id and (MuteKind.PERSON, str(member.id)) not in left_out]


async def pick_list(session: AsyncSession, event: Event | None, member_id: int, *, now: datetime) -> list[Member]:
    """Whom the member is shown to pick from; raises as may_pick().

    Who left the community since, or wants nothing of them kept, is named no more; a pick of them by a button of before is
    taken like any other, so that it tells nothing. Who said no to introductions stays: to be missing would tell it.
    """
    others = await may_pick(session, event, member_id, now=now)
    on_record = await consent.members_on_record(session, event.community_id) if event is not None else set()
    return [one for one in others if one.id in on_record]


async def turn_pick(
    session: AsyncSession, event_id: int, member_id: int, other_id: int, *, now: datetime
) -> PickResult:
    """Pick an attendee, or take it back; introduces the two when the other picked, too. Raises as may_pick()."""
    # One picks after the other: two who pick each other in the same moment are introduced, and once.
    event = await seats.lock(session, event_id)
    if event is None or other_id not in {one.id for one in await may_pick(session, event, member_id, now=now)}:
        raise NotAnAttendee
    if other_id in await introductions.introduced_with(session, event.community_id, member_id):
        return PickResult("known")
    introduction, sides = await _between(session, event, member_id, other_id, now)
    own = next((side for side in sides if side.member_id == member_id), None)
    if introduction is not None and own is not None and await _stands(session, event, own):
        await _take_back(session, introduction, sides, own)
        return PickResult("taken_back")
    if introduction is None:
        introduction = await _begin(session, event, now)
    if own is None:
        own = IntroductionSide(introduction_id=introduction.id, member_id=member_id, about_member_id=other_id)
        session.add(own)
        sides.append(own)
    own.is_accepted, own.answered_at = True, now
    if await introductions.settle(session, introduction, sides, now=now) != introductions.State.INTRODUCED:
        return PickResult("picked")
    await _note_outcome(session, event, sides, now)
    return PickResult("introduced", introduction.id)


async def picks(session: AsyncSession, event: Event, member_id: int, *, now: datetime) -> dict[int, Pick]:
    """The member's own picks at an event that count, and everybody they have been introduced to."""
    query = (
        select(IntroductionSide)
        .join(Introduction, Introduction.id == IntroductionSide.introduction_id)
        .where(Introduction.event_id == event.id, Introduction.kind == KIND, Introduction.expires_at > now)
        .where(IntroductionSide.member_id == member_id, IntroductionSide.is_accepted.is_(True))
    )
    sides = list(await session.scalars(query))
    acquaintances = await introductions.introduced_with(session, event.community_id, member_id)
    own_picks: dict[int, Pick] = {
        side.about_member_id: "picked"
        for side in sides
        if side.about_member_id is not None and await _stands(session, event, side)
    }
    return own_picks | dict.fromkeys(acquaintances, "introduced")


async def have_met(session: AsyncSession, event_id: int, one: int, other: int) -> bool:
    """Whether either of two says that they met there."""
    return other in await meetings.people_met(session, event_id, one) or one in await meetings.people_met(
        session, event_id, other
    )


async def unanswered_picks(session: AsyncSession, event: Event, *, now: datetime) -> list[IntroductionSide]:
    """Standing picks that are not returned, oldest first; `about_member_id` is who knows nothing of it."""
    query = (
        select(IntroductionSide)
        .join(Introduction, Introduction.id == IntroductionSide.introduction_id)
        .where(Introduction.event_id == event.id, Introduction.kind == KIND, Introduction.introduced_at.is_(None))
        .where(Introduction.expires_at > now, IntroductionSide.about_member_id.is_not(None))
        .order_by(IntroductionSide.answered_at, IntroductionSide.id)
    )
    sides = list(await session.scalars(query))
    ids = {side.member_id for side in sides}
    willing = await consent.consenting(session, event.community_id, Purpose.INTRODUCE)
    taken_back = await introductions.withdrawals(session, event.community_id, ids)
    answers = {(side.about_member_id, side.member_id) for side in sides}
    return [
        side
        for side in sides
        if side.member_id in willing
        and _is_after(side, taken_back.get(side.member_id))
        and (side.member_id, side.about_member_id) not in answers
    ]


async def is_wished(session: AsyncSession, event_id: int, member_id: int, *, now: datetime) -> bool:
    """Whether somebody's pick of the member stands; never shown to them as such."""
    event = await session.get(Event, event_id)
    waiting = await unanswered_picks(session, event, now=now) if event is not None else []
    return any(side.about_member_id == member_id for side in waiting)


async def _between(
    session: AsyncSession, event: Event, one: int, other: int, now: datetime
) -> tuple[Introduction | None, list[IntroductionSide]]:
    """The open introduction of two at an event, whoever of them began it."""
    side = IntroductionSide
    is_theirs = or_(
        and_(side.member_id == one, side.about_member_id == other),
        and_(side.member_id == other, side.about_member_id == one),
    )
    query = (
        select(side.introduction_id)
        .join(Introduction, Introduction.id == side.introduction_id)
        .where(Introduction.event_id == event.id, Introduction.kind == KIND, Introduction.introduced_at.is_(None))
        .where(Introduction.expires_at > now, is_theirs)
        .order_by(side.introduction_id)
    )
    introduction_id = await session.scalar(query.limit(1))
    return await introductions.lock(session, introduction_id) if introduction_id is not None else (None, [])


async def _begin(session: AsyncSession, event: Event, now: datetime) -> Introduction:
    reason = {"key": "same_event", "values": {"event": event.title}, "about": []}
    return await introductions.propose(
        session, event.community_id, (), kind=KIND, reasons=[reason], now=now, event_id=event.id
    )


async def _take_back(
    session: AsyncSession, introduction: Introduction, sides: list[IntroductionSide], own: IntroductionSide
) -> None:
    await session.delete(own)
    await session.flush()
    if len(sides) == 1:
        await session.delete(introduction)
        await session.flush()


async def _stands(session: AsyncSession, event: Event, side: IntroductionSide) -> bool:
    """A pick from before the member took consent back does not count any more."""
    taken_back = await introductions.withdrawals(session, event.community_id, {side.member_id})
    return bool(side.is_accepted) and _is_after(side, taken_back.get(side.member_id))


def _is_after(side: IntroductionSide, instant: datetime | None) -> bool:
    return instant is None or (side.answered_at is not None and side.answered_at > instant)


async def _note_outcome(session: AsyncSession, event: Event, sides: list[IntroductionSide], now: datetime) -> None:
    """Two who met there need not be asked later whether they met."""
    if await have_met(session, event.id, sides[0].member_id, sides[1].member_id):
        for side in sides:
            side.outcome, side.outcome_at = Outcome.MET, now
        await session.flush()
