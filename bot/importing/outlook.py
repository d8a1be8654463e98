"""What an imported history is worth so far, and what would make it worth more: the last lines of an import."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.erasure import retention
from models.domain.members import communities
from models.domain.members.communities import Willingness
from models.tables.community import Chat

# Our own standing in a chat where /setup finds all well, and those where we are not.
ADMINISTRATOR, ABSENT = "administrator", frozenset({None, "left", "kicked"})


@dataclass(frozen=True)
class Outlook:
    """One community of those imported into. `standing`: the best the bot has in one of its groups, as Telegram calls it."""

    groups: tuple[str, ...]
    willing: Willingness
    n_expiring: int
    standing: str | None

    @property
    def is_host_there(self) -> bool:
        """Whether /setup would be heard there."""
        return self.standing not in ABSENT


async def look_ahead(
    session: AsyncSession, telegram_ids: Collection[int], *, now: datetime, retention_days: int
) -> list[Outlook]:
    """The communities of these chats, in the order of their founding; a channel without one is left out."""
    query = (
        select(Chat).where(is_one_of(Chat.telegram_id, telegram_ids), Chat.community_id.is_not(None)).order_by(Chat.id)
    )
    by_community: dict[int, list[Chat]] = {}
    for chat in await session.scalars(query):
        by_community.setdefault(chat.community_id or 0, []).append(chat)
    return [
        Outlook(
            groups=tuple(chat.title or "?" for chat in chats),
            willing=await communities.willingness(session, community_id),
            n_expiring=await retention.count_old_messages(
                session, [chat.id for chat in chats], now=now, days=retention_days
            ),
            standing=_best([chat.bot_status for chat in chats]),
        )
        for community_id, chats in by_community.items()
    ]


def _best(standings: list[str | None]) -> str | None:
    if ADMINISTRATOR in standings:
        return ADMINISTRATOR
    return next((one for one in standings if one not in ABSENT), None)
