"""What others' messages hold of a member: mentions, quotes, forwards, and Telegram's lines about who came and went."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of, keys_of_session
from models.domain.members import raw_traces
from models.domain.members.own_words import SOMEBODY, cut, mentions_in
from models.encryption import KeyRing
from models.tables.community import Chat, ChatKind
from models.tables.member import Member, Membership
from models.tables.message import SHOWS_OTHERS, Mention, Message

# What a message repeats of the one it answers.
_REPEATED = ("quote", "external_reply")
_COLUMNS = (Message.id, Message.text, Message.details, Message.is_forward, Message.reply_to_member_id)


@dataclass(frozen=True)
class _Trail:
    """By what a member is known in others' messages."""

    member_id: int
    telegram_id: int | None
    handle: str | None
    handle_hashes: frozenset[str]
    keys: KeyRing

    def is_handle(self, handle: str) -> bool:
        return self.keys.lookup_hash(handle) in self.handle_hashes

    def is_them(self, value: Any) -> bool:
        """Whether this is Telegram's description of the member."""
        return isinstance(value, dict) and self.telegram_id is not None and value.get("id") == self.telegram_id


async def forget(session: AsyncSession, member: Member) -> None:
    """Take a member out of what others wrote, and out of the raw updates of it; to be called while mentions stand.

    Criteria: SOMEBODY stands where the member was named by handle or by id; what was quoted or forwarded of them is gone;
    others' own words stay, and so does that they answered.
    """
    trail = await _trail_of(session, member)
    async for row in _messages_about(session, trail):
        text, details = _without(row, trail)
        if (text, details) != (row.text, row.details):
            change = update(Message).where(Message.id == row.id).values(text=text, details=details)
            await session.execute(change, execution_options={"synchronize_session": False})
    if member.telegram_id is not None:
        await raw_traces.wipe(session, telegram_id=member.telegram_id, handle=member.handle)


async def _trail_of(session: AsyncSession, member: Member) -> _Trail:
    earlier = select(Mention.handle_hash).where(Mention.member_id == member.id, Mention.handle_hash.is_not(None))
    hashes = {one for one in (member.handle_hash, *await session.scalars(earlier)) if one}
    return _Trail(member.id, member.telegram_id, member.handle, frozenset(hashes), keys_of_session(session))


async def _messages_about(session: AsyncSession, trail: _Trail) -> AsyncIterator[Any]:
    """Each message once; statement by statement, because of any of these in one PostgreSQL would read every message."""
    by_id = select(Mention.message_id).where(Mention.member_id == trail.member_id)
    by_handle = select(Mention.message_id).where(is_one_of(Mention.handle_hash, trail.handle_hashes))
    communities = select(Membership.community_id).where(Membership.member_id == trail.member_id)
    chats = select(Chat.id).where(or_(Chat.community_id.in_(communities), Chat.kind == ChatKind.PRIVATE))
    # Looked up before, so that messages are read chat by chat.
    chat_ids = list(await session.scalars(chats))
    seen: set[int] = set()
    for which in (
        [Message.id.in_(by_id)],
        [Message.id.in_(by_handle)],
        [Message.reply_to_member_id == trail.member_id],
        [is_one_of(Message.chat_id, chat_ids), sql(f"({SHOWS_OTHERS})")],
    ):
        for row in (await session.execute(select(*_COLUMNS).where(*which))).all():
            if row.id not in seen:
                seen.add(row.id)
                yield row


def _without(row: Any, trail: _Trail) -> tuple[str | None, Any]:
    details = dict(row.details) if isinstance(row.details, dict) else row.details
    text = row.text
    if isinstance(details, dict):
        if trail.is_them((details.get("forward_origin") or {}).get("sender_user")):
            return None, None
        if row.reply_to_member_id == trail.member_id:
            details = {name: value for name, value in details.items() if name not in _REPEATED}
    if text:
        named = [
            one
            for one in mentions_in(text, details)
            if (trail.is_handle(one.handle) if one.handle else one.telegram_id == trail.telegram_id)
        ]
        text, details = cut(text, details, named)
    return text, _scrub(details, trail)


def _scrub(value: Any, trail: _Trail) -> Any:
    """The same without descriptions of the member, and without their handle."""
    if isinstance(value, list):
        return [_scrub(one, trail) for one in value if not trail.is_them(one)]
    if isinstance(value, dict):
        return {name: _scrub(one, trail) for name, one in value.items() if not trail.is_them(one)}
    if isinstance(value, str) and trail.handle and "@" in value:
        return re.sub(rf"(?<!\w)@{re.escape(trail.handle)}(?!\w)", SOMEBODY, value, flags=re.IGNORECASE)
    return value
