"""What invitations are made from: rows of members who may be invited, and of those who agreed that we learn from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.conversations.own_fields import Talks
from models.domain.events.seats import is_over
from models.domain.invitations import bonds, candidates, writings
from models.domain.invitations.writings import Writing
from models.domain.members.learners import learners as learners_of
from models.domain.members.newcomers import is_new
from models.learning.words import tokenize
from models.tables.community import Community
from models.tables.event import Event
from models.tables.member import Member, Membership

# Words of almost every event say nothing about this one.
COMMON_WORDS = frozenset(
    tokenize(
        "night evening event meetup meeting dinner lunch breakfast talk workshop session drinks weekly monthly founders "
        "community team 活动 聚会 之夜 见面 分享 讨论 周末 晚上 线下 线上 创业 社群"
    )
)


class NamedCount(NamedTuple):
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
    with_host: tuple[NamedCount, ...] = ()
    # Answers the member gave to people who are going, most first.
    answers: tuple[NamedCount, ...] = ()
    # Past events both were at, of people who are going, most first.
    co_attendees: tuple[NamedCount, ...] = ()
    # Messages of the member with a term of the event, most first.
    words: tuple[NamedCount, ...] = ()
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
    host, can be where it takes place, do not go elsewhere then, and read what it is called.
    History is that of members who agreed to learning,
    candidates and those they know alike.
    """
    learners = await learners_of(session, event.community_id)
    willing = await candidates.willing(session, event, now)
    texts = await writings.of_learners(session, event, learners, now=now)
    community = await session.get_one(Community, event.community_id)
    members = await candidates.who_can_come(session, event, community, willing, texts, now)
    hosts = {one: name for one, name in (await bonds.hosts_of(session, event)).items() if one in learners}
    public = await bonds.public_guests(session, event, learners)
    rsvps = await bonds.attendances(session, event.community_id, learners, now)
    answers = await bonds.answers(session, {m.id for m in members} & learners, set(public), now)
    muted_people = await bonds.muted_people(session, {m.id for m in members}, now)
    memberships = await bonds.memberships(session, event.community_id, {m.id for m in members})
    past = {one.id: one for one, _, _ in rsvps if is_over(one, now)}
    been: defaultdict[int, set[int]] = defaultdict(set)
    for one, member_id, _ in rsvps:
        if one.id in past:
            been[member_id].add(one.id)
    invitable = [
        _guest(
            event,
            member,
            memberships[member.id],
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
        words=tuple(NamedCount(word, word, n) for word, n in writing.words.most_common()),
        talks=writing.talks,
        n_messages=writing.n_messages,
        n_attended=len(own_events),
    )


K = TypeVar("K", int, str)


def _counted_names(
    counts: Mapping[Any, int], names: Mapping[K, str], muted_people: Collection[int] = ()
) -> tuple[NamedCount, ...]:
    """Counts that are not zero, with their names, most first; whom the member muted is left out."""
    ranked_names = [
        (one, n) for one, n in Counter(counts).most_common() if n > 0 and one in names and one not in muted_people
    ]
    return tuple(NamedCount(one, names[one], n) for one, n in ranked_names)


def topic_words(event: Event) -> set[str]:
    """What the event is about: words of its title, without those of almost every event and single characters."""
    return {word for word in tokenize(event.title) if len(word) > 1 and word not in COMMON_WORDS}
