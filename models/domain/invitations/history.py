"""Events and answers become arrays: what invitations are learned from and scored with, and only with consent.

Imported by jobs alone; it loads numpy, which the bot's process does without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.invitations.facts import topic_words
from models.domain.members.learners import learners
from models.learning.gatherings import UNKNOWN, Answers, Gatherings, Ratings
from models.tables.event import Event, EventRating, EventStatus, Rsvp, RsvpStatus
from models.tables.recommendation import Recommendation, RecommendedItem, Response

# Older answers say little about who comes now.
LOOK_BACK = timedelta(days=900)
# Whoever is no learner is asked about under this id: in no array, hence without any history.
NOBODY = -1
# Answers that were a yes when given; "lapsed" is a seat that was offered and not taken.
YES = frozenset({RsvpStatus.GOING, RsvpStatus.WAITLISTED})
NO = frozenset({RsvpStatus.NOT_GOING, RsvpStatus.WITHDRAWN, RsvpStatus.LAPSED, RsvpStatus.MAYBE})


@dataclass(frozen=True, eq=False)
class Past:
    """A community's arrays, and the place of each of its events in them."""

    gatherings: Gatherings
    place: Mapping[int, int]
    learners: frozenset[int]

    def row_of(self, member_id: int) -> int:
        """The member's row in every score; that of NOBODY for who is no learner."""
        learner_id = member_id if member_id in self.learners else NOBODY
        return int(np.searchsorted(self.gatherings.members, learner_id))


async def read_past(session: AsyncSession, community_id: int, *, now: datetime) -> Past:
    """Published events and what learners answered, were at, and gave stars for, until now.

    Whoever is no learner appears nowhere, neither as host nor as guest; "not for me" to an invitation is an answer, a no.
    """
    learner_ids = await learners(session, community_id)
    of_interest = and_(
        Event.community_id == community_id, Event.status == EventStatus.PUBLISHED, Event.starts_at > now - LOOK_BACK
    )
    events = list(await session.scalars(select(Event).where(of_interest).order_by(Event.starts_at, Event.id)))
    place = {event.id: number for number, event in enumerate(events)}
    words = [(number, crc32(word.encode())) for number, event in enumerate(events) for word in topic_words(event)]
    clocks = [event.starts_at.astimezone(ZoneInfo(event.time_zone)) for event in events]
    gatherings = Gatherings(
        members=_ints(sorted(learner_ids | {NOBODY})),
        starts_at=np.array([event.starts_at.timestamp() for event in events], dtype=np.float64),
        host=_ints(event.host_id if event.host_id in learner_ids else UNKNOWN for event in events),
        answers=_answers(await _invitation_rows(session, of_interest, learner_ids, now), place, now),
        ratings=await _ratings(session, of_interest, place, learner_ids, now),
        hour=_ints(clock.hour for clock in clocks),
        weekday=_ints(clock.weekday() for clock in clocks),
        word_event=_ints(number for number, _ in words),
        word=_ints(token for _, token in words),
    )
    return Past(gatherings, place, frozenset(learner_ids))


async def _invitation_rows(
    session: AsyncSession, of_interest: ColumnElement[bool], learner_ids: set[int], now: datetime
) -> Sequence[tuple[Any, ...]]:
    """(member, event, status, answered, checked in) of learners; their "not for me" where they gave no other answer."""
    query = (
        select(Rsvp.member_id, Rsvp.event_id, Rsvp.status, Rsvp.answered_at, Rsvp.checked_in_at)
        .join(Event, Event.id == Rsvp.event_id)
        .where(of_interest, Rsvp.answered_at <= now)
        .order_by(Rsvp.answered_at, Rsvp.id)
    )
    rows = [tuple(row) for row in await session.execute(query) if row.member_id in learner_ids]
    refusals = (
        select(Recommendation.member_id, Recommendation.item_id, Recommendation.acted_at)
        .join(Event, Event.id == Recommendation.item_id)
        .where(of_interest, Recommendation.item_kind == RecommendedItem.EVENT)
        .where(Recommendation.action == Response.LESS, Recommendation.acted_at <= now)
    )
    answered_pairs = {(member_id, event_id) for member_id, event_id, *_ in rows}
    for member_id, event_id, at in await session.execute(refusals):
        if member_id in learner_ids and (member_id, event_id) not in answered_pairs:
            rows.append((member_id, event_id, RsvpStatus.NOT_GOING, at, None))
            answered_pairs.add((member_id, event_id))
    return sorted(rows, key=lambda row: row[3])


def _answers(rows_told: Sequence[tuple[Any, ...]], place: Mapping[int, int], now: datetime) -> Answers:
    """Where anybody was checked in, who said yes and was not has stayed away; who was there unasked said yes by coming."""
    checked_events = {event_id for _, event_id, _, _, at in rows_told if at is not None and at <= now}
    rows = [row for row in rows_told if row[2] in YES or row[2] in NO or row[4] is not None]
    yes = [row[2] in YES or row[4] is not None for row in rows]
    no_shows = [row[2] == RsvpStatus.GOING and row[4] is None and row[1] in checked_events for row in rows]
    return Answers(
        member=_ints(row[0] for row in rows),
        at=np.array([row[3].timestamp() for row in rows], dtype=np.float64),
        event=_ints(place[row[1]] for row in rows),
        is_yes=_ints(yes),
        stayed_away=_ints(no_shows),
    )


async def _ratings(
    session: AsyncSession,
    of_interest: ColumnElement[bool],
    place: Mapping[int, int],
    learner_ids: set[int],
    now: datetime,
) -> Ratings:
    query = (
        select(EventRating.member_id, EventRating.event_id, EventRating.stars, EventRating.rated_at)
        .join(Event, Event.id == EventRating.event_id)
        .where(of_interest, EventRating.rated_at <= now)
        .order_by(EventRating.rated_at, EventRating.id)
    )
    rows = [row for row in await session.execute(query) if row.member_id in learner_ids]
    return Ratings(
        member=_ints(row.member_id for row in rows),
        at=np.array([row.rated_at.timestamp() for row in rows], dtype=np.float64),
        event=_ints(place[row.event_id] for row in rows),
        stars=_ints(row.stars for row in rows),
    )


def _ints(values: Any) -> Any:
    return np.array(list(values), dtype=np.int64)
