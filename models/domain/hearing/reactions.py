"""Reactions as deltas and as counts, and poll answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of, is_one_of, table_of
from models.domain.hearing.chats import KnownChat
from models.domain.hearing.facts import HeardPollAnswer, HeardReaction, HeardReactionCount
from models.domain.hearing.messages import Address, message_ids
from models.tables.interaction import Interaction, InteractionKind
from models.tables.message import PollAnswer, Reaction, ReactionCount


class Mark(NamedTuple):
    """One emoji of one member under one message."""

    message_id: int
    member_id: int
    emoji: str


# When a mark was set (+1) or withdrawn (-1).
History = defaultdict[Mark, set[tuple[datetime, int]]]


async def write_reactions(
    session: AsyncSession,
    reactions: Sequence[HeardReaction],
    chats: dict[int, KnownChat],
    members: dict[int, int],
    decliners: set[tuple[int, int]],
) -> None:
    """Each change is an interaction (a withdrawal with value -1); what stands follows from all changes, in any order.

    Three changes of one mark within one second count as two: Telegram tells seconds. What an export says counts only
    where nothing was heard of that mark.
    """
    counted_reactions = [one for one in reactions if not _is_declined(one, chats, members, decliners)]
    if not counted_reactions:
        return
    addresses = {_address(one, chats): one.at for one in counted_reactions}
    rows = await message_ids(session, set(addresses), unseen_at=addresses)
    interactions = [
        (one, chats[one.place.telegram_id], mark, value)
        for one in counted_reactions
        for mark, value in _marks(one, rows[_address(one, chats)], members[one.actor.telegram_id])
    ]
    history = await _history(session, {mark.message_id for _, _, mark, _ in interactions})
    news: list[dict[str, Any]] = []
    changed_marks: set[Mark] = set()
    for one, chat, mark, value in interactions:
        if (one.at, value) in history[mark] or (one.is_vague and history[mark]):
            continue
        history[mark].add((one.at, value))
        changed_marks.add(mark)
        news.append(_interaction(one, chat, mark, value))
    if news := [row for row in news if row["community_id"] is not None]:
        await session.execute(insert_of(session, Interaction), news)
    await _settle(session, {mark: history[mark] for mark in changed_marks})


def _address(one: HeardReaction | HeardReactionCount, chats: dict[int, KnownChat]) -> Address:
    return chats[one.place.telegram_id].id, one.telegram_message_id


def _marks(one: HeardReaction, message_id: int, member_id: int) -> Iterable[tuple[Mark, int]]:
    for emojis, value in ((one.new_emoji, 1), (one.old_emoji, -1)):
        for emoji in emojis:
            yield Mark(message_id, member_id, emoji[:64]), value


def _interaction(one: HeardReaction, chat: KnownChat, mark: Mark, value: int) -> dict[str, Any]:
    return {
        "community_id": chat.community_id,
        "chat_id": chat.id,
        "member_id": mark.member_id,
        "kind": "reaction",
        "at": one.at,
        "message_id": mark.message_id,
        "value": value,
        "what": mark.emoji,
    }


async def _history(session: AsyncSession, message_ids: set[int]) -> History:
    history: History = defaultdict(set)
    query = select(
        Interaction.message_id, Interaction.member_id, Interaction.what, Interaction.at, Interaction.value
    ).where(Interaction.kind == InteractionKind.REACTION)
    rows = await session.execute(query.where(is_one_of(Interaction.message_id, message_ids)))
    for message_id, member_id, emoji, at, value in rows:
        history[Mark(message_id or 0, member_id, emoji or "")].add((at, value))
    return history


def _standing_since(changes: set[tuple[datetime, int]]) -> datetime | None:
    """When the mark that stands now was set; None when it was withdrawn. Set and withdrawn in one second: as before."""
    at_once: dict[datetime, int] = defaultdict(int)
    for at, value in changes:
        at_once[at] += value
    last = max(((at, value) for at, value in at_once.items() if value), default=None)
    return last[0] if last and last[1] > 0 else None


async def _settle(session: AsyncSession, changed_marks: dict[Mark, set[tuple[datetime, int]]]) -> None:
    """Make the standing reactions follow from their histories."""
    since = {mark: _standing_since(changes) for mark, changes in changed_marks.items()}
    standing = [mark._asdict() | {"reacted_at": at} for mark, at in since.items() if at]
    if standing:
        statement = insert_of(session, Reaction)
        changes = {"reacted_at": statement.excluded.reacted_at}
        keys = ["message_id", "member_id", "emoji"]
        await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), standing)
    if gone_marks := [
        {f"its_{name}": value for name, value in mark._asdict().items()} for mark, at in since.items() if not at
    ]:
        await session.execute(_TAKE_BACK, gone_marks)


_REACTION = table_of(Reaction)
_TAKE_BACK = delete(_REACTION).where(*(_REACTION.c[name] == bindparam(f"its_{name}") for name in Mark._fields))


def _is_declined(
    one: HeardReaction, chats: dict[int, KnownChat], members: dict[int, int], decliners: set[tuple[int, int]]
) -> bool:
    return (members[one.actor.telegram_id], chats[one.place.telegram_id].community_id) in decliners


async def write_reaction_counts(
    session: AsyncSession, reaction_counts: Sequence[HeardReactionCount], chats: dict[int, KnownChat]
) -> None:
    """Replace the anonymous counts of these messages; the latest wins."""
    latest: dict[Address, HeardReactionCount] = {}
    for one in reaction_counts:
        before = latest.get(_address(one, chats))
        if before is None or before.at <= one.at:
            latest[_address(one, chats)] = one
    rows = await message_ids(session, set(latest), unseen_at={address: one.at for address, one in latest.items()})
    newer = select(ReactionCount.message_id, ReactionCount.counted_at).where(
        is_one_of(ReactionCount.message_id, rows.values())
    )
    counted_at = {row.message_id: row.counted_at for row in await session.execute(newer)}
    fresh = {
        rows[address]: one
        for address, one in latest.items()
        if rows[address] not in counted_at or counted_at[rows[address]] <= one.at
    }
    if stale_ids := fresh.keys() & counted_at.keys():
        where = is_one_of(ReactionCount.message_id, stale_ids)
        await session.execute(delete(ReactionCount).where(where), execution_options={"synchronize_session": False})
    counts = [
        {"message_id": message_id, "emoji": emoji[:64], "n_reactions": n, "counted_at": one.at}
        for message_id, one in fresh.items()
        for emoji, n in one.counts.items()
    ]
    if counts:
        await session.execute(insert_of(session, ReactionCount), counts)


async def write_poll_answers(
    session: AsyncSession, answers: Sequence[HeardPollAnswer], members: dict[int, int], *, now: datetime
) -> None:
    """Each voter's whole answer replaces the one before."""
    rows = {
        (one.telegram_poll_id, one.actor.telegram_id): {
            "telegram_poll_id": one.telegram_poll_id[:64],
            "member_id": members[one.actor.telegram_id],
            "options": list(one.options),
            "answered_at": now,
        }
        for one in answers
    }
    if rows:
        statement = insert_of(session, PollAnswer)
        changes = {"options": statement.excluded.options, "answered_at": statement.excluded.answered_at}
        keys = ["telegram_poll_id", "member_id"]
        await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), list(rows.values()))
