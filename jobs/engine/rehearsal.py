"""A rehearsal: a job runs for real on rows that nobody keeps, and what it would have sent is shown.

On SQLite it plays on a copy of the file, because a transaction that is open for a training's minutes would keep the running
bot from writing; on PostgreSQL inside one outer transaction that is rolled back, where every transaction of the job is a
savepoint.
"""

from __future__ import annotations

import asyncio
import html
import re
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from sqlalchemy import func, make_url, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from bot.messages.reasons import sentence
from bot.texts import Voice
from models.database import Database
from models.tables.community import Chat
from models.tables.delivery import Delivery
from models.tables.member import Member


@asynccontextmanager
async def rehearse(database: Database) -> AsyncIterator[Database]:
    """The same rows to play with; whatever is written to them is gone afterwards, however the block ends."""
    stage = _copy_of(database) if database.is_sqlite else _rolled_back(database)
    async with stage as rows:
        yield rows


@asynccontextmanager
async def _copy_of(database: Database) -> AsyncIterator[Database]:
    with tempfile.TemporaryDirectory(prefix="klatch-rehearsal-") as folder:
        copy = Path(folder) / "rehearsal.db"
        await asyncio.to_thread(_copy_file, str(make_url(database.url).database), copy)
        copy_database = Database(f"sqlite+aiosqlite:///{copy}", database.keys)
        try:
            yield copy_database
        finally:
            await copy_database.close()


def _copy_file(source: str, target: Path) -> None:
    # SQLite's own backup: a consistent copy while others write, texts stay encrypted in it.
    with closing(sqlite3.connect(source)) as source_file, closing(sqlite3.connect(target)) as target_file:
        source_file.backup(target_file)


@asynccontextmanager
async def _rolled_back(database: Database) -> AsyncIterator[Database]:
    async with database.engine.connect() as connection:
        outer = await connection.begin()
        try:
            yield _RehearsalDatabase(database, connection)
        finally:
            await outer.rollback()


class _RehearsalDatabase(Database):
    """One connection for everything: transactions are savepoints in it, and looking sees what they wrote."""

    def __init__(self, real: Database, connection: AsyncConnection) -> None:
        self.url, self.engine, self.keys = real.url, real.engine, real.keys
        self._connection = connection
        self._turn = asyncio.Lock()
        self._owner: asyncio.Task[Any] | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose work holds until the rehearsal ends, or is undone with its block."""
        async with self._my_turn(), self._session() as session, session.begin():
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session for looking; it waits its turn, because there is only one connection."""
        async with self._my_turn(), self._session() as session:
            yield session

    def _session(self) -> AsyncSession:
        return AsyncSession(self._connection, join_transaction_mode="create_savepoint", expire_on_commit=False)

    @asynccontextmanager
    async def _my_turn(self) -> AsyncIterator[None]:
        # Savepoints nest: a task may look while it writes, another one waits.
        me = asyncio.current_task()
        if self._owner is me:
            yield
            return
        async with self._turn:
            self._owner = me
            try:
                yield
            finally:
                self._owner = None

    async def close(self) -> None:
        """Nothing of its own to let go of."""


async def last_delivery_id(database: Database) -> int:
    """Where the deliveries of a rehearsal begin."""
    async with database.reading() as session:
        return await session.scalar(select(func.max(Delivery.id))) or 0


async def would_be_sent(database: Database, after_id: int, voice_to: Callable[[Member | None], Voice]) -> list[str]:
    """Each delivery since then as a person would read it: to whom, what kind, when, the text, and why."""
    query = (
        select(Delivery, Member, Chat)
        .outerjoin(Member, Delivery.member_id == Member.id)
        .outerjoin(Chat, Delivery.chat_id == Chat.id)
        .where(Delivery.id > after_id)
        .order_by(Delivery.id)
    )
    async with database.reading() as session:
        return [
            _show(delivery, member, chat, voice_to(member)) for delivery, member, chat in await session.execute(query)
        ]


def _show(delivery: Delivery, member: Member | None, chat: Chat | None, voice: Voice) -> str:
    whom = member.name if member else (chat.title if chat else None) or "?"
    head = f"{delivery.kind} to {whom}, due {delivery.due_at:%Y-%m-%d %H:%M} UTC"
    head += f" (dropped: {delivery.failure})" if delivery.failed_at else ""
    lines = [plain(str(_text_of(delivery.payload or {})))]
    lines += [f"why: {sentence(voice, one, now=delivery.created_at) or one}" for one in delivery.reasons or ()]
    return "\n".join([head, *(f"    {line}" for text in lines for line in text.splitlines())])


def _text_of(payload: dict[str, Any]) -> Any:
    media = payload.get("media")
    caption = media.get("caption") if isinstance(media, dict) else payload.get("caption")
    return payload.get("text") or caption or f"({', '.join(sorted(payload))})"


def plain(markup: str) -> str:
    """Telegram's HTML as a terminal shows it: links keep their address."""
    with_links = re.sub(r'<a href="([^"]*)">(.*?)</a>', r"\2 <\1>", markup, flags=re.DOTALL)
    without_tags = re.sub(r"<(/?[a-z][a-z-]*)(\s[^>]*)?>", "", with_links)
    return html.unescape(without_tags)
