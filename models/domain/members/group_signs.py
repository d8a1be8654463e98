"""What a group's own rows say of its language and clock, gathered for whoever proposes them to its admins."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.reading.group_guesses import Signs
from models.tables.community import Chat, Community
from models.tables.member import Member, Membership, Role
from models.tables.message import Message

# The latest messages; more say nothing new.
MOST_TEXTS = 300


async def signs_of(session: AsyncSession, community: Community, chat: Chat, asker: Member | None) -> Signs:
    """Titles, the latest messages, what its admins' clients speak (first the asker's) and the zones its members chose."""
    people = (
        select(Member.client_language, Member.time_zone, Membership.role)
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.community_id == community.id, Membership.left_at.is_(None), Member.is_bot.is_(False))
    )
    rows = (await session.execute(people)).all()
    clients = [row.client_language for row in rows if row.role in (Role.OWNER, Role.ADMIN) and row.client_language]
    own = [asker.client_language] if asker and asker.client_language else []
    here = (Message.chat_id == chat.id, Message.member_id.is_not(None), Message.text.is_not(None))
    latest = select(Message.text).where(*here)
    texts = await session.scalars(latest.order_by(Message.sent_at.desc()).limit(MOST_TEXTS))
    return Signs(
        title=chat.title or community.name,
        texts=[text for text in texts if text and not text.startswith("/")],
        clients=[*own, *clients],
        zones=[row.time_zone for row in rows if row.time_zone],
    )
