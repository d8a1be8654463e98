"""Ordinary messages that sound like a need or an offer: their authors, and nobody else, are asked whether to keep them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.listings.validity import is_answered, words
from models.domain.members import consent
from models.domain.members.learners import learners
from models.domain.sending.checks import learns
from models.reading.listing_kinds import ListingKind, kind_of_listing
from models.tables.community import GROUPS, Chat, Community
from models.tables.consent import Purpose
from models.tables.listing import Listing
from models.tables.member import Member
from models.tables.message import Message, Origin
from models.tables.recommendation import Recommendation, RecommendedItem, Response, Source

# A message is left alone for a while: its author may edit it, or be answered at once. After an hour it is old.
LEFT_ALONE, OLD = timedelta(minutes=10), timedelta(hours=1)
# A hint that cannot reach its author within a day is of no use.
LASTS = timedelta(days=1)
# Nobody is asked more often; who said no, or did not answer so many times, is left alone for long.
PAUSE, LONG_PAUSE, MOST_UNANSWERED = timedelta(days=7), timedelta(days=90), 2


@dataclass(frozen=True)
class Hint:
    """One author to ask about one of their messages."""

    member: Member
    message: Message
    kind: ListingKind

    @property
    def expires_at(self) -> datetime:
        """When asking is of no use any more."""
        return self.message.sent_at + LASTS


async def due(session: AsyncSession, community: Community, *, now: datetime) -> list[Hint]:
    """Whom to ask now, about the first such message of each.

    Criteria: they may be learned from, agreed to be introduced, can be written to, were not asked lately, and the message
    is their own, no command, still there, and neither kept nor answered by anybody.
    """
    fresh_messages = await _fresh(session, community.id, now)
    hints: dict[int, Hint] = {}
    for message, member in await _of_willing(session, community.id, fresh_messages, now):
        if member.id not in hints and (kind := kind_of_listing(message.text or "")) is not None:
            hints[member.id] = Hint(member, message, kind)
    return list(hints.values())


async def _fresh(session: AsyncSession, community_id: int, now: datetime) -> list[Message]:
    chats = select(Chat.id).where(Chat.community_id == community_id, Chat.kind.in_(GROUPS))
    is_kept = exists().where(Listing.message_id == Message.id)
    query = select(Message).where(
        Message.chat_id.in_(chats),
        Message.sent_at > now - OLD,
        Message.sent_at <= now - LEFT_ALONE,
        Message.member_id.is_not(None),
        Message.source == Origin.LIVE,
        Message.is_forward.is_(False),
        Message.deleted_at.is_(None),
        Message.text.is_not(None),
        ~is_kept,
        ~is_answered(),
    )
    messages = await session.scalars(query.order_by(Message.sent_at, Message.id))
    return [message for message in messages if not (message.text or "").startswith("/")]


async def _of_willing(
    session: AsyncSession, community_id: int, messages: Collection[Message], now: datetime
) -> list[tuple[Message, Member]]:
    """Those of people who may be asked, with their authors."""
    authors = {message.member_id for message in messages if message.member_id is not None}
    if not authors:
        return []
    willing = await learners(session, community_id, among=authors)
    willing &= await consent.consenting(session, community_id, Purpose.INTRODUCE)
    willing -= await _resting(session, willing, now)
    members = {one.id: one for one in await session.scalars(select(Member).where(is_one_of(Member.id, willing)))}
    of_authors = [(message, members.get(message.member_id or 0)) for message in messages]
    return [(message, member) for message, member in of_authors if member is not None and member.is_reachable]


async def _resting(session: AsyncSession, member_ids: Collection[int], now: datetime) -> set[int]:
    """Who was asked lately, said no, or did not answer again and again."""
    is_unanswered = Recommendation.acted_at.is_(None)
    query = (
        select(Recommendation.member_id)
        .where(is_one_of(Recommendation.member_id, member_ids), Recommendation.item_kind == RecommendedItem.MESSAGE)
        .where(Recommendation.source == Source.WORDS, Recommendation.created_at > now - LONG_PAUSE)
        .group_by(Recommendation.member_id)
        .having(
            or_(
                func.max(Recommendation.created_at) > now - PAUSE,
                func.count(Recommendation.id).filter(Recommendation.action == Response.LESS) > 0,
                func.count(Recommendation.id).filter(is_unanswered) >= MOST_UNANSWERED,
            )
        )
    )
    return set(await session.scalars(query))


async def remember(session: AsyncSession, community: Community, hint: Hint, *, now: datetime) -> Recommendation:
    """The question as a row, so that the controls under it work; what it rests on is looked up again before it leaves."""
    about = [words(hint.message.id), learns(community.id, hint.member.id)]
    values = {"community": community.name, "at": hint.message.sent_at.isoformat()}
    row = Recommendation(
        community_id=community.id,
        member_id=hint.member.id,
        item_kind=RecommendedItem.MESSAGE,
        item_id=hint.message.id,
        source=Source.WORDS,
        position=0,
        score=0.0,
        reasons=[{"key": f"written_{hint.kind}", "values": values, "about": about}],
        created_at=now,
    )
    session.add(row)
    await session.flush()
    return row


async def note_kept(session: AsyncSession, member_id: int, message_id: int, *, now: datetime) -> None:
    """The author kept what they were asked about."""
    asked = and_(
        Recommendation.member_id == member_id,
        Recommendation.item_kind == RecommendedItem.MESSAGE,
        Recommendation.item_id == message_id,
    )
    await session.execute(update(Recommendation).where(asked).values(action=Response.KEPT, acted_at=now))
