"""Which community a chat belongs to, when a person says so instead of letting each group found its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.domain.hearing.chats import enter_chat
from models.domain.hearing.facts import Place
from models.tables.community import Community


class BelongsElsewhere(ValueError):
    """The chat is part of another community, whose members consented there and not here."""


class AmbiguousName(ValueError):
    """Several communities have this name."""


async def affiliate(session: AsyncSession, place: Place, community_name: str, *, now: datetime) -> int:
    """Make a chat part of the community with this name, founding it when there is none; returns the community's row id.

    Names are compared without regard to case. Raises BelongsElsewhere, AmbiguousName.
    """
    chat = await enter_chat(session, place, now=now)
    namesakes = await _communities_called(session, community_name)
    if chat.community_id is not None:
        if chat.community_id not in {community.id for community in namesakes}:
            raise BelongsElsewhere
        return chat.community_id
    if len(namesakes) > 1:
        raise AmbiguousName
    community = namesakes[0] if namesakes else await _found_community(session, community_name, now)
    chat.community_id = community.id
    await session.flush()
    return community.id


async def _communities_called(session: AsyncSession, name: str) -> list[Community]:
    """Names are encrypted, so all are read; an installation has few communities."""
    folded_name = name.strip().casefold()
    return [row for row in await session.scalars(select(Community)) if row.name.strip().casefold() == folded_name]


async def _found_community(session: AsyncSession, name: str, now: datetime) -> Community:
    community = Community(name=name.strip(), created_at=now, settings={})
    session.add(community)
    await session.flush()
    return community
