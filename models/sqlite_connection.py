"""A connection to a SQLite file in a thread of its own, one visit to that thread a statement, and none more to begin or to look.

The driver goes there four times a statement: to make a cursor, to execute, to fetch, to close. Each visit is two wake-ups and
the loop's turn, which together cost more than SQLite itself: 420 µs of processor a small statement became 245. A transaction
begins in the visit of its first statement, and one that only read ends here: it has nothing to write.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, cast

import aiosqlite
from aiosqlite.context import Result


class SqliteConnection(aiosqlite.Connection):
    """As the driver's own, but it goes to its thread only for what has to be done there."""

    _n_asked = 0
    _n_done = 0
    _begin: str | None = None
    _only_reads = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs or waits in the thread: a statement goes on there when its task was cancelled."""
        return self._n_asked == self._n_done

    def begin(self, how: str, *, only_reads: bool) -> None:
        """The next statement begins a transaction: `how` is run just before it, and what that raises is the statement's."""
        self._begin, self._only_reads = how, only_reads

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        begin, self._begin = self._begin, None

        def note_change() -> Any:
            try:
                if begin is not None:
                    self._conn.execute(begin)
                return fn(*args, **kwargs)
            finally:
                # Each of the two counts is written by one thread only.
                self._n_done += 1

        self._n_asked += 1
        return await super()._execute(note_change)  # type: ignore[no-untyped-call]

    def cursor(self) -> Result[aiosqlite.Cursor]:
        """Make a cursor here: that touches nothing of the file."""
        return Result(self._cursor_of_ours())

    async def _cursor_of_ours(self) -> aiosqlite.Cursor:
        return _Cursor(self, self._conn.cursor())

    async def rollback(self) -> None:
        """Undo the transaction, if there is one: the pool asks for it again when the session has done it."""
        self._begin = None
        if not self.is_idle:
            await super().rollback()
        elif self._only_reads:
            self._conn.rollback()
        elif self.in_transaction:
            await super().rollback()

    async def commit(self) -> None:
        """Keep what was done; nothing was when no statement came."""
        self._begin = None
        if not self.is_idle or self.in_transaction:
            await super().commit()


class _Cursor(aiosqlite.Cursor):
    """A cursor whose rows come with the answer to execute(), all of them: nobody here reads a result while it is made."""

    _conn: SqliteConnection
    _rows: list[Any]

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> aiosqlite.Cursor:
        """Run one statement and take its rows along."""
        self._rows = await self._conn._execute(self._run, sql, parameters or ())
        return self

    def _run(self, sql: str, parameters: Iterable[Any]) -> list[Any]:
        self._cursor.execute(sql, cast(Any, parameters))
        return self._cursor.fetchall() if self._cursor.description else []

    async def fetchall(self) -> Iterable[sqlite3.Row]:
        """The rows of the last execute(), once."""
        rows, self._rows = self._rows, []
        return rows

    async def fetchone(self) -> NoReturn:
        """Refused: the rows are not in the driver's cursor any more."""
        raise NotImplementedError("Rows come all at once here: use execute(), not stream().")

    async def fetchmany(self, size: int | None = None) -> NoReturn:
        """Refused, as fetchone()."""
        await self.fetchone()

    async def close(self) -> None:
        """Let go of the statement; in the thread if it may still run there."""
        if self._conn.is_idle:
            self._cursor.close()
        else:
            await super().close()


async def connect_sqlite(file: str, **values: Any) -> SqliteConnection:
    """A connection, whose thread has ended when there is none: it would speak to an event loop that may be gone.

    `values` are those of sqlite3.connect().
    """
    opened: list[sqlite3.Connection] = []

    def connect() -> sqlite3.Connection:
        opened.append(sqlite3.connect(file, **values))
        _prepare(opened[-1])
        return opened[-1]

    connection = SqliteConnection(connect, iter_chunk_size=64)
    # Before 0.22 the connection is its thread.
    thread = connection if isinstance(connection, threading.Thread) else connection._thread
    # As in SQLAlchemy's own creator: whoever forgets to close must not keep the process alive.
    thread.daemon = True
    try:
        await connection
    except BaseException:
        await asyncio.to_thread(thread.join)
        # Cancelled when the file was open already: nobody else knows of it.
        for one in opened:
            one.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """In the connection's own thread, at one go: what is cancelled half-way would be open and known to nobody."""
    # The driver must not begin transactions by itself: see _begin_sqlite in models/database.py.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
