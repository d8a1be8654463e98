"""Hourly, and whenever a member asks: personal digests, each with its reasons, or nothing.

Members come some at a time, each lot in a transaction of its own: what is in memory and how long others wait for the one
write lock of SQLite do not grow with the community. What holds for all of its members is worked out once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import digests as messages
from bot.notices.admin_notices import say_unreadable
from bot.scene.services import Services
from models.database import is_one_of
from models.domain.conversations.words import terms_of
from models.domain.digests import background, digests, due, hours, recommendations, validity
from models.domain.digests.background import Background
from models.domain.digests.items import Digest
from models.domain.members import communities, consent
from models.domain.sending import deliveries
from models.domain.sending.deliveries import Letter
from models.domain.serving import candidates, training
from models.domain.serving.candidates import FoundThread, Pool
from models.reading.last_day import last_day
from models.reading.text_kinds import TextKind, kind
from models.tables.community import Community
from models.tables.delivery import DeliveryKind
from models.tables.member import Frequency, Member
from models.tables.recommendation import Recommendation

# What members did longer ago has lost its weight (see learning's half-lives).
LOOK_BACK = timedelta(days=120)
# Who wrote hardly anything for so long is somebody whose interests are not known.
COLD_WITHIN = timedelta(days=90)


# What may hold until a day: a question, an offer, a call for applications.
ENDING = (TextKind.QUESTION, TextKind.RESOURCE, TextKind.EVENT_NOTICE)


@dataclass(frozen=True, eq=False)
class Ground:
    """What all digests of one community at one instant stand on; `n_texts`: how much each learner wrote lately."""

    pool: Pool
    around: Background
    n_texts: Mapping[int, int]


async def run(services: Services, *, now: datetime, member_id: int | None = None) -> str:
    """Queue the digests that are due; with a member, one for each of their communities at once."""
    counts: Counter[str] = Counter()
    if member_id is not None:
        counts += await _answer(services, member_id, now=now)
    else:
        async with services.database.transaction() as session:
            await due.follow(session, services.defaults, now=now)
            communities = await due.communities(session, now=now)
        for community in communities:
            counts += await _serve(services, community, now=now)
    return f"digests queued: {counts['sent']}, members with too little to be told: {counts['too_few']}"


async def _answer(services: Services, member_id: int, *, now: datetime) -> Counter[str]:
    """A digest of each of their communities for who asked, or a word on why there is none."""
    counts: Counter[str] = Counter()
    async with services.database.reading() as session:
        member = await session.get(Member, member_id)
        communities = await consent.communities_of(session, member_id) if member else []
    for community in communities:
        # Everything is worked out before the transaction: nobody waits for arithmetic.
        async with services.database.reading() as session:
            ground = await _ground(session, community, now=now)
            digests = await _compose(session, services, ground, [member] if member else [], is_asked_for=True)
        async with services.database.transaction() as session:
            await say_unreadable(session, services, community, ground.pool.scorer.problems, now=now)
            for digest in digests:
                counts["sent" if await _reply(session, services, community, digest, now=now) else "too_few"] += 1
    return counts


async def _serve(services: Services, community: Community, *, now: datetime) -> Counter[str]:
    """Everybody of a community whose digest is due, lot by lot."""
    counts: Counter[str] = Counter()
    ground: Ground | None = None
    after = due.FIRST
    while True:
        digests: list[Digest] = []
        async with services.database.reading() as session:
            look = await due.look(session, community, now=now, defaults=services.defaults, after=after)
            if look is None:
                return counts
            members = list(await session.scalars(select(Member).where(is_one_of(Member.id, look.ready))))
            is_between = all(_is_between(services, member, community, now) for member in members)
            # Most days nothing ends, and then a community of weekly readers costs a glance.
            is_worth_a_look = bool(members) and (not is_between or await _ends_today(session, community, now))
            is_first = ground is None and is_worth_a_look
            if is_worth_a_look:
                ground = ground or await _ground(session, community, now=now)
                digests = await _compose(session, services, ground, members, is_asked_for=False)
        async with services.database.transaction() as session:
            if is_first and ground:
                await say_unreadable(session, services, community, ground.pool.scorer.problems, now=now)
            await due.settle(session, community, look, now=now, defaults=services.defaults)
            counts += await _queue(session, services, community, digests, now=now)
        after = look.last


async def _ground(session: AsyncSession, community: Community, *, now: datetime) -> Ground:
    learnt = await training.read_log(session, community.id, since=now - LOOK_BACK, until=now)
    terms = await terms_of(session, community.id, learnt)
    pool = Pool.of(learnt, await candidates.load_scorer(session, community.id, learnt))
    live = pool.live_threads(now=now, live_days=max(digests.LIVE_DAYS.values()))
    return Ground(
        pool=pool,
        around=await background.load(session, community, live, learnt, terms, now=now),
        n_texts={member: len(texts) for member, texts in learnt.texts(since=now - COLD_WITHIN).items()},
    )


async def _compose(
    session: AsyncSession, services: Services, ground: Ground, members: Sequence[Member], *, is_asked_for: bool
) -> list[Digest]:
    around = await background.for_members(session, ground.around, members)
    finds: dict[int, list[FoundThread]] = {}
    for frequency, live_days in digests.LIVE_DAYS.items():
        of_frequency = [m.id for m in members if _frequency(m, services, is_asked_for=is_asked_for) == frequency]
        finds |= ground.pool.find(of_frequency, now=around.now, live_days=live_days)
    composed_digests = []
    for member in sorted(members, key=lambda one: one.id):
        # Who answered nobody (an export may have no reply links) is hardly known, however much they wrote.
        is_cold = ground.n_texts.get(member.id, 0) < digests.HARDLY_KNOWN or not around.readers[member.id].company
        # What many talk about is all there is for who keeps their interests to themselves, and for who asks; whoever is
        # hardly known yet is better told nothing: of such lines one in six lay in the reader's field.
        fills_up = is_cold and (is_asked_for or member.id not in ground.pool.learnt.learners)
        is_between = not is_asked_for and _is_between(services, member, around.community, around.now)
        if is_between:
            items = digests.last_chances(member, finds.get(member.id, []), around)
        else:
            items = digests.compose(member, finds.get(member.id, []), around, is_cold=fills_up, random=services.random)
        is_of_a_day = is_between or _frequency(member, services, is_asked_for=is_asked_for) is Frequency.DAILY
        composed_digests.append(
            Digest(member, around.community.id, items, is_cold, ground.pool.scorer.model_id, is_of_a_day)
        )
    return composed_digests


def _is_between(services: Services, member: Member, community: Community, now: datetime) -> bool:
    return hours.digest_time(member, community, services.defaults).is_between(now)


async def _ends_today(session: AsyncSession, community: Community, now: datetime) -> bool:
    """Whether anything that was asked or offered within the days a digest looks back names today as its last."""
    since = now - timedelta(days=max(digests.LIVE_DAYS.values()))
    talk = await training.read_talk(session, community.id, since=since, until=now)
    days = (datetime.fromtimestamp(at, UTC).date() for at in talk.log.messages.at.tolist())
    texts = zip(talk.log.messages.text, days, strict=True)
    return any(last_day(text, on) == now.date() and kind(text) in ENDING for text, on in texts)


def _frequency(member: Member, services: Services, *, is_asked_for: bool) -> Frequency:
    """A digest asked for looks back a week, whatever the member gets unasked."""
    return Frequency.WEEKLY if is_asked_for else member.digest or services.defaults.digest


async def _queue(
    session: AsyncSession, services: Services, community: Community, queue_digests: Sequence[Digest], *, now: datetime
) -> Counter[str]:
    """Rows and deliveries together; nothing for who has too little to be told."""
    worth_it = [digest for digest in queue_digests if digest.is_worth_it]
    rows = [recommendations.rows_of(digest, now=now) for digest in worth_it]
    await recommendations.write(session, [row for of_digest in rows for row in of_digest])
    letters = [
        _letter(services, community, digest, of_digest, now=now)
        for digest, of_digest in zip(worth_it, rows, strict=True)
    ]
    ids = await deliveries.queue_all(session, DeliveryKind.DIGEST, letters, now=now)
    ties = zip(rows, ids, strict=True)
    await recommendations.tie(session, {row.id: delivery_id for of_digest, delivery_id in ties for row in of_digest})
    n_sent = sum(delivery_id is not None for delivery_id in ids)
    return Counter(sent=n_sent, too_few=len(queue_digests) - n_sent)


def _letter(
    services: Services, community: Community, digest: Digest, rows: Sequence[Recommendation], *, now: datetime
) -> Letter:
    voice = services.voice(digest.member).near(community.time_zone)
    day = hours.local_day(digest.member, community, services.defaults, now)
    return Letter(
        member_id=digest.member.id,
        community_id=community.id,
        payload=messages.digest(voice, digest, rows, community=community.name, now=now).payload(),
        reasons=validity.reasons_of(digest),
        once_key=due.once_key(digest.member.id, community.id, day),
        expires_at=hours.end_of_day(day, voice.zone),
    )


async def _reply(
    session: AsyncSession, services: Services, community: Community, digest: Digest, *, now: datetime
) -> bool:
    """What was asked for, or that there is nothing; says whether there was something."""
    voice = services.voice(digest.member).near(community.time_zone)
    rows = recommendations.rows_of(digest, now=now)
    await recommendations.write(session, rows)
    if rows:
        message = messages.digest(voice, digest, rows, community=community.name, now=now)
    else:
        willing = await communities.willingness(session, community.id)
        message = messages.quiet(voice, willing, community=community.name)
    delivery = await deliveries.queue(
        session,
        DeliveryKind.REPLY,
        now=now,
        payload=message.payload(),
        member_id=digest.member.id,
        community_id=community.id,
        reasons=validity.reasons_of(digest),
    )
    await recommendations.tie(session, {row.id: delivery.id if delivery else None for row in rows})
    return bool(rows)
