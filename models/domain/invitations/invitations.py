"""Whom to invite to an event: gather, filter, score, select, explain. What an answer teaches is answers.py.

Imported by jobs alone; it loads numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from math import inf, sqrt
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.events import visibility
from models.domain.events.waitlist import free_seats
from models.domain.invitations import expected_answers
from models.domain.invitations.facts import Guest, Occasion
from models.domain.invitations.history import NOBODY, Past
from models.domain.invitations.reasons import MOST_REASONS, Reason, reasons_for
from models.domain.serving.candidates import load_serving
from models.domain.serving.champions import ChampionIsUnreadable
from models.learning import enjoyment, invitation_model
from models.learning.arrays import Ints
from models.learning.behaviour_model import BehaviourModel
from models.learning.invitation_scores import Moment, hosted_product, moment
from models.tables.event import Event, EventStatus, Rsvp, RsvpStatus
from models.tables.model import ModelName
from models.tables.recommendation import Recommendation, RecommendedItem, Source

# The group answers first: an event is known by its first answers, or by silence of some hours.
FIRST_ANSWERS, FIRST_HOURS = 3, timedelta(hours=3)
# Nobody is invited to what starts too soon to plan for, or so late that it would be forgotten.
AT_LEAST_AHEAD, AT_MOST_AHEAD = timedelta(hours=12), timedelta(days=21)
# Without a limit of seats, invitations per event and run; the attention budget bounds them per member anyway.
MOST_AT_ONCE = 25
# Open invitations per free seat, however unlikely a model thinks each: more would only disappoint.
MOST_OPEN_PER_SEAT = 8
NAME = ModelName.INVITATION_MODEL


@dataclass(frozen=True)
class Choice:
    """One member to invite, how well it fits, and why."""

    guest: Guest
    score: float
    reasons: tuple[Reason, ...]
    # P(comes) by the model of that row; None while rules serve.
    probability: float | None = None
    model_id: int | None = None

    @property
    def source(self) -> Source:
        """Which kind of knowledge found them: that of the strongest reason."""
        return self.reasons[0].key


@dataclass(frozen=True)
class Scorer:
    """What ranks: the champion, or None while rules serve; and why it cannot be read."""

    model: BehaviourModel | None
    model_id: int | None
    problems: tuple[ChampionIsUnreadable, ...] = ()


async def ready(session: AsyncSession, *, now: datetime) -> list[Event]:
    """Listed events whose time for invitations has come, soonest first."""
    query = select(Event).where(
        Event.status == EventStatus.PUBLISHED,
        visibility.is_listed(),
        Event.starts_at > now + AT_LEAST_AHEAD,
        Event.starts_at <= now + AT_MOST_AHEAD,
        Event.rsvp_until.is_(None) | (Event.rsvp_until > now + timedelta(hours=2)),
    )
    events: list[Event] = []
    for event in await session.scalars(query.order_by(Event.starts_at, Event.id)):
        n_answers = await session.scalar(select(func.count(Rsvp.id)).where(Rsvp.event_id == event.id)) or 0
        if n_answers >= FIRST_ANSWERS or event.created_at <= now - FIRST_HOURS:
            events.append(event)
    return events


async def load_scorer(session: AsyncSession, community_id: int) -> Scorer:
    """The champion, or no model: then the product serves."""
    serving = await load_serving(session, community_id, names=(NAME,))
    champion = serving.champions.get(NAME)
    if champion is None or not invitation_model.can_serve(champion.model):
        return Scorer(None, None, serving.problems)
    return Scorer(champion.model, champion.row_id, serving.problems)


def rank(occasion: Occasion, past: Past, scorer: Scorer, *, now: datetime) -> list[Choice]:
    """Everyone there is a reason for, the likeliest to come and enjoy it first.

    With a champion: score = P(comes) * P(likes it, as stars foretell). Without: (product scaled to 1 + the weights of the
    reasons) * (0.3 + recency scaled to 1) * how much likelier than usual they like it. Who gave the host's last events one
    or two stars comes after everybody else.
    """
    at = _moment(occasion, past, now)
    with_reasons = [
        (guest, reasons) for guest in occasion.guests if (reasons := reasons_for(occasion.event, guest, now=now))
    ]
    rows = np.array([past.row_of(guest.member.id) for guest, _ in with_reasons], dtype=np.int64)
    likes, dislikes = enjoyment.expectation(at)[rows], enjoyment.dislikes_host(at)[rows]
    usual = float(enjoyment.expectation(at)[past.row_of(NOBODY)])
    plain = [
        _plain(guest, reasons, expectations, now)
        for (guest, reasons), expectations in zip(with_reasons, _expectations(at, rows), strict=True)
    ]
    chances = _chances(scorer, at, rows)
    choices: list[tuple[tuple[bool, float, float, int], Choice]] = []
    for (guest, reasons), like, dislike, by_rule, chance in zip(
        with_reasons, likes, dislikes, plain, chances, strict=True
    ):
        score = float(by_rule * like / usual if chance is None else chance * like)
        choice = Choice(guest, score, tuple(reasons[:MOST_REASONS]), chance, scorer.model_id)
        choices.append(((bool(dislike), -score, -by_rule, guest.member.id), choice))
    return [choice for _, choice in sorted(choices, key=lambda one: one[0])]


def _moment(occasion: Occasion, past: Past, now: datetime) -> Moment:
    event, gatherings = past.place[occasion.event.id], past.gatherings
    answerers = moment(gatherings, event, now.timestamp()).answerers
    seeds = np.array(sorted(past.row_of(member_id) for member_id in occasion.seeds), dtype=np.int64)
    return Moment(gatherings, event, now.timestamp(), seeds, answerers)


def _expectations(at: Moment, rows: Ints) -> list[float]:
    """The untrained product of each, scaled so that the likeliest has 1."""
    scores = hosted_product(at)[rows]
    most = float(scores.max(initial=0.0))
    return [float(score) / most if most > 0 else 0.0 for score in scores]


def _chances(scorer: Scorer, at: Moment, rows: Ints) -> Sequence[float | None]:
    """P(comes) of each by the model; one that is not a number is no chance."""
    if scorer.model is None or not len(rows):
        return [None] * len(rows)
    probabilities = scorer.model.predict(invitation_model.columns(scorer.model, at)[rows])
    return [float(one) for one in np.nan_to_num(probabilities, nan=0.0)]


def _plain(guest: Guest, reasons: Sequence[Reason], expectation: float, now: datetime) -> float:
    return (expectation + sum(reason.weight for reason in reasons)) * (0.3 + 0.7 * _liveliness(guest, now))


def _liveliness(guest: Guest, now: datetime) -> float:
    """How recently the member was seen at all, 1 today, half after a month; joining counts as being seen."""
    last_at = max((at for at in (guest.last_seen_at, guest.joined_at) if at is not None), default=None)
    return 0.0 if last_at is None else sqrt(0.5 ** (max((now - last_at).total_seconds(), 0.0) / 86_400 / 15))


async def seats_to_fill(session: AsyncSession, event: Event, *, now: datetime) -> float:
    """Seats that neither answers nor open invitations are expected to fill; without a limit there is always room."""
    if event.capacity is None:
        return inf
    rows = list(await session.scalars(select(Rsvp).where(Rsvp.event_id == event.id)))
    if any(row.status == RsvpStatus.WAITLISTED for row in rows):
        return 0.0
    expected_seats = await expected_answers.open_chances(session, event, now=now)
    free = free_seats(event.capacity, rows) or 0
    return free - sum(expected_seats) if len(expected_seats) < free * MOST_OPEN_PER_SEAT else 0.0


async def enough(
    session: AsyncSession, event: Event, choices: Sequence[Choice], n_seats: float, *, now: datetime
) -> list[Choice]:
    """The first of the ranked who together just fill the seats; nobody for less than the likeliest's own seat."""
    rate = await expected_answers.acceptance_rate(session, event.community_id, now=now)
    lift = await expected_answers.lift(session, event.community_id, now=now)
    chances = expected_answers.chances([choice.probability for choice in choices[:MOST_AT_ONCE]], rate=rate, lift=lift)
    if not chances or n_seats < chances[0]:
        return []
    before = accumulate(chances, initial=0.0)
    return [choice for choice, n_before in zip(choices, before, strict=False) if n_before < n_seats - 1e-9][
        : len(chances)
    ]


async def remember(session: AsyncSession, event: Event, choice: Choice, *, now: datetime) -> Recommendation:
    """The choice as a row, before its message is queued."""
    row = Recommendation(
        community_id=event.community_id,
        member_id=choice.guest.member.id,
        item_kind=RecommendedItem.EVENT,
        item_id=event.id,
        source=choice.source,
        position=0,
        score=choice.score,
        probability=choice.probability,
        model_id=choice.model_id,
        reasons=reasons_as_json(event, choice),
        created_at=now,
    )
    session.add(row)
    await session.flush()
    return row


def reasons_as_json(event: Event, choice: Choice) -> list[dict[str, Any]]:
    """Reasons for rows; who was muted meanwhile, or goes no more, holds the invitation back at the door."""
    return [reason.as_json(event, choice.guest) for reason in choice.reasons]
