"""Consent: a member's choice per community and purpose; dated, revocable, honoured by the very next send."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import BindParameter, Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of, is_one_of
from models.domain.members import raw_traces
from models.tables.community import Chat, Community
from models.tables.consent import AT_ONCE, Consent, ConsentDecision, Purpose, Way
from models.tables.member import Member, Membership
from models.tables.message import Message, Thread
from models.tables.profile import ProfileFact, ProfileState

# Purposes that are about being addressed or introduced; `consenting` answers these only.
AddressedTo = Literal[Purpose.DIGEST, Purpose.INVITE, Purpose.INTRODUCE]
# All but recording, which holds until declined.
NEED_A_YES = tuple(purpose for purpose in Purpose if purpose != Purpose.RECORD)


class NotAMember(ValueError):
    """The member has never been seen in that community, or left it: a forged or stale button."""


async def decide(
    session: AsyncSession,
    *,
    member_id: int,
    community_id: int,
    purposes: Iterable[Purpose],
    is_given: bool,
    now: datetime,
    way: Way,
) -> dict[Purpose, bool]:
    """Write the choice and its proof; returns all choices that hold now. Raises NotAMember.

    A no to recording erases the words that were kept there before; that there were messages stays, so that counts hold.
    """
    if not await is_member(session, member_id, community_id):
        raise NotAMember
    purposes, who = set(purposes), {"member_id": member_id, "community_id": community_id}
    rows = [who | {"purpose": purpose, "is_given": is_given, "decided_at": now} for purpose in purposes]
    statement = insert_of(session, Consent)
    changes = {name: statement.excluded[name] for name in ("is_given", "decided_at", "digest_due_at")}
    keys = ["member_id", "community_id", "purpose"]
    looked_at = [{"digest_due_at": AT_ONCE if row["purpose"] == Purpose.DIGEST else None} for row in rows]
    choices_now = [row | due for row, due in zip(rows, looked_at, strict=True)]
    await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), choices_now)
    await session.execute(insert_of(session, ConsentDecision), [row | {"way": way} for row in rows])
    if not is_given and Purpose.RECORD in purposes:
        await _forget_words(session, member_id, community_id)
    if not is_given and not {Purpose.LEARN, Purpose.RECORD}.isdisjoint(purposes):
        await _forget_subjects(session, member_id, community_id)
        await _forget_profile(session, member_id, community_id, is_all=Purpose.RECORD in purposes)
    return await choices(session, member_id, community_id)


async def _forget_words(session: AsyncSession, member_id: int, community_id: int) -> None:
    chats = select(Chat.id, Chat.telegram_id).where(Chat.community_id == community_id)
    telegram_ids = {row.id: row.telegram_id for row in await session.execute(chats)}
    theirs = (Message.member_id == member_id, is_one_of(Message.chat_id, telegram_ids))
    await session.execute(update(Message).where(*theirs).values(text=None, details=None))
    member = await session.get_one(Member, member_id)
    if member.telegram_id is not None:
        here = [one for one in telegram_ids.values() if one is not None]
        await raw_traces.wipe(session, telegram_id=member.telegram_id, handle=member.handle, chat_ids=here)


async def _forget_subjects(session: AsyncSession, member_id: int, community_id: int) -> None:
    """What threads with a member's words are said to be about may be those words; they are described anew without them."""
    theirs = select(Message.thread_id).where(Message.member_id == member_id, Message.thread_id.is_not(None))
    of_here = (Thread.community_id == community_id, Thread.keywords.is_not(None), Thread.id.in_(theirs))
    await session.execute(update(Thread).where(*of_here).values(keywords=None))


async def _forget_profile(session: AsyncSession, member_id: int, community_id: int, *, is_all: bool) -> None:
    """What was inferred goes; of who wants nothing kept what they confirmed, too. What they removed has no words."""
    theirs = (ProfileFact.member_id == member_id, ProfileFact.community_id == community_id)
    gone = ProfileFact.state != ProfileState.REMOVED if is_all else ProfileFact.state == ProfileState.INFERRED
    await session.execute(delete(ProfileFact).where(*theirs, gone))


async def is_member(session: AsyncSession, member_id: int, community_id: int) -> bool:
    """True when the member was seen in the community and has not left it."""
    query = select(Membership.id).where(
        Membership.member_id == member_id, Membership.community_id == community_id, Membership.left_at.is_(None)
    )
    return await session.scalar(query) is not None


async def choices(session: AsyncSession, member_id: int, community_id: int) -> dict[Purpose, bool]:
    """Every purpose and whether it is allowed now."""
    query = select(Consent.purpose, Consent.is_given).where(
        Consent.member_id == member_id, Consent.community_id == community_id
    )
    decisions = {row.purpose: row.is_given for row in await session.execute(query)}
    return {purpose: decisions.get(purpose, purpose == Purpose.RECORD) for purpose in Purpose}


async def consenting(session: AsyncSession, community_id: int, purpose: AddressedTo) -> set[int]:
    """People of a community who said yes to a purpose and have not left.

    Raises ValueError for the other two purposes: whom to learn from is learners.learners(), which asks for more than that
    yes, and `record` needs no yes (hearing/people.decliners).
    """
    if purpose in (Purpose.LEARN, Purpose.RECORD):
        raise ValueError(f"{purpose} is not asked for here")
    here = (Membership.member_id == Consent.member_id) & (Membership.community_id == Consent.community_id)
    query = (
        select(Consent.member_id)
        .join(Membership, here)
        .join(Member, Member.id == Consent.member_id)
        .where(Consent.community_id == community_id, Consent.purpose == purpose, Consent.is_given.is_(True))
        .where(Membership.left_at.is_(None), Member.is_bot.is_(False))
    )
    return set(await session.scalars(query))


def recording_decliners(community_id: int | BindParameter[int]) -> Select[int]:
    """The query of those who want nothing of them kept there."""
    return select(Consent.member_id).where(
        Consent.community_id == community_id, Consent.purpose == Purpose.RECORD, Consent.is_given.is_(False)
    )


async def members_on_record(session: AsyncSession, community_id: int) -> set[int]:
    """People of a community who have not left and did not decline recording."""
    query = (
        select(Member.id)
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.community_id == community_id, Membership.left_at.is_(None))
        .where(Member.is_bot.is_(False), Member.id.not_in(recording_decliners(community_id)))
    )
    return set(await session.scalars(query))


async def communities_of(session: AsyncSession, member_id: int) -> list[Community]:
    """The communities a member belongs to, the one they were last seen in first."""
    query = (
        select(Community)
        .join(Membership, Membership.community_id == Community.id)
        .where(Membership.member_id == member_id, Membership.left_at.is_(None))
        .order_by(Membership.last_seen_at.desc().nulls_last(), Community.id)
    )
    return list(await session.scalars(query))


async def stop(session: AsyncSession, *, member_id: int, now: datetime, way: Way) -> int:
    """Take back every yes in every community; returns in how many. Nothing proactive is sent afterwards."""
    communities = await communities_of(session, member_id)
    for community in communities:
        await decide(
            session,
            member_id=member_id,
            community_id=community.id,
            purposes=NEED_A_YES,
            is_given=False,
            now=now,
            way=way,
        )
    return len(communities)


async def forget(session: AsyncSession, member_id: int) -> None:
    """Erase the choices and their proofs with the member."""
    for table in (Consent, ConsentDecision):
        await session.execute(delete(table).where(table.member_id == member_id))
