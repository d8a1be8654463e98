"""Steps that wait behind deep links, so that an action interrupted by "open the private chat first" goes on there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import keys_of_session
from models.tables.member import Intent, LinkAction

# A link in an old group message should still work after a holiday.
LIFETIME = timedelta(days=60)
# 16 random bytes: 22 characters of A-Z a-z 0-9 _ -, well within the 64 a deep link may carry.
TOKEN_BYTES = 16


@dataclass(frozen=True)
class FollowedLink:
    """What to go on with."""

    action: LinkAction
    community_id: int | None
    target_id: int | None
    # The row, for a step that works once; 0: nobody followed a link.
    intent_id: int = 0


async def remember(
    session: AsyncSession,
    action: LinkAction,
    *,
    now: datetime,
    community_id: int | None = None,
    target_id: int | None = None,
    member_id: int | None = None,
) -> str:
    """Keep a step and return the token for `?start=`; with a member it is theirs alone."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        Intent(
            token_hash=keys_of_session(session).lookup_hash(token),
            member_id=member_id,
            community_id=community_id,
            action=action,
            target_id=target_id,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    await session.flush()
    return token


async def resume(session: AsyncSession, token: str, *, member_id: int, now: datetime) -> FollowedLink | None:
    """The step behind a token; None when it is forged, expired or somebody else's. Following a link twice is fine."""
    token_hash = keys_of_session(session).lookup_hash(token)
    intent = (await session.scalars(select(Intent).where(Intent.token_hash == token_hash))).one_or_none()
    if intent is None or intent.expires_at <= now or intent.member_id not in (None, member_id):
        return None
    return FollowedLink(intent.action, intent.community_id, intent.target_id, intent.id)


async def community_behind(session: AsyncSession, token: str) -> int | None:
    """The community that a token's step is about; None for none, or for no such token."""
    token_hash = keys_of_session(session).lookup_hash(token)
    return await session.scalar(select(Intent.community_id).where(Intent.token_hash == token_hash))


async def use_up(session: AsyncSession, intent_id: int) -> None:
    """The link works no more."""
    await session.execute(delete(Intent).where(Intent.id == intent_id))
