"""People to meet at an event: who is named to whom and why, kept as rows, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.events import announcements
from models.domain.events.summaries import MetPairs
from models.domain.events.validity import on
from models.domain.sending import deliveries
from models.domain.sending.checks import learns
from models.tables.delivery import Delivery, DeliveryKind
from models.tables.event import Event, EventStatus
from models.tables.interaction import Interaction, InteractionKind
from models.tables.member import Member
from models.tables.recommendation import Recommendation, RecommendedItem, Source

KIND = DeliveryKind.PEOPLE_TO_MEET
# What its delivery is called in announcements.about().
WHAT = "meet"
# After the reminder of the day before has settled who comes, and not when people are on their way.
FROM_BEFORE, UNTIL_BEFORE = timedelta(hours=22), timedelta(hours=2)
MOST_NAMES, MOST_NAMED = 3, 5


@dataclass(frozen=True)
class Name:
    """One person to look for; `reasons` are the reasons' data as kept in rows."""

    member: Member
    score: float
    reasons: tuple[Mapping[str, Any], ...]

    @property
    def source(self) -> Source:
        """Which kind of knowledge found them: that of the strongest reason."""
        return Source(self.reasons[0]["key"])


@dataclass(frozen=True)
class Suggestion:
    """Everybody one reader is told of, best first; at least one."""

    reader: Member
    names: tuple[Name, ...]


async def ready(session: AsyncSession, *, now: datetime) -> list[Event]:
    """Events whose time for this has come, soonest first; none that keep names to themselves."""
    query = select(Event).where(
        Event.status == EventStatus.PUBLISHED,
        Event.shows_names,
        Event.starts_at > now + UNTIL_BEFORE,
        Event.starts_at <= now + FROM_BEFORE,
    )
    return list(await session.scalars(query.order_by(Event.starts_at, Event.id)))


async def names_of(session: AsyncSession, event: Event) -> dict[int, list[int]]:
    """Who was told of whom for this start of the event, sent or waiting; readers by id."""
    names: dict[int, list[int]] = {member_id: [] for member_id in await announcements.recipients(session, event, WHAT)}
    query = (
        select(Recommendation.member_id, Recommendation.item_id)
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.event_id == event.id, Recommendation.item_kind == RecommendedItem.PERSON)
        .where(Delivery.failed_at.is_(None))
    )
    for member_id, other_id in await session.execute(query):
        if member_id in names:
            names[member_id].append(other_id)
    return names


async def remember(
    session: AsyncSession, event: Event, suggestion: Suggestion, *, now: datetime
) -> list[Recommendation]:
    """The names as rows, before their message is queued."""
    rows = [
        Recommendation(
            community_id=event.community_id,
            member_id=suggestion.reader.id,
            item_kind=RecommendedItem.PERSON,
            item_id=name.member.id,
            event_id=event.id,
            source=name.source,
            position=position,
            score=name.score,
            reasons=list(name.reasons),
            created_at=now,
        )
        for position, name in enumerate(suggestion.names)
    ]
    session.add_all(rows)
    await session.flush()
    return rows


def about(event: Event, reader_id: int, other_id: int) -> list[str]:
    """What the door looks at before it names somebody: mutes either way, that both still go, and we may learn of the other."""
    going = [f"guest:{event.id}:{other_id}", f"guest:{event.id}:{reader_id}"]
    return [f"person:{other_id}", *going, learns(event.community_id, other_id), on(event)]


async def suggested_to(session: AsyncSession, event_id: int, member_id: int) -> list[int]:
    """Whom the member was told of before the event, in that order."""
    query = (
        select(Recommendation.item_id)
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.event_id == event_id, Recommendation.item_kind == RecommendedItem.PERSON)
        .where(Recommendation.member_id == member_id, Delivery.sent_at.is_not(None))
        .order_by(Delivery.id.desc(), Recommendation.position)
    )
    return list(dict.fromkeys(await session.scalars(query)))


async def outcomes(
    session: AsyncSession,
    *,
    event_id: int | None = None,
    community_id: int | None = None,
    since: datetime | None = None,
) -> MetPairs:
    """What came of suggestions that were sent, at one event or in a community since an instant.

    A pair counts once an event, for the reason of whoever was told first; it met when either of the two says so.
    """
    query = (
        select(Recommendation.event_id, Recommendation.member_id, Recommendation.item_id, Recommendation.source)
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.item_kind == RecommendedItem.PERSON, Recommendation.event_id.is_not(None))
        .where(Delivery.kind == KIND, Delivery.sent_at.is_not(None))
        .order_by(Recommendation.id)
    )
    if event_id is not None:
        query = query.where(Recommendation.event_id == event_id)
    if community_id is not None:
        query = query.where(Recommendation.community_id == community_id)
    if since is not None:
        query = query.where(Recommendation.created_at >= since)
    pairs: dict[tuple[int, frozenset[int]], Source] = {}
    for event, one, other, source in await session.execute(query):
        if event is not None:
            pairs.setdefault((event, frozenset((one, other))), source)
    met_pairs = await _said_met(session, {event for event, _ in pairs})
    counts: defaultdict[Source, list[int]] = defaultdict(lambda: [0, 0])
    for pair, source in pairs.items():
        counts[source][0] += 1
        counts[source][1] += pair in met_pairs
    return MetPairs(
        len(pairs), len(pairs.keys() & met_pairs), {source: (n, n_met) for source, (n, n_met) in counts.items()}
    )


async def _said_met(session: AsyncSession, event_ids: set[int]) -> set[tuple[int, frozenset[int]]]:
    query = (
        select(Interaction.event_id, Interaction.member_id, Interaction.about_member_id)
        .where(
            Interaction.kind == InteractionKind.MET,
            is_one_of(Interaction.event_id, event_ids),
            Interaction.about_member_id.is_not(None),
        )
        .group_by(Interaction.event_id, Interaction.member_id, Interaction.about_member_id)
        .having(func.sum(Interaction.value) > 0)
    )
    return {
        (event, frozenset((one, other)))
        for event, one, other in await session.execute(query)
        if event is not None and other is not None
    }


async def forget_named(session: AsyncSession, member_id: int, *, now: datetime) -> int:
    """Take a member out of everything they were suggested in; returns in how many messages that was.

    What has not left is withdrawn, to be said again without them; what was sent keeps no words here.
    """
    is_about_them = (Recommendation.item_kind == RecommendedItem.PERSON, Recommendation.item_id == member_id)
    query = select(Delivery).join(Recommendation, Recommendation.delivery_id == Delivery.id).where(*is_about_them)
    messages = list(await session.scalars(query))
    for delivery in messages:
        if await deliveries.withdraw(session, [delivery.id], now=now):
            delivery.once_key = None
        delivery.payload, delivery.reasons = {}, None
    for row in await session.scalars(select(Recommendation).where(*is_about_them)):
        await session.delete(row)
    await session.flush()
    return len(messages)
