"""A member's profile in a community: what is inferred, each line with its source, and what they say to each.

Nothing rests on a line before its member confirmed it. What they removed keeps no words, and is never inferred again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of, keys_of_session
from models.domain.conversations import own_messages
from models.domain.listings import listings
from models.domain.members.learners import learners
from models.domain.profiles.field_choices import fields_meant, hash_of
from models.domain.profiles.inference import Line, infer
from models.domain.sending.addresses import Address, addresses_of
from models.reading.fields import Field
from models.reading.wording import tidy
from models.tables.community import Chat
from models.tables.listing import Listing
from models.tables.member import Member
from models.tables.message import Message
from models.tables.profile import ProfileFact, ProfileKind, ProfileState

# What their member stands by.
STANDING = (ProfileState.CONFIRMED, ProfileState.CORRECTED)
# Characters of a line in a member's own words, and lines of theirs in one community.
LONGEST, MOST_LINES = 160, 12
# The newest of their messages that are read for it: a thousand take half a second.
MOST_READ = 1_000
# Of these the latest is what holds: an older one is not proposed beside a confirmed one.
_ONE_AT_A_TIME = (ProfileKind.PROJECT, ProfileKind.PLACE)


class LineRefused(ValueError):
    """Words that cannot be kept: none, too many, or one line too many."""


@dataclass(frozen=True)
class Profile:
    """One member's lines as they stand, in order, and what they have open; addresses by message and by listing id."""

    facts: Sequence[ProfileFact]
    listings: Sequence[Listing] = ()
    messages: Mapping[int, Address] = field(default_factory=dict)
    cards: Mapping[int, Address] = field(default_factory=dict)

    @property
    def is_undecided(self) -> bool:
        """Whether a line waits for a word of theirs."""
        return any(one.state == ProfileState.INFERRED for one in self.facts)


@dataclass(frozen=True, eq=False)
class OpenProfile:
    """What one member stands by, for others to come across."""

    member: Member
    facts: Sequence[ProfileFact]

    @property
    def text(self) -> str:
        """What it can be found by."""
        return "\n".join(one.words for one in self.facts if one.words)

    @property
    def fields(self) -> frozenset[Field]:
        """The fields of work it says."""
        return frozenset(field for one in self.facts for field in fields_meant(one))


async def of_member(session: AsyncSession, member_id: int, community_id: int, *, now: datetime) -> Profile | None:
    """What is inferred now, beside what they confirmed; None of who may not be learned from."""
    if not await learners(session, community_id, among={member_id}):
        return None
    everybody = await learners(session, community_id)
    messages = await own_messages.messages_of(session, community_id, everybody, now=now, of={member_id})
    # Reading a thousand texts takes tenths of a second, in which others are answered.
    lines = await asyncio.to_thread(infer, messages.get(member_id, [])[:MOST_READ])
    await _bring_up_to_date(session, member_id, community_id, lines, now)
    own = await listings.own_listings(session, member_id, now=now)
    return await _profile(session, member_id, community_id, [one for one in own if one.community_id == community_id])


async def _bring_up_to_date(
    session: AsyncSession, member_id: int, community_id: int, lines: Iterable[Line], now: datetime
) -> None:
    """New lines are added; what is not inferred any more goes, unless its member stands by it."""
    here = [one for one in await _all_of(session, member_id) if one.community_id == community_id]
    keys = keys_of_session(session)
    hashes = {hash_of(keys, line.kind, line.words): line for line in lines}
    inferred = {one.inferred_hash: one for one in here if one.state == ProfileState.INFERRED}
    decisions = [one for one in await _all_of(session, member_id) if one.state != ProfileState.INFERRED]
    for key, line in hashes.items():
        if _is_settled(key, line, decisions, community_id):
            continue
        if key in inferred:
            fact = inferred.pop(key)
            fact.source, fact.message_id = dict(line.source), line.message_id
            continue
        session.add(
            ProfileFact(
                member_id=member_id,
                community_id=community_id,
                kind=line.kind,
                words=line.words,
                inferred_hash=key,
                message_id=line.message_id,
                source=dict(line.source),
                state=ProfileState.INFERRED,
                created_at=now,
            )
        )
    for fact in inferred.values():
        await session.delete(fact)
    await session.flush()


def _is_settled(key: str, line: Line, decisions: Iterable[ProfileFact], community_id: int) -> bool:
    """Whether they said something to it already, or said later what holds; a no holds in every community."""
    for fact in decisions:
        if fact.kind != line.kind or (fact.state in STANDING and fact.community_id != community_id):
            continue
        is_same = fact.inferred_hash == key
        is_older = fact.decided_at is not None and line.at <= fact.decided_at
        is_of_one = line.kind in _ONE_AT_A_TIME and (
            fact.state in STANDING or (fact.message_id is not None and fact.message_id == line.message_id)
        )
        if is_same or (is_of_one and is_older):
            return True
    return False


