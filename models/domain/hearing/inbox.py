"""The one door in, as rules: raw updates are stored before they are acknowledged, and handled exactly once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, bindparam, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_many, insert_of, is_one_of, is_one_of_given
from models.tables.inbox import IntakeOffset, RawUpdate

# Telegram forgets an update after 24 hours and may begin to count anew after a quiet week: an equal id that is older
# than this belongs to another update.
ID_IS_REUSED_AFTER = timedelta(days=2)


# What is only written: it is recorded, and no answer depends on it.
WORDS = frozenset({"message", "edited_message", "channel_post", "edited_channel_post"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored update that nobody handled yet."""

    id: int
    update_id: int
    kind: str
    is_urgent: bool
    sender_telegram_id: int | None
    chat_telegram_id: int | None
    # None once it was wiped.
    payload: bytes | None
    # By how many processes it was begun and not ended.
    n_attempts: int = 0


async def store(session: AsyncSession, rows: Sequence[dict[str, Any]], *, now: datetime) -> int:
    """Keep raw updates; one that is already kept is skipped. Returns how many were new.

    Each row has bot_id, update_id, kind, is_urgent, sender_telegram_id, chat_telegram_id and payload.
    """
    if not rows:
        return 0
    full = [row | {"received_at": now, "n_attempts": 0} for row in rows]
    statement, parameters = insert_many(session, RawUpdate, full)
    statement = statement.on_conflict_do_nothing().returning(RawUpdate.id)
    n_new = len((await session.execute(statement, parameters)).all())
    if n_new < len(rows):
        n_reused = await _forget_reused_ids(session, rows, now)
        if n_reused:
            n_new += len((await session.execute(statement, parameters)).all())
    return n_new


async def _forget_reused_ids(session: AsyncSession, rows: Sequence[dict[str, Any]], now: datetime) -> int:
    old = delete(RawUpdate).where(
        RawUpdate.bot_id == rows[0]["bot_id"],
        is_one_of(RawUpdate.update_id, [row["update_id"] for row in rows]),
        RawUpdate.received_at < now - ID_IS_REUSED_AFTER,
        RawUpdate.done_at.is_not(None),
    )
    result = await session.execute(old)
    assert isinstance(result, CursorResult)  # noqa: S101  # what a DELETE returns
    return result.rowcount


async def acknowledge(session: AsyncSession, bot_id: int, next_update_id: int, *, now: datetime) -> None:
    """Remember how far Telegram may forget; committed together with the updates before it."""
    statement = insert_of(session, IntakeOffset)
    row = {"bot_id": bot_id, "next_update_id": next_update_id, "polled_at": now}
    changes = {"next_update_id": statement.excluded.next_update_id, "polled_at": statement.excluded.polled_at}
    await session.execute(statement.on_conflict_do_update(index_elements=["bot_id"], set_=changes), [row])


async def next_update_id(session: AsyncSession, bot_id: int) -> int:
    """The first update id that was not acknowledged; 0 before the first poll (Telegram then starts at its oldest)."""
    return await session.scalar(select(IntakeOffset.next_update_id).where(IntakeOffset.bot_id == bot_id)) or 0


async def waiting(
    session: AsyncSession,
    *,
    is_urgent: bool,
    limit: int,
    up_to: int,
    without: Collection[int] = (),
    preceding: Collection[Waiting] | None = None,
) -> list[Waiting]:
    """The oldest unhandled updates with row ids of at most `up_to`, urgent or not, without those of these row ids.

    With `preceding` only what these updates must not overtake: what their senders did, and what happened in their chats
    apart from words.
    """
    given: dict[str, Any] = {"is_urgent": is_urgent, "up_to": up_to, "limit": limit, "without": list(without)}
    if preceding is not None:
        given["senders"] = sorted({one.sender_telegram_id for one in preceding} - {None})
        given["chats"] = sorted({one.chat_telegram_id for one in preceding} - {None})
    rows = await session.execute(_waiting(is_preceding=preceding is not None), given)
    return [Waiting(**row) for row in rows.mappings()]


_OF_WAITING = (
    RawUpdate.id,
    RawUpdate.update_id,
    RawUpdate.kind,
    RawUpdate.is_urgent,
    RawUpdate.sender_telegram_id,
    RawUpdate.chat_telegram_id,
    RawUpdate.payload,
    RawUpdate.n_attempts,
)


