"""What invitations are made from: rows of members who may be invited, and of those who agreed that we learn from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations.own_fields import Talks
from models.domain.events import reach
from models.domain.events.seats import is_over
from models.domain.invitations import writings
from models.domain.invitations.writings import LOOK_BACK, Writing
from models.domain.members import consent, sleep
from models.domain.members.learners import learners as learners_of
from models.domain.members.newcomers import is_new
from models.learning.languages import language_of
from models.learning.words import tokenize
from models.tables.community import Community
from models.tables.consent import Purpose
from models.tables.delivery import Delivery
from models.tables.event import Event, EventHost, EventStatus, Rsvp, RsvpStatus
from models.tables.interaction import Interaction, InteractionKind
from models.tables.member import Member, Membership, Mute, MuteKind
from models.tables.recommendation import Recommendation, Recommended

# Attendance is remembered longer: events are rare.
ATTENDANCE_LOOK_BACK = timedelta(days=400)
# Words of almost every event say nothing about this one.
COMMON_WORDS = frozenset(
    tokenize(
        "night evening event meetup meeting dinner lunch breakfast talk workshop session drinks weekly monthly founders "
        "community team 活动 聚会 之夜 见面 分享 讨论 周末 晚上 线下 线上 创业 社群"
    )
)


class Counted(NamedTuple):
    """Something that can be named and was counted; `key` is a member's id, or the token of a word."""

    key: int | str
    name: str
    n: int


@dataclass(frozen=True)
class Guest:
    """What is known of one candidate towards one event; counts come from rows the member can see themselves."""

    member: Member
    joined_at: datetime | None
    last_seen_at: datetime | None
    learns: bool
    # Titles of past events they went to that share a word with this one, newest first.
    similar: tuple[str, ...] = ()
    # Past events of each host the member went to, most first.
    with_host: tuple[Counted, ...] = ()
    # Answers the member gave to people who are going, most first.
    answers: tuple[Counted, ...] = ()
    # Past events both were at, of people who are going, most first.
    co_attendees: tuple[Counted, ...] = ()
    # Messages of the member with a term of the event, most first.
    words: tuple[Counted, ...] = ()
    # What they took part in, by field of a founder's work.
    talks: Talks = field(default_factory=Talks)
    n_messages: int = 0
    n_attended: int = 0
    is_new: bool = False


@dataclass(frozen=True)
class Occasion:
    """One event and everyone who might be invited to it."""

    event: Event
    guests: tuple[Guest, ...]
    # Learning members who are going, may come, or host: what the event is known by.
    seeds: frozenset[int]


async def load(session: AsyncSession, event: Event, *, now: datetime) -> Occasion:
    """Everything needed to choose whom to invite.

    Criteria: candidates agreed to invitations, can be reached, have not answered and were not invited yet, did not mute the
    host, can be where it takes place, and read what it is called. History is that of members who agreed to learning,
    candidates and those they know alike.
    """
    learners = await learners_of(session, event.community_id)
    candidates = await _candidates(session, event, now)
    texts = await writings.of_learners(session, event, learners, now=now)
    community = await session.get_one(Community, event.community_id)
    members = await _who_can_come(session, event, community, candidates, texts, now)
    hosts = {one: name for one, name in (await hosts_of(session, event)).items() if one in learners}
    public = await _public_guests(session, event, learners)
    rsvps = await attendances(session, event.community_id, learners, now)
    answers = await _answers(session, {m.id for m in members} & learners, set(public), now)
    muted_people = await _muted_people(session, {m.id for m in members}, now)
    bonds = await memberships(session, event.community_id, {m.id for m in members})
    past = {one.id: one for one, _, _ in rsvps if is_over(one, now)}
    been: defaultdict[int, set[int]] = defaultdict(set)
    for one, member_id, _ in rsvps:
        if one.id in past:
            been[member_id].add(one.id)
    invitable = [
        _guest(
            event,
            member,
            bonds[member.id],
            learners,
            past,
            been,
            hosts,
            public,
            answers,
            texts,
            muted_people[member.id],
        )
        for member in members
    ]
    guests = tuple(replace(guest, is_new=is_new(guest.joined_at, community.created_at, now=now)) for guest in invitable)
    seeds = frozenset(public) | frozenset(hosts)
    return Occasion(event, guests, seeds)


