"""Each statement compiled once in a run, not once for each test's engine.

SQLAlchemy keeps what it compiled by dialect and by engine, as the one engine of an installation needs it; each test opens an
engine of its own, and a third of the time of those that use it went into compiling what the test before had compiled.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect

from models.database import Database

# For each kind of database its dialect, once it has seen a server, and what was compiled for it.
_SHARED: dict[str, tuple[Dialect, dict[Any, Any]]] = {}


def remember_dialect(database: Database) -> None:
    """Whoever opens such a database later speaks as this one does, which has been connected and holds the tests' key."""
    dialect = database.engine.sync_engine.dialect
    _SHARED.setdefault(dialect.name, (dialect, {}))


def compile_once(database: Database) -> Database:
    """The same database, whose statements are kept with those of all others of its kind."""
    dialect, statements = _SHARED[database.engine.dialect.name]
    reader = database._reading.kw["bind"]
    for engine in (database.engine, reader):
        engine.sync_engine.dialect = dialect
        engine.update_execution_options(compiled_cache=statements)
    return database
