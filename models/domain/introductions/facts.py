"""What people to meet are chosen from: rows of those who are going, in groups that both of a pair can see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.database import is_one_of
from models.domain.conversations import own_messages
from models.domain.conversations.own_fields import Talks
from models.domain.conversations.own_messages import LOOK_BACK, OwnMessage
from models.domain.digests import facts
from models.domain.events.seats import is_over
from models.domain.introductions import introductions
from models.domain.invitations import bonds
from models.domain.members import consent
from models.domain.members.learners import learners
from models.domain.profiles import profiles
from models.domain.profiles.field_choices import field_choices
from models.reading.fields import Field, fields_of
from models.reading.projects import project_of
from models.reading.text_kinds import TextKind, kind
from models.tables.community import Chat, Community
from models.tables.consent import Purpose
from models.tables.event import Event, Rsvp, RsvpStatus
from models.tables.interaction import Interaction, InteractionKind
from models.tables.introduction import Introduction, IntroductionSide
from models.tables.member import Member
from models.tables.message import Message, Reaction, Sender

Pair = tuple[int, int]
# (who, whom, chat)
Tie = tuple[int, int, int]


@dataclass(frozen=True)
class Guest:
    """One member who is going and agreed to introductions; what is not learned from is unknown."""

    member: Member
    learns: bool
    joined_at: datetime | None = None
    n_attended: int = 0
    # Members they exchanged answers with lately.
    n_contacts: int = 0
    chats: frozenset[int] = frozenset()
    # Titles of past events they went to, by id.
    past: Mapping[int, str] = field(default_factory=dict)
    # By chat: what they took part in, by field of a founder's work; and what they build, as they told when they came.
    talks: Mapping[int, Talks] = field(default_factory=dict)
    projects: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Gathering:
    """Everybody who may be named to somebody at one event, and what ties them; only learners' rows are in it.

    Counts over LOOK_BACK are by (who, whom, chat): `replies` are all, `answers` questions answered with more than courtesies.
    `hosted_guests` is by (host, guest) over past events.
    """

    event: Event
    guests: tuple[Guest, ...]
    replies: Mapping[Tie, int] = field(default_factory=dict)
    answers: Mapping[Tie, int] = field(default_factory=dict)
    reactions: Mapping[Tie, int] = field(default_factory=dict)
    hosted_guests: Mapping[Pair, int] = field(default_factory=dict)
    # Pairs, both ways round: known to have met or introduced; and those of whom one left the other out.
    acquaintances: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()
    topic: frozenset[Field] = frozenset()
    # Who joined before was there from the beginning: in a group that has just begun nobody is new.
    founded_at: datetime | None = None


async def load(session: AsyncSession, event: Event, *, now: datetime) -> Gathering:
    """Members with a settled seat who agreed to introductions, and the rows of those of them who agreed to learning."""
    members = await _going(session, event)
    learner_ids = await learners(session, event.community_id)
    ids = {member.id for member in members}
    learning = ids & learner_ids
    chats = await facts.chats_of(session, event.community_id, ids)
    replies = await replies_between(session, event.community_id, learner_ids, now)
    messages = await own_messages.messages_of(session, event.community_id, learner_ids, now=now)
    choices = await field_choices(session, event.community_id, learning)
    denials = await profiles.messages_denied(session, learning)
    rsvps = [
        (one, member_id)
        for one, member_id, _ in await bonds.attendances(session, event.community_id, learner_ids, now)
        if is_over(one, now)
    ]
    memberships = await bonds.memberships(session, event.community_id, learning)
    past: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for one, member_id in rsvps:
        past[member_id][one.id] = one.title
    contacts: defaultdict[int, set[int]] = defaultdict(set)
    for who, whom, _ in replies:
        contacts[who].add(whom)
        contacts[whom].add(who)
    return Gathering(
        event,
        tuple(
            Guest(
                member,
                learns=True,
                joined_at=memberships[member.id].joined_at if member.id in memberships else None,
                n_attended=len(past[member.id]),
                n_contacts=len(contacts[member.id]),
                chats=frozenset(chats.get(member.id, ())),
                past=past[member.id],
                talks={
                    chat: own_messages.talks_of(said, choices.get(member.id))
                    for chat, said in messages_by_chat(messages.get(member.id, ())).items()
                },
                projects=_projects(messages.get(member.id, ()), denials),
            )
            if member.id in learning
            else Guest(member, learns=False)
            for member in members
        ),
        replies={key: n for key, n in replies.items() if key[0] in learning and key[1] in learning},
        answers=Counter(tie for who in learning for tie in _answers(who, messages.get(who, ())) if tie[1] in learning),
        reactions=await _reactions(session, event.community_id, learning, now),
        hosted_guests=Counter((one.host_id, who) for one, who in rsvps if one.host_id in learning and who in learning),
        acquaintances=await acquaintances(session, event.community_id, ids),
        apart=frozenset(await introductions.apart(session, event.community_id, ids, now=now)),
        topic=fields_of(f"{event.title}. {event.description or ''}"),
        founded_at=await session.scalar(select(Community.created_at).where(Community.id == event.community_id)),
    )


async def _going(session: AsyncSession, event: Event) -> list[Member]:
    """Whoever holds a seat only for the time being has not decided yet."""
    willing = await consent.consenting(session, event.community_id, Purpose.INTRODUCE)
    query = (
        select(Member)
        .join(Rsvp, Rsvp.member_id == Member.id)
        .where(Rsvp.event_id == event.id, Rsvp.status == RsvpStatus.GOING, Rsvp.claim_until.is_(None))
        .where(Member.is_bot.is_(False))
        .order_by(Member.id)
    )
    return [member for member in await session.scalars(query) if member.id in willing]


def messages_by_chat(messages: Sequence[OwnMessage]) -> dict[int, list[OwnMessage]]:
    """The oldest first."""
    by_chat: defaultdict[int, list[OwnMessage]] = defaultdict(list)
    for one in reversed(messages):
        by_chat[one.chat_id].append(one)
    return by_chat


def _projects(messages: Sequence[OwnMessage], denials: Collection[int]) -> dict[int, str]:
    """What somebody last told of themselves, in one line, by chat; not from messages among the denials."""
    told = [one for one in reversed(messages) if kind(one.text) is TextKind.INTRODUCTION and one.id not in denials]
    return {one.chat_id: project for one in told if (project := project_of(one.text)) is not None}


def _answers(who: int, messages: Sequence[OwnMessage]) -> Iterator[Tie]:
    """One for each question that somebody answered; courtesies and questions back answer nothing."""
    answered: set[int] = set()
    for one in messages:
        is_answer = kind(one.text).says_something and kind(one.text) is not TextKind.QUESTION
        if one.to_id is None or kind(one.answers or "") is not TextKind.QUESTION or not is_answer:
            continue
        if one.talk not in answered:
            answered.add(one.talk)
            yield who, one.to_id, one.chat_id


async def replies_between(
    session: AsyncSession, community_id: int, learner_ids: Collection[int], now: datetime
) -> dict[Tie, int]:
    """How often each answered each over LOOK_BACK, by (who, whom, chat)."""
    query = (
        select(Message.member_id, Message.reply_to_member_id, Message.chat_id, func.count())
        .join(Chat, Chat.id == Message.chat_id)
        .where(Chat.community_id == community_id, Message.sent_at > now - LOOK_BACK, Message.sent_at <= now)
        .where(Message.deleted_at.is_(None), Message.sender == Sender.MEMBER)
        .where(Message.member_id.is_not(None), Message.reply_to_member_id.is_not(None))
        .where(Message.member_id != Message.reply_to_member_id)
        .group_by(Message.member_id, Message.reply_to_member_id, Message.chat_id)
    )
    rows = (await session.execute(query)).all()
    return {
        (who, whom, chat): n
        for who, whom, chat, n in rows
        if who is not None and whom is not None and who in learner_ids and whom in learner_ids
    }


async def _reactions(session: AsyncSession, community_id: int, ids: Collection[int], now: datetime) -> dict[Tie, int]:
    query = (
        select(Reaction.member_id, Message.member_id, Message.chat_id, func.count())
        .join(Message, Message.id == Reaction.message_id)
        .join(Chat, Chat.id == Message.chat_id)
        .where(Chat.community_id == community_id, Reaction.reacted_at > now - LOOK_BACK)
        .where(Message.deleted_at.is_(None), is_one_of(Reaction.member_id, ids), is_one_of(Message.member_id, ids))
        .where(Reaction.member_id != Message.member_id)
        .group_by(Reaction.member_id, Message.member_id, Message.chat_id)
    )
    rows = (await session.execute(query)).all()
    return {(who, whom, chat): n for who, whom, chat, n in rows if whom is not None}


async def acquaintances(
    session: AsyncSession, community_id: int, ids: Collection[int], *, since: datetime | None = None
) -> frozenset[Pair]:
    """Who said that they met, at whichever event, or was introduced, perhaps since an instant: both ways round."""
    meetings = (
        select(Interaction.member_id, Interaction.about_member_id)
        .where(Interaction.community_id == community_id, Interaction.kind == InteractionKind.MET)
        .where(is_one_of(Interaction.member_id, ids), is_one_of(Interaction.about_member_id, ids))
        .group_by(Interaction.event_id, Interaction.member_id, Interaction.about_member_id)
        .having(func.sum(Interaction.value) > 0)
    )
    one, other = aliased(IntroductionSide), aliased(IntroductionSide)
    introductions = (
        select(one.member_id, other.member_id)
        .join(other, other.introduction_id == one.introduction_id)
        .join(Introduction, Introduction.id == one.introduction_id)
        .where(Introduction.community_id == community_id, Introduction.introduced_at.is_not(None))
        .where(is_one_of(one.member_id, ids), is_one_of(other.member_id, ids), one.member_id != other.member_id)
    )
    if since is not None:
        meetings = meetings.where(Interaction.at > since)
        introductions = introductions.where(Introduction.introduced_at > since)
    pairs = {(a, b) for query in (meetings, introductions) for a, b in await session.execute(query) if b is not None}
    return frozenset(pairs | {(b, a) for a, b in pairs})