def _guest(
    event: Event,
    member: Member,
    membership: Membership,
    learners: set[int],
    past: Mapping[int, Event],
    been: Mapping[int, set[int]],
    hosts: Mapping[int, str],
    public: Mapping[int, str],
    answers: Mapping[int, Mapping[int, int]],
    texts: Mapping[int, Writing],
    muted_people: Collection[int],
) -> Guest:
    if member.id not in learners:
        return Guest(member, membership.joined_at, membership.last_seen_at, learns=False)
    own_events = sorted((past[one] for one in been.get(member.id, ())), key=lambda one: one.starts_at, reverse=True)
    topic, writing = topic_words(event), texts.get(member.id, Writing())
    n_by_host = Counter(one.host_id for one in own_events if one.host_id != member.id)
    n_together = Counter({other: len(been.get(other, set()) & been.get(member.id, set())) for other in public})
    return Guest(
        member,
        membership.joined_at,
        membership.last_seen_at,
        learns=True,
        similar=tuple(dict.fromkeys(one.title for one in own_events if topic & topic_words(one))),
        with_host=_counted_names(n_by_host, hosts, muted_people),
        answers=_counted_names(answers.get(member.id, {}), public, muted_people),
        co_attendees=_counted_names(n_together, public, muted_people),
        words=tuple(Counted(word, word, n) for word, n in writing.words.most_common()),
        talks=writing.talks,
        n_messages=writing.n_messages,
        n_attended=len(own_events),
    )


K = TypeVar("K", int, str)


def _counted_names(
    counts: Mapping[Any, int], names: Mapping[K, str], muted_people: Collection[int] = ()
) -> tuple[Counted, ...]:
    """Counts that are not zero, with their names, most first; whom the member muted is left out."""
    ranked_names = [
        (one, n) for one, n in Counter(counts).most_common() if n > 0 and one in names and one not in muted_people
    ]
    return tuple(Counted(one, names[one], n) for one, n in ranked_names)


def topic_words(event: Event) -> set[str]:
    """What the event is about: words of its title, without those of almost every event and single characters."""
    return {word for word in tokenize(event.title) if len(word) > 1 and word not in COMMON_WORDS}


async def _candidates(session: AsyncSession, event: Event, now: datetime) -> list[Member]:
    willing = await consent.consenting(session, event.community_id, Purpose.INVITE)
    answerers = set(await session.scalars(select(Rsvp.member_id).where(Rsvp.event_id == event.id)))
    invitees = (
        select(Recommendation.member_id)
        .outerjoin(Delivery, Delivery.id == Recommendation.delivery_id)
        .where(Recommendation.item_kind == Recommended.EVENT, Recommendation.item_id == event.id)
        .where(Delivery.failed_at.is_(None))
    )
    mutes = select(Mute.member_id).where(
        Mute.kind.in_((MuteKind.HOST, MuteKind.PERSON)),
        Mute.target == str(event.host_id),
        Mute.until.is_(None) | (Mute.until > now),
    )
    excluded_ids = answerers | set(await session.scalars(invitees)) | set(await session.scalars(mutes))
    excluded_ids |= set(await hosts_of(session, event))
    query = (
        select(Member).where(is_one_of(Member.id, willing - excluded_ids), Member.is_bot.is_(False)).order_by(Member.id)
    )
    return [
        member
        for member in await session.scalars(query)
        if member.is_reachable and (member.paused_until is None or member.paused_until <= now)
    ]


