"""What is left of a done update of which somebody declined recording: nothing but that it came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.domain.hearing.facts import Fact
from models.tables.community import Chat
from models.tables.consent import Consent, Purpose
from models.tables.inbox import RawUpdate
from models.tables.member import Member


async def wipe(session: AsyncSession, facts_of: Mapping[int, Sequence[Fact]]) -> None:
    """Blank the raw text of updates that were just done and recorded: `facts_of` holds what each says, by its row id.

    Criteria: whoever declined recording in the community of its chat sent it, or is answered or named in it. Telegram
    repeats the words that are answered.
    """
    named_in: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row_id, facts in facts_of.items():
        for place, who in ((fact.place, who) for fact in facts for who in fact.people):
            if place is not None:
                named_in[place.telegram_id, who.telegram_id].add(row_id)
    if not named_in:
        return
    query = (
        select(Chat.telegram_id, Member.telegram_id)
        .join(Consent, Consent.community_id == Chat.community_id)
        .join(Member, Member.id == Consent.member_id)
        .where(
            is_one_of(Chat.telegram_id, {chat_id for chat_id, _ in named_in}),
            is_one_of(Member.telegram_id, {telegram_id for _, telegram_id in named_in}),
            Consent.purpose == Purpose.RECORD,
            Consent.is_given.is_(False),
        )
    )
    rows = await session.execute(query)
    row_ids = {row_id for chat_id, telegram_id in rows for row_id in named_in.get((chat_id or 0, telegram_id or 0), ())}
    if row_ids:
        wiping = update(RawUpdate).where(is_one_of(RawUpdate.id, row_ids)).values(payload=None)
        await session.execute(wiping, execution_options={"synchronize_session": False})
