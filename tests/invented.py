"""The learning room's invented community as rows: members with known tastes, all of whom said yes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_of
from models.learning.dataset import CommunityLog
from models.learning.synthetic import Truth, invent
from models.tables.community import Chat, Community
from models.tables.consent import Consent
from models.tables.member import Member, Membership
from models.tables.message import Mention, Message, Reaction
from tests.factories import LONG_AGO, make_chat, make_community

# Four in the morning of a Monday, when training begins.
END = datetime(2026, 3, 2, 4, tzinfo=UTC)


async def move_in(
    session: AsyncSession, *, seed: int = 7, n_members: int = 60, n_weeks: int = 7
) -> tuple[Community, CommunityLog, Truth]:
    """Write a community whose last message is just before END; ids of members are those of the log."""
    start_at = END.timestamp() - n_weeks * 7 * 86_400
    rng = np.random.default_rng(seed)
    log, truth = invent(rng, n_members=n_members, n_weeks=n_weeks, start_at=start_at)
    log = log.before(END.timestamp())
    community = await make_community(session)
    chat = await make_chat(session, community_id=community.id, title="Founders")
    await _write_members(session, community, truth)
    await _write_messages(session, chat, log)
    return community, log, truth


async def _write_members(session: AsyncSession, community: Community, truth: Truth) -> None:
    ids = truth.members.tolist()
    people = [
        {
            "id": i,
            "telegram_id": i,
            "name": f"Member {i}",
            "is_bot": False,
            "created_at": LONG_AGO,
            "reachable_at": LONG_AGO,
        }
        for i in ids
    ]
    await session.execute(insert_of(session, Member), people)
    where = [{"member_id": i, "community_id": community.id} for i in ids]
    await session.execute(insert_of(session, Membership), [row | {"role": "member"} for row in where])
    yes = {"is_given": True, "decided_at": LONG_AGO}
    consents = [row | yes | {"purpose": purpose} for row in where for purpose in ("learn", "digest")]
    await session.execute(insert_of(session, Consent), consents)


async def _write_messages(session: AsyncSession, chat: Chat, log: CommunityLog) -> None:
    messages = log.messages
    member = messages.member.tolist()
    reply = messages.reply_to.tolist()

    def at(seconds: float) -> datetime:
        return datetime.fromtimestamp(seconds, UTC)

    base: dict[str, Any] = {"chat_id": chat.id, "sender": "member", "kind": "text", "source": "live"}
    rows = [
        base
        | {
            "id": i + 1,
            "telegram_message_id": i + 1,
            "member_id": member[i],
            "text": messages.text[i],
            "sent_at": at(messages.at[i]),
            "reply_to_telegram_id": reply[i] + 1 if reply[i] >= 0 else None,
            "reply_to_member_id": member[reply[i]] if reply[i] >= 0 else None,
            "is_forward": False,
            "n_links": 0,
        }
        for i in range(len(messages))
    ]
    await session.execute(insert_of(session, Message), rows)
    named = zip(messages.mentioning.tolist(), messages.mentioned_member.tolist(), strict=True)
    await session.execute(insert_of(session, Mention), [{"message_id": i + 1, "member_id": who} for i, who in named])
    reactions = log.reactions
    told = zip(reactions.member.tolist(), reactions.message.tolist(), reactions.at.tolist(), strict=True)
    rows = [
        {"member_id": who, "message_id": i + 1, "emoji": "👍", "reacted_at": at(seconds)} for who, i, seconds in told
    ]
    await session.execute(insert_of(session, Reaction).on_conflict_do_nothing(), rows)
