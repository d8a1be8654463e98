"""Engine, transactions and the UTC datetime type, alike on SQLite and PostgreSQL.

SQLite runs in WAL mode with foreign keys on and synchronous=FULL: Telegram forgets an update once we acknowledge it, so a
commit must survive a power cut, not only a crash. Batching, not NORMAL, is what makes that fast.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from datetime import UTC, datetime
from typing import Any, cast

import orjson
from sqlalchemy import Boolean, ColumnElement, DateTime, Dialect, String, Table, bindparam, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from models.encryption import KeyRing
from models.sqlite_connection import SqliteConnection, connect_sqlite

# How long one SQLite process waits for another's write (training writes a model while the bot hears), in seconds.
BUSY_TIMEOUT_SECONDS = 15.0
# How a session begins that never writes.
READ = "BEGIN"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored and returned in UTC. Raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite has no zones, so there the zone is dropped after the conversion."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"An instant must be aware, got the naive {value!r}.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware UTC, whatever the server's session zone is."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One installation's rows: an engine that knows the key ring, and the two ways to use it.

    `transaction()` may write; on SQLite writers of this process queue fairly on a lock, because SQLite itself only polls.
    `reading()` never writes and never waits for a writer.
    """

    def __init__(self, url: str, keys: KeyRing, *, pool_size: int = 5) -> None:
        self.url = url
        self.engine = _create_engine(url, pool_size)
        self.engine.sync_engine.dialect.klatch_keys = keys  # type: ignore[attr-defined]
        self.keys = keys
        self._writing = async_sessionmaker(self.engine, expire_on_commit=False)
        reader = self.engine.execution_options(klatch_begin=READ)
        self._reading = async_sessionmaker(reader, expire_on_commit=False, autoflush=False)
        self._write_lock: asyncio.Lock | None = asyncio.Lock() if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        """True for the default engine; False for PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose work commits at the end of the block, or not at all."""
        async with self._writer_turn(), self._writing() as session, session.begin():
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session for looking only; what it loads stays usable afterwards."""
        async with self._reading() as session:
            yield session

    def _writer_turn(self) -> AbstractAsyncContextManager[Any]:
        return self._write_lock or nullcontext()

    async def optimize(self) -> None:
        """Let SQLite count anew what changed much, so that it chooses its indexes well; PostgreSQL does so by itself.

        A few milliseconds: it reads a sample of each index. Skipped while another process holds the write lock.
        """
        if not self.is_sqlite:
            return
        with suppress(OperationalError):
            async with self._writer_turn(), self.engine.connect() as connection:
                connection = await connection.execution_options(klatch_begin="SELECT 1")
                await connection.exec_driver_sql("PRAGMA analysis_limit = 400")
                await connection.exec_driver_sql("PRAGMA optimize = 0x10002")

    async def close(self) -> None:
        """Let go of every connection."""
        await self.engine.dispose()


def keys_of(dialect: Dialect) -> KeyRing:
    """The key ring that came with the engine of this dialect."""
    ring: KeyRing = dialect.klatch_keys  # type: ignore[attr-defined]
    return ring


def keys_of_session(session: AsyncSession) -> KeyRing:
    """The key ring of the database that this session belongs to."""
    return keys_of(session.get_bind().dialect)


def table_of(row_class: type[Any]) -> Table:
    """The plain table of a mapped class, for statements over many rows at once."""
    return cast(Table, row_class.__table__)


def insert_of(session: AsyncSession, table: type[Any]) -> Any:
    """The engine's own INSERT for a mapped class, which knows ON CONFLICT; plain rows, no ORM objects.

    Typed Any because SQLite's and PostgreSQL's constructs share their methods but no base class.
    """
    own = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return own.insert(table_of(table))


def insert_many(session: AsyncSession, table: type[Any], rows: Sequence[dict[str, Any]]) -> tuple[Any, Any]:
    """The engine's own INSERT of rows (at least one, all with the same keys), and its parameters.

    The statement may be given ON CONFLICT and RETURNING. PostgreSQL takes each column as one array: its driver reads a
    statement of a thousand placeholders anew each time, and sends rows without RETURNING one by one.
    """
    statement = insert_of(session, table)
    if session.get_bind().dialect.name == "sqlite":
        return statement, rows
    columns = [table_of(table).c[name] for name in rows[0]]
    # The column's own type, so that what is sealed is sealed here too; one dimension, for a value may be a list itself.
    arrays = [bindparam(f"all_{one.name}", type_=postgresql.ARRAY(one.type, dimensions=1)) for one in columns]
    columns_table = func.unnest(*arrays).table_valued(*(one.name for one in columns)).render_derived()
    parameters = {f"all_{one.name}": [row[one.name] for row in rows] for one in columns}
    return statement.from_select(columns, select(*columns_table.c)), parameters


class _Many(TypeDecorator[Any]):
    """Many values as one parameter: an array on PostgreSQL, a JSON list on SQLite."""

    impl = String
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """What the driver is told."""
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else postgresql.ARRAY(self.item))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Each value as the column stores it; arrays see to that themselves."""
        if dialect.name != "sqlite":
            return list(value)
        process = self.item.dialect_impl(dialect).bind_processor(dialect)
        return orjson.dumps([process(one) for one in value] if process else list(value)).decode()


