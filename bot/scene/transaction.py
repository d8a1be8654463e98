"""One update's turn: the transaction that holds its effects and its done mark, and what is said once that committed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Hashable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database, is_one_of
from models.domain.events.seats import HeldEvent
from models.domain.hearing import declined, inbox, recording
from models.domain.hearing.chats import UNTOLD, Founding
from models.domain.hearing.facts import Fact
from models.tables.community import Chat
from models.tables.member import Member


class AlreadyDone(Exception):
    """Another worker handled this update first; everything of this turn is undone."""


@dataclass
class UnitOfWork:
    """A transaction that one update has to itself or several share, and what is not done in it twice."""

    session: AsyncSession
    # Who and where, looked up already, by Telegram id.
    members: dict[int, Member | None] = field(default_factory=dict)
    chats: dict[int, Chat | None] = field(default_factory=dict)
    # Events that it holds locked.
    held_events: dict[int, HeldEvent] = field(default_factory=dict)
    # Done once before the commit, however many updates asked for it, by its key.
    closing: dict[Hashable, Callable[[], Awaitable[object]]] = field(default_factory=dict)

    async def member(self, telegram_id: int) -> Member | None:
        """The member with this Telegram id."""
        if telegram_id not in self.members:
            query = select(Member).where(Member.telegram_id == telegram_id)
            self.members[telegram_id] = (await self.session.scalars(query)).one_or_none()
        return self.members[telegram_id]

    async def chat(self, telegram_id: int) -> Chat | None:
        """The chat with this Telegram id."""
        if telegram_id not in self.chats:
            query = select(Chat).where(Chat.telegram_id == telegram_id)
            self.chats[telegram_id] = (await self.session.scalars(query)).one_or_none()
        return self.chats[telegram_id]

    async def meet(self, telegram_ids: Collection[int]) -> None:
        """Look up many members at once."""
        for member in await self.session.scalars(select(Member).where(is_one_of(Member.telegram_id, telegram_ids))):
            if member.telegram_id is not None:
                self.members[member.telegram_id] = member

    async def close(self) -> None:
        """Do what was put off."""
        for work in self.closing.values():
            await work()


@dataclass
class Turn:
    """Handed to the handler through its context; a handler opens the transaction at most once."""

    database: Database
    row_id: int
    facts: Sequence[Fact]
    now: datetime
    founding: Founding = UNTOLD
    is_done: bool = False
    # Answers a button press, after the commit.
    answer: Callable[[], Awaitable[object]] | None = None
    # Shared with other updates: all of them are marked done and recorded in it already, and the worker commits it.
    own_work: UnitOfWork | None = None
    # Waited for before the transaction.
    gate: AbstractAsyncContextManager[object] = field(default_factory=nullcontext)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[UnitOfWork]:
        """A transaction in which the update is marked done and recorded already; commits at the end of the block.

        Raises AlreadyDone when another process was first, RuntimeError when the handler opens a second one: its effects
        would no longer be tied to the done mark.
        """
        if self.is_done:
            raise RuntimeError("A handler has one transaction: its effects commit with the update's done mark.")
        if self.own_work is not None:
            yield self.own_work
        else:
            async with self.gate, self.database.transaction() as session:
                if not await inbox.mark_done(session, [self.row_id], now=self.now):
                    raise AlreadyDone
                await recording.record(session, self.facts, now=self.now, founding=self.founding)
                await declined.wipe(session, {self.row_id: self.facts})
                work = UnitOfWork(session)
                yield work
                await work.close()
        self.is_done = True

    async def finish(self) -> None:
        """Record an update that no handler opened a transaction for."""
        if not self.is_done:
            async with self.transaction():
                pass
