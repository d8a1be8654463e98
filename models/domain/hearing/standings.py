"""Who is in which chat as what: joins, leaves, bans, promotions, and our own standing."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of, is_one_of
from models.domain.hearing.chats import KnownChat
from models.domain.hearing.facts import HeardAdmins, HeardOwnStanding, HeardStanding
from models.domain.hearing.memberships import Bond, refresh_memberships
from models.domain.hearing.people import touch_memberships
from models.tables.community import Chat, ChatKind
from models.tables.interaction import Interaction, InteractionKind
from models.tables.member import ADMINISTRATING, PRESENT, Member, Presence, Standing

# A join or leave is told by a service message and by a change of standing, with dates that may differ by a moment.
TOLD_TWICE = timedelta(seconds=10)

Pair = tuple[int, int]  # chat row id, member row id


@dataclass(frozen=True, slots=True)
class StandingChange:
    """A standing with its rows found; `is_counted` is False for bots and for those who declined recording."""

    fact: HeardStanding
    chat: KnownChat
    member_id: int
    is_counted: bool = True

    @property
    def pair(self) -> Pair:
        """Where and who."""
        return self.chat.id, self.member_id

    @property
    def is_present(self) -> bool:
        """True when they are in the chat from then on."""
        return self.fact.status in PRESENT


async def write_standings(session: AsyncSession, changes: Sequence[StandingChange]) -> None:
    """Keep what is newest of each; a change between present and absent is an interaction, told once however often heard.

    What is older than the standing we know changes no standing, but may be a join or leave that we had missed.
    """
    if not changes:
        return
    presences = await _presences(session, {one.pair for one in changes})
    history = await _history(session, {one.pair for one in changes})
    newest: dict[Pair, dict[str, Any]] = {}
    interactions: list[dict[str, Any]] = []
    joins: list[StandingChange] = []
    for one in changes:
        status, since = presences.get(one.pair, (None, None))
        if _is_join(one, status, since):
            joins.append(one)
        if since is None or one.fact.at >= since:
            # A service message knows of presence only, not of rank.
            keeps_rank = one.fact.is_vague and one.is_present == (status in PRESENT)
            new_status = status if keeps_rank and status else one.fact.status
            presences[one.pair] = new_status, one.fact.at
            newest[one.pair] = _presence(one, new_status)
        if one.is_counted and one.chat.community_id is not None and _is_change(one, history[one.pair]):
            insort(history[one.pair], (one.fact.at, one.is_present))
            interactions.append(_interaction(one))
    if newest:
        await _keep(session, list(newest.values()))
    await _refresh_memberships(session, changes, {one.pair for one in changes} & newest.keys(), joins)
    if interactions:
        await session.execute(insert_of(session, Interaction), interactions)


def _is_join(one: StandingChange, status: Standing | None, since: datetime | None) -> bool:
    """Whether the member came then. Another rank is no arrival, nor is an administrator we first hear of: they were there."""
    if not one.is_present or one.fact.is_vague:
        return one.is_present
    is_news = since is None or one.fact.at >= since
    return one.fact.status in {Standing.MEMBER, Standing.RESTRICTED} and not (is_news and status in PRESENT)


def _is_change(one: StandingChange, history: list[tuple[datetime, bool]]) -> bool:
    """False for what was told before, and for a new rank. A service message is sent for every join and leave."""
    at = one.fact.at
    if any(abs(told_at - at) <= TOLD_TWICE and is_present == one.is_present for told_at, is_present in history):
        return False
    if one.fact.is_vague:
        return True
    before = [is_present for told_at, is_present in history if told_at <= at]
    if before:
        return before[-1] != one.is_present
    # Who is first heard of as an administrator was there before us; who is banned may never have been there.
    return one.fact.status in {Standing.MEMBER, Standing.LEFT}


def _presence(one: StandingChange, status: Standing) -> dict[str, Any]:
    chat_id, member_id = one.pair
    return {"chat_id": chat_id, "member_id": member_id, "status": status, "since": one.fact.at}


def _interaction(one: StandingChange) -> dict[str, Any]:
    return {
        "community_id": one.chat.community_id,
        "member_id": one.member_id,
        "kind": "join" if one.is_present else "leave",
        "at": one.fact.at,
        "chat_id": one.chat.id,
        "value": 1,
        "what": one.fact.status,
    }


async def _presences(session: AsyncSession, pairs: set[Pair]) -> dict[Pair, tuple[Standing | None, datetime | None]]:
    query = select(Presence.chat_id, Presence.member_id, Presence.status, Presence.since).where(
        is_one_of(Presence.chat_id, {chat_id for chat_id, _ in pairs}),
        is_one_of(Presence.member_id, {member_id for _, member_id in pairs}),
    )
    return {(chat_id, member_id): (status, since) for chat_id, member_id, status, since in await session.execute(query)}


async def _history(session: AsyncSession, pairs: set[Pair]) -> defaultdict[Pair, list[tuple[datetime, bool]]]:
    """Joins (True) and leaves that were counted, in order of time."""
    query = (
        select(Interaction.chat_id, Interaction.member_id, Interaction.at, Interaction.kind)
        .where(
            Interaction.kind.in_((InteractionKind.JOIN, InteractionKind.LEAVE)),
            is_one_of(Interaction.chat_id, {chat_id for chat_id, _ in pairs}),
            is_one_of(Interaction.member_id, {member_id for _, member_id in pairs}),
        )
        .order_by(Interaction.at, Interaction.id)
    )
    history: defaultdict[Pair, list[tuple[datetime, bool]]] = defaultdict(list)
    for chat_id, member_id, at, kind in await session.execute(query):
        history[chat_id or 0, member_id].append((at, kind == "join"))
    return history


async def _keep(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    statement = insert_of(session, Presence)
    changes = {"status": statement.excluded.status, "since": statement.excluded.since}
    await session.execute(statement.on_conflict_do_update(index_elements=["chat_id", "member_id"], set_=changes), rows)


async def _refresh_memberships(
    session: AsyncSession, changes: Sequence[StandingChange], changed_pairs: set[Pair], joins: Sequence[StandingChange]
) -> None:
    seen_at: dict[Bond, datetime] = {}
    joined_at: dict[Bond, datetime] = {}
    for one in changes:
        if (bond := _bond(one)) and one.pair in changed_pairs:
            seen_at[bond] = max(one.fact.at, seen_at.get(bond, one.fact.at))
    for one in joins:
        if bond := _bond(one):
            joined_at[bond] = min(one.fact.at, joined_at.get(bond, one.fact.at))
    await touch_memberships(session, seen_at)
    await refresh_memberships(session, seen_at.keys() | joined_at.keys(), joined_at)


def _bond(one: StandingChange) -> Bond | None:
    """Who to which community; None for bots and for chats of none."""
    is_theirs = one.chat.community_id is not None and not one.fact.actor.is_bot
    return (one.member_id, one.chat.community_id or 0) if is_theirs else None


async def write_admins(session: AsyncSession, admins: HeardAdmins, chat: KnownChat) -> None:
    """Whoever was an admin of the chat until then and is not listed is a member like others: nobody told us when that was."""
    query = (
        select(Presence.id, Presence.member_id)
        .join(Member, Member.id == Presence.member_id)
        .where(Presence.chat_id == chat.id, Presence.status.in_(ADMINISTRATING), Presence.since <= admins.at)
        .where(Member.is_bot.is_(False), ~is_one_of(Member.telegram_id, admins.telegram_ids))
    )
    demoted_rows = [tuple(row) for row in await session.execute(query)]
    change = {"status": Standing.MEMBER, "since": admins.at}
    await session.execute(
        update(Presence).where(is_one_of(Presence.id, [row_id for row_id, _ in demoted_rows])).values(change)
    )
    await refresh_memberships(session, {(member_id, chat.community_id or 0) for _, member_id in demoted_rows}, {})


async def write_own_standing(
    session: AsyncSession, standing: HeardOwnStanding, chat: KnownChat, member_id: int | None
) -> None:
    """In a group: whether we are there and an administrator. In private: whether the member can be reached."""
    if standing.place.kind == ChatKind.PRIVATE:
        if member_id is not None:
            await set_reachable(session, member_id, standing.at if standing.status in PRESENT else None, at=standing.at)
        return
    change: dict[str, object] = {"bot_status": standing.status}
    is_gone = standing.status not in PRESENT
    change |= {"gone_at": standing.at if is_gone else None, "gone_reason": standing.status if is_gone else None}
    await session.execute(update(Chat).where(Chat.id == chat.id).values(change))


async def set_reachable(session: AsyncSession, member_id: int, reachable_at: datetime | None, *, at: datetime) -> None:
    """Note that a private message would arrive (since when), or that the member blocked us."""
    change = {"reachable_at": reachable_at, "blocked_at": None} if reachable_at is not None else {"blocked_at": at}
    await session.execute(update(Member).where(Member.id == member_id).values(change))
