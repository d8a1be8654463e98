"""What came of introductions, needs, offers and questions brought to somebody, over some weeks and those before them.

Each thing is counted in the week in which it happened. A no, a silence and a block change no count: a proposal counts when it is
made, and nothing else of it does but names that passed and what is said of meeting. Picks after an event are secret and count
only when they met.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.listings import listings
from models.domain.member_time import Defaults, place_zone
from models.domain.reports.thresholds import crowd, is_crowd_lost
from models.tables.community import Community
from models.tables.delivery import Delivery, Subject
from models.tables.introduction import Introduction, IntroductionKind, IntroductionSide, Outcome
from models.tables.listing import Listing, ListingOutcome
from models.tables.recommendation import Recommendation, RecommendedItem, Response, Source

# So many weeks, and as many before; fewer where rows are not kept for so long.
WEEKS = 12


@dataclass(frozen=True)
class Span:
    """From an instant until another one."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Way:
    """Introductions that came about in one way: `asked` where somebody's wish was put to somebody; None: not told."""

    kind: IntroductionKind
    n_asked: int | None
    n_introduced: int | None
    n_met: int | None
    n_helped: int | None


@dataclass(frozen=True)
class Outcomes:
    """Everything of one span; None: too few to be told.

    `n_matched` needs and offers whose author was told of one that meets it; None also where what was told is not kept so long.
    """

    ways: tuple[Way, ...]
    n_posted: int | None
    n_matched: int | None
    n_found_here: int | None
    n_brought: int | None
    n_taken_up: int | None


@dataclass(frozen=True)
class Comparison:
    """Some weeks, and those before."""

    n_weeks: int
    span: Span
    now: Outcomes
    before: Outcomes


async def compare(
    session: AsyncSession, community: Community, *, now: datetime, defaults: Defaults, kept_days: int, sent_days: int
) -> Comparison:
    """Until the community's last Monday; rows are kept for `kept_days`, and those of what was sent for `sent_days`."""
    n_weeks = max(1, min(WEEKS, (kept_days - 7) // 14))
    until = last_monday(community, now, defaults)
    span, before = (
        Span(until - timedelta(weeks=n * n_weeks), until - timedelta(weeks=(n - 1) * n_weeks)) for n in (1, 2)
    )
    sent_since = now - timedelta(days=sent_days)
    found, found_before = [await _outcomes(session, community.id, one, sent_since) for one in (span, before)]
    return Comparison(n_weeks, span, found, found_before)


def last_monday(community: Community, now: datetime, defaults: Defaults) -> datetime:
    """When this week began there."""
    zone = place_zone(community.time_zone, defaults)
    today = now.astimezone(zone).date()
    return datetime.combine(today - timedelta(days=today.weekday()), time(), zone)


async def _outcomes(session: AsyncSession, community_id: int, span: Span, sent_since: datetime) -> Outcomes:
    n_brought, n_taken_up = await _questions(session, community_id, span)
    return Outcomes(
        tuple([await _way(session, community_id, kind, span) for kind in IntroductionKind]),
        crowd(await _count(session, _listings(community_id).where(_within(Listing.posted_at, span)))),
        crowd(await _count_matched(session, community_id, span)) if span.since >= sent_since else None,
        crowd(
            await _count(
                session,
                _listings(community_id).where(
                    Listing.outcome == ListingOutcome.FOUND_HERE, _within(Listing.closed_at, span)
                ),
            )
        ),
        crowd(n_brought),
        crowd(n_taken_up),
    )


async def _way(session: AsyncSession, community_id: int, kind: IntroductionKind, span: Span) -> Way:
    here = (Introduction.community_id == community_id, Introduction.kind == kind)
    of_kind = select(func.count(Introduction.id)).where(*here)
    n_introduced = await _count(session, of_kind.where(_within(Introduction.introduced_at, span)))
    sides = select(func.count(distinct(Introduction.id))).where(*here)
    sides = sides.join(IntroductionSide, IntroductionSide.introduction_id == Introduction.id)
    meetings = sides.where(IntroductionSide.outcome == Outcome.MET, _within(IntroductionSide.outcome_at, span))
    helpful = sides.where(_within(IntroductionSide.helped_at, span))
    n_asked = await _count_asks(session, community_id, span) if kind == IntroductionKind.ASKED else None
    n_met, n_helped = await _count(session, meetings), await _count(session, helpful)
    return Way(kind, n_asked, crowd(n_introduced), crowd(n_met), crowd(n_helped))


async def _count_asks(session: AsyncSession, community_id: int, span: Span) -> int | None:
    """How often somebody asked for an introduction; None unless a crowd asked in vain until then, and asked a crowd."""
    query = (
        select(Introduction.id, Introduction.introduced_at, IntroductionSide.member_id)
        .outerjoin(IntroductionSide, IntroductionSide.introduction_id == Introduction.id)
        .where(Introduction.community_id == community_id, Introduction.kind == IntroductionKind.ASKED)
        .where(_within(Introduction.proposed_at, span))
        .order_by(IntroductionSide.id)
    )
    passed: dict[int, bool] = {}
    sides: defaultdict[int, list[int]] = defaultdict(list)
    for introduction_id, introduced_at, member_id in await session.execute(query):
        # As it stood when the weeks ended: what becomes of it later changes no number of theirs.
        passed[introduction_id] = introduced_at is not None and introduced_at < span.until
        sides[introduction_id].append(member_id)
    # The asker's side is the first; whom they asked has none where they could not be asked any more.
    lost = [(sides[one][0], sides[one][1] if len(sides[one]) > 1 else -one) for one in passed if not passed[one]]
    return crowd(len(passed)) if is_crowd_lost(lost) else None


def _listings(community_id: int) -> Select[Any]:
    return select(func.count(Listing.id)).where(Listing.community_id == community_id)


async def _count_matched(session: AsyncSession, community_id: int, span: Span) -> int:
    query = select(func.count(distinct(Delivery.what))).where(
        Delivery.about_kind == Subject.LISTING,
        Delivery.what.startswith(listings.match_of(0).removesuffix("0"), autoescape=True),
        Delivery.community_id == community_id,
        _within(Delivery.sent_at, span),
    )
    return await _count(session, query)


async def _questions(session: AsyncSession, community_id: int, span: Span) -> tuple[int, int]:
    """Questions that reached somebody, and those of them that one who was asked took part in."""
    query = (
        select(Recommendation.item_id, Recommendation.action)
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.community_id == community_id, Recommendation.source == Source.RESCUE)
        .where(Recommendation.item_kind == RecommendedItem.THREAD, _within(Recommendation.created_at, span))
        .where(Delivery.sent_at.is_not(None))
    )
    rows = (await session.execute(query)).all()
    return len({row[0] for row in rows}), len({row[0] for row in rows if row[1] == Response.JOINED})


def _within(column: Any, span: Span) -> ColumnElement[bool]:
    is_within: ColumnElement[bool] = (column >= span.since) & (column < span.until)
    return is_within


async def _count(session: AsyncSession, query: Select[Any]) -> int:
    return await session.scalar(query) or 0
