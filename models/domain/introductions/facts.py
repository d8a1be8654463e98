"""What people to meet are chosen from: rows of those who are going, in groups that both of a pair can see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.database import is_one_of
from models.domain.digests import facts
from models.domain.events.seats import is_over
from models.domain.introductions import introductions
from models.domain.invitations import bonds
from models.domain.invitations.facts import topic_words
from models.domain.invitations.writings import LOOK_BACK, MOST_MESSAGES
from models.domain.members import consent
from models.domain.members.learners import learners
from models.domain.members.own_words import COLUMNS, own_words, written_by
from models.learning.words import tokenize
from models.tables.community import Chat, Community
from models.tables.consent import Purpose
from models.tables.event import Event, Rsvp, RsvpStatus
from models.tables.interaction import Interaction, InteractionKind
from models.tables.introduction import Introduction, IntroductionSide
from models.tables.member import Member, Membership
from models.tables.message import Message, Reaction, Sender, Thread

# Of the words of a community's threads so many are looked for: those that most threads are about.
MOST_WORDS = 300

Pair = tuple[int, int]
# Per (member, chat): in how many of their messages there each word stands.
WordCounts = Mapping[Pair, Mapping[str, int]]
# Words that may tell threads apart, but that nobody "writes about".
NO_SUBJECT = frozenset(
    tokenize(
        "before after answer answers question questions ask asked tell told thing things time times week weeks day days month "
        "year today tomorrow people person somebody anybody everybody someone anyone first last next new old good better best "
        "bad big small long short early late idea ideas way ways part place problem problems start started use used using need "
        "needs want work works working experience point number thanks great help really already still maybe enough"
    )
) | {
    "问题", "回答", "之前", "之后", "以前", "以后", "时候", "时间", "大家", "感觉", "知道", "觉得", "谢谢", "今天", "明天",
    "昨天", "现在", "东西", "事情", "办法", "经验", "有人", "别人", "自己",
}  # fmt: skip


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


@dataclass(frozen=True)
class Gathering:
    """Everybody who may be named to somebody at one event, and what ties them; only learners' rows are in it.

    Counts over LOOK_BACK are by (who, whom, chat); `hosted_guests` is by (host, guest) over past events.
    """

    event: Event
    guests: tuple[Guest, ...]
    answers: Mapping[tuple[int, int, int], int] = field(default_factory=dict)
    reactions: Mapping[tuple[int, int, int], int] = field(default_factory=dict)
    question_words: WordCounts = field(default_factory=dict)
    statement_words: WordCounts = field(default_factory=dict)
    hosted_guests: Mapping[Pair, int] = field(default_factory=dict)
    # Pairs, both ways round: known to have met or introduced; and those of whom one left the other out.
    acquaintances: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()
    topic: frozenset[str] = frozenset()
    # Who joined before was there from the beginning: in a group that has just begun nobody is new.
    founded_at: datetime | None = None


async def load(session: AsyncSession, event: Event, *, now: datetime) -> Gathering:
    """Members with a settled seat who agreed to introductions, and the rows of those of them who agreed to learning."""
    members = await _going(session, event)
    learner_ids = await learners(session, event.community_id)
    ids = {member.id for member in members}
    learning = ids & learner_ids
    chats = await facts.chats_of(session, event.community_id, ids)
    answers = await _answers(session, event.community_id, learner_ids, now)
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
    for who, whom, _ in answers:
        contacts[who].add(whom)
        contacts[whom].add(who)
    question_words, statement_words = await _words(session, event, learning, learner_ids, now)
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
            )
            if member.id in learning
            else Guest(member, learns=False)
            for member in members
        ),
        answers={key: n for key, n in answers.items() if key[0] in learning and key[1] in learning},
        reactions=await _reactions(session, event.community_id, learning, now),
        question_words=question_words,
        statement_words=statement_words,
        hosted_guests=Counter((one.host_id, who) for one, who in rsvps if one.host_id in learning and who in learning),
        acquaintances=await _acquaintances(session, event.community_id, ids),
        apart=frozenset(await introductions.apart(session, ids, now=now)),
        topic=frozenset(topic_words(event)),
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


async def _answers(
    session: AsyncSession, community_id: int, learner_ids: Collection[int], now: datetime
) -> dict[tuple[int, int, int], int]:
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


async def _reactions(
    session: AsyncSession, community_id: int, ids: Collection[int], now: datetime
) -> dict[tuple[int, int, int], int]:
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


async def _words(
    session: AsyncSession, event: Event, ids: Collection[int], learner_ids: Collection[int], now: datetime
) -> tuple[WordCounts, WordCounts]:
    """In how many messages each of the members `ids` asked with a word, and told something with it, by (member, chat)."""
    words = await vocabulary(session, event.community_id, now)
    question_words: defaultdict[Pair, Counter[str]] = defaultdict(Counter)
    statement_words: defaultdict[Pair, Counter[str]] = defaultdict(Counter)
    if not words or not ids:
        return question_words, statement_words
    query = (
        select(Message.id, Message.member_id, Message.chat_id, *COLUMNS)
        .join(Chat, Chat.id == Message.chat_id)
        .where(Chat.community_id == event.community_id, written_by(ids), Message.text.is_not(None))
        .where(Message.sent_at > now - LOOK_BACK)
        .order_by(Message.sent_at.desc())
        .limit(MOST_MESSAGES)
    )
    rows: list[Any] = [*await session.execute(query)]
    own = await own_words(session, rows, learner_ids)
    for row in rows:
        text = own.get(row.id, "")
        if not text.startswith("/"):
            counts = question_words if "?" in text or "？" in text else statement_words
            counts[row.member_id, row.chat_id].update(_words_in(text, words))
    return question_words, statement_words


def _words_in(text: str, words: Mapping[str, frozenset[str]]) -> list[str]:
    """The words that a message uses, as reasons.is_about() sees it, without asking anew for each word."""
    tokens = set(tokenize(text))
    return [
        word for word, needed_tokens in words.items() if (needed_tokens <= tokens if needed_tokens else word in text)
    ]


async def vocabulary(session: AsyncSession, community_id: int, now: datetime) -> dict[str, frozenset[str]]:
    """What threads were about lately: each word as people write it, and its tokens (none: Chinese, found as it stands)."""
    query = select(Thread.keywords).where(
        Thread.community_id == community_id, Thread.last_at > now - LOOK_BACK, Thread.keywords.is_not(None)
    )
    counts = Counter(word for keywords in await session.scalars(query) for word in keywords or ())
    names = await _name_tokens(session, community_id)
    tokens_of: dict[str, frozenset[str]] = {}
    seen_tokens: set[frozenset[str]] = set()
    for word, _ in counts.most_common(MOST_WORDS):
        is_chinese = any("\u3400" <= character <= "\u9fff" for character in word)
        tokens = frozenset([word] if is_chinese else tokenize(word))
        if tokens and tokens not in seen_tokens and not tokens <= NO_SUBJECT | names:
            tokens_of[word] = frozenset() if is_chinese else tokens
        seen_tokens.add(tokens)
    return tokens_of


async def _name_tokens(session: AsyncSession, community_id: int) -> frozenset[str]:
    """Members' names: whom people write to is not what they write about."""
    query = (
        select(Member.name)
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.community_id == community_id)
    )
    return frozenset(token for name in await session.scalars(query) for token in (name, *tokenize(name)))


async def _acquaintances(session: AsyncSession, community_id: int, ids: Collection[int]) -> frozenset[Pair]:
    """Who said that they met, at whichever event, or was introduced: both ways round."""
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
    pairs = {(a, b) for query in (meetings, introductions) for a, b in await session.execute(query) if b is not None}
    return frozenset(pairs | {(b, a) for a, b in pairs})
