"""What is erased when, and the work of erasing it in small steps (promise 8).

What members wrote goes as whole rows, not as rows without text: who wrote when to whom is behaviour, it is theirs as much as
the words, and nothing needs it after so long (what is learned forgets within weeks). Reactions and mentions go with their
message; interactions, recommendations and threads of that age go too. Events, answers to them and introductions stay as a
community's history, without the sentences attendees wrote; consent decisions stay as proof. Deliveries lose their words first;
their rows go later, but for those that something rests on: see _is_done_with().
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Select,
    Table,
    Update,
    and_,
    delete,
    exists,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.database import Database, is_one_of
from models.tables.base import Base
from models.tables.community import Chat, ChatKind, Community
from models.tables.delivery import Delivery
from models.tables.event import EventCard, EventRating, Rsvp
from models.tables.inbox import RawUpdate
from models.tables.interaction import Interaction
from models.tables.introduction import Introduction, IntroductionSide
from models.tables.listing import Listing
from models.tables.member import Dialogue, Intent, Member, Membership
from models.tables.message import Message, PollAnswer, Thread
from models.tables.recommendation import Recommendation

# Rows per transaction: some milliseconds of SQLite's one write lock, then others have their turn.
BATCH = 500
# Texts we sent are wiped after this; long enough for "why did I get this?".
SENT_DAYS = 30
# The rows of what we sent go after this: buttons of older messages answer with a new message.
DELIVERY_DAYS = 90
# Who left every community so long ago, and of whom nothing is kept, is erased; so are dialogues nobody went on with.
LEFT_DAYS = 30
# Rows that alone are no reason to keep a member: they only say how to treat them.
_BOOKKEEPING = frozenset(
    {"membership", "presence", "consent", "consent_decision", "mute", "intent", "dialogue", "delivery", "calendar_feed"}
)
# A community's history: it keeps a member who left as long as what members write is kept.
_HISTORY = frozenset({"rsvp", "event", "event_host", "event_rating", "introduction_side"})


@dataclass(frozen=True)
class Limits:
    """How long what is kept, in days."""

    written_days: int
    raw_days: int
    sent_days: int = SENT_DAYS
    delivery_days: int = DELIVERY_DAYS
    left_days: int = LEFT_DAYS


@dataclass(frozen=True)
class Cutoffs:
    """What is older than these goes."""

    texts: datetime
    raw: datetime
    messages: datetime
    deliveries: datetime
    departures: datetime
    now: datetime


@dataclass(frozen=True)
class Rule:
    """One kind of row: which ids are old enough, and what happens to them."""

    what: str
    old: Callable[[Cutoffs], Select[Any]]
    erase: Callable[[Sequence[int]], list[Delete | Update]]


async def apply(database: Database, *, now: datetime, limits: Limits, batch: int = BATCH) -> dict[str, int]:
    """Erase all that is old enough; returns how many rows per kind, kinds without any left out.

    Old rows are looked for outside any transaction and erased `batch` at a time, so that a backlog of years (the first
    run after an import) holds nobody up. Safe to stop and to repeat.
    """
    cutoffs = Cutoffs(
        texts=now - timedelta(days=limits.written_days),
        raw=now - timedelta(days=limits.raw_days),
        messages=now - timedelta(days=limits.sent_days),
        # Never before its words are gone.
        deliveries=now - timedelta(days=max(limits.delivery_days, limits.sent_days)),
        departures=now - timedelta(days=limits.left_days),
        now=now,
    )
    counts = {rule.what: await _erase_all(database, rule, cutoffs, batch) for rule in RULES}
    return {what: n for what, n in counts.items() if n}


async def count_old_messages(session: AsyncSession, chat_ids: Sequence[int], *, now: datetime, days: int) -> int:
    """How many messages of these chats the next run erases when what is written is kept for so many days."""
    is_old = Message.sent_at < now - timedelta(days=days)
    query = select(func.count(Message.id)).where(is_one_of(Message.chat_id, chat_ids), is_old)
    return await session.scalar(query) or 0


async def _erase_all(database: Database, rule: Rule, cutoffs: Cutoffs, batch: int) -> int:
    n_erased = 0
    while True:
        async with database.reading() as session:
            ids = list(await session.scalars(rule.old(cutoffs).limit(batch)))
        if not ids:
            return n_erased
        async with database.transaction() as session:
            await _execute(session, rule.erase(ids))
        n_erased += len(ids)
        await asyncio.sleep(0)


async def _execute(session: AsyncSession, statements: Sequence[Delete | Update]) -> None:
    for statement in statements:
        await session.execute(statement, execution_options={"synchronize_session": False})


def _rows_of(table: type[Any]) -> Callable[[Sequence[int]], list[Delete | Update]]:
    return lambda ids: [delete(table).where(is_one_of(table.id, ids))]


def _columns_of(table: type[Any], **blank: Any) -> Callable[[Sequence[int]], list[Delete | Update]]:
    return lambda ids: [update(table).where(is_one_of(table.id, ids)).values(**blank)]


def _in_communities(table: type[Any]) -> Select[Any]:
    """Community by community, as these rows are indexed: none of another age is read."""
    return select(table.id).where(table.community_id.in_(select(Community.id)))


def _was_settled_before(instant: datetime) -> ColumnElement[bool]:
    return func.coalesce(Delivery.sent_at, Delivery.failed_at) < instant


def _is_done_with(instant: datetime) -> ColumnElement[bool]:
    """Nothing rests on the row of an old delivery.

    It keeps nothing from being said twice (its key can be used no more, or it has none), shows no event, holds no seat, and no
    recommendation asks when it was shown, as learning and "shown before" do until that goes by itself. A changed message lasts
    as long as its latest change.
    """
    later = aliased(Delivery)
    edited_since = exists().where(later.edits_id == Delivery.id, later.created_at >= instant)
    is_kept = (
        exists().where(EventCard.delivery_id == Delivery.id),
        exists().where(Rsvp.offer_id == Delivery.id),
        exists().where(Recommendation.delivery_id == Delivery.id),
        edited_since,
    )
    return and_(or_(Delivery.once_key.is_(None), Delivery.expires_at < instant), *(~one for one in is_kept))


def _departures(cutoffs: Cutoffs) -> Select[Any]:
    """Members gone from everywhere (or never there) for a while, of whom no words and deeds are left.

    Their part in events and introductions keeps them until what members write would be erased, too.
    """
    query = select(Member.id).where(Member.created_at < cutoffs.departures, ~_was_there_since(cutoffs.departures))
    tables = [table for table in Base.metadata.sorted_tables if table.name not in _BOOKKEEPING]
    for table in tables:
        if table.name not in _HISTORY:
            query = query.where(~_has_rows_in(table))
    is_history = [_has_rows_in(table) for table in tables if table.name in _HISTORY]
    return query.where(or_(~_was_there_since(cutoffs.texts), ~or_(*is_history))).order_by(Member.id)


def _was_there_since(instant: datetime) -> ColumnElement[bool]:
    is_since = or_(Membership.left_at.is_(None), Membership.left_at >= instant)
    return exists().where(Membership.member_id == Member.id, is_since)


def _has_rows_in(table: Table) -> ColumnElement[bool]:
    """Whether rows of this table are a member's own; a table added tomorrow keeps its members, too."""
    columns = [table.c[name] for name in ("member_id", "host_id") if name in table.c]
    return or_(false(), *(exists().where(column == Member.id) for column in columns))


