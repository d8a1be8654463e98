"""Personal digests: who is due, what is left after filters, which few are chosen, and the rows that say so.

A member who is due on a day gets at most one digest a community that day; weekly ones come on Mondays, so that a week's
talk starts together. Digests asked for are answers: no hour, no budget, still with reasons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.digests import facts as digest_facts
from models.domain.digests import feedback, reasons
from models.domain.digests.items import Digest, EventFacts, Facts, Item, Personal, ThreadFacts
from models.domain.member_time import Defaults, zone_of
from models.domain.sending import deliveries
from models.reading.scripts import can_read
from models.tables.community import Community
from models.tables.consent import Consent, Purpose
from models.tables.delivery import Delivery
from models.tables.member import Frequency, Member, Membership, MuteKind
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
# A digest that could not be made at its hour (we were down) is made up to so many hours later.
CATCH_UP_HOURS = 3
MONDAY = 0
LIVE_DAYS = {Frequency.DAILY: 2.0, Frequency.WEEKLY: 7.0}


@dataclass(frozen=True)
class Background:
    """What holds for every member of a community at one instant."""

    community: Community
    facts: Mapping[tuple[str, int], Facts]
    names: Mapping[int, str]
    known: Mapping[int, set[tuple[str, int]]]
    muted: Mapping[int, set[tuple[str, str]]]
    word_targets: Mapping[str, str]
    chats: Mapping[int, set[int]]
    now: datetime
    zone: ZoneInfo


def frequency_of(member: Member, defaults: Defaults) -> Frequency:
    """How often the member gets a digest."""
    return member.digest or defaults.digest


def local_day(member: Member, community: Community, defaults: Defaults, now: datetime) -> date:
    """The member's calendar day."""
    return now.astimezone(zone_of(member.time_zone, community.time_zone, defaults.time_zone)).date()


def is_due(member: Member, community: Community, defaults: Defaults, now: datetime) -> bool:
    """True from the member's digest hour on, for CATCH_UP_HOURS, on a day of theirs."""
    frequency = frequency_of(member, defaults)
    zone = zone_of(member.time_zone, community.time_zone, defaults.time_zone)
    local = now.astimezone(zone)
    hour = digest_hour(member, defaults)
    is_hour = hour <= local.hour < hour + CATCH_UP_HOURS
    is_paused = member.paused_until is not None and member.paused_until > now
    is_day = frequency == Frequency.DAILY or (frequency == Frequency.WEEKLY and local.weekday() == MONDAY)
    return member.is_reachable and not is_paused and is_hour and is_day


def digest_hour(member: Member, defaults: Defaults) -> int:
    """The local hour a member's digest leaves: the one they chose, or when their quiet hours end if it lies in those."""
    wanted = defaults.digest_hour if member.digest_hour is None else member.digest_hour
    start, end = defaults.quiet_hours
    start = start if member.quiet_from_hour is None else member.quiet_from_hour
    end = end if member.quiet_until_hour is None else member.quiet_until_hour
    is_quiet = start <= wanted < end if start <= end else wanted >= start or wanted < end
    return end if is_quiet else wanted


def once_key(member_id: int, community_id: int, day: date) -> str:
    """One digest a member, community and day."""
    return f"digest:{member_id}:{community_id}:{day.isoformat()}"


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """When a day's digest is stale: the next midnight in the member's zone."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)


async def due_members(
    session: AsyncSession, community: Community, *, now: datetime, defaults: Defaults
) -> list[Member]:
    """Members who said yes to digests here, whose hour it is, and who got none today."""
    here = and_(Consent.member_id == Membership.member_id, Consent.community_id == Membership.community_id)
    query = (
        select(Member)
        .join(Membership, Membership.member_id == Member.id)
        .join(Consent, here)
        .where(Membership.community_id == community.id, Membership.left_at.is_(None))
        .where(Consent.purpose == Purpose.DIGEST, Consent.is_given.is_(True), Member.is_bot.is_(False))
        .order_by(Member.id)
    )
    due = [member for member in await session.scalars(query) if is_due(member, community, defaults, now)]
    keys = {once_key(m.id, community.id, local_day(m, community, defaults, now)): m for m in due}
    done = await deliveries.used_keys(session, keys)
    return [member for key, member in keys.items() if key not in done]


async def background(
    session: AsyncSession,
    community: Community,
    members: Sequence[Member],
    thread_ids: Iterable[int],
    learners: frozenset[int],
    *,
    now: datetime,
    defaults: Defaults,
) -> Background:
    """Load what the candidates are, and what each member knows already or does not want."""
    names = await digest_facts.names_of(session, learners)
    threads = await digest_facts.threads(session, set(thread_ids), learners, names, now=now)
    events = await digest_facts.events(session, community.id, learners, names, now=now)
    facts: dict[tuple[str, int], Facts] = {("thread", one.id): one for one in threads.values()}
    facts |= {("event", one.id): one for one in events}
    ids = {member.id for member in members}
    words = {word for one in threads.values() for word in one.keywords}
    return Background(
        community=community,
        facts=facts,
        names=names,
        known=await digest_facts.known_already(session, ids),
        muted=await feedback.muted(session, ids, now=now),
        chats=await digest_facts.chats_of(session, community.id, ids),
        word_targets={word: feedback.keyword_target(session, word) for word in words},
        now=now,
        zone=zone_of(community.time_zone, defaults.time_zone),
    )


def compose(
    member: Member, found: Sequence[Found], mine: Personal, around: Background, *, is_cold: bool, random: Random
) -> tuple[Item, ...]:
    """Filter, explain and choose for one member; `found` is best first. Items without a reason are dropped."""
    threads = [item for one in found if (item := _explained(one, member, mine, around, is_cold=is_cold))]
    zone = zone_of(member.time_zone, around.community.time_zone)
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


async def write(session: AsyncSession, digest: Digest, *, now: datetime) -> list[Recommendation]:
    """The rows of a digest, in order; their ids go into its buttons, their delivery follows."""
    rows = [
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
    session.add_all(rows)
    await session.flush()
    return rows


async def tie(session: AsyncSession, rows: Sequence[Recommendation], delivery: Delivery | None) -> None:
    """The rows go with their delivery; without one (it was sent today already) they never were."""
    for row in rows:
        if delivery is None:
            await session.delete(row)
        else:
            row.delivery_id = delivery.id
    await session.flush()
