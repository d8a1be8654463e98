"""Who may know something: members whose answers, words or events say it. It answers members, so it loads no numpy.

Nobody is found who may not be learned from and introduced, cannot be asked, was put before the asker already, or had
enough such questions lately. None of that hangs on what anybody answered.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations import own_messages
from models.domain.conversations.own_messages import OwnMessage
from models.domain.introductions import evidence, introductions, proposals
from models.domain.introductions.evidence import WORTH, Evidence, Trace
from models.domain.introductions.follow_ups import promises_kept
from models.domain.introductions.inquiries import Knower, often_asked
from models.domain.members import consent
from models.domain.members.learners import learners
from models.domain.sending.checks import learns
from models.reading.fields import fields_of
from models.reading.text_kinds import TextKind, kind
from models.tables.consent import Purpose
from models.tables.introduction import IntroductionKind
from models.tables.member import Member, Membership

# So many best of each member's count.
MOST_OF_ONE = 3
# Who answered so many questions of others is told to answer, too.
MANY_ANSWERS = 3
# What a meeting that came about before counts, up to three: among equals who keeps promises comes first.
KEPT = 0.05
# Pieces of the question that are told to either side; a longer list reads like the question itself.
MOST_WORDS = 2


def subjects_of(question: str) -> list[str]:
    """What an introduction for this question is for: its fields of work, else that somebody asks."""
    return sorted(fields_of(question)) or [IntroductionKind.ASKED]


async def find(
    session: AsyncSession,
    question: str,
    *,
    asker_id: int,
    community_id: int,
    now: datetime,
    without: Collection[int] = (),
) -> list[Knower]:
    """Those who may know it, best first; none of `without`."""
    willing = await _askable(session, question, asker_id, community_id, now) - set(without)
    if not willing:
        return []
    allowed = await learners(session, community_id)
    messages = await own_messages.messages_of(session, community_id, allowed, now=now)
    stock = [*evidence.of_messages(messages, willing), *await evidence.of_events(session, community_id, willing, now)]
    # Reading thousands of texts takes tenths of a second, in which others are answered.
    hits = await asyncio.to_thread(evidence.say_it, question, stock) or evidence.are_of_its_field(question, stock)
    names = await _names(session, community_id)
    members = {one.id: one for one in await session.scalars(select(Member).where(is_one_of(Member.id, hits)))}
    n_answers = _n_answers(messages.get(asker_id, ()))
    knowers = [
        _knower(members[who], community_id, question, of_one, names, n_answers, now) for who, of_one in hits.items()
    ]
    kept = await promises_kept(session, hits)
    found = [one for one in knowers if one is not None]
    return sorted(found, key=lambda one: (-one.score - KEPT * min(kept.get(one.member.id, 0), 3), one.member.id))


async def _askable(session: AsyncSession, question: str, asker_id: int, community_id: int, now: datetime) -> set[int]:
    willing = await consent.consenting(session, community_id, Purpose.INTRODUCE) - {asker_id}
    willing &= await learners(session, community_id, among=willing)
    willing -= {
        one for who, one in await introductions.apart(session, [*willing, asker_id], now=now) if who == asker_id
    }
    willing -= await introductions.put_together_with(session, asker_id)
    willing -= await often_asked(session, willing, now=now)
    willing -= await proposals.unwilling(session, willing, subjects_of(question), now=now)
    members = await session.scalars(select(Member).where(is_one_of(Member.id, willing)))
    return {one.id for one in members if _can_be_asked(one, now)}


def _can_be_asked(member: Member, now: datetime) -> bool:
    """A question would arrive before it expires."""
    is_paused = member.paused_until is not None and member.paused_until >= now + introductions.EXPIRES_AFTER
    return member.is_reachable and member.attention_budget != 0 and not is_paused


def _knower(
    member: Member,
    community_id: int,
    question: str,
    hits: Sequence[tuple[Evidence, float]],
    names: Collection[str],
    n_own_answers: int,
    now: datetime,
) -> Knower | None:
    """None where nothing can be told of why."""
    best = sorted(hits, key=lambda one: -one[1] * WORTH[one[0].trace])
    topic = _topic(question, [one.text for one, _ in best], names)
    if topic is None:
        return None
    score = sum(share * WORTH[one.trace] for one, share in best[:MOST_OF_ONE])
    latest = {one.trace: one.at for one, _ in sorted(best, key=lambda hit: hit[0].at)}
    talks = Counter(trace for trace, _ in {(one.trace, one.talk) for one, _ in best})
    told = [trace for trace in Trace if talks[trace]]
    if Trace.ANSWERED in told:
        told = [trace for trace in told if trace != Trace.WROTE]
    own = [learns(community_id, member.id)]
    looks_for = {"key": "looks_for", "values": {"topic": topic}, "about": []}
    answers, too = {"key": "they_answer_too", "values": {}, "about": []}, n_own_answers >= MANY_ANSWERS
    return Knower(
        member,
        community_id,
        score,
        topic,
        [_they(one, topic, talks[one], _lately(latest[one], now)) for one in told],
        [
            looks_for,
            *({"key": f"you_{one}", "values": {"n": talks[one]}, "about": own} for one in told),
            *([answers] if too else []),
        ],
    )


def _they(trace: Trace, topic: Mapping[str, Any], n: int, lately: str) -> dict[str, Any]:
    return {"key": f"they_{trace}", "values": {"topic": topic, "n": n, "lately": lately}, "about": []}


def _topic(question: str, texts: Sequence[str], names: Collection[str]) -> dict[str, Any] | None:
    """Words of the question that they used, too, the most telling; else the field of work."""
    from models.learning.search_words import Words, search_words  # a host that starts does without
    from models.learning.shared_words import shared_words

    said = [search_words(text).whole for text in texts]
    words = shared_words(question, Words({word: 1 for one in said for word in one}, {}), names=names)
    longest = sorted(words, key=len, reverse=True)[:MOST_WORDS]
    if longest:
        return {"words": sorted(longest, key=words.index)}
    field = next(iter(sorted(fields_of(question))), None)
    return {"field": field} if field else None


def _lately(at: datetime, now: datetime) -> str:
    """As exactly as it is told: which message it was is nobody's to guess."""
    if now - at <= timedelta(days=7):
        return "week"
    return "month" if now - at <= timedelta(days=31) else "quarter" if now - at <= timedelta(days=92) else "year"


def _n_answers(messages: Iterable[OwnMessage]) -> int:
    answered = {one.talk for one in messages if one.answers is not None and kind(one.answers) is TextKind.QUESTION}
    return len(answered)


async def _names(session: AsyncSession, community_id: int) -> list[str]:
    """Everybody's here: whom a question is about is told to nobody."""
    query = select(Member.name).join(Membership, Membership.member_id == Member.id)
    return list(await session.scalars(query.where(Membership.community_id == community_id)))
