"""Who may know something: members whose answers, words or events say it. It answers members, so it loads no numpy.

Nobody is found who may not be learned from and introduced, cannot be asked, was put before the asker already, or had
enough such questions lately. None of that hangs on what anybody answered.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.conversations import own_messages
from models.domain.conversations.own_messages import OwnMessage
from models.domain.introductions import evidence, introductions, proposals
from models.domain.introductions.evidence import WORTH, Evidence, Hits, Trace
from models.domain.introductions.follow_ups import promises_kept
from models.domain.introductions.inquiries import Knower, often_asked
from models.domain.members import consent
from models.domain.members.learners import learners
from models.domain.members.literacy import literacy_of
from models.domain.profiles.field_choices import field_choices
from models.domain.profiles.validity import stands
from models.domain.sending.checks import learns
from models.reading.fields import fields_of
from models.reading.scripts import scripts_of
from models.reading.text_kinds import TextKind, kind
from models.tables.community import Community
from models.tables.consent import Purpose
from models.tables.introduction import IntroductionKind
from models.tables.member import Member, Membership

# So many best of each member's count.
MOST_OF_ONE = 3
# Who answered so many questions of others is told to answer, too.
MANY_ANSWERS = 3
# What a meeting that came about before counts, up to three: among equals who keeps promises comes first.
KEPT = 0.05
# More are not looked at closely: three are shown.
MOST_TOLD = 6
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
    events = await evidence.of_events(session, community_id, willing, now)
    lines = await evidence.of_profiles(session, community_id, willing)
    stock = evidence.best([*events, *lines, *evidence.of_messages(messages, willing)])
    # Reading thousands of texts takes tenths of a second, in which others are answered.
    hits = await asyncio.to_thread(_hits, question, stock)
    scores = await _scores(session, hits)
    best = sorted(scores, key=lambda one: (-scores[one], one))[:MOST_TOLD]
    members = {one.id: one for one in await session.scalars(select(Member).where(is_one_of(Member.id, best)))}
    community = await session.get_one(Community, community_id)
    best = [one for one in best if _can_read(members[one], messages.get(one, ()), question, community)]
    names = await _names(session, community_id) if best else []
    n_answers = _n_answers(messages.get(asker_id, ()))
    knowers = [
        _knower(members[one], community_id, scores[one], _Question(question, names, n_answers), hits[one], now)
        for one in best
    ]
    return [one for one in knowers if one is not None]


def _can_read(member: Member, messages: Iterable[OwnMessage], question: str, community: Community) -> bool:
    """Who does not read what was asked has nothing to talk about with who asks."""
    from models.learning.languages import language_of  # a host that starts does without

    texts = [one.text for one in messages]
    if any(scripts_of(text) >= scripts_of(question) and language_of(text) == language_of(question) for text in texts):
        return True
    return literacy_of(member, texts, community).can_read(question, language_of(question))


def _hits(question: str, stock: Sequence[Evidence]) -> Hits:
    return evidence.say_it(question, stock) or evidence.are_of_its_field(question, stock)


async def _scores(session: AsyncSession, hits: Hits) -> dict[int, float]:
    """What each one's best evidence is worth; among equals who kept promises comes first."""
    kept = await promises_kept(session, hits)
    best = {
        who: sorted((share * WORTH[trace] for _, trace, share in of_one), reverse=True) for who, of_one in hits.items()
    }
    return {who: sum(worths[:MOST_OF_ONE]) + KEPT * min(kept.get(who, 0), 3) for who, worths in best.items()}


async def _askable(session: AsyncSession, question: str, asker_id: int, community_id: int, now: datetime) -> set[int]:
    willing = await consent.consenting(session, community_id, Purpose.INTRODUCE) - {asker_id}
    willing &= await learners(session, community_id, among=willing)
    apart = await introductions.apart(session, community_id, [*willing, asker_id], now=now)
    willing -= {one for who, one in apart if who == asker_id}
    willing -= await introductions.put_together_with(session, asker_id)
    willing -= await often_asked(session, willing, now=now)
    willing -= await proposals.unwilling(session, willing, subjects_of(question), now=now)
    choices = await field_choices(session, community_id, willing)
    willing -= {one for one, of_one in choices.items() if of_one.rule_out(fields_of(question))}
    members = await session.scalars(select(Member).where(is_one_of(Member.id, willing)))
    return {one.id for one in members if _can_be_asked(one, now)}


