"""What a statement costs on SQLite, and what becomes of one that nobody waits for any more."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from models.database import Database
from models.sqlite_connection import SqliteConnection, connect_sqlite
from models.tables.member import Member
from tests.factories import make_member

# Counting so far takes SQLite longer than any test waits.
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000) SELECT max(i) FROM n"


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the connection's thread was asked for, by name."""
    asked: list[str] = []
    plain = SqliteConnection._execute

    async def noted(self: SqliteConnection, fn: Any, *args: Any, **kwargs: Any) -> Any:
        asked.append(fn.__name__)
        return await plain(self, fn, *args, **kwargs)

    monkeypatch.setattr(SqliteConnection, "_execute", noted)
    return asked


async def test_a_statement_goes_to_its_thread_once_and_brings_its_rows(sqlite: Database, visits: list[str]) -> None:
    async with sqlite.transaction() as session:
        await make_member(session, name="Ana")
        await make_member(session, name="Bo")
    async with sqlite.reading() as session:
        await session.execute(text("SELECT 1"))
        visits.clear()

        found = (await session.scalars(select(Member.name).order_by(Member.id))).all()

    assert found == ["Ana", "Bo"]
    assert visits == ["_run", "rollback"]


async def test_a_statement_nobody_waits_for_is_closed_once_it_has_ended(tmp_path: Path) -> None:
    connection = await connect_sqlite(str(tmp_path / "any.db"), check_same_thread=False)
    cursor = await connection.cursor()
    task = asyncio.create_task(cursor.execute(ENDLESS))
    await asyncio.sleep(0.2)

    task.cancel()
    closing = asyncio.create_task(cursor.close())
    await asyncio.sleep(0.2)
    is_closed_early = closing.done()
    await connection.interrupt()
    await closing

    assert not is_closed_early
    async with connection.cursor() as another:
        await another.execute("SELECT 1")
        assert await another.fetchall() == [(1,)]
    await connection.close()


async def test_a_failed_statement_leaves_a_connection_that_goes_on(sqlite: Database) -> None:
    async with sqlite.reading() as session:
        with pytest.raises(Exception, match="no such table: nowhere"):
            await session.execute(text("SELECT * FROM nowhere"))
        assert await session.scalar(text("SELECT 1")) == 1


async def test_a_result_that_would_be_read_bit_by_bit_is_refused(sqlite: Database) -> None:
    async with sqlite.reading() as session:
        with pytest.raises(NotImplementedError, match="all at once"):
            _ = [one async for one in await session.stream(text("SELECT 1"))]