async def _who_can_come(
    session: AsyncSession,
    event: Event,
    community: Community,
    members: Sequence[Member],
    texts: Mapping[int, Writing],
    now: datetime,
) -> list[Member]:
    """Those who can be where the event takes place, and read what it is called."""
    zones = await reach.zones_of(session, members, community, now=now)
    placeless = {member.id for member in members if member.time_zone is None} & texts.keys()
    asleep = await sleep.hours_asleep(session, placeless, now=now)
    online, in_language = reach.is_online(event), language_of(event.title)

    def can_come(member: Member) -> bool:
        language = member.language or member.client_language or community.language
        literacy = texts.get(member.id, Writing()).traces.literacy(language, community.language)
        is_near = reach.is_in_reach(event.time_zone, online=online, zones=zones[member.id])
        is_awake = not reach.is_at_night(event.starts_at, member.time_zone, asleep.get(member.id, ()))
        return is_near and is_awake and literacy.can_read(event.title, in_language)

    return [member for member in members if can_come(member)]


async def hosts_of(session: AsyncSession, event: Event) -> dict[int, str]:
    """Names of host and co-hosts."""
    query = select(Member.id, Member.name).where(
        (Member.id == event.host_id) | Member.id.in_(select(EventHost.member_id).where(EventHost.event_id == event.id))
    )
    return dict((await session.execute(query)).all())


async def _public_guests(session: AsyncSession, event: Event, learners: set[int]) -> dict[int, str]:
    """Who is going for all to see, and agreed to learning: they may be named to others."""
    if not event.shows_names:
        return {}
    query = (
        select(Member.id, Member.name)
        .join(Rsvp, Rsvp.member_id == Member.id)
        .where(Rsvp.event_id == event.id, Rsvp.status == RsvpStatus.GOING)
        .order_by(Rsvp.answered_at, Rsvp.id)
    )
    return {member_id: name for member_id, name in await session.execute(query) if member_id in learners}


async def attendances(
    session: AsyncSession, community_id: int, learners: set[int], now: datetime
) -> list[tuple[Event, int, datetime]]:
    """(event, member, when they said yes) of learning members; where people were checked in, only those who were there."""
    query = (
        select(Event, Rsvp)
        .join(Rsvp, Rsvp.event_id == Event.id)
        .where(Event.community_id == community_id, Event.status == EventStatus.PUBLISHED)
        .where(Event.starts_at > now - ATTENDANCE_LOOK_BACK, Rsvp.answered_at <= now)
    )
    rows = list((await session.execute(query)).all())
    with_check_in = {event.id for event, rsvp in rows if rsvp.checked_in_at is not None}
    return [
        (event, rsvp.member_id, rsvp.answered_at)
        for event, rsvp in rows
        if rsvp.member_id in learners
        and (rsvp.checked_in_at is not None or (rsvp.status == RsvpStatus.GOING and event.id not in with_check_in))
    ]


async def _answers(
    session: AsyncSession, member_ids: Collection[int], others: Collection[int], now: datetime
) -> dict[int, dict[int, int]]:
    """How often each member answered each of the others lately."""
    query = (
        select(Interaction.member_id, Interaction.about_member_id, func.count())
        .where(Interaction.kind == InteractionKind.REPLY, Interaction.at > now - LOOK_BACK, Interaction.value > 0)
        .where(is_one_of(Interaction.member_id, member_ids), is_one_of(Interaction.about_member_id, others))
        .group_by(Interaction.member_id, Interaction.about_member_id)
    )
    answers: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for member_id, other, n in await session.execute(query):
        if member_id != other and other is not None:
            answers[member_id][other] = n
    return dict(answers)


async def _muted_people(session: AsyncSession, member_ids: Collection[int], now: datetime) -> dict[int, set[int]]:
    """Whom each member asked not to hear of."""
    people: defaultdict[int, set[int]] = defaultdict(set)
    still = Mute.until.is_(None) | (Mute.until > now)
    query = select(Mute.member_id, Mute.target).where(
        Mute.kind == MuteKind.PERSON, is_one_of(Mute.member_id, member_ids), still
    )
    for member_id, target in await session.execute(query):
        people[member_id].add(int(target))
    return people


async def memberships(session: AsyncSession, community_id: int, member_ids: Collection[int]) -> dict[int, Membership]:
    """What ties each member to the community."""
    query = select(Membership).where(
        Membership.community_id == community_id, is_one_of(Membership.member_id, member_ids)
    )
    return {row.member_id: row for row in await session.scalars(query)}