def _can_be_asked(member: Member, now: datetime) -> bool:
    """A question would arrive before it expires."""
    is_paused = member.paused_until is not None and member.paused_until >= now + introductions.EXPIRES_AFTER
    return member.is_reachable and member.attention_budget != 0 and not is_paused


@dataclass(frozen=True)
class _Question:
    """What was asked; names that are told to nobody, and how many questions its asker answered."""

    text: str
    names: Collection[str]
    n_answers: int


def _knower(
    member: Member,
    community_id: int,
    score: float,
    question: _Question,
    hits: Sequence[tuple[Evidence, Trace, float]],
    now: datetime,
) -> Knower | None:
    """None where nothing can be told of why."""
    topic = _topic(question, [one.words for one, _, _ in hits])
    if topic is None:
        return None
    if "field" in topic:
        # What is told of a field is counted in that field.
        hits = [hit for hit in hits if topic["field"] in (hit[0].fields or fields_of(hit[0].words))]
    if not hits:
        return None
    latest = {trace: one.at for one, trace, _ in sorted(hits, key=lambda hit: hit[0].at)}
    talks = Counter(trace for trace, _ in {(trace, one.talk) for one, trace, _ in hits})
    traces = [trace for trace in Trace if talks[trace]]
    if Trace.ANSWERED in traces:
        traces = [trace for trace in traces if trace != Trace.WROTE]
    own = [learns(community_id, member.id), *(stands(one.talk) for one, _, _ in hits if one.is_line)]
    answers_too = [_reason("they_answer_too")] if question.n_answers >= MANY_ANSWERS else []
    return Knower(
        member,
        community_id,
        score,
        topic,
        [_reason(f"they_{one}", topic=topic, n=talks[one], lately=_lately(latest[one], now)) for one in traces],
        [
            _reason("looks_for", topic=topic),
            *({**_reason(f"you_{one}", n=talks[one]), "about": own} for one in traces),
            *answers_too,
        ],
    )


def _reason(key: str, **values: Any) -> dict[str, Any]:
    return {"key": key, "values": values, "about": []}


def _topic(question: _Question, texts: Sequence[str]) -> dict[str, Any] | None:
    """Words of the question that they used, too, the most telling; else the field of work.

    Of "who has hired abroad?" somebody who only hired knows the field: half of a question is another question.
    """
    from models.learning.search_words import Words, search_words  # a host that starts does without
    from models.learning.shared_words import are_all_said, shared_words

    said = [search_words(text).whole for text in texts]
    used = Words({word: 1 for one in said for word in one}, {})
    words = shared_words(question.text, used, names=question.names)
    longest = sorted(words, key=len, reverse=True)[:MOST_WORDS]
    field = next(iter(sorted(fields_of(question.text))), None)
    if longest and (field is None or are_all_said(question.text, used)):
        return {"words": sorted(longest, key=words.index)}
    return {"field": field} if field else None


def _lately(at: datetime, now: datetime) -> str:
    """As exactly as it is told: which message it was is nobody's to guess, and days may pass until all said yes."""
    return "month" if now - at <= timedelta(days=24) else "quarter" if now - at <= timedelta(days=92) else "year"


def _n_answers(messages: Iterable[OwnMessage]) -> int:
    answered = {one.talk for one in messages if one.answers is not None and kind(one.answers) is TextKind.QUESTION}
    return len(answered)


async def _names(session: AsyncSession, community_id: int) -> list[str]:
    """Everybody's here: whom a question is about is told to nobody."""
    query = select(Member.name).join(Membership, Membership.member_id == Member.id)
    return list(await session.scalars(query.where(Membership.community_id == community_id)))