async def _all_of(session: AsyncSession, member_id: int) -> list[ProfileFact]:
    query = select(ProfileFact).where(ProfileFact.member_id == member_id).order_by(ProfileFact.id)
    return list(await session.scalars(query))


async def _profile(
    session: AsyncSession, member_id: int, community_id: int, own_listings: Sequence[Listing]
) -> Profile:
    order = list(ProfileKind)
    shown = [
        one
        for one in await _all_of(session, member_id)
        if one.community_id == community_id and one.state != ProfileState.REMOVED
    ]
    cards = await addresses_of(session, [one.card_id for one in own_listings if one.card_id is not None])
    return Profile(
        sorted(shown, key=lambda one: (order.index(one.kind), one.id)),
        own_listings,
        await _addresses(session, [one.message_id for one in shown if one.message_id is not None]),
        {one.id: cards[one.card_id] for one in own_listings if one.card_id in cards},
    )


async def _addresses(session: AsyncSession, message_ids: Collection[int]) -> dict[int, Address]:
    """Where these messages can be read, those that are still there."""
    query = (
        select(Message.id, Message.telegram_message_id, Chat)
        .join(Chat, Chat.id == Message.chat_id)
        .where(is_one_of(Message.id, message_ids), Message.deleted_at.is_(None), Chat.gone_at.is_(None))
    )
    return {
        one: Address(chat.title or "?", chat.telegram_id, number, chat.handle)
        for one, number, chat in await session.execute(query)
    }


async def own_fact(session: AsyncSession, fact_id: int | None, member_id: int) -> ProfileFact | None:
    """A line of this member's that still stands; None for anybody else's, and for what was removed."""
    fact = await session.get(ProfileFact, fact_id) if fact_id is not None else None
    is_theirs = fact is not None and fact.member_id == member_id and fact.state != ProfileState.REMOVED
    return fact if is_theirs else None


async def confirm(session: AsyncSession, fact: ProfileFact, *, now: datetime) -> None:
    """It is right."""
    if fact.state == ProfileState.INFERRED:
        fact.state, fact.decided_at = ProfileState.CONFIRMED, now
        await session.flush()


async def confirm_all(session: AsyncSession, member_id: int, community_id: int, *, now: datetime) -> None:
    """All that waits for a word of theirs there is right."""
    for fact in await _all_of(session, member_id):
        if fact.community_id == community_id:
            await confirm(session, fact, now=now)


async def correct(session: AsyncSession, fact: ProfileFact, words: str, *, now: datetime) -> None:
    """In their own words; what had been inferred instead is not inferred again. Raises LineRefused."""
    fact.words = _own_words(words)
    fact.state, fact.decided_at, fact.source = ProfileState.CORRECTED, now, None
    await session.flush()


async def add(session: AsyncSession, member_id: int, community_id: int, words: str, *, now: datetime) -> ProfileFact:
    """A line of their own. Raises LineRefused."""
    own = [one for one in await _all_of(session, member_id) if one.community_id == community_id]
    if sum(one.state in STANDING for one in own) >= MOST_LINES:
        raise LineRefused
    fact = ProfileFact(
        member_id=member_id,
        community_id=community_id,
        kind=ProfileKind.PROJECT,
        words=_own_words(words),
        state=ProfileState.CORRECTED,
        created_at=now,
        decided_at=now,
    )
    session.add(fact)
    await session.flush()
    return fact


async def remove(session: AsyncSession, fact: ProfileFact, *, now: datetime) -> None:
    """It holds no words any more, and only a hash that keeps it from being inferred again."""
    if fact.inferred_hash is None:
        await session.execute(delete(ProfileFact).where(ProfileFact.id == fact.id))
        return
    fact.words, fact.source = None, None
    fact.state, fact.decided_at = ProfileState.REMOVED, now
    await session.flush()


async def standing(
    session: AsyncSession, community_id: int, member_ids: Collection[int]
) -> dict[int, list[ProfileFact]]:
    """What these members stand by in a community, by member id; their kinds in order."""
    query = select(ProfileFact).where(
        ProfileFact.community_id == community_id,
        ProfileFact.state.in_(STANDING),
        is_one_of(ProfileFact.member_id, member_ids),
    )
    order, facts = list(ProfileKind), defaultdict(list)
    for one in await session.scalars(query.order_by(ProfileFact.id)):
        facts[one.member_id].append(one)
    return {who: sorted(of, key=lambda one: order.index(one.kind)) for who, of in facts.items()}


async def messages_denied(session: AsyncSession, member_ids: Collection[int]) -> set[int]:
    """Rows of messages from which these members want nothing told of what they build, or told it differently since."""
    query = select(ProfileFact.message_id).where(
        is_one_of(ProfileFact.member_id, member_ids),
        ProfileFact.kind == ProfileKind.PROJECT,
        ProfileFact.state.in_((ProfileState.REMOVED, ProfileState.CORRECTED)),
    )
    return {one for one in await session.scalars(query) if one is not None}


def _own_words(words: str) -> str:
    line = " ".join(tidy(words).split())
    if not line or len(line) > LONGEST:
        raise LineRefused
    return line
