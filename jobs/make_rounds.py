"""Every 20 minutes: a round that is due is made, everybody in it told whom they meet; who is left out comes first next time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import rounds as messages
from bot.notices import round_posts
from bot.scene.services import Services
from models.domain.introductions import round_facts, round_outcomes, round_pairs, rounds
from models.domain.introductions.round_pairs import Choice, Group
from models.domain.members import pair_rules
from models.tables.community import Community
from models.tables.introduction_round import Round
from models.tables.member import Member

# Groups introduced in one transaction: nobody waits for a whole community's round.
AT_ONCE = 25


async def run(services: Services, *, now: datetime) -> str:
    """Make what is due; a round that was interrupted goes on with who was not introduced in it yet."""
    async with services.database.reading() as session:
        communities = list(await session.scalars(select(Community).order_by(Community.id)))
    due = {one.id: at for one in communities if (at := rounds.due_at(one, now, services.defaults)) is not None}
    n_introduced = sum([await _make(services, community_id, at, now) for community_id, at in due.items()])
    n_undone = await _make_up(services, now)
    if n_introduced or n_undone:
        services.door.wake()
    return f"{n_introduced} members introduced in rounds"


async def _make(services: Services, community_id: int, at: datetime, now: datetime) -> int:
    round_id = await _begin(services, community_id, at, now)
    if round_id is None:
        return 0
    # Worked out before any transaction that writes: nobody waits for arithmetic.
    async with services.database.reading() as session:
        current = await session.get_one(Round, round_id)
        community = await session.get_one(Community, community_id)
        served = await round_outcomes.members_introduced(session, current)
        circle = await round_facts.load(session, community, served, now=now, defaults=services.defaults)
        is_enough = current.n_people >= rounds.FEWEST
    choice = round_pairs.choose(circle, seed=round_id, now=now) if is_enough else round_pairs.nobody(circle)
    parts = range(0, len(choice.groups), AT_ONCE)
    n_introduced = sum([await _introduce(services, round_id, choice.groups[i : i + AT_ONCE], now) for i in parts])
    await _end(services, round_id, choice, now)
    return n_introduced


async def _begin(services: Services, community_id: int, at: datetime, now: datetime) -> int | None:
    """Who was silent too often rests, and hears of it; then the round begins. None: it is made already."""
    async with services.database.transaction() as session:
        current = await rounds.begin(session, community_id, at)
        if current is None:
            return None
        if current.n_people == 0:
            community = await session.get_one(Community, community_id)
            for member_id in await round_outcomes.count_silence(session, current, now=now):
                member = await session.get_one(Member, member_id)
                message = partial(messages.rest, community_id=community_id, community=community.name)
                about = round_outcomes.about_rest(current)
                await round_posts.tell(services, session, community, member, message, about=about, now=now)
            current.n_people = len(await rounds.taking_part(session, community_id, now=now))
        return current.id


async def _introduce(services: Services, round_id: int, groups: Sequence[Group], now: datetime) -> int:
    """Introduce these; who must not be named any more is left with who would have met them."""
    n_introduced = 0
    async with services.database.transaction() as session:
        current = await session.get_one(Round, round_id)
        community = await session.get_one(Community, current.community_id)
        for member_ids, reasons in groups:
            introduction_id = await round_outcomes.introduce(session, current, member_ids, reasons=reasons, now=now)
            if introduction_id is not None:
                await round_posts.introduce(services, session, community, introduction_id, now=now)
                n_introduced += len(member_ids)
    return n_introduced


async def _end(services: Services, round_id: int, choice: Choice, now: datetime) -> None:
    """Whoever took part and met nobody is told, and comes first next time; what admins decided for this round is over."""
    async with services.database.transaction() as session:
        current = await session.get_one(Round, round_id)
        community = await session.get_one(Community, current.community_id)
        served = await round_outcomes.members_introduced(session, current)
        waiting = [one for one in await rounds.taking_part(session, community.id, now=now) if one not in served]
        await round_outcomes.leave_out(session, current, waiting, now=now)
        await _tell_left_out(services, session, current, waiting, now)
        await pair_rules.end_round(session, community.id)
        current.made_at, current.n_introduced, current.gap = now, len(served), choice.gap


async def _tell_left_out(
    services: Services, session: AsyncSession, current: Round, member_ids: Sequence[int], now: datetime
) -> None:
    community = await session.get_one(Community, current.community_id)
    message = partial(messages.left_out, community=community.name)
    about = round_outcomes.about_left_out(current)
    for member_id in member_ids:
        member = await session.get_one(Member, member_id)
        await round_posts.tell(services, session, community, member, message, about=about, now=now)


async def _make_up(services: Services, now: datetime) -> int:
    """Whose names stayed away in the morning, since somebody left meanwhile, hears what those hear who are left."""
    async with services.database.reading() as session:
        round_ids = [one.id for one in await round_outcomes.recent(session, now=now)]
    n_told = 0
    for round_id in round_ids:
        async with services.database.transaction() as session:
            current = await session.get_one(Round, round_id)
            left = await round_outcomes.undo_withheld(session, current, now=now)
            await _tell_left_out(services, session, current, left, now)
            n_told += len(left)
    return n_told
