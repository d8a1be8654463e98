"""Recording: facts become rows, a batch at a time, each exactly once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.hearing import chats, people, reactions, standings
from models.domain.hearing.chats import UNTOLD, Founding, KnownChat
from models.domain.hearing.facts import (
    Fact,
    HeardAdmins,
    HeardMessage,
    HeardMigration,
    HeardOwnStanding,
    HeardPin,
    HeardPollAnswer,
    HeardReaction,
    HeardReactionCount,
    HeardStanding,
    HeardTopic,
    Person,
    Place,
)
from models.domain.hearing.memberships import Bond
from models.domain.hearing.messages import MessageBook
from models.domain.hearing.standings import StandingChange
from models.tables.community import ChatKind

F = TypeVar("F", bound=Fact)


async def record(session: AsyncSession, facts: Sequence[Fact], *, now: datetime, founding: Founding = UNTOLD) -> int:
    """Write what was heard, in the caller's transaction; returns how many messages were new.

    A group heard for the first time founds a community with the language and zone of `founding`.

    Criteria: the same fact twice changes no count; order within a kind is kept; a member who declined recording leaves
    only that a message exists; bots and Telegram's fake senders do nothing that counts.
    """
    for migration in _of(facts, HeardMigration):
        await chats.migrate(session, migration, now=now, founding=founding)
    places = (fact.place for fact in facts if fact.place is not None)
    known_chats = await chats.ensure_chats(session, places, now=now, founding=founding)
    members = await people.ensure_members(session, (who for fact in facts for who in fact.people), now=now)
    bonds, seen_at = _deeds(facts, known_chats, members, now=now)
    decliners = await people.decliners(session, bonds)
    await people.touch_memberships(session, {bond: at for bond, at in seen_at.items() if bond not in decliners})
    n_new = await MessageBook(session, known_chats, members, decliners).write(_of(facts, HeardMessage))
    await _write_standings(session, _of(facts, HeardStanding), known_chats, members, decliners)
    await _write_rest(session, facts, known_chats, members)
    if heard_reactions := _of(facts, HeardReaction):
        await reactions.write_reactions(session, heard_reactions, known_chats, members, decliners)
    if reaction_counts := _of(facts, HeardReactionCount):
        await reactions.write_reaction_counts(session, reaction_counts, known_chats)
    if answers := _of(facts, HeardPollAnswer):
        await reactions.write_poll_answers(session, answers, members, now=now)
    return n_new


async def _write_rest(
    session: AsyncSession, facts: Sequence[Fact], known_chats: dict[int, KnownChat], members: dict[int, int]
) -> None:
    for fact in facts:
        match fact:
            case HeardOwnStanding():
                by = members.get(fact.actor.telegram_id) if fact.actor else None
                await standings.write_own_standing(session, fact, known_chats[fact.place.telegram_id], by)
            case HeardAdmins():
                await standings.write_admins(session, fact, known_chats[fact.place.telegram_id])
            case HeardTopic():
                await chats.learn_topic(session, fact, known_chats[fact.place.telegram_id].id)
            case HeardPin():
                await chats.pin(session, known_chats[fact.place.telegram_id].id, fact.telegram_message_id, fact.at)
            case HeardMessage(place=Place(kind=ChatKind.PRIVATE), actor=Person(is_bot=False) as author):
                # Who writes to us in private can be written to.
                await standings.set_reachable(session, members[author.telegram_id], fact.at, at=fact.at)
            case _:
                pass


async def _write_standings(
    session: AsyncSession,
    heard_standings: Sequence[HeardStanding],
    known_chats: dict[int, KnownChat],
    members: dict[int, int],
    decliners: set[tuple[int, int]],
) -> None:
    changes = []
    for one in heard_standings:
        chat, member_id = known_chats[one.place.telegram_id], members[one.actor.telegram_id]
        is_counted = not one.actor.is_bot and (member_id, chat.community_id) not in decliners
        changes.append(StandingChange(one, chat, member_id, is_counted))
    await standings.write_standings(session, changes)


def _of(facts: Sequence[Fact], kind: type[F]) -> list[F]:
    return [fact for fact in facts if isinstance(fact, kind)]


def _deeds(
    facts: Sequence[Fact], known_chats: Mapping[int, KnownChat], members: Mapping[int, int], *, now: datetime
) -> tuple[set[Bond], dict[Bond, datetime]]:
    """Who did something in which community, and when each was last seen there by their own doing."""
    bonds: set[Bond] = set()
    seen_at: dict[Bond, datetime] = {}
    for fact in facts:
        community_id = known_chats[fact.place.telegram_id].community_id if fact.place is not None else None
        if fact.actor is None or community_id is None:
            continue
        bond = members[fact.actor.telegram_id], community_id
        bonds.add(bond)
        if fact.shows_presence and not fact.actor.is_bot:
            at = fact.at or now
            seen_at[bond] = max(at, seen_at.get(bond, at))
    return bonds, seen_at
