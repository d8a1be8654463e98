"""Communities: what was heard there so far, and whether their chats are set up."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.community import Chat
from models.tables.consent import Consent
from models.tables.member import Membership
from models.tables.message import Message, Reaction


@dataclass(frozen=True)
class Inspection:
    """What Telegram says of our rights in one chat."""

    is_admin: bool = False
    reads_everything: bool = False
    missing_updates: tuple[str, ...] = ()
    is_supergroup: bool = False
    # Telegram's own words when it could not be asked.
    problem: str | None = None


@dataclass(frozen=True)
class HeardSoFar:
    """Counts of one chat and its community."""

    n_messages: int
    n_reactions: int
    n_members: int
    n_learning: int


async def heard_so_far(session: AsyncSession, chat_id: int) -> HeardSoFar:
    """Messages and reactions of the chat; members of its community, and how many said yes to learning."""
    chat = await session.get_one(Chat, chat_id)
    in_chat = Message.chat_id == chat_id
    reactions = select(func.count(Reaction.id)).join(Message, Message.id == Reaction.message_id).where(in_chat)
    members = select(func.count(Membership.id)).where(
        Membership.community_id == chat.community_id, Membership.left_at.is_(None)
    )
    learning = select(func.count(Consent.id)).where(
        Consent.community_id == chat.community_id, Consent.purpose == "learn", Consent.is_given.is_(True)
    )
    return HeardSoFar(
        n_messages=await session.scalar(select(func.count(Message.id)).where(in_chat)) or 0,
        n_reactions=await session.scalar(reactions) or 0,
        n_members=await session.scalar(members) or 0,
        n_learning=await session.scalar(learning) or 0,
    )
