"""Who may know the answer to a question that waits: those who answered others' questions about its field. For jobs alone.

How near what they answered is to the question decides among them, and who was asked least lately comes first of equals.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations import own_messages
from models.domain.conversations.own_fields import Choices, Talks
from models.domain.conversations.own_messages import OwnMessage
from models.domain.digests import facts, feedback, reasons
from models.domain.introductions import introductions
from models.domain.introductions.validity import meets
from models.domain.members import consent
from models.domain.members.learners import learners
from models.domain.members.literacy import Literacy, literacy_of
from models.domain.profiles.field_choices import field_choices
from models.domain.questions import questions
from models.domain.questions.questions import Call, Waiting
from models.domain.questions.validity import waits
from models.domain.sending.checks import learns
from models.learning.languages import language_of
from models.learning.search import SearchIndex
from models.reading.fields import fields_of
from models.tables.community import Community
from models.tables.consent import Purpose
from models.tables.member import Member, MuteKind
from models.tables.message import Thread
from models.tables.recommendation import Recommendation, RecommendedItem, Response, Source

# Nobody is asked more often; who said no, or did not answer so many times, is left alone for long.
PAUSE, LONG_PAUSE, MOST_IGNORED = timedelta(days=3), timedelta(days=60), 3
# Who was asked before in so many days comes after others who know as much.
LATELY = timedelta(days=30)
# What they did that shows they can help.
KNOWS = "field_answered"


@dataclass(frozen=True)
class Helper:
    """One member who may be asked, and their own visible history; `left_out` is what they muted, as (kind, target)."""

    member: Member
    talks: Talks
    literacy: Literacy
    n_asked: int = 0
    chats: frozenset[int] = frozenset()
    left_out: Collection[tuple[str, str]] = ()
    known_threads: frozenset[int] = frozenset()


async def calls(session: AsyncSession, community: Community, *, now: datetime) -> list[Call]:
    """Whom to bring which question now; each member one at most."""
    learner_ids = await learners(session, community.id)
    waiting = await questions.waiting(session, community, learner_ids, now=now)
    # Of what lies in no field nobody is known to know.
    waiting = [one for one in waiting if fields_of(one.talk.head.text or "")]
    if not waiting:
        return []
    messages = await own_messages.messages_of(session, community.id, learner_ids, now=now)
    helpers = await _helpers(session, community, messages, now)
    helpers = [one for one in helpers if any(_knows(one, question) for question in waiting)]
    if not helpers:
        return []
    index = SearchIndex({one.member.id: _known_words(messages[one.member.id]) for one in helpers})
    keywords = await _keywords(session, [one.talk.thread_id for one in waiting])
    apart = await introductions.apart(session, community.id, learner_ids, now=now)
    found: dict[int, Call] = {}
    for question in waiting:
        asker = await session.get_one(Member, question.talk.author_id)
        words = keywords[question.talk.thread_id]
        muted = {(MuteKind.KEYWORD, feedback.keyword_target(session, word)) for word in words}
        able = [
            one
            for one in helpers
            if one.member.id not in found
            and (one.member.id, asker.id) not in apart
            and not muted & set(one.left_out)
            and _may_be_asked(one, question)
        ]
        for one in _best(able, question, index)[: question.n_wanted]:
            found[one.member.id] = _call(one, question, asker, community)
    return list(found.values())


async def remember(session: AsyncSession, community: Community, call: Call, *, now: datetime) -> Recommendation:
    """That somebody was asked, as a row, so that the controls under it work and nobody is asked too often."""
    row = Recommendation(
        community_id=community.id,
        member_id=call.member.id,
        item_kind=RecommendedItem.THREAD,
        item_id=call.question.talk.thread_id,
        source=Source.RESCUE,
        position=0,
        score=0.0,
        reasons=[dict(call.reason)],
        created_at=now,
    )
    session.add(row)
    await session.flush()
    return row


async def _helpers(
    session: AsyncSession, community: Community, messages: Mapping[int, Sequence[OwnMessage]], now: datetime
) -> list[Helper]:
    """Those who wrote, want to be asked, can be written to and were left alone for long enough."""
    willing = messages.keys() & await consent.consenting(session, community.id, Purpose.INTRODUCE)
    willing -= await _resting(session, willing, now)
    members = list(await session.scalars(select(Member).where(is_one_of(Member.id, willing))))
    ids = {one.id for one in members if one.is_reachable}
    asked = await _asked_lately(session, ids, now)
    chats = await facts.chats_of(session, community.id, ids)
    left_out = await feedback.muted_items(session, ids, now=now)
    known = await facts.known_already(session, ids)
    choices = await field_choices(session, community.id, ids)
    return [
        Helper(
            member=one,
            talks=own_messages.talks_of(reversed(messages[one.id]), choices.get(one.id)),
            literacy=literacy_of(
                one, (said.text for said in messages[one.id]), community, unread=choices.get(one.id, Choices()).unread
            ),
            n_asked=asked[one.id],
            chats=frozenset(chats.get(one.id, ())),
            left_out=left_out[one.id],
            known_threads=frozenset(item for kind, item in known.get(one.id, ()) if kind == RecommendedItem.THREAD),
        )
        for one in sorted(members, key=lambda member: member.id)
        if one.id in ids
    ]


async def _resting(session: AsyncSession, member_ids: Collection[int], now: datetime) -> set[int]:
    """Who was asked a moment ago, said that it is not for them, or did not answer again and again."""
    rows = Recommendation.source == Source.RESCUE
    query = (
        select(Recommendation.member_id)
        .where(is_one_of(Recommendation.member_id, member_ids), rows, Recommendation.created_at > now - LONG_PAUSE)
        .group_by(Recommendation.member_id)
        .having(
            or_(
                func.max(Recommendation.created_at) > now - PAUSE,
                func.count(Recommendation.id).filter(Recommendation.action == Response.LESS) > 0,
                and_(
                    func.count(Recommendation.id) >= MOST_IGNORED,
                    func.count(Recommendation.acted_at) == 0,
                ),
            )
        )
    )
    return set(await session.scalars(query))


async def _asked_lately(session: AsyncSession, member_ids: Collection[int], now: datetime) -> Counter[int]:
    query = (
        select(Recommendation.member_id, func.count())
        .where(is_one_of(Recommendation.member_id, member_ids), Recommendation.source == Source.RESCUE)
        .where(Recommendation.created_at > now - LATELY)
        .group_by(Recommendation.member_id)
    )
    return Counter(dict((await session.execute(query)).all()))


async def _keywords(session: AsyncSession, thread_ids: Collection[int]) -> dict[int, Sequence[str]]:
    query = select(Thread.id, Thread.keywords).where(is_one_of(Thread.id, thread_ids))
    return {thread_id: words or () for thread_id, words in await session.execute(query)}


def _may_be_asked(helper: Helper, question: Waiting) -> bool:
    """Somebody else, who can see and read it, has not read of it or spoken in it, and was never meant to get it."""
    talk, who = question.talk, helper.member.id
    is_news = talk.thread_id not in helper.known_threads and who not in question.tried_ids | talk.perhaps_answered_by
    is_another = who != talk.author_id and who not in talk.last_spoke
    text = talk.head.text or ""
    return is_another and is_news and talk.chat_id in helper.chats and helper.literacy.can_read(text, language_of(text))


def _best(helpers: Sequence[Helper], question: Waiting, index: SearchIndex[int]) -> list[Helper]:
    """Those who answered questions about its field, the likeliest first."""
    near = {hit.key: hit.share for hit in index.find(question.talk.head.text or "", most=len(helpers) or 1)}

    def worth(one: Helper) -> float:
        own = _own_fields(one, question)
        n = max(one.talks.solutions[key].n for key in own if key in one.talks.solutions)
        return math.log1p(n) * (0.5 + near.get(one.member.id, 0.0)) / (1 + one.n_asked)

    return sorted((one for one in helpers if _knows(one, question)), key=worth, reverse=True)


def _knows(helper: Helper, question: Waiting) -> bool:
    own = _own_fields(helper, question)
    return bool(own) and reasons.on_field(own, helper.talks).key == KNOWS


def _own_fields(helper: Helper, question: Waiting) -> frozenset[Any]:
    return fields_of(question.talk.head.text or "") & helper.talks.own()


def _known_words(messages: Iterable[OwnMessage]) -> str:
    """What somebody answered, and what they said to it."""
    return "\n".join(f"{one.answers} {one.text}" for one in messages if one.answers)


def _call(helper: Helper, question: Waiting, asker: Member, community: Community) -> Call:
    """With a reason that is true of the helper's own answers."""
    talk = question.talk
    because = reasons.on_field(_own_fields(helper, question), helper.talks).as_json()
    claims = [learns(community.id, helper.member.id), learns(community.id, talk.author_id)]
    claims += [
        f"{MuteKind.PERSON}:{talk.author_id}",
        meets(community.id, talk.author_id),
        waits(community.id, talk.thread_id),
    ]
    return Call(helper.member, question, asker, because, tuple(claims))