class _IsOneOf(FunctionElement[bool]):
    """See is_one_of()."""

    type = Boolean()
    inherit_cache = True
    name = "is_one_of"

    def self_group(self, against: Any = None) -> Any:
        """As it stands: SQLAlchemy would write "... = 1" for SQLite, and then no index is used."""
        return self


@compiles(_IsOneOf)
def _as_array(element: _IsOneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} = ANY ({values}))"


@compiles(_IsOneOf, "sqlite")
def _as_json(element: _IsOneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({values})))"  # noqa: S608  # both are compiled SQL


def is_one_of(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column holds one of these, however many: they are one parameter. Of none it is false.

    A plain in_() has a parameter a value, and a statement takes 65,535 on PostgreSQL and 32,766 on SQLite: a community of
    40,000 would get no digest. An index on the column is used.
    """
    return _IsOneOf(column, bindparam(None, list(values), type_=_Many(column.type), unique=True))


def is_one_of_given(column: Any, name: str) -> ColumnElement[bool]:
    """The same with the values as the parameter `name` (a list), for a statement that is made once and asked again and again."""
    return _IsOneOf(column, bindparam(name, type_=_Many(column.type)))


# What SQLite may not say again: locked, out of memory, read-only, failing or full disk. All else is about the statement.
_SQLITE_PASSES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
# PostgreSQL's classes of errors that pass: connection, rollback (deadlock), resources, in use, operator, system.
_POSTGRES_PASSES = frozenset({"08", "40", "53", "55", "57", "58"})


def is_temporary(error: BaseException) -> bool:
    """True when the database may take the same statement later: server gone, restart, lock, full disk; never for wrong data.

    Only what the database says counts. An OSError may as well come from reading a date in what somebody sent.
    """
    if not isinstance(error, DBAPIError):
        return isinstance(error, PoolTimeout)
    if error.connection_invalidated:
        return True
    if (sqlite_code := getattr(error.orig, "sqlite_errorcode", None)) is not None:
        # The lower byte; the upper ones say which kind of it.
        return sqlite_code & 0xFF in _SQLITE_PASSES
    if (sqlstate := getattr(error.orig, "sqlstate", None)) is not None:
        return sqlstate[:2] in _POSTGRES_PASSES
    # SQLite's driver says InterfaceError to a value that it cannot bind, PostgreSQL's to a lost connection.
    is_lost = isinstance(error, InterfaceError) and not isinstance(error.orig, sqlite3.Error)
    return isinstance(error, OperationalError) or is_lost


def _create_engine(url: str, pool_size: int) -> AsyncEngine:
    if url.startswith("sqlite"):
        connecting = {"timeout": BUSY_TIMEOUT_SECONDS, "async_creator_fn": connect_sqlite}
        engine = create_async_engine(url, pool_size=pool_size, connect_args=connecting, hide_parameters=True)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    return create_async_engine(url, pool_size=pool_size, pool_pre_ping=True, hide_parameters=True)


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once: a deferred transaction that writes later can fail without waiting.
    how = connection.get_execution_options().get("klatch_begin", "BEGIN IMMEDIATE")
    driver = cast(SqliteConnection, connection.connection.driver_connection)
    driver.begin(how, only_reads=how == READ)
