"""Updates that were begun and never ended: what kills the process is found alone, counted, and set aside in the end.

A batch is marked as begun in one commit before anything of it is handled. A process that finds such marks at its start
follows one that ended in the middle: it takes those updates one by one and counts each before it is handled, so that only
the one at fault is counted again and those beside it pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.database import Database
from models.domain.hearing import inbox
from models.domain.hearing.inbox import Waiting

# So many processes may end while they handle an update; the next one sets it aside unread.
MOST_ATTEMPTS = 3


class EndedTheHost(Exception):
    """An update during which the process ended every time."""

    def __init__(self) -> None:
        super().__init__(f"the host ended {MOST_ATTEMPTS} times while it handled this")


class Attempts:
    """What one worker has begun; what it tries again after an outage is still the same attempt."""

    def __init__(self) -> None:
        self._row_ids: set[int] = set()
        self._newest_at_start: int | None = None

    async def are_suspect(self, database: Database, rows: Iterable[Waiting]) -> bool:
        """Whether an earlier process left one of these behind in the middle of its work."""
        if self._newest_at_start is None:
            async with database.reading() as session:
                self._newest_at_start = await inbox.newest(session)
        # What came later and is begun is in the hands of another process that runs beside this one.
        newest = self._newest_at_start
        return any(row.n_attempts and row.id <= newest and row.id not in self._row_ids for row in rows)

    async def begin(self, database: Database, rows: Sequence[Waiting]) -> None:
        """Mark updates that nobody began before; the marks outlive this process once this returns."""
        fresh = [row.id for row in rows if not row.n_attempts and row.id not in self._row_ids]
        if fresh:
            await self._mark(database, fresh)
        self._row_ids.update(row.id for row in rows)

    async def _mark(self, database: Database, row_ids: Sequence[int]) -> None:
        # Noted before: a stop in the middle of the commit takes back what may have been written.
        self._row_ids.update(row_ids)
        try:
            async with database.transaction() as session:
                await inbox.begin(session, row_ids)
        except Exception:
            self._row_ids.difference_update(row_ids)
            raise

    async def begin_alone(self, database: Database, row: Waiting) -> bool:
        """Count one update before it is handled; False when it has used up its attempts."""
        if row.id in self._row_ids:
            return True
        if row.n_attempts >= MOST_ATTEMPTS:
            return False
        async with database.transaction() as session:
            await inbox.begin_again(session, row.id)
        self._row_ids.add(row.id)
        return True

    def end(self, rows: Iterable[Waiting]) -> None:
        """These are done or set aside."""
        self._row_ids.difference_update(row.id for row in rows)

    async def take_back(self, database: Database) -> None:
        """The process ends of its own will: what is under way was no attempt."""
        if self._row_ids:
            async with database.transaction() as session:
                await inbox.take_back(session, self._row_ids)
            self._row_ids.clear()
