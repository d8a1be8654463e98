"""Shared by all tests: two databases, migrated and empty, a simulated clock, and a fixed key."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.playground.clock import SimulatedClock
from migrations.upgrade import upgrade
from models.database import Database
from models.encryption import KeyRing
from models.tables.base import Base
from tests.leaks import (  # noqa: F401  # hooks: what a test leaves behind fails that test
    pytest_fixture_setup,
    pytest_runtest_makereport,
    pytest_runtest_setup,
    pytest_runtest_teardown,
)
from tests.stage import Stage
from tests.statements import compile_once, remember_dialect

# Two hundred processes start in a run; where nothing may be kept, each compiles all of our code anew, and pytest all tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Before numpy is loaded: its threads wait for each other by spinning, which beside another worker costs more than they save.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

# A busy machine must not fail a property: no test of ours is about how fast its inputs are drawn.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
FOUND = Path(os.environ.get("KLATCH_TEST_FOUND", Path(__file__).parents[1] / ".hypothesis" / "found"))
# The same inputs every time, so that nobody's change is blamed for what chance found; `make search` draws others.
settings.register_profile("fixed", _PATIENT, derandomize=True, database=None)
settings.register_profile(
    "search",
    _PATIENT,
    max_examples=1_000,
    print_blob=True,
    database=DirectoryBasedExampleDatabase(FOUND),
)
settings.load_profile(os.environ.get("KLATCH_TEST_PROFILE", "fixed"))

# Whole stories, processes, simulated weeks, pictures, browsers and tables of everything take their time; `make test-fast`
# leaves them out.
SLOW = (
    "journeys/",
    "bot/playground/",
    "bot/charts/",
    "bot/delivery/test_door",
    "engine/test_process",
    "jobs/test_training",
    "learning/test_features",
    "learning/test_quality",
    "_machine.py",
    "multitude",
    "test_leaks",
    "test_query_plans",
    "test_refusals",
    "test_search",
    "to_many",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow by its nature, and let it begin: at the end one process would wait for the other's last minute."""
    for item in items:
        if any(part in item.nodeid for part in SLOW):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Thousands of tests and all that was imported for them live to the end: the collector need not walk them again."""
    gc.collect()
    gc.freeze()


# Each test has a database of its own, and each of its commits goes to the disk; where there is room, to memory instead.
IN_MEMORY = Path("/dev/shm")
ROOM_IN_MEMORY = 2 * 1024**3
if IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM_IN_MEMORY:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))

T = TypeVar("T")
KEY = "a2xhdGNoIHRlc3RzIHVzZSB0aGlzIGtleSBvbmx5ISE="
POSTGRES = os.environ.get("KLATCH_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
IS_POSTGRES_REQUIRED = os.environ.get("KLATCH_REQUIRE_POSTGRES") == "1"


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing([KEY])


@pytest.fixture
def clock() -> SimulatedClock:
    """A Monday morning."""
    return SimulatedClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that each test copies: migrating once is what keeps the suite fast."""
    path = tmp_path_factory.mktemp("migrated") / "klatch.db"
    _run_apart(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_postgres() -> Iterator[str]:
    """A migrated PostgreSQL database of this process's own, dropped at the end; skips, visibly, where none answers."""
    # The process id lets two runs of the suite share one server.
    name = f"klatch_test_{os.getpid()}"
    yield _run_apart(_migrated_postgres(name))
    _run_apart(_drop_postgres(name))


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path, keys: KeyRing) -> AsyncIterator[Database]:
    """A migrated, empty database; the test runs once on each engine."""
    if request.param == "sqlite":
        opened = compile_once(Database(_copied(request.getfixturevalue("migrated_file"), tmp_path), keys))
    else:
        opened = compile_once(Database(request.getfixturevalue("migrated_postgres"), keys))
        await _empty(opened)
    yield opened
    await opened.close()


@pytest.fixture
async def postgres_url(migrated_postgres: str, keys: KeyRing) -> str:
    """PostgreSQL without rows, for tests that open it themselves or from other processes."""
    opened = compile_once(Database(migrated_postgres, keys))
    await _empty(opened)
    await opened.close()
    return migrated_postgres


async def _empty(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(text(_EMPTY_POSTGRES))


# TRUNCATE makes new files for thirty tables, which takes PostgreSQL a second; deleting the few rows of a test takes none.
_EMPTY_POSTGRES = ";".join(
    [f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables)]
    + [
        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), 1, false)"
        for table in Base.metadata.sorted_tables
        if "id" in table.c
    ]
)


@pytest.fixture
async def sqlite(tmp_path: Path, migrated_file: Path, keys: KeyRing) -> AsyncIterator[Database]:
    """SQLite only: for what does not depend on the engine."""
    opened = compile_once(Database(_copied(migrated_file, tmp_path), keys))
    yield opened
    await opened.close()


def _run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a loop of its own: session fixtures are asked for while a test's loop already runs."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()


def _copied(migrated_file: Path, tmp_path: Path) -> str:
    shutil.copy(migrated_file, tmp_path / "klatch.db")
    return f"sqlite+aiosqlite:///{tmp_path / 'klatch.db'}"


async def _migrate(url: str) -> None:
    database = Database(url, KeyRing([KEY]))
    await upgrade(database)
    remember_dialect(database)
    await database.close()


async def _drop_postgres(name: str) -> None:
    await _administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _administer(*statements: str) -> None:
    admin = create_async_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    try:
        async with admin.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))
    finally:
        await admin.dispose()


async def _migrated_postgres(name: str) -> str:
    try:
        await _administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        # No test pulls the server's plug, so none need wait for its disk.
        await _administer(f"ALTER DATABASE {name} SET synchronous_commit = off")
    except Exception as error:
        if IS_POSTGRES_REQUIRED:
            raise
        pytest.skip(f"no PostgreSQL answers ({type(error).__name__}); set KLATCH_TEST_POSTGRES to test on it")
    url = POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    await _migrate(url)
    return url


@pytest.fixture
async def stage(sqlite: Database, clock: SimulatedClock) -> AsyncIterator[Stage]:
    """The real bot against a local Telegram, on SQLite: for stories that do not depend on the engine."""
    opened = Stage(sqlite, clock)
    await opened.open()
    yield opened
    await opened.close()
