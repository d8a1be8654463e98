"""Whom to invite to an event: gather, filter, score, select, explain. What an answer teaches is invitation_answers.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, sqrt
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain import event_visibility
from models.domain.invitation_facts import Guest, Occasion
from models.domain.invitation_reasons import MOST_REASONS, Reason, reasons_for
from models.domain.invitation_scores import product
from models.domain.waitlist import free_seats
from models.tables.delivery import Delivery
from models.tables.event import Event, Rsvp
from models.tables.recommendation import Recommendation

# The group answers first: an event is known by its first answers, or by silence of some hours.
FIRST_ANSWERS, FIRST_HOURS = 3, timedelta(hours=3)
# Nobody is invited to what starts too soon to plan for, or so late that it would be forgotten.
AT_LEAST_AHEAD, AT_MOST_AHEAD = timedelta(hours=12), timedelta(days=21)
# How long an unanswered invitation may still bring somebody.
HOPE = timedelta(hours=48)
# Beta prior of P(comes | invited), until the community's own answers outweigh it: one of four.
PRIOR_YES, PRIOR_ALL = 1.0, 4.0
# Without a limit of seats, invitations per event and run; the attention budget bounds them per member anyway.
MOST_AT_ONCE = 25


@dataclass(frozen=True)
class Choice:
    """One member to invite, how well it fits, and why."""

    guest: Guest
    score: float
    reasons: tuple[Reason, ...]

    @property
    def source(self) -> str:
        """Which kind of knowledge found them: that of the strongest reason."""
        return self.reasons[0].key


async def ready(session: AsyncSession, *, now: datetime) -> list[Event]:
    """Listed events whose time for invitations has come, soonest first."""
    query = select(Event).where(
        Event.status == "published",
        event_visibility.is_listed(),
        Event.starts_at > now + AT_LEAST_AHEAD,
        Event.starts_at <= now + AT_MOST_AHEAD,
        Event.rsvp_until.is_(None) | (Event.rsvp_until > now + timedelta(hours=2)),
    )
    found: list[Event] = []
    for event in await session.scalars(query.order_by(Event.starts_at, Event.id)):
        n_answers = await session.scalar(select(func.count(Rsvp.id)).where(Rsvp.event_id == event.id)) or 0
        if n_answers >= FIRST_ANSWERS or event.created_at <= now - FIRST_HOURS:
            found.append(event)
    return found


def rank(occasion: Occasion, *, now: datetime) -> list[Choice]:
    """Everyone there is a reason for, the likeliest to come first.

    score = (co-attendance scaled to 1 + the weights of the reasons) * (0.3 + recency scaled to 1): the measured product where
    there is history, the reasons alone where there is none.
    """
    scores = product(occasion.attendances, occasion.seeds, now=now.timestamp())
    most = max((scores.get(guest.member.id, 0.0) for guest in occasion.guests if guest.learns), default=0.0)
    choices: list[Choice] = []
    for guest in occasion.guests:
        reasons = reasons_for(occasion.event, guest, now=now)
        if reasons:
            known = scores.get(guest.member.id, 0.0) / most if most > 0 and guest.learns else 0.0
            score = (known + sum(reason.weight for reason in reasons)) * (0.3 + 0.7 * _liveliness(guest, now))
            choices.append(Choice(guest, score, tuple(reasons[:MOST_REASONS])))
    return sorted(choices, key=lambda choice: (-choice.score, choice.guest.member.id))


def _liveliness(guest: Guest, now: datetime) -> float:
    """How recently the member was seen at all, 1 today, half after a month; joining counts as being seen."""
    seen = max((at for at in (guest.last_seen_at, guest.joined_at) if at is not None), default=None)
    return 0.0 if seen is None else sqrt(0.5 ** (max((now - seen).total_seconds(), 0.0) / 86_400 / 15))


async def room_for(session: AsyncSession, event: Event, *, now: datetime) -> int:
    """How many more to invite, so that those who are likely to say yes just fill the seats that are left."""
    rate = await acceptance_rate(session, event.community_id, now=now)
    if event.capacity is None:
        return MOST_AT_ONCE
    rows = list(await session.scalars(select(Rsvp).where(Rsvp.event_id == event.id)))
    if any(row.status == "waitlisted" for row in rows):
        return 0
    expected = (free_seats(event.capacity, rows) or 0) - rate * await _hoped_for(session, event.id, now)
    return max(0, min(ceil(expected / rate - 1e-9), MOST_AT_ONCE)) if expected >= rate else 0


async def acceptance_rate(session: AsyncSession, community_id: int, *, now: datetime) -> float:
    """P(comes | invited) in this community, from invitations old enough to be answered, with a Beta prior."""
    sent = (
        select(Recommendation.action)
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.community_id == community_id, Recommendation.item_kind == "event")
        .where(Delivery.kind == "invite", Delivery.sent_at <= now - HOPE)
    )
    actions = list(await session.scalars(sent))
    return (PRIOR_YES + actions.count("going")) / (PRIOR_ALL + len(actions))


async def _hoped_for(session: AsyncSession, event_id: int, now: datetime) -> int:
    """Invitations that may still bring somebody."""
    query = (
        select(func.count(Recommendation.id))
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.item_kind == "event", Recommendation.item_id == event_id, Delivery.kind == "invite")
        .where(Recommendation.action.is_(None), Delivery.failed_at.is_(None), Recommendation.created_at > now - HOPE)
    )
    return await session.scalar(query) or 0


async def remember(session: AsyncSession, event: Event, choice: Choice, *, now: datetime) -> Recommendation:
    """The choice as a row, before its message is queued."""
    row = Recommendation(
        community_id=event.community_id,
        member_id=choice.guest.member.id,
        item_kind="event",
        item_id=event.id,
        source=choice.source,
        position=0,
        score=choice.score,
        reasons=reasons_as_json(event, choice.reasons),
        created_at=now,
    )
    session.add(row)
    await session.flush()
    return row


def reasons_as_json(event: Event, reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Reasons for rows; who was muted meanwhile holds the invitation back at the door."""
    return [reason.as_json(event.host_id) for reason in reasons]
