"""Whether what pushes say of guests and picks still holds when they leave: the checks that this feature offers the door."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.introductions import introductions, staying_in_touch
from models.domain.introductions.introductions import State
from models.domain.members import consent, pair_rules
from models.domain.members.learners import learners
from models.domain.sending.checks import Checks, by_place
from models.tables.consent import Purpose
from models.tables.event import Event, EventStatus, Rsvp, RsvpStatus
from models.tables.inquiry import InquiryCandidate
from models.tables.member import Mute, MuteKind


async def are_guests(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each of EVENT:MEMBER is going there, may be named, and wants nothing of the reader left out."""
    guests = by_place(targets).items()
    return all([await _are_going(session, event_id, reader_id, ids, now) for event_id, ids in guests])


async def are_wished(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether at each EVENT somebody's pick of the reader stands."""
    return all([await staying_in_touch.is_wished(session, int(one), reader_id, now=now) for one in targets])


async def are_proposed(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each INTRODUCTION still waits for the reader, who left nobody of it out, and may come about.

    What the others answered, and whom they left out, is not asked: a question that stays away would tell it.
    """
    return all([await _waits_for(session, int(one), reader_id, now, of_learners=False) for one in targets])


async def are_proposed_by_facts(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """The same where the reader is told what the others did: they may be learned from, too."""
    return all([await _waits_for(session, int(one), reader_id, now, of_learners=True) for one in targets])


async def are_introduced(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether everybody of each INTRODUCTION that came about may still be named."""
    return all([await _may_be_named(session, int(one), now) for one in targets])


async def _may_be_named(session: AsyncSession, introduction_id: int, now: datetime) -> bool:
    introduction, sides = await introductions.lock(session, introduction_id)
    ids = {side.member_id for side in sides}
    return introduction is not None and await introductions.may_be_named(session, introduction, ids, now=now)


def meets(community_id: int, member_id: int) -> str:
    """The claim that the reader may be led to a member: who is there, and kept apart from them by nobody."""
    return f"meet:{community_id}:{member_id}"


def may_ask(inquiry_id: int) -> str:
    """The claim that whom a question found may still be asked; it says of nobody who that is."""
    return f"inquired:{inquiry_id}"


async def may_be_asked(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether everybody found for each INQUIRY of the reader may be learned from and introduced."""
    query = select(InquiryCandidate.community_id, InquiryCandidate.candidate_id).where(
        is_one_of(InquiryCandidate.inquiry_id, [int(one) for one in targets])
    )
    found = list(await session.execute(query))
    for community_id, candidate_id in found:
        willing = await consent.consenting(session, community_id, Purpose.INTRODUCE)
        if candidate_id not in willing & await learners(session, community_id, among={candidate_id}):
            return False
    return bool(found)


async def may_meet(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether the reader may still be led to each COMMUNITY:MEMBER: nobody left, or keeps them apart."""
    for community_id, ids in by_place(targets).items():
        if not ids <= await consent.members_on_record(session, community_id):
            return False
        if await introductions.apart(session, community_id, {reader_id, *ids}, now=now):
            return False
    return True


def there(community_id: int, member_id: int) -> str:
    """The claim that a member who was introduced is still there, and not left out by the reader; what they did is not asked."""
    return f"there:{community_id}:{member_id}"


async def are_there(session: AsyncSession, reader_id: int, targets: Collection[str], now: datetime) -> bool:
    """Whether each COMMUNITY:MEMBER may be named to the reader as somebody they know."""
    for community_id, ids in by_place(targets).items():
        if not ids <= await consent.members_on_record(session, community_id):
            return False
        if await _leaves_out(session, reader_id, ids, now):
            return False
    return True


async def _waits_for(
    session: AsyncSession, introduction_id: int, reader_id: int, now: datetime, *, of_learners: bool
) -> bool:
    introduction, sides = await introductions.lock(session, introduction_id)
    own = next((side for side in sides if side.member_id == reader_id), None)
    if introduction is None or own is None or own.is_accepted is not None:
        return False
    if introductions.state(introduction, sides, now=now) in (State.INTRODUCED, State.EXPIRED) or len(sides) < 2:
        return False
    ids = {side.member_id for side in sides}
    others = ids - {reader_id}
    # What admins decided is nobody's answer: both questions stay away.
    if await pair_rules.separations(session, introduction.community_id, ids):
        return False
    willing = await consent.consenting(session, introduction.community_id, Purpose.INTRODUCE)
    if of_learners:
        willing &= await learners(session, introduction.community_id, among=others)
    return others <= willing and not await _leaves_out(session, reader_id, others, now)


async def _leaves_out(session: AsyncSession, member_id: int, others: Collection[int], now: datetime) -> bool:
    targets = [str(one) for one in others]
    muted = select(Mute.id).where(
        is_one_of(Mute.kind, introductions.LEFT_OUT),
        Mute.member_id == member_id,
        is_one_of(Mute.target, targets),
        Mute.until.is_(None) | (Mute.until > now),
    )
    return await session.scalar(muted.limit(1)) is not None


async def _are_going(session: AsyncSession, event_id: int, reader_id: int, member_ids: set[int], now: datetime) -> bool:
    event = await session.get(Event, event_id, populate_existing=True)
    if event is None or event.status != EventStatus.PUBLISHED or not event.shows_names:
        return False
    query = select(Rsvp.member_id).where(
        Rsvp.event_id == event_id, Rsvp.status == RsvpStatus.GOING, is_one_of(Rsvp.member_id, member_ids)
    )
    if set(await session.scalars(query)) != member_ids:
        return False
    if not member_ids <= await consent.consenting(session, event.community_id, Purpose.INTRODUCE):
        return False
    decided_pairs = await pair_rules.separations(session, event.community_id, {reader_id, *member_ids})
    if any((reader_id, one) in decided_pairs for one in member_ids):
        return False
    left_out = select(Mute.id).where(
        Mute.kind == MuteKind.PERSON,
        Mute.target == str(reader_id),
        is_one_of(Mute.member_id, member_ids),
        Mute.until.is_(None) | (Mute.until > now),
    )
    return await session.scalar(left_out.limit(1)) is None


CHECKS: Checks = {
    "guest": are_guests,
    "wish": are_wished,
    "introduced": are_introduced,
    "inquired": may_be_asked,
    "meet": may_meet,
    "there": are_there,
    "proposal": are_proposed,
    "proposal_facts": are_proposed_by_facts,
}
