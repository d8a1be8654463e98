"""Raw updates that name one person: as sender, answered, quoted, forwarded or mentioned."""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import is_one_of
from models.tables.inbox import RawUpdate

# Payloads opened at a time.
PAGE = 500


async def wipe(
    session: AsyncSession, *, telegram_id: int, handle: str | None, chat_ids: Collection[int] | None = None
) -> int:
    """Blank the text of what is done or set aside and holds this id or @handle; returns of how many.

    `chat_ids` are Telegram's, None: everywhere. What waits is not touched: it is somebody's and not handled yet. All that
    is kept is read, page by page: retention leaves a week of it.
    """
    names_them = _pattern(telegram_id, handle)
    last_id, n_wiped = 0, 0
    while True:
        is_settled = or_(RawUpdate.done_at.is_not(None), RawUpdate.quarantined_at.is_not(None))
        query = select(RawUpdate.id, RawUpdate.payload).where(RawUpdate.id > last_id, RawUpdate.payload.is_not(None))
        if chat_ids is not None:
            query = query.where(is_one_of(RawUpdate.chat_telegram_id, chat_ids))
        rows = (await session.execute(query.where(is_settled).order_by(RawUpdate.id).limit(PAGE))).all()
        if not rows:
            return n_wiped
        ids = [row_id for row_id, payload in rows if payload and names_them.search(payload)]
        if ids:
            wiping = update(RawUpdate).where(is_one_of(RawUpdate.id, ids)).values(payload=None)
            await session.execute(wiping, execution_options={"synchronize_session": False})
        last_id, n_wiped = rows[-1][0], n_wiped + len(ids)


def _pattern(telegram_id: int, handle: str | None) -> re.Pattern[bytes]:
    # A number of the same digits that is no id costs a raw text that nobody needs any more; a word alone may be anything.
    names = [rb"(?<![0-9.])%d(?![0-9.])" % telegram_id]
    if handle:
        names.append(rb"@%s(?![A-Za-z0-9_])" % re.escape(handle.encode()))
    return re.compile(b"|".join(names), re.IGNORECASE)
