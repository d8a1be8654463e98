"""The one nameless question: somebody who was there would like to stay in touch; so that both sides may pick without knowing.

It must not say who: it is asked only where a crowd could have picked, the day after, at the reader's digest hour, at most
once an event. A no changes nothing anywhere, so it cannot be told from silence.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.events import ratings
from models.domain.events.announcements import recipients
from models.domain.events.ratings import RATED_UNTIL
from models.domain.introductions import introductions, staying_in_touch
from models.domain.member_time import Defaults, digest_hour, member_zone
from models.domain.members import consent
from models.tables.consent import Purpose
from models.tables.event import Event, EventStatus
from models.tables.introduction import IntroductionSide
from models.tables.member import Member
from models.tables.recommendation import Recommendation, RecommendedItem, Source

# So many others must be left who could have picked the reader, or the question would tell who did.
CROWD = 3
# What its delivery is called in announcements.about().
WHAT = "stay"


@dataclass(frozen=True)
class Question:
    """One member to ask, of no use after `expires_at`."""

    member: Member
    expires_at: datetime


async def recent(session: AsyncSession, *, now: datetime) -> list[Event]:
    """Events that attendees may still pick each other for."""
    query = select(Event).where(
        Event.status == EventStatus.PUBLISHED,
        Event.shows_names,
        Event.starts_at <= now,
        Event.starts_at > now - RATED_UNTIL,
    )
    return list(await session.scalars(query.order_by(Event.starts_at, Event.id)))


async def due(session: AsyncSession, event: Event, *, now: datetime, defaults: Defaults) -> list[Question]:
    """Whom to ask now.

    Criteria: picked by somebody on an earlier day of theirs, was there, agreed to introductions, can be reached, was not
    asked about this event, and CROWD others could be meant.
    """
    waiting = await staying_in_touch.unanswered_picks(session, event, now=now)
    if not waiting:
        return []
    there = {member.id: member for member in await ratings.attendees(session, event.id)}
    willing = await consent.consenting(session, event.community_id, Purpose.INTRODUCE)
    asked_already = await recipients(session, event, WHAT)
    apart = await introductions.apart(session, event.community_id, there.keys(), now=now)
    questions: list[Question] = []
    for member_id, wishes in _by_picked(waiting).items():
        member = there.get(member_id)
        wishes = [side for side in wishes if (side.member_id, member_id) not in apart and side.member_id in there]
        if (
            member is None
            or member_id in asked_already
            or member_id not in willing
            or not member.is_reachable
            or not wishes
        ):
            continue
        if _is_next_day(member, event, wishes, now, defaults) and await _is_crowd(
            session, event, member_id, wishes, there.keys() - {other for one, other in apart if one == member_id}, now
        ):
            questions.append(Question(member, event.starts_at + RATED_UNTIL))
    return questions


def _by_picked(sides: Sequence[IntroductionSide]) -> dict[int, list[IntroductionSide]]:
    sides_of: dict[int, list[IntroductionSide]] = {}
    for side in sides:
        if side.about_member_id is not None:
            sides_of.setdefault(side.about_member_id, []).append(side)
    return sides_of


def _is_next_day(
    member: Member, event: Event, wishes: Sequence[IntroductionSide], now: datetime, defaults: Defaults
) -> bool:
    """From the member's digest hour on, on a day after somebody picked them: the hour of the pick tells nothing."""
    zone, hour = member_zone(member, event.time_zone, defaults), digest_hour(member, defaults)
    local = now.astimezone(zone)
    days = {side.answered_at.astimezone(zone).date() for side in wishes if side.answered_at is not None}
    return local.hour >= hour and any(day < local.date() for day in days)


async def _is_crowd(
    session: AsyncSession,
    event: Event,
    member_id: int,
    wishes: Sequence[IntroductionSide],
    there: Set[int],
    now: datetime,
) -> bool:
    """Whom the member picked in vain cannot have picked them, so they hide nobody; nor does who was introduced already."""
    own = await staying_in_touch.picks(session, event, member_id, now=now)
    could_be = there - own.keys() - {member_id}
    return len(could_be) >= CROWD and any(side.member_id in could_be for side in wishes)


async def remember(session: AsyncSession, event: Event, member: Member, *, now: datetime) -> Recommendation:
    """The question as a row, so that the controls under it work."""
    about = [f"wish:{event.id}"]
    row = Recommendation(
        community_id=event.community_id,
        member_id=member.id,
        item_kind=RecommendedItem.EVENT,
        item_id=event.id,
        event_id=event.id,
        source=Source.STAY_IN_TOUCH,
        position=0,
        score=0.0,
        reasons=[{"key": "same_event", "values": {"event": event.title}, "about": about}],
        created_at=now,
    )
    session.add(row)
    await session.flush()
    return row
