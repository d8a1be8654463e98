"""Hourly, and whenever a member asks: personal digests, each with its reasons, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import digests as messages
from bot.notices.admin_notices import say_unreadable
from bot.scene.services import Services
from models.domain.digests import digests, facts
from models.domain.digests.items import Digest, Personal
from models.domain.digests.reasons import WORDS_WITHIN_DAYS
from models.domain.members import communities, consent
from models.domain.sending import deliveries
from models.domain.serving import candidates, training
from models.domain.serving.candidates import Found, Scorer
from models.learning.features import COLD_MESSAGES
from models.tables.community import Community
from models.tables.delivery import Delivery
from models.tables.member import Frequency, Member

# What members did longer ago has lost its weight (see learning's half-lives).
LOOK_BACK = timedelta(days=120)
DAY = timedelta(days=1)


async def run(services: Services, *, now: datetime, member_id: int | None = None) -> str:
    """Queue the digests that are due; with a member, one for each of their communities at once."""
    counted: Counter[str] = Counter()
    async with services.database.reading() as session:
        wanted = await _wanted(session, services, now, member_id)
    for community, members in wanted:
        counted += await _serve(services, community, members, now=now, is_asked_for=member_id is not None)
    return f"digests queued: {counted['sent']}, members with fewer than 2 good items: {counted['too_few']}"


async def _wanted(
    session: AsyncSession, services: Services, now: datetime, member_id: int | None
) -> list[tuple[Community, list[Member]]]:
    if member_id is not None:
        member = await session.get(Member, member_id)
        found = await consent.communities_of(session, member_id)
        return [(community, [member]) for community in found] if member else []
    communities = list(await session.scalars(select(Community).order_by(Community.id)))
    due = [
        (community, await digests.due_members(session, community, now=now, defaults=services.defaults))
        for community in communities
    ]
    return [(community, members) for community, members in due if members]


async def _serve(
    services: Services, community: Community, members: Sequence[Member], *, now: datetime, is_asked_for: bool
) -> Counter[str]:
    # Everything is worked out before the transaction: nobody waits for arithmetic.
    async with services.database.reading() as session:
        made, scorer = await _compose(session, services, community, members, now=now, is_asked_for=is_asked_for)
    counted: Counter[str] = Counter()
    async with services.database.transaction() as session:
        await say_unreadable(session, services, community, scorer.problems, now=now)
        for digest in made:
            sent = await _queue(session, services, community, digest, now=now, is_asked_for=is_asked_for)
            counted["sent" if sent else "too_few"] += 1
    return counted


async def _compose(
    session: AsyncSession,
    services: Services,
    community: Community,
    members: Sequence[Member],
    *,
    now: datetime,
    is_asked_for: bool,
) -> tuple[list[Digest], Scorer]:
    defaults = services.defaults
    learnt = await training.read(session, community.id, since=now - LOOK_BACK, until=now)
    scorer = await candidates.load_scorer(session, community.id, learnt)
    found: dict[int, list[Found]] = {}
    for frequency, live_days in digests.LIVE_DAYS.items():
        of_frequency = [m.id for m in members if _frequency(m, services, is_asked_for=is_asked_for) == frequency]
        found |= candidates.find(learnt, scorer, of_frequency, now=now, live_days=live_days)
    thread_ids = {one.thread_id for of_member in found.values() for one in of_member}
    around = await digests.background(
        session, community, members, thread_ids, learnt.learners, now=now, defaults=defaults
    )
    given = await facts.answers(session, community.id, learnt.learners, now=now)
    made = []
    for member in members:
        is_learner = member.id in learnt.learners
        texts = learnt.texts_of(member.id, since=now - WORDS_WITHIN_DAYS * DAY)
        answered_by = {who: of[member.id] for who, of in given.items() if member.id in of}
        mine = Personal(given.get(member.id, {}), answered_by, texts) if is_learner else Personal()
        is_cold = len(texts) < COLD_MESSAGES
        items = digests.compose(member, found.get(member.id, []), mine, around, is_cold=is_cold, random=services.random)
        made.append(Digest(member, community.id, items, is_cold, scorer.model_id))
    return made, scorer


def _frequency(member: Member, services: Services, *, is_asked_for: bool) -> Frequency:
    """A digest asked for looks back a week, whatever the member gets unasked."""
    return Frequency.WEEKLY if is_asked_for else digests.frequency_of(member, services.defaults)


async def _queue(
    session: AsyncSession,
    services: Services,
    community: Community,
    digest: Digest,
    *,
    now: datetime,
    is_asked_for: bool,
) -> Delivery | None:
    """Rows and delivery together; None when there is too little to say, or it was said today."""
    voice = services.voice(digest.member).near(community.time_zone)
    fewest = 1 if is_asked_for else digests.FEWEST_ITEMS
    if len(digest.items) < fewest:
        if is_asked_for:
            willing = await communities.willingness(session, community.id)
            quiet = messages.quiet(voice, willing, community=community.name)
            await deliveries.queue(
                session,
                "reply",
                now=now,
                payload=quiet.payload(),
                member_id=digest.member.id,
                community_id=community.id,
            )
        return None
    day = digests.local_day(digest.member, community, services.defaults, now)
    rows = await digests.write(session, digest, now=now)
    message = messages.digest(voice, digest, rows, community=community.name)
    delivery = await deliveries.queue(
        session,
        "reply" if is_asked_for else "digest",
        now=now,
        payload=message.payload(),
        member_id=digest.member.id,
        community_id=community.id,
        reasons=[reason.as_json() for item in digest.items for reason in item.reasons],
        once_key=None if is_asked_for else digests.once_key(digest.member.id, community.id, day),
        expires_at=None if is_asked_for else digests.end_of_day(day, voice.zone),
    )
    await digests.tie(session, rows, delivery)
    return delivery
