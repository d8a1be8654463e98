"""What is known about candidates and members, loaded for many at once; only learners are quoted or named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.digests.items import Address, EventFacts, ThreadFacts
from models.domain.digests.reasons import ANSWERS_WITHIN_DAYS
from models.domain.events import visibility
from models.domain.members.own_words import COLUMNS, own_words
from models.tables.community import GROUPS, Chat
from models.tables.delivery import Delivery
from models.tables.event import Event, EventCard, EventStatus, Rsvp, RsvpStatus
from models.tables.member import PRESENT, Member, Presence
from models.tables.message import Message, Reaction, Thread
from models.tables.recommendation import Recommendation

# An event further away than this is not news yet.
EVENTS_WITHIN = timedelta(days=14)
# "5 people talk about it" counts this week's.
PEOPLE_WITHIN = timedelta(days=7)


async def threads(
    session: AsyncSession,
    thread_ids: Collection[int],
    learners: Collection[int],
    names: dict[int, str],
    *,
    now: datetime,
) -> dict[int, ThreadFacts]:
    """Threads that may be recommended: opened by a learner, in words that still stand."""
    rows = {
        thread.id: thread for thread in await session.scalars(select(Thread).where(is_one_of(Thread.id, thread_ids)))
    }
    said: dict[int, list[Any]] = defaultdict(list)
    columns = (Message.id, Message.thread_id, Message.member_id, Message.sender, Message.sent_at, Message.deleted_at)
    query = select(*columns).where(is_one_of(Message.thread_id, rows)).order_by(Message.sent_at, Message.id)
    for row in await session.execute(query):
        said[row.thread_id].append(row)
    openers = {of[0].id: of[0] for of in said.values() if _may_be_quoted(of[0], learners)}
    found: dict[int, ThreadFacts] = {}
    chosen = select(Message.id, Message.telegram_message_id, Chat, *COLUMNS).join(Chat, Chat.id == Message.chat_id)
    heads: list[Any] = [*await session.execute(chosen.where(is_one_of(Message.id, openers)))]
    words = await own_words(session, heads, learners)
    for head in heads:
        opener, chat = openers[head.id], head.Chat
        if head.id in words and chat.gone_at is None:
            thread = rows[opener.thread_id]
            address = Address(chat.title or "?", chat.telegram_id, head.telegram_message_id, chat.handle)
            found[thread.id] = _thread(thread, opener, words[head.id], address, said[thread.id], learners, names, now)
    return found


def _may_be_quoted(opener: Any, learners: Collection[int]) -> bool:
    return opener.sender == "member" and opener.deleted_at is None and opener.member_id in learners


def _thread(
    thread: Thread,
    opener: Any,
    text: str,
    address: Address,
    said: list[Any],
    learners: Collection[int],
    names: dict[int, str],
    now: datetime,
) -> ThreadFacts:
    standing = {row.member_id for row in said if row.deleted_at is None}
    lately = {row.member_id for row in said if row.deleted_at is None and row.sent_at >= now - PEOPLE_WITHIN}
    return ThreadFacts(
        id=thread.id,
        chat_id=thread.chat_id,
        author_id=opener.member_id,
        author_name=names[opener.member_id],
        text=text,
        address=address,
        keywords=tuple(thread.keywords or ()),
        is_question=thread.kind == "question",
        is_answered=thread.is_answered or bool(standing - {opener.member_id}),
        n_members=len(lately),
        participants=frozenset(standing & set(learners)),
    )


async def events(
    session: AsyncSession, community_id: int, learners: Collection[int], names: dict[int, str], *, now: datetime
) -> list[EventFacts]:
    """What is coming up for the whole community, soonest first."""
    query = (
        select(Event)
        .where(Event.community_id == community_id, Event.status == EventStatus.PUBLISHED, visibility.is_listed())
        .where(Event.starts_at > now, Event.starts_at <= now + EVENTS_WITHIN)
        .order_by(Event.starts_at, Event.id)
    )
    found = list(await session.scalars(query))
    cards = await _cards(session, [event.id for event in found])
    going: dict[int, set[int]] = defaultdict(set)
    yes = select(Rsvp.event_id, Rsvp.member_id).where(is_one_of(Rsvp.event_id, [event.id for event in found]))
    for event_id, member_id in await session.execute(yes.where(Rsvp.status == RsvpStatus.GOING)):
        going[event_id].add(member_id)
    return [
        EventFacts(
            id=event.id,
            author_id=event.host_id,
            author_name=names.get(event.host_id or 0),
            text=event.title,
            address=cards.get(event.id),
            place=event.place,
            starts_at=event.starts_at,
            time_zone=event.time_zone,
            going=frozenset(going[event.id] & set(learners)) if event.shows_names else frozenset(),
        )
        for event in found
    ]


async def _cards(session: AsyncSession, event_ids: list[int]) -> dict[int, Address]:
    query = (
        select(EventCard.event_id, Delivery.telegram_message_id, Chat)
        .join(Delivery, Delivery.id == EventCard.delivery_id)
        .join(Chat, Chat.id == Delivery.chat_id)
        .where(is_one_of(EventCard.event_id, event_ids), Chat.gone_at.is_(None))
        .order_by(EventCard.id)
    )
    return {
        event_id: Address(chat.title or "?", chat.telegram_id, told_id, chat.handle)
        for event_id, told_id, chat in await session.execute(query)
    }


async def answers(
    session: AsyncSession, community_id: int, learners: Collection[int], *, now: datetime
) -> dict[int, dict[int, int]]:
    """How often each learner answered each other one within ANSWERS_WITHIN_DAYS, by explicit reply."""
    query = (
        select(Message.member_id, Message.reply_to_member_id, func.count())
        .join(Chat, Chat.id == Message.chat_id)
        .where(Chat.community_id == community_id, Message.sent_at >= now - timedelta(days=ANSWERS_WITHIN_DAYS))
        .where(Message.sent_at < now, Message.deleted_at.is_(None), Message.sender == "member")
        .where(is_one_of(Message.member_id, learners), is_one_of(Message.reply_to_member_id, learners))
        .where(Message.member_id != Message.reply_to_member_id)
        .group_by(Message.member_id, Message.reply_to_member_id)
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for by, to, n in await session.execute(query):
        if by is not None and to is not None:
            found[by][to] = n
    return found


async def chats_of(session: AsyncSession, community_id: int, member_ids: Collection[int]) -> dict[int, set[int]]:
    """The community's groups each member is in, as far as we know; a community's only group holds all its members."""
    groups = set(await session.scalars(select(Chat.id).where(Chat.community_id == community_id, Chat.kind.in_(GROUPS))))
    if len(groups) == 1:
        return dict.fromkeys(member_ids, groups)
    found: dict[int, set[int]] = defaultdict(set)
    present = select(Presence.member_id, Presence.chat_id).where(Presence.status.in_(PRESENT))
    for member_id, chat_id in await _of_members(session, present, Presence.member_id, member_ids):
        found[member_id].add(chat_id)
    gone = select(Presence.member_id, Presence.chat_id).where(Presence.status.not_in(PRESENT))
    absent = {(row[0], row[1]) for row in await _of_members(session, gone, Presence.member_id, member_ids)}
    written = select(Message.member_id, Message.chat_id).where(is_one_of(Message.chat_id, groups)).distinct()
    for member_id, chat_id in await _of_members(session, written, Message.member_id, member_ids):
        if (member_id, chat_id) not in absent:
            found[member_id].add(chat_id)
    return found


async def names_of(session: AsyncSession, member_ids: Collection[int]) -> dict[int, str]:
    """Names as people are called in the group."""
    rows = await session.execute(select(Member.id, Member.name).where(is_one_of(Member.id, member_ids)))
    return {row.id: row.name for row in rows}


async def known_already(session: AsyncSession, member_ids: Collection[int]) -> dict[int, set[tuple[str, int]]]:
    """Items that are no news to these members: shown before or on their way, written in, reacted to, answered."""
    known: dict[int, set[tuple[str, int]]] = defaultdict(set)
    on_its_way = Delivery.failed_at.is_(None) | Delivery.sent_at.is_not(None)
    shown = (
        select(Recommendation.member_id, Recommendation.item_kind, Recommendation.item_id)
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(on_its_way)
    )
    for member_id, kind, item_id in await _of_members(session, shown, Recommendation.member_id, member_ids):
        known[member_id].add((kind, item_id))
    written = select(Message.member_id, Message.thread_id).where(Message.thread_id.is_not(None)).distinct()
    reacted = select(Reaction.member_id, Message.thread_id).join(Message, Message.id == Reaction.message_id)
    answered = select(Rsvp.member_id, Rsvp.event_id)
    for kind, query, column in (
        ("thread", written, Message.member_id),
        ("thread", reacted, Reaction.member_id),
        ("event", answered, Rsvp.member_id),
    ):
        for member_id, item_id in await _of_members(session, query, column, member_ids):
            known[member_id].add((kind, item_id))
    return known


async def _of_members(session: AsyncSession, query: Any, column: Any, member_ids: Iterable[int]) -> list[Any]:
    wanted: ColumnElement[bool] = is_one_of(column, member_ids)
    return list(await session.execute(query.where(wanted)))
