"""Personal digests: what is left after filters, which few are chosen, and the rows that say so.

A member who is due on a day gets at most one digest a community that day; weekly ones come on Mondays, so that a week's
talk starts together. Digests asked for are answers: no hour, no budget, still with reasons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_many, is_one_of, table_of
from models.domain.digests import facts as digest_facts
from models.domain.digests import feedback, reasons
from models.domain.digests.items import Digest, EventFacts, Facts, Item, Personal, ThreadFacts
from models.domain.member_time import Defaults, place_zone, zone_of
from models.reading.scripts import can_read
from models.tables.community import Community
from models.tables.member import Frequency, Member, MuteKind
from models.tables.recommendation import Recommendation

if TYPE_CHECKING:  # it loads numpy, which the process that answers members does without
    from models.domain.serving.candidates import Found

MOST_ITEMS = 7
# Fewer are not worth an interruption.
FEWEST_ITEMS = 2
MOST_OF_ONE = 2  # per author and per topic
MOST_EVENTS = 2
# Events come after so many threads: their scores cannot be compared.
THREADS_BEFORE_EVENTS = 3
# How often the last place goes to one of the next best, so that something can be learned beyond the model's own taste.
EXPLORE_SHARE = 0.1
EXPLORE_AMONG = 5
LIVE_DAYS = {Frequency.DAILY: 2.0, Frequency.WEEKLY: 7.0}


@dataclass(frozen=True)
class Background:
    """What holds for every member of a community at one instant, and what holds for some of them, by member id."""

    community: Community
    facts: Mapping[tuple[str, int], Facts]
    names: Mapping[int, str]
    word_targets: Mapping[str, str]
    now: datetime
    zone: ZoneInfo
    known: Mapping[int, set[tuple[str, int]]] = field(default_factory=dict)
    muted: Mapping[int, set[tuple[str, str]]] = field(default_factory=dict)
    chats: Mapping[int, set[int]] = field(default_factory=dict)


async def background(
    session: AsyncSession,
    community: Community,
    thread_ids: Iterable[int],
    learners: frozenset[int],
    *,
    now: datetime,
    defaults: Defaults,
) -> Background:
    """Load what the candidates are; what holds for single members is for_members()'s."""
    names = await digest_facts.names_of(session, learners)
    threads = await digest_facts.threads(session, set(thread_ids), learners, names, now=now)
    events = await digest_facts.events(session, community.id, learners, names, now=now)
    facts: dict[tuple[str, int], Facts] = {("thread", one.id): one for one in threads.values()}
    facts |= {("event", one.id): one for one in events}
    words = {word for one in threads.values() for word in one.keywords}
    return Background(
        community=community,
        facts=facts,
        names=names,
        word_targets={word: feedback.keyword_target(session, word) for word in words},
        now=now,
        zone=place_zone(community.time_zone, defaults),
    )


async def for_members(session: AsyncSession, around: Background, members: Sequence[Member]) -> Background:
    """With what these members know already, do not want, and may see."""
    ids = {member.id for member in members}
    return replace(
        around,
        known=await digest_facts.known_already(session, ids),
        muted=await feedback.muted(session, ids, now=around.now),
        chats=await digest_facts.chats_of(session, around.community.id, ids),
    )


def compose(
    member: Member, found: Sequence[Found], mine: Personal, around: Background, *, is_cold: bool, random: Random
) -> tuple[Item, ...]:
    """Filter, explain and choose for one member; `found` is best first. Items without a reason are dropped."""
    threads = [item for one in found if (item := _explained(one, member, mine, around, is_cold=is_cold))]
    zone = zone_of(member.time_zone, around.zone.key)
    coming = [facts for facts in around.facts.values() if isinstance(facts, EventFacts)]
    events = [item for facts in coming if (item := _event(facts, member, mine, around, zone))][:MOST_EVENTS]
    chosen = choose(_once_each(threads), random=random, most=MOST_ITEMS - len(events))
    return (*chosen[:THREADS_BEFORE_EVENTS], *events, *chosen[THREADS_BEFORE_EVENTS:])


def choose(items: Sequence[Item], *, random: Random, most: int = MOST_ITEMS) -> list[Item]:
    """The best, not too many from one author or about one topic; now and then one of the next best comes last.

    `propensity` is the probability of the last place's choice under that chance; every other place is certain.
    """
    kept, spare = _diverse(items, most)
    pool = spare[:EXPLORE_AMONG]
    if not pool or len(kept) < most:
        return kept
    if random.random() < EXPLORE_SHARE:
        kept[-1] = replace(random.choice(pool), propensity=EXPLORE_SHARE / len(pool), source="exploration")
    else:
        kept[-1] = replace(kept[-1], propensity=1 - EXPLORE_SHARE)
    return kept


