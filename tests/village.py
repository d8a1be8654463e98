"""A small community as rows, for rules that need talk but no Telegram."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.community import Chat, Community
from models.tables.member import Member
from models.tables.message import Mention, Message, Reaction
from tests.factories import give_consent, join, make_chat, make_community, make_member

# A Monday morning.
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Village:
    """`learner` and `silent` make members, `say` makes messages; times are hours before NOW."""

    def __init__(self, session: AsyncSession, community: Community, chat: Chat) -> None:
        self.session, self.community, self.chat = session, community, chat
        self._n_messages = 0

    @classmethod
    async def found(cls, session: AsyncSession) -> Village:
        community = await make_community(session)
        return cls(session, community, await make_chat(session, community_id=community.id, title="Founders"))

    async def learner(self, name: str, **values: Any) -> Member:
        """A member who said yes to everything."""
        member = await self.silent(name, **values)
        await give_consent(self.session, member, self.community, "learn", "digest", "invite", "introduce")
        return member

    async def silent(self, name: str, **values: Any) -> Member:
        """A member who was never asked."""
        member = await make_member(self.session, name=name, **values)
        await join(self.session, member, self.community)
        return member

    async def say(
        self,
        member: Member | None,
        text: str,
        *,
        hours_ago: float = 1.0,
        reply_to: Message | None = None,
        mentions: Member | None = None,
        **values: Any,
    ) -> Message:
        self._n_messages += 1
        message = Message(
            **{
                "chat_id": self.chat.id,
                "telegram_message_id": self._n_messages,
                "member_id": member.id if member else None,
                "sender": "member",
                "kind": "text",
                "text": text,
                "sent_at": NOW - timedelta(hours=hours_ago),
                "reply_to_telegram_id": reply_to.telegram_message_id if reply_to else None,
                "reply_to_member_id": reply_to.member_id if reply_to else None,
                **values,
            }
        )
        self.session.add(message)
        await self.session.flush()
        if mentions is not None:
            self.session.add(Mention(message_id=message.id, member_id=mentions.id))
            await self.session.flush()
        return message

    async def react(self, member: Member, message: Message, *, hours_ago: float = 0.5) -> None:
        at = NOW - timedelta(hours=hours_ago)
        self.session.add(Reaction(message_id=message.id, member_id=member.id, emoji="👍", reacted_at=at))
        await self.session.flush()