@cache
def _waiting(*, is_preceding: bool) -> Any:
    """Given `is_urgent`, `up_to`, `limit`, `without`; perhaps `senders` and `chats`. Made once: each look asks twice."""
    query = (
        select(*_OF_WAITING)
        .where(RawUpdate.is_urgent == bindparam("is_urgent"), RawUpdate.done_at.is_(None))
        .where(RawUpdate.quarantined_at.is_(None), RawUpdate.id <= bindparam("up_to"))
        .where(~is_one_of_given(RawUpdate.id, "without"))
        .order_by(RawUpdate.id)
        .limit(bindparam("limit"))
    )
    if not is_preceding:
        return query
    is_act = ~is_one_of(RawUpdate.kind, sorted(WORDS))
    is_act_there = and_(is_one_of_given(RawUpdate.chat_telegram_id, "chats"), is_act)
    return query.where(or_(is_one_of_given(RawUpdate.sender_telegram_id, "senders"), is_act_there))


async def newest(session: AsyncSession) -> int:
    """The row id of the update stored last; 0 before the first."""
    return await session.scalar(select(func.max(RawUpdate.id))) or 0


async def begin(session: AsyncSession, row_ids: Collection[int]) -> None:
    """Mark updates as begun that nobody began before; two processes that do so together count once."""
    await _attempt(session, row_ids, RawUpdate.n_attempts == 0, n_more=1)


async def begin_again(session: AsyncSession, row_id: int) -> None:
    """Count one more attempt at an update."""
    await _attempt(session, [row_id], n_more=1)


async def take_back(session: AsyncSession, row_ids: Collection[int]) -> None:
    """Uncount one attempt at each of these that are not done."""
    await _attempt(session, row_ids, RawUpdate.n_attempts > 0, n_more=-1)


async def _attempt(session: AsyncSession, row_ids: Collection[int], *which: ColumnElement[bool], n_more: int) -> None:
    if session.get_bind().dialect.name == "postgresql":
        # It must outlive this process, which a commit does at once; that it outlives the server is not worth a disk's wait.
        await session.execute(text("SET LOCAL synchronous_commit = off"))
    is_open = (RawUpdate.done_at.is_(None), RawUpdate.quarantined_at.is_(None))
    statement = update(RawUpdate).where(is_one_of(RawUpdate.id, row_ids), *is_open, *which)
    change = statement.values(n_attempts=RawUpdate.n_attempts + n_more)
    await session.execute(change, execution_options={"synchronize_session": False})


async def mark_done(session: AsyncSession, row_ids: Sequence[int], *, now: datetime) -> set[int]:
    """Claim updates in the transaction that holds their effects; returns those that were still waiting.

    A second process that tries the same row waits for the first one's commit and then gets nothing.
    """
    statement = (
        update(RawUpdate)
        .where(is_one_of(RawUpdate.id, row_ids), RawUpdate.done_at.is_(None), RawUpdate.quarantined_at.is_(None))
        .values(done_at=now)
        .returning(RawUpdate.id)
    )
    return set(await session.scalars(statement, execution_options={"synchronize_session": False}))


async def quarantine(session: AsyncSession, row_id: int, error: str, *, now: datetime) -> None:
    """Set aside what cannot be parsed or handled; those behind it go on."""
    where = (RawUpdate.id == row_id, RawUpdate.done_at.is_(None))
    await session.execute(update(RawUpdate).where(*where).values(quarantined_at=now, error=error[:500]))


async def quarantined_updates(session: AsyncSession, *, limit: int = 100) -> list[RawUpdate]:
    """What was set aside, oldest first, without the payloads' text being shown to anyone."""
    query = select(RawUpdate).where(RawUpdate.quarantined_at.is_not(None)).order_by(RawUpdate.id).limit(limit)
    return list(await session.scalars(query))


async def retry(session: AsyncSession, row_ids: Sequence[int] | None = None) -> int:
    """Put quarantined updates (None: all) back into their lane; returns how many."""
    statement = update(RawUpdate).where(RawUpdate.quarantined_at.is_not(None), RawUpdate.payload.is_not(None))
    if row_ids is not None:
        statement = statement.where(is_one_of(RawUpdate.id, row_ids))
    result = await session.execute(statement.values(quarantined_at=None, error=None, n_attempts=0))
    assert isinstance(result, CursorResult)  # noqa: S101  # what an UPDATE returns
    return result.rowcount