def _diverse(items: Sequence[Item], most: int) -> tuple[list[Item], list[Item]]:
    authors: Counter[int | None] = Counter()
    subjects: Counter[str] = Counter()
    kept: list[Item] = []
    spare: list[Item] = []
    for item in items:
        is_new = authors[item.facts.author_id] < MOST_OF_ONE and subjects[item.facts.subject] < MOST_OF_ONE
        if not is_new:
            continue
        if len(kept) >= most:
            spare.append(item)
            continue
        authors[item.facts.author_id] += 1
        subjects[item.facts.subject] += 1
        kept.append(item)
    return kept, spare


def _once_each(items: Sequence[Item]) -> list[Item]:
    return list({item.facts.id: item for item in reversed(items)}.values())[::-1]


def _explained(found: Found, member: Member, mine: Personal, around: Background, *, is_cold: bool) -> Item | None:
    facts = around.facts.get(("thread", found.thread_id))
    if not isinstance(facts, ThreadFacts) or not _is_wanted(facts, member, around):
        return None
    # Of somebody who hardly wrote it is not known what they read.
    if not is_cold and not can_read(facts.text, mine.texts):
        return None
    muted = _muted_people(member, around)
    why = reasons.for_thread(facts, mine, around.names, is_cold=is_cold, muted=muted)
    told = reasons.in_order(why, found.shares)
    return Item(facts, told, found.source, found.score) if told else None


def _event(facts: EventFacts, member: Member, mine: Personal, around: Background, zone: ZoneInfo) -> Item | None:
    if not _is_wanted(facts, member, around):
        return None
    muted = _muted_people(member, around)
    told = reasons.for_event(facts, mine, around.names, now=around.now, zone=zone, muted=muted)
    return Item(facts, tuple(told[: reasons.MOST_REASONS]), "calendar", 0.0)


def _is_wanted(facts: Facts, member: Member, around: Background) -> bool:
    """Not their own, no news twice, nothing and nobody they muted, nothing from a chat they are not in."""
    item = (facts.kind, facts.id)
    targets = {(facts.kind, str(facts.id)), (MuteKind.PERSON, str(facts.author_id))}
    targets |= {(MuteKind.KEYWORD, around.word_targets[word]) for word in getattr(facts, "keywords", ())}
    is_news = facts.author_id != member.id and item not in around.known.get(member.id, set())
    can_see = not isinstance(facts, ThreadFacts) or facts.chat_id in around.chats.get(member.id, set())
    return is_news and can_see and not targets & around.muted.get(member.id, set())


def _muted_people(member: Member, around: Background) -> set[int]:
    return {int(target) for kind, target in around.muted.get(member.id, set()) if kind == MuteKind.PERSON}


def rows_of(digest: Digest, *, now: datetime) -> list[Recommendation]:
    """The rows of a digest, in order; once they are written their ids go into its buttons, then their delivery follows."""
    return [
        Recommendation(
            community_id=digest.community_id,
            member_id=digest.member.id,
            item_kind=item.facts.kind,
            item_id=item.facts.id,
            source=item.source,
            position=position,
            score=item.score,
            propensity=item.propensity,
            reasons=[reason.as_json() for reason in item.reasons],
            model_id=None if digest.is_cold else digest.model_id,
            created_at=now,
        )
        for position, item in enumerate(digest.items)
    ]


async def write(session: AsyncSession, rows: Sequence[Recommendation]) -> None:
    """Insert rows of one community, at most one digest a member, in one statement; they get their ids."""
    if not rows:
        return
    values = [{name: getattr(row, name) for name in _WRITTEN} for row in rows]
    statement, parameters = insert_many(session, Recommendation, values)
    whose = (Recommendation.member_id, Recommendation.position, Recommendation.id)
    ids = {tuple(key): row_id for *key, row_id in await session.execute(statement.returning(*whose), parameters)}
    for row in rows:
        row.id = ids[row.member_id, row.position]


async def tie(session: AsyncSession, deliveries: Mapping[int, int | None]) -> None:
    """Rows, by id, go with their delivery; without one (it was sent today already) they never were."""
    table = table_of(Recommendation)
    tied = [{"row_id": row_id, "delivery": delivery} for row_id, delivery in deliveries.items() if delivery is not None]
    if tied:
        change = update(table).where(table.c.id == bindparam("row_id")).values(delivery_id=bindparam("delivery"))
        await session.execute(change, tied)
    if len(tied) < len(deliveries):
        untied = [row_id for row_id, delivery in deliveries.items() if delivery is None]
        await session.execute(delete(table).where(is_one_of(table.c.id, untied)))


_WRITTEN = (
    "community_id", "member_id", "item_kind", "item_id", "source", "position", "score", "propensity", "reasons",
    "model_id", "created_at",
)  # fmt: skip
