"""One update's turn: the transaction that holds its effects and its done mark, and what is said once that committed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.domain import inbox, interactions
from models.domain.chats import UNTOLD, Founding
from models.domain.heard import Fact


class AlreadyDone(Exception):
    """Another worker handled this update first; everything of this turn is undone."""


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

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session in which the update is marked done and recorded already; commits at the end of the block.

        Raises AlreadyDone when another process was first, RuntimeError when the handler opens a second one: its effects
        would no longer be tied to the done mark.
        """
        if self.is_done:
            raise RuntimeError("A handler has one transaction: its effects commit with the update's done mark.")
        async with self.database.transaction() as session:
            if not await inbox.mark_done(session, [self.row_id], now=self.now):
                raise AlreadyDone
            await interactions.record(session, self.facts, now=self.now, founding=self.founding)
            yield session
        self.is_done = True

    async def finish(self) -> None:
        """Record an update that no handler opened a transaction for."""
        if not self.is_done:
            async with self.transaction():
                pass
