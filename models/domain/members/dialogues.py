"""The question a member was asked in private: one at a time, kept as a row, so that a restart loses no answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.member import Dialogue, DialogueAction

# An answer that comes later is taken for something else.
LIFETIME = timedelta(days=7)


async def ask(
    session: AsyncSession,
    member_id: int,
    action: DialogueAction,
    step: str,
    *,
    now: datetime,
    community_id: int | None = None,
    target_id: int | None = None,
    answers: Mapping[str, Any] | None = None,
) -> None:
    """Remember what the member was asked; a question that was still open is given up. `answers`: JSON values so far."""
    await stop(session, member_id)
    session.add(
        Dialogue(
            member_id=member_id,
            community_id=community_id,
            action=action,
            step=step,
            target_id=target_id,
            answers=dict(answers or {}),
            asked_at=now,
        )
    )
    await session.flush()


async def open_question(session: AsyncSession, member_id: int, *, now: datetime) -> Dialogue | None:
    """What the member was asked and has not answered; None when nothing is open."""
    query = select(Dialogue).where(Dialogue.member_id == member_id, Dialogue.asked_at > now - LIFETIME)
    return (await session.scalars(query)).one_or_none()


async def stop(session: AsyncSession, member_id: int) -> bool:
    """Give up the open question; False when there was none."""
    result = await session.execute(delete(Dialogue).where(Dialogue.member_id == member_id).returning(Dialogue.id))
    return result.first() is not None
