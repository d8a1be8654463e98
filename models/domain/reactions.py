"""Reactions as deltas and as counts, and poll answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of
from models.domain.chats import KnownChat
from models.domain.heard import HeardPollAnswer, HeardReaction, HeardReactionCount
from models.domain.messages import message_ids
from models.tables.interaction import Interaction
from models.tables.message import PollAnswer, Reaction, ReactionCount


async def write_reactions(
    session: AsyncSession,
    heard: Sequence[HeardReaction],
    chats: dict[int, KnownChat],
    members: dict[int, int],
    declined: set[tuple[int, int]],
) -> None:
    """Apply the deltas in order; each also is an interaction, a withdrawn one with value -1."""
    counted = [one for one in heard if not _is_declined(one, chats, members, declined)]
    if not counted:
        return
    addresses = {(chats[one.place.telegram_id].id, one.telegram_message_id): one.at for one in counted}
    rows = await message_ids(session, set(addresses), unseen_at=addresses)
    interactions: list[dict[str, Any]] = []
    for one in counted:
        chat, member_id = chats[one.place.telegram_id], members[one.person.telegram_id]
        message_id = rows[chat.id, one.telegram_message_id]
        interactions += await _apply(session, one, message_id, member_id)
        for row in interactions[-(len(one.added) + len(one.removed)) or len(interactions) :]:
            row |= {"community_id": chat.community_id, "chat_id": chat.id}
    interactions = [row for row in interactions if row["community_id"] is not None]
    if interactions:
        await session.execute(insert_of(session, Interaction), interactions)


async def _apply(session: AsyncSession, one: HeardReaction, message_id: int, member_id: int) -> list[dict[str, Any]]:
    if one.removed:
        where = (Reaction.message_id == message_id, Reaction.member_id == member_id, Reaction.emoji.in_(one.removed))
        await session.execute(delete(Reaction).where(*where))
    if one.added:
        standing = [
            {"message_id": message_id, "member_id": member_id, "emoji": emoji[:64], "reacted_at": one.at}
            for emoji in one.added
        ]
        await session.execute(insert_of(session, Reaction).on_conflict_do_nothing(), standing)
    changes = [(emoji, 1) for emoji in one.added] + [(emoji, -1) for emoji in one.removed]
    base = {"member_id": member_id, "kind": "reaction", "at": one.at, "message_id": message_id}
    return [base | {"value": value, "what": emoji[:64]} for emoji, value in changes]


def _is_declined(
    one: HeardReaction, chats: dict[int, KnownChat], members: dict[int, int], declined: set[tuple[int, int]]
) -> bool:
    return (members[one.person.telegram_id], chats[one.place.telegram_id].community_id) in declined


async def write_reaction_counts(
    session: AsyncSession, heard: Sequence[HeardReactionCount], chats: dict[int, KnownChat]
) -> None:
    """Replace the anonymous counts of these messages; the latest wins."""
    latest = {(chats[one.place.telegram_id].id, one.telegram_message_id): one for one in heard}
    rows = await message_ids(session, set(latest), unseen_at={address: one.at for address, one in latest.items()})
    for address, one in latest.items():
        await session.execute(delete(ReactionCount).where(ReactionCount.message_id == rows[address]))
        counts = [
            {"message_id": rows[address], "emoji": emoji[:64], "n_reactions": n, "counted_at": one.at}
            for emoji, n in one.counts.items()
        ]
        if counts:
            await session.execute(insert_of(session, ReactionCount), counts)


async def write_poll_answers(
    session: AsyncSession, heard: Sequence[HeardPollAnswer], members: dict[int, int], *, now: datetime
) -> None:
    """Each voter's whole answer replaces the one before."""
    rows = {
        (one.telegram_poll_id, one.person.telegram_id): {
            "telegram_poll_id": one.telegram_poll_id[:64],
            "member_id": members[one.person.telegram_id],
            "options": list(one.options),
            "answered_at": now,
        }
        for one in heard
    }
    if rows:
        statement = insert_of(session, PollAnswer)
        changes = {"options": statement.excluded.options, "answered_at": statement.excluded.answered_at}
        keys = ["telegram_poll_id", "member_id"]
        await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), list(rows.values()))
