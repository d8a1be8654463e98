"""Bring a database to the newest shape; called at every start, and cheap when there is nothing to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from models.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent


def newest_revision() -> str:
    """The last step's name: files are numbered, so no step has to be imported to know it."""
    return max(path.stem for path in (HERE / "versions").glob("[0-9]*.py"))


async def upgrade(database: Database) -> bool:
    """Run the steps that are missing. Returns False when the database was already at the newest."""
    async with database.engine.connect() as connection:
        if await connection.run_sync(current_revision) == newest_revision():
            return False
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: migrate(sync, "head"))
    return True


def current_revision(connection: Connection) -> str | None:
    """The step a database stands at, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(connection: Connection, revision: str) -> None:
    """Go to `revision` ("head", "base" or a name), up or down, on this connection."""
    # Imported here: a quarter of a second that a start without new steps need not pay.
    from alembic import command

    config = alembic_config(connection)
    if revision == "base":
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration without a file: where the steps are, and the connection to run on."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
