"""What open invitations may still bring: how many of those asked say yes, in all and by whom the model expected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.members.learners import learners
from models.tables.delivery import Delivery, DeliveryKind
from models.tables.event import Event
from models.tables.recommendation import Recommendation, RecommendedItem, Response

# How long an unanswered invitation may still bring somebody.
HOPE = timedelta(hours=48)
# Beta prior of P(comes | invited), until the community's own answers outweigh it: one of four.
PRIOR_YES, PRIOR_ALL = 1.0, 4.0
# What a model says holds for members nobody asked; an invitation lifts it, as seen in this community's answers. Until as many
# yes as this were expected of invitations, it is taken to change nothing.
LIFT_PRIOR = 4.0
# Nobody is certain to come.
HIGHEST = 0.95


async def acceptance_rate(session: AsyncSession, community_id: int, *, now: datetime) -> float:
    """P(comes | invited) in this community, from invitations old enough to be answered, with a Beta prior."""
    actions = [row.action for row in await _answered_invitations(session, community_id, now)]
    return (PRIOR_YES + actions.count("going")) / (PRIOR_ALL + len(actions))


async def lift(session: AsyncSession, community_id: int, *, now: datetime) -> float:
    """How many times likelier those who were invited came than the model had said of them uninvited."""
    rows = [row for row in await _answered_invitations(session, community_id, now) if row.probability is not None]
    n_yes = sum(row.action == Response.GOING for row in rows)
    return float((LIFT_PRIOR + n_yes) / (LIFT_PRIOR + sum(row.probability for row in rows)))


def chances(probabilities: Iterable[float | None], *, rate: float, lift: float) -> list[float]:
    """P(comes | invited) of each: the model's, lifted, or the community's rate where no model served."""
    return [rate if probability is None else min(probability * lift, HIGHEST) for probability in probabilities]


async def open_chances(session: AsyncSession, event: Event, *, now: datetime) -> list[float]:
    """P(comes) of each invitation to the event that may still bring somebody."""
    query = (
        select(Recommendation.probability)
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(
            Recommendation.item_kind == RecommendedItem.EVENT,
            Recommendation.item_id == event.id,
            Delivery.kind == DeliveryKind.INVITE,
        )
        .where(Recommendation.action.is_(None), Delivery.failed_at.is_(None), Recommendation.created_at > now - HOPE)
    )
    probabilities = list(await session.scalars(query))
    if not probabilities:
        return []
    rate = await acceptance_rate(session, event.community_id, now=now)
    return chances(probabilities, rate=rate, lift=await lift(session, event.community_id, now=now))


async def _answered_invitations(session: AsyncSession, community_id: int, now: datetime) -> Sequence[Any]:
    """What learners did with invitations old enough to be answered, and what the model had said."""
    query = (
        select(Recommendation.action, Recommendation.probability)
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.community_id == community_id, Recommendation.item_kind == RecommendedItem.EVENT)
        .where(Delivery.kind == DeliveryKind.INVITE, Delivery.sent_at <= now - HOPE)
        .where(is_one_of(Recommendation.member_id, await learners(session, community_id)))
    )
    return (await session.execute(query)).all()
