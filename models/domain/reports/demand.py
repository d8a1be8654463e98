"""What a community needs and offers, field by field, and what it lacks: people are counted, and fewer than three are nobody.

Needs and offers that are open can be found by everybody there; questions are those of members who may be learned from, in the
community's groups.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations.conversations import describe_threads
from models.domain.digests.validity import is_told_open
from models.domain.listings import listings
from models.domain.members.learners import learners
from models.domain.reports.thresholds import FEWEST, crowd
from models.reading.fields import Field, fields_of
from models.reading.listing_kinds import ListingKind
from models.reading.text_kinds import TextKind, kind
from models.tables.community import GROUPS, Chat
from models.tables.message import Message, Tie

# Questions of so many weeks count, from when nobody is expected to answer any more; so many of the latest are looked at.
QUESTIONS_OF, ANSWERED_WITHIN, MOST_QUESTIONS = timedelta(weeks=4), timedelta(days=2), 300


@dataclass(frozen=True)
class FieldDemand:
    """People by field: who needs and who offers something of it, whose questions nobody answered; None: fewer than three.

    `is_missing`: it is needed or asked for, and nobody offers it.
    """

    field: Field
    n_needing: int | None
    n_offering: int | None
    n_unanswered: int | None
    is_missing: bool


async def by_field(session: AsyncSession, community_id: int, *, now: datetime) -> list[FieldDemand]:
    """Fields of which at least three people need, offer or vainly ask something, those most wanted first."""
    needing, offering = await _of_listings(session, community_id, now)
    asking = await askers_in_vain(session, community_id, now=now)
    found = [
        FieldDemand(
            field,
            crowd(len(needing[field])),
            crowd(len(offering[field])),
            crowd(len(asking[field])),
            is_missing=not offering[field] and max(len(needing[field]), len(asking[field])) >= FEWEST,
        )
        for field in Field
    ]
    worth_telling = [one for one in found if one.n_needing or one.n_offering or one.n_unanswered]
    return sorted(worth_telling, key=lambda one: (-(one.n_needing or 0) - (one.n_unanswered or 0), one.field))


async def _of_listings(
    session: AsyncSession, community_id: int, now: datetime
) -> tuple[Mapping[Field, set[int]], Mapping[Field, set[int]]]:
    """Who needs and who offers something of each field, in what is open."""
    stock = await listings.open_listings(session, [community_id], now=now)
    people: dict[ListingKind, defaultdict[Field, set[int]]] = {one: defaultdict(set) for one in ListingKind}
    for one in stock:
        for field in fields_of(one.text):
            people[one.kind][field].add(one.member_id)
    return people[ListingKind.NEED], people[ListingKind.OFFER]


async def askers_in_vain(session: AsyncSession, community_id: int, *, now: datetime) -> defaultdict[Field, set[int]]:
    """Whose questions surely had no answer, by field; of members who may be learned from."""
    allowed = await learners(session, community_id)
    heads = await _heads(session, community_id, allowed, now)
    # Reading hundreds of texts takes tenths of a second, in which others are answered.
    thread_ids = await asyncio.to_thread(_questions_of_a_field, heads)
    talks = (await describe_threads(session, thread_ids[:MOST_QUESTIONS], allowed)).values()
    people: defaultdict[Field, set[int]] = defaultdict(set)
    for talk in talks:
        if is_told_open(talk) and not talk.is_settled and talk.stands_alone and not talk.is_small_talk:
            for field in fields_of(talk.head.text or ""):
                people[field].add(talk.author_id)
    return people


async def _heads(
    session: AsyncSession, community_id: int, learner_ids: Collection[int], now: datetime
) -> Sequence[tuple[int | None, str | None]]:
    """(thread, text) of what may have begun a talk, the latest first."""
    chats = select(Chat.id).where(Chat.community_id == community_id, Chat.kind.in_(GROUPS))
    query = select(Message.thread_id, Message.text).where(
        Message.chat_id.in_(chats),
        Message.sent_at > now - QUESTIONS_OF,
        Message.sent_at <= now - ANSWERED_WITHIN,
        Message.tie.in_((Tie.HEAD, Tie.PROBABLE)),
        Message.thread_id.is_not(None),
        is_one_of(Message.member_id, learner_ids),
    )
    rows = await session.execute(query.order_by(Message.sent_at.desc(), Message.id.desc()))
    return [(row[0], row[1]) for row in rows]


def _questions_of_a_field(heads: Sequence[tuple[int | None, str | None]]) -> list[int]:
    return list(
        dict.fromkeys(
            thread_id
            for thread_id, text in heads
            if thread_id is not None and text and kind(text) is TextKind.QUESTION and fields_of(text)
        )
    )
