"""One person, one event and one thread for somebody new: each only where it truly fits. For jobs alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.conversations.conversations import Conversation, describe_threads
from models.domain.digests import facts as digest_facts
from models.domain.digests.validity import is_told_open
from models.domain.events import engagements, events, hosts, reach, visibility
from models.domain.finding import finding
from models.domain.introductions import introductions, open_profiles, who_knows
from models.domain.introductions.inquiries import Knower
from models.domain.invitations.validity import have_room
from models.domain.listings import listings
from models.domain.listings.cards import ListingView
from models.domain.members.learners import learners
from models.domain.profiles.profiles import OpenProfile
from models.domain.questions.questions import is_waiting
from models.domain.sending.addresses import Address
from models.domain.welcomes.arrivals import Arrival
from models.learning.languages import language_of
from models.reading.fields import Field, fields_of
from models.reading.gists import title_of
from models.tables.community import Chat, Community
from models.tables.event import Event, Rsvp
from models.tables.member import Member
from models.tables.message import Thread

# What is later, or older, is nothing for one's first days; of more threads the older ones are not looked at.
EVENTS_WITHIN, THREADS_WITHIN, MOST_THREADS = timedelta(days=21), timedelta(days=4), 300


@dataclass(frozen=True)
class Offer:
    """What somebody offers openly and the newcomer looks for."""

    view: ListingView
    author_id: int
    address: Address | None


@dataclass(frozen=True)
class Talk:
    """A thread in a field of theirs: a question that waits, or one that was answered."""

    talk: Conversation
    title: str
    author: Member
    address: Address
    field: Field


async def choose_offer(session: AsyncSession, community: Community, arrival: Arrival, *, now: datetime) -> Offer | None:
    """The offer that says best what they look for."""
    if arrival.seeks is None:
        return None
    is_visible = visibility.is_seen_by(arrival.member.id)
    found = await finding.find(session, arrival.seeks, community_ids=[community.id], is_visible=is_visible, now=now)
    for view in () if found.is_near else found.offers:
        [author_id] = await listings.authors(session, [view.id])
        if await _may_be_named(session, community, arrival, author_id, now):
            return Offer(view, author_id, found.addresses.get(view.id))
    return None


async def choose_knower(
    session: AsyncSession, community: Community, arrival: Arrival, *, now: datetime
) -> Knower | None:
    """Who likely knows what they look for; without a name until both said yes."""
    if arrival.seeks is None:
        return None
    found = await who_knows.find(session, arrival.seeks, asker_id=arrival.member.id, community_id=community.id, now=now)
    return found[0] if found else None


async def choose_profile(
    session: AsyncSession, community: Community, arrival: Arrival, *, now: datetime
) -> tuple[OpenProfile, Field] | None:
    """Somebody who confirmed a field of theirs for others to find, in words that they read."""
    people = await open_profiles.open_profiles(session, [community.id], reader_id=arrival.member.id, now=now)
    both = [
        (one, min(one.fields & arrival.fields))
        for one in people
        if one.fields & arrival.fields and arrival.literacy.can_read(one.text, language_of(one.text))
    ]
    # Who says most of themselves is the easiest to begin with.
    return max(both, key=lambda of: (len(of[0].facts), -of[0].member.id), default=None)


async def choose_event(
    session: AsyncSession, community: Community, arrival: Arrival, *, now: datetime
) -> tuple[Event, Field] | None:
    """The soonest that is on a field of theirs, where they can be, that takes them and lies in no other's hours."""
    coming = await events.upcoming(session, [community.id], now=now, limit=50)
    answered = set(await session.scalars(select(Rsvp.event_id).where(Rsvp.member_id == arrival.member.id)))
    zones = (await reach.zones_of(session, [arrival.member], community, now=now))[arrival.member.id]
    taken = (await engagements.of_members(session, {arrival.member.id}, now=now)).get(arrival.member.id, ())
    for event in coming:
        about = fields_of(f"{event.title}. {event.description or ''}") & arrival.fields
        can_come = (
            now < event.starts_at <= now + EVENTS_WITHIN
            and reach.is_in_reach(event.time_zone, online=reach.is_online(event), zones=zones)
            and not reach.is_at_night(event.starts_at, arrival.member.time_zone)
            and not engagements.is_taken(event.id, event.starts_at, event.ends_at, taken)
            and arrival.literacy.can_read(event.title, language_of(event.title))
        )
        hosting = {one.id for one in await hosts.hosts_of(session, event)}
        is_news = event.id not in answered and arrival.member.id not in hosting
        if about and can_come and is_news and await have_room(session, arrival.member.id, {str(event.id)}, now):
            return event, min(about)
    return None


async def choose_talk(session: AsyncSession, community: Community, arrival: Arrival, *, now: datetime) -> Talk | None:
    """The latest question in a field of theirs that waits for an answer; else the latest that got a good one."""
    everybody = await learners(session, community.id)
    chats = (await digest_facts.chats_of(session, community.id, {arrival.member.id})).get(arrival.member.id, set())
    recent = select(Thread.id).where(Thread.community_id == community.id, Thread.last_at > now - THREADS_WITHIN)
    ids = list(await session.scalars(recent.order_by(Thread.last_at.desc()).limit(MOST_THREADS)))
    talks = [one for one in (await describe_threads(session, ids, everybody)).values() if _is_for(one, arrival, chats)]
    best_first = sorted(talks, key=lambda one: (not is_waiting(one, now=now), -one.asked_at.timestamp()))
    for one in best_first:
        is_good = is_waiting(one, now=now) or (one.best_answer is not None and not is_told_open(one))
        if is_good and await _may_be_named(session, community, arrival, one.author_id, now):
            return await _talk(session, one, arrival)
    return None


def _is_for(talk: Conversation, arrival: Arrival, chats: set[int]) -> bool:
    """A question in their field and a language they read, in a group of theirs, in which they said nothing."""
    text = talk.head.text or ""
    is_theirs = bool(fields_of(text) & arrival.fields) and talk.chat_id in chats
    is_news = arrival.member.id not in talk.perhaps_answered_by | talk.last_spoke.keys()
    is_plain = talk.is_question and talk.stands_alone and not talk.is_small_talk
    says = title_of(text, is_question=True) is not None
    return is_theirs and is_news and is_plain and says and arrival.literacy.can_read(text, language_of(text))


async def _talk(session: AsyncSession, talk: Conversation, arrival: Arrival) -> Talk:
    text = talk.head.text or ""
    chat = await session.get_one(Chat, talk.chat_id)
    return Talk(
        talk,
        title_of(text, is_question=True) or text,
        await session.get_one(Member, talk.author_id),
        Address(chat.title or "?", chat.telegram_id, talk.head.telegram_message_id, chat.handle),
        min(fields_of(text) & arrival.fields),
    )


async def _may_be_named(
    session: AsyncSession, community: Community, arrival: Arrival, other_id: int, now: datetime
) -> bool:
    """Somebody else who may be learned from, and whom nobody keeps apart from them."""
    pair = {arrival.member.id, other_id}
    return (
        len(pair) == 2
        and other_id in await learners(session, community.id, among={other_id})
        and not await introductions.apart(session, community.id, pair, now=now)
    )
