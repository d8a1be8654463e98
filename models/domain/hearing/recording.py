"""Recording: facts become rows, a batch at a time, each exactly once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.hearing import chats, people, reactions, standings
from models.domain.hearing.chats import UNTOLD, Founding, KnownChat
from models.domain.hearing.facts import (
    Fact,
    HeardMessage,
    HeardMigration,
    HeardOwnStanding,
    HeardPin,
    HeardPollAnswer,
    HeardPress,
    HeardReaction,
    HeardReactionCount,
    HeardStanding,
    HeardTopic,
    Person,
    Place,
)
from models.domain.hearing.messages import MessageBook
from models.domain.hearing.standings import Told

F = TypeVar("F", bound=Fact)


async def record(session: AsyncSession, facts: Sequence[Fact], *, now: datetime, founding: Founding = UNTOLD) -> int:
    """Write what was heard, in the caller's transaction; returns how many messages were new.

    A group heard for the first time founds a community with the language and zone of `founding`.

    Criteria: the same fact twice changes no count; order within a kind is kept; a member who declined recording leaves
    only that a message exists; bots and Telegram's fake senders do nothing that counts.
    """
    for migration in _of(facts, HeardMigration):
        await chats.migrate(session, migration, now=now, founding=founding)
    known = await chats.ensure_chats(session, _places(facts), now=now, founding=founding)
    members = await people.ensure_members(session, _people(facts), now=now)
    seen = _seen(facts, known, members, now=now)
    declined = await people.decliners(session, _bonds(facts, known, members))
    await people.touch_memberships(session, {bond: at for bond, at in seen.items() if bond not in declined})
    n_new = await MessageBook(session, known, members, declined).write(_of(facts, HeardMessage))
    await _write_standings(session, _of(facts, HeardStanding), known, members, declined)
    await _write_rest(session, facts, known, members)
    if heard := _of(facts, HeardReaction):
        await reactions.write_reactions(session, heard, known, members, declined)
    if counted := _of(facts, HeardReactionCount):
        await reactions.write_reaction_counts(session, counted, known)
    if answers := _of(facts, HeardPollAnswer):
        await reactions.write_poll_answers(session, answers, members, now=now)
    return n_new


async def _write_rest(
    session: AsyncSession, facts: Sequence[Fact], known: dict[int, KnownChat], members: dict[int, int]
) -> None:
    for fact in facts:
        match fact:
            case HeardOwnStanding():
                by = members.get(fact.by.telegram_id) if fact.by else None
                await standings.write_own_standing(session, fact, known[fact.place.telegram_id], by)
            case HeardTopic():
                await chats.learn_topic(session, fact, known[fact.place.telegram_id].id)
            case HeardPin():
                await chats.pin(session, known[fact.place.telegram_id].id, fact.telegram_message_id, fact.at)
            case HeardMessage(place=Place(kind="private"), author=Person(is_bot=False) as author):
                # Who writes to us in private can be written to.
                await standings.set_reachable(session, members[author.telegram_id], fact.sent_at, at=fact.sent_at)
            case _:
                pass


async def _write_standings(
    session: AsyncSession,
    heard: Sequence[HeardStanding],
    known: dict[int, KnownChat],
    members: dict[int, int],
    declined: set[tuple[int, int]],
) -> None:
    told = []
    for one in heard:
        chat, member_id = known[one.place.telegram_id], members[one.person.telegram_id]
        is_counted = not one.person.is_bot and (member_id, chat.community_id) not in declined
        told.append(Told(one, chat, member_id, is_counted))
    await standings.write_standings(session, told)


def _of(facts: Sequence[Fact], kind: type[F]) -> list[F]:
    return [fact for fact in facts if isinstance(fact, kind)]


def _places(facts: Sequence[Fact]) -> Iterator[Place]:
    return (fact.place for fact in facts if not isinstance(fact, HeardPollAnswer | HeardMigration))


def _people(facts: Sequence[Fact]) -> Iterator[Person]:
    for fact in facts:
        match fact:
            case HeardMessage():
                yield from (who for who in (fact.reply_to_author, fact.author) if who)
                yield from fact.mentioned_people
            case HeardReaction() | HeardStanding() | HeardPollAnswer() | HeardPress():
                yield fact.person
            case HeardOwnStanding() if fact.by:
                yield fact.by
            case _:
                pass


def _bonds(facts: Sequence[Fact], known: dict[int, KnownChat], members: dict[int, int]) -> set[tuple[int, int]]:
    """Everyone who did something in a community: (member id, community id)."""
    bonds: set[tuple[int, int]] = set()
    for fact in facts:
        match fact:
            case (
                HeardMessage(author=Person() as who)
                | HeardReaction(person=who)
                | HeardStanding(person=who)
                | HeardPress(person=who)
            ):
                community_id = known[fact.place.telegram_id].community_id
                if community_id is not None:
                    bonds.add((members[who.telegram_id], community_id))
            case _:
                pass
    return bonds


def _seen(
    facts: Sequence[Fact], known: dict[int, KnownChat], members: dict[int, int], *, now: datetime
) -> dict[tuple[int, int], datetime]:
    """When each member was last seen in each community, by their own doing."""
    seen: dict[tuple[int, int], datetime] = {}
    for fact in facts:
        match fact:
            case HeardMessage(author=Person() as who, sent_at=at) | HeardReaction(person=who, at=at):
                community_id = known[fact.place.telegram_id].community_id
                if community_id is not None and not who.is_bot:
                    pair = members[who.telegram_id], community_id
                    seen[pair] = max(at, seen.get(pair, at))
            case HeardPress(place=where, person=who) if not who.is_bot:
                community_id = known[where.telegram_id].community_id
                if community_id is not None:
                    seen[members[who.telegram_id], community_id] = now
            case _:
                pass
    return seen
