"""What a statement costs on SQLite, and what becomes of one that nobody waits for any more."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

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
    visits.clear()

    async with sqlite.reading() as session:
        found = (await session.scalars(select(Member.name).order_by(Member.id))).all()

    assert found == ["Ana", "Bo"]
    assert visits == ["_run"]


async def test_a_transaction_begins_with_its_first_statement_and_ends_in_one_visit_more(
    sqlite: Database, visits: list[str]
) -> None:
    async with sqlite.reading() as session:
        await session.execute(text("SELECT 1"))
    visits.clear()

    async with sqlite.transaction() as session:
        await session.execute(update(Member).values(name="Ana"))

    assert visits == ["_run", "commit"]


async def test_who_only_reads_sees_one_instant_and_lets_go_of_it(sqlite: Database) -> None:
    names = select(func.count()).select_from(Member)
    async with sqlite.reading() as session:
        before = await session.scalar(names)
        async with sqlite.transaction() as writing:
            await make_member(writing, name="Ana")
        meanwhile = await session.scalar(names)
    async with sqlite.reading() as session:
        after = await session.scalar(names)

    assert (before, meanwhile, after) == (0, 0, 1)


async def test_what_was_undone_before_its_first_statement_begins_nothing_later(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        await session.connection()
        await session.rollback()
    async with sqlite.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert isinstance(driver, SqliteConnection)

        async with driver.cursor() as cursor:
            await cursor.execute("SELECT 1")

    assert not driver.in_transaction


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