def _erase_members(ids: Sequence[int]) -> list[Delete | Update]:
    """The rows go and with them all that hangs on them; their private chats and raw updates are found by Telegram's id."""
    telegram_ids = select(Member.telegram_id).where(is_one_of(Member.id, ids))
    return [
        delete(Chat).where(Chat.kind == ChatKind.PRIVATE, Chat.telegram_id.in_(telegram_ids)),
        delete(RawUpdate).where(RawUpdate.sender_telegram_id.in_(telegram_ids)),
        delete(Member).where(is_one_of(Member.id, ids)),
    ]


RULES = (
    Rule(
        "raw updates",
        # Nothing is done before it is received, and that is indexed.
        lambda at: select(RawUpdate.id).where(RawUpdate.received_at < at.raw, RawUpdate.done_at < at.raw),
        _rows_of(RawUpdate),
    ),
    Rule(
        # Kept long, because an update may be handled by a later version; what waits unhandled is never touched.
        "quarantined updates",
        lambda at: select(RawUpdate.id).where(RawUpdate.received_at < at.texts, RawUpdate.quarantined_at.is_not(None)),
        _rows_of(RawUpdate),
    ),
    Rule(
        "messages",
        # Chat by chat, as they are indexed.
        lambda at: select(Message.id).where(Message.chat_id.in_(select(Chat.id)), Message.sent_at < at.texts),
        _rows_of(Message),
    ),
    Rule(
        "interactions",
        lambda at: _in_communities(Interaction).where(Interaction.at < at.texts),
        _rows_of(Interaction),
    ),
    Rule(
        "poll answers",
        lambda at: select(PollAnswer.id).where(PollAnswer.answered_at < at.texts),
        _rows_of(PollAnswer),
    ),
    Rule(
        # Their keywords are made of what members wrote.
        "threads",
        lambda at: _in_communities(Thread).where(Thread.last_at < at.texts),
        _rows_of(Thread),
    ),
    Rule(
        # Their reasons name what members wrote and did.
        "recommendations",
        lambda at: _in_communities(Recommendation).where(Recommendation.created_at < at.texts),
        _rows_of(Recommendation),
    ),
    Rule(
        "needs and offers",
        lambda at: (
            select(Listing.id)
            .where(func.coalesce(Listing.closed_at, Listing.expires_at) < at.texts)
            .order_by(Listing.id)
        ),
        _rows_of(Listing),
    ),
    Rule(
        # Wishes that were not returned are forgotten when they expire; what was proposed otherwise goes at last, too, and so
        # does what nobody is part of any more.
        "introductions",
        lambda at: (
            select(Introduction.id)
            .where(
                or_(
                    and_(Introduction.introduced_at.is_(None), Introduction.expires_at < at.texts),
                    ~exists().where(IntroductionSide.introduction_id == Introduction.id),
                )
            )
            .order_by(Introduction.id)
        ),
        _rows_of(Introduction),
    ),
    Rule(
        "sentences about events",
        lambda at: (
            select(EventRating.id)
            .where(EventRating.sentence.is_not(None), EventRating.rated_at < at.texts)
            .order_by(EventRating.id)
        ),
        _columns_of(EventRating, sentence=None),
    ),
    Rule(
        "texts sent",
        # Nothing is sent before it is made; of what is older, few still hold words.
        lambda at: select(Delivery.id).where(
            Delivery.payload.is_not(None), Delivery.created_at < at.messages, _was_settled_before(at.messages)
        ),
        _columns_of(Delivery, payload=None, reasons=None),
    ),
    Rule(
        "deliveries",
        lambda at: select(Delivery.id).where(
            Delivery.created_at < at.deliveries, _was_settled_before(at.deliveries), _is_done_with(at.deliveries)
        ),
        _rows_of(Delivery),
    ),
    Rule(
        # The answers given so far are a member's words.
        "unfinished dialogues",
        lambda at: select(Dialogue.id).where(Dialogue.asked_at < at.departures).order_by(Dialogue.id),
        _rows_of(Dialogue),
    ),
    Rule(
        "links",
        lambda at: select(Intent.id).where(Intent.expires_at <= at.now).order_by(Intent.id),
        _rows_of(Intent),
    ),
    # Last: the rules above may have taken away what kept a member.
    Rule("members who left", _departures, _erase_members),
)
