"""Questions that surely wait for an answer, long enough and not too long, and to whom each was brought already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations.conversations import Conversation, describe_threads
from models.domain.digests.validity import is_told_open
from models.domain.members import community_choices
from models.reading.last_day import last_day
from models.tables.community import GROUPS, Chat, Community
from models.tables.delivery import Delivery
from models.tables.member import Member
from models.tables.message import Message, Tie
from models.tables.recommendation import Recommendation, RecommendedItem, Response, Source

# Who asked longer ago than this beyond the community's patience has helped themselves, or given up.
WAITS = timedelta(days=2)
# How many are asked about one question: so many at once, and one more each time as long as nobody answered.
FIRST, MOST = 2, 3


@dataclass(frozen=True)
class Waiting:
    """A question that waits, and the chat it stands in; `n_asked` were reached with it, `tried_ids` are all it was meant for."""

    talk: Conversation
    chat: Chat
    n_asked: int = 0
    tried_ids: frozenset[int] = frozenset()

    @property
    def n_wanted(self) -> int:
        """How many more may be asked now."""
        return MOST - self.n_asked if self.n_asked else FIRST

    @property
    def expires_at(self) -> datetime:
        """When bringing it to anybody is of no use any more."""
        return self.talk.asked_at + 2 * WAITS


@dataclass(frozen=True)
class Call:
    """A question brought to one member: who asked, why it is brought to them, and what the door looks up again."""

    member: Member
    question: Waiting
    asker: Member
    reason: Mapping[str, Any]
    claims: tuple[str, ...]


async def waiting(
    session: AsyncSession, community: Community, learners: Collection[int], *, now: datetime
) -> list[Waiting]:
    """The questions for which somebody should be asked now, the oldest first; [] where admins want none to be brought."""
    patience = community_choices.patience(community)
    if patience is None:
        return []
    talks = await describe_threads(session, await _threads_of_window(session, community.id, patience, now), learners)
    open_talks = [talk for talk in talks.values() if is_waiting(talk, now=now)]
    attempts = await _attempts(session, [talk.thread_id for talk in open_talks])
    chats = await _chats(session, open_talks)
    questions = [
        Waiting(
            talk,
            chats[talk.chat_id],
            n_asked=sum(one.is_on_its_way for one in attempts[talk.thread_id]),
            tried_ids=frozenset(one.member_id for one in attempts[talk.thread_id]),
        )
        for talk in open_talks
        # Whoever was asked is given the same time to answer.
        if talk.chat_id in chats and all(one.at <= now - patience for one in attempts[talk.thread_id])
    ]
    return sorted((one for one in questions if one.n_wanted > 0), key=lambda one: one.talk.asked_at)


async def _threads_of_window(session: AsyncSession, community_id: int, patience: timedelta, now: datetime) -> set[int]:
    """Threads that may have begun so long ago, and no longer: whether a first message perhaps answers another is not known."""
    chats = select(Chat.id).where(Chat.community_id == community_id, Chat.kind.in_(GROUPS))
    query = select(Message.thread_id).where(
        Message.chat_id.in_(chats),
        Message.sent_at > now - patience - WAITS,
        Message.sent_at <= now - patience,
        Message.tie.in_((Tie.HEAD, Tie.PROBABLE)),
    )
    return {thread_id for thread_id in await session.scalars(query) if thread_id is not None}


def is_waiting(talk: Conversation, *, now: datetime) -> bool:
    """Whether nobody has answered for certain, it can be understood by itself, and its day has not passed."""
    if not is_told_open(talk) or talk.is_settled or talk.is_small_talk or not talk.stands_alone:
        return False
    day = last_day(talk.head.text or "", talk.asked_at.date())
    return day is None or day >= now.date()


class _Attempt(NamedTuple):
    """One member who was meant to be asked; what could not reach them is not on its way."""

    member_id: int
    at: datetime
    is_on_its_way: bool


async def _attempts(session: AsyncSession, thread_ids: Sequence[int]) -> defaultdict[int, list[_Attempt]]:
    """Whom each of these was meant for."""
    attempts: defaultdict[int, list[_Attempt]] = defaultdict(list)
    query = (
        select(Recommendation.item_id, Recommendation.member_id, Recommendation.created_at, Delivery.failed_at)
        .outerjoin(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.item_kind == RecommendedItem.THREAD, is_one_of(Recommendation.item_id, thread_ids))
        .where(Recommendation.source == Source.RESCUE)
    )
    for thread_id, member_id, at, failed_at in await session.execute(query):
        attempts[thread_id].append(_Attempt(member_id, at, failed_at is None))
    return attempts


async def count_taken_up(session: AsyncSession, member_id: int, community_id: int) -> int:
    """How many questions there the member took part in after they were brought to them."""
    query = select(func.count(distinct(Recommendation.item_id))).where(
        Recommendation.member_id == member_id,
        Recommendation.community_id == community_id,
        Recommendation.source == Source.RESCUE,
        Recommendation.action == Response.JOINED,
    )
    return await session.scalar(query) or 0


async def _chats(session: AsyncSession, talks: Collection[Conversation]) -> dict[int, Chat]:
    """Groups that are still there, by id."""
    ids = {talk.chat_id for talk in talks}
    there = select(Chat).where(is_one_of(Chat.id, ids), Chat.gone_at.is_(None), Chat.kind.in_(GROUPS))
    return {chat.id: chat for chat in await session.scalars(there)}
