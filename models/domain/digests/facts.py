"""What is known about candidates and members, loaded for many at once; only learners are quoted or named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations.conversations import Conversation, describe_threads
from models.domain.digests.items import EventFacts, Gist, ThreadFacts
from models.domain.events import visibility
from models.domain.events.reach import is_online
from models.domain.events.validity import on
from models.domain.events.waitlist import free_seats
from models.domain.sending.addresses import Address, addresses_of
from models.learning.languages import language_of
from models.reading.fields import fields_of
from models.reading.gists import adds_to, gist_of, title_of, width
from models.reading.last_day import last_day
from models.reading.projects import project_of
from models.reading.text_kinds import TextKind, is_offer
from models.tables.community import GROUPS, Chat
from models.tables.delivery import Delivery
from models.tables.event import Event, EventCard, EventStatus, Rsvp, RsvpStatus
from models.tables.member import PRESENT, Member, Presence
from models.tables.message import Message, Reaction, Sender
from models.tables.recommendation import Recommendation

if TYPE_CHECKING:  # it loads dictionaries, which the process that answers members does without
    from models.learning.terms import Terms

# An event further away than this is not news yet.
EVENTS_WITHIN = timedelta(days=14)
# News of this morning stays news; what is to be had on a day is gone with it.
ASKS_OR_OFFERS = (TextKind.QUESTION, TextKind.RESOURCE, TextKind.EVENT_NOTICE, TextKind.CHATTER)
# The newest events of which titles are looked for in talk; a shorter title may be any word ("Demo").
MOST_TITLES, WHOLE_NAME = 100, 10
# Whom somebody answered longer ago is no company of theirs any more.
ANSWERS_WITHIN_DAYS = 30


async def threads(
    session: AsyncSession, thread_ids: Collection[int], learners: Collection[int], names: dict[int, str], terms: Terms
) -> dict[int, ThreadFacts]:
    """Threads that may be told: those whose head says in one line what it is about, in a group that is still there."""
    talks = await describe_threads(session, thread_ids, learners)
    there = select(Chat).where(Chat.gone_at.is_(None), is_one_of(Chat.id, {talk.chat_id for talk in talks.values()}))
    chats = {chat.id: chat for chat in await session.scalars(there)}
    titles = await _event_titles(session, {chat.community_id for chat in chats.values() if chat.community_id})
    facts = (
        _thread(talk, chats[talk.chat_id], names, terms)
        for talk in talks.values()
        # What is said around an event is for those who go; the event itself stands under what is coming up.
        if talk.chat_id in chats and not any(title in (talk.head.text or "").casefold() for title in titles)
    )
    return {one.id: one for one in facts if one is not None}


async def _event_titles(session: AsyncSession, community_ids: Collection[int]) -> list[str]:
    """What events were called that somebody may still talk about."""
    query = select(Event.title).where(is_one_of(Event.community_id, community_ids)).order_by(Event.id.desc())
    return [title.casefold() for title in await session.scalars(query.limit(MOST_TITLES)) if width(title) >= WHOLE_NAME]


def _thread(talk: Conversation, chat: Chat, names: Mapping[int, str], terms: Terms) -> ThreadFacts | None:
    text = talk.head.text or ""
    # Of somebody new what they build, not what they invite to: "Ask me anything about …".
    project = project_of(text) if talk.kind is TextKind.INTRODUCTION else None
    title = project or title_of(text, is_question=talk.is_question)
    if title is None or talk.is_small_talk or not talk.stands_alone:
        return None
    return ThreadFacts(
        talk=talk,
        title=title,
        author_name=names[talk.author_id],
        address=Address(chat.title or "?", chat.telegram_id, talk.head.telegram_message_id, chat.handle),
        terms=terms.of(text),
        fields=fields_of(text),
        rare=frozenset(key for key in terms.of(text) if terms.is_rare(key)),
        gist=_gist(talk, names),
        language=language_of(text),
        last_day=last_day(text, talk.asked_at.date()) if _may_pass(talk.kind, text) else None,
    )


def _may_pass(what: TextKind, text: str) -> bool:
    """Whether it holds only until the day that it names: "Photos tonight: (link)" can be read any day."""
    return what in ASKS_OR_OFFERS and (what is not TextKind.RESOURCE or is_offer(text))


def _gist(talk: Conversation, names: Mapping[int, str]) -> Gist | None:
    best = talk.best_answer
    if best is None or best.words.member_id not in names:
        return None
    text = gist_of(best.words.text or "", talk.head.text or "")
    # Under a piece of news people congratulate and add: only what speaks of it, or has a number, tells more of it.
    if text and not talk.is_question and not adds_to(text, talk.head.text or ""):
        return None
    return Gist(text, best.words.member_id, names[best.words.member_id]) if text else None


async def events(
    session: AsyncSession,
    community_id: int,
    learners: Collection[int],
    names: dict[int, str],
    terms: Terms,
    *,
    now: datetime,
) -> list[EventFacts]:
    """What is coming up for the whole community, soonest first."""
    query = (
        select(Event)
        .where(Event.community_id == community_id, Event.status == EventStatus.PUBLISHED, visibility.is_listed())
        .where(Event.starts_at > now, Event.starts_at <= now + EVENTS_WITHIN)
        .order_by(Event.starts_at, Event.id)
    )
    events = list(await session.scalars(query))
    cards = await _cards(session, [event.id for event in events])
    going: dict[int, set[int]] = defaultdict(set)
    answers_to: dict[int, list[Rsvp]] = defaultdict(list)
    for row in await session.scalars(select(Rsvp).where(is_one_of(Rsvp.event_id, [event.id for event in events]))):
        answers_to[row.event_id].append(row)
        if row.status == RsvpStatus.GOING:
            going[row.event_id].add(row.member_id)
    return [
        EventFacts(
            id=event.id,
            author_id=event.host_id,
            author_name=names.get(event.host_id or 0),
            title=event.title,
            address=cards.get(event.id),
            place=event.place,
            starts_at=event.starts_at,
            time_zone=event.time_zone,
            going=frozenset(going[event.id] & set(learners)) if event.shows_names else frozenset(),
            terms=terms.of(f"{event.title}. {event.description or ''}"),
            fields=fields_of(f"{event.title}. {event.description or ''}"),
            is_online=is_online(event),
            ends_at=event.ends_at,
            is_closed=_is_closed(event, answers_to[event.id], now),
            language=language_of(event.title),
            claim=on(event),
        )
        for event in events
    ]


def _is_closed(event: Event, answers: Sequence[Rsvp], now: datetime) -> bool:
    is_too_late = event.rsvp_until is not None and event.rsvp_until <= now
    return is_too_late or free_seats(event.capacity, answers) == 0


async def _cards(session: AsyncSession, event_ids: list[int]) -> dict[int, Address]:
    query = select(EventCard.event_id, EventCard.delivery_id).where(is_one_of(EventCard.event_id, event_ids))
    cards = {delivery_id: event_id for event_id, delivery_id in await session.execute(query.order_by(EventCard.id))}
    addresses = await addresses_of(session, cards)
    return {event_id: addresses[card] for card, event_id in cards.items() if card in addresses}


async def answers(
    session: AsyncSession, community_id: int, learners: Collection[int], *, now: datetime
) -> dict[int, dict[int, int]]:
    """How often each learner answered each other one within ANSWERS_WITHIN_DAYS, by explicit reply."""
    query = (
        select(Message.member_id, Message.reply_to_member_id, func.count())
        .join(Chat, Chat.id == Message.chat_id)
        .where(Chat.community_id == community_id, Message.sent_at >= now - timedelta(days=ANSWERS_WITHIN_DAYS))
        .where(Message.sent_at < now, Message.deleted_at.is_(None), Message.sender == Sender.MEMBER)
        .where(is_one_of(Message.member_id, learners), is_one_of(Message.reply_to_member_id, learners))
        .where(Message.member_id != Message.reply_to_member_id)
        .group_by(Message.member_id, Message.reply_to_member_id)
    )
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    for by, to, n in await session.execute(query):
        if by is not None and to is not None:
            counts[by][to] = n
    return counts


async def going_to(
    session: AsyncSession, events: Iterable[EventFacts], member_ids: Collection[int]
) -> dict[int, set[int]]:
    """Which of these events each member goes to."""
    members_of: dict[int, set[int]] = defaultdict(set)
    yes = select(Rsvp.member_id, Rsvp.event_id).where(Rsvp.status == RsvpStatus.GOING)
    yes = yes.where(is_one_of(Rsvp.event_id, [event.id for event in events]))
    for member_id, event_id in await _of_members(session, yes, Rsvp.member_id, member_ids):
        members_of[member_id].add(event_id)
    return members_of


async def chats_of(session: AsyncSession, community_id: int, member_ids: Collection[int]) -> dict[int, set[int]]:
    """The community's groups each member is in, as far as we know; a community's only group holds all its members."""
    groups = set(await session.scalars(select(Chat.id).where(Chat.community_id == community_id, Chat.kind.in_(GROUPS))))
    if len(groups) == 1:
        return dict.fromkeys(member_ids, groups)
    chats: dict[int, set[int]] = defaultdict(set)
    present = select(Presence.member_id, Presence.chat_id).where(Presence.status.in_(PRESENT))
    for member_id, chat_id in await _of_members(session, present, Presence.member_id, member_ids):
        chats[member_id].add(chat_id)
    leavers = select(Presence.member_id, Presence.chat_id).where(Presence.status.not_in(PRESENT))
    absent = {(row[0], row[1]) for row in await _of_members(session, leavers, Presence.member_id, member_ids)}
    authors = select(Message.member_id, Message.chat_id).where(is_one_of(Message.chat_id, groups)).distinct()
    for member_id, chat_id in await _of_members(session, authors, Message.member_id, member_ids):
        if (member_id, chat_id) not in absent:
            chats[member_id].add(chat_id)
    return chats


async def names_of(session: AsyncSession, member_ids: Collection[int]) -> dict[int, str]:
    """Names as people are called in the group."""
    rows = await session.execute(select(Member.id, Member.name).where(is_one_of(Member.id, member_ids)))
    return {row.id: row.name for row in rows}


async def known_already(session: AsyncSession, member_ids: Collection[int]) -> dict[int, set[tuple[str, int]]]:
    """Items that are no news to these members: shown before or on their way, written in, reacted to, answered."""
    known_items: dict[int, set[tuple[str, int]]] = defaultdict(set)
    on_its_way = Delivery.failed_at.is_(None) | Delivery.sent_at.is_not(None)
    shown_items = (
        select(Recommendation.member_id, Recommendation.item_kind, Recommendation.item_id)
        .join(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(on_its_way)
    )
    for member_id, kind, item_id in await _of_members(session, shown_items, Recommendation.member_id, member_ids):
        known_items[member_id].add((kind, item_id))
    written_threads = select(Message.member_id, Message.thread_id).where(Message.thread_id.is_not(None)).distinct()
    reacted_threads = select(Reaction.member_id, Message.thread_id).join(Message, Message.id == Reaction.message_id)
    answered_events = select(Rsvp.member_id, Rsvp.event_id)
    for kind, query, column in (
        ("thread", written_threads, Message.member_id),
        ("thread", reacted_threads, Reaction.member_id),
        ("event", answered_events, Rsvp.member_id),
    ):
        for member_id, item_id in await _of_members(session, query, column, member_ids):
            known_items[member_id].add((kind, item_id))
    return known_items


async def _of_members(session: AsyncSession, query: Any, column: Any, member_ids: Iterable[int]) -> list[Any]:
    condition: ColumnElement[bool] = is_one_of(column, member_ids)
    return list(await session.execute(query.where(condition)))
