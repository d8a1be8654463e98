"""Opening the installation's database: key, shape, and one plain sentence when something is wrong."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.config import Config
from migrations.upgrade import upgrade
from models.database import Database
from models.domain.installation.installation import check_key
from models.encryption import KeyProblem, KeyRing, read_or_create_key_file


class CannotStart(Exception):
    """A command cannot begin or go on; the text says what to do."""


def key_ring(config: Config) -> KeyRing:
    """The keys of the configuration, else of the key file, which is made when it is missing. Raises CannotStart."""
    try:
        return KeyRing(config.privacy.encryption_keys or read_or_create_key_file(Path(config.privacy.key_file)))
    except KeyProblem as problem:
        raise CannotStart(str(problem)) from None


async def open_database(config: Config) -> Database:
    """The rows, brought to the newest shape, with the key that wrote them. Raises CannotStart."""
    database = Database(config.database.url, key_ring(config))
    try:
        await upgrade(database)
        async with database.transaction() as session:
            await check_key(session)
    except KeyProblem as problem:
        await database.close()
        raise CannotStart(str(problem)) from None
    except (SQLAlchemyError, OSError) as error:
        await database.close()
        shown = make_url(config.database.url).render_as_string(hide_password=True)
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise CannotStart(f"The database at {shown} cannot be used: {reason}.") from None
    return database
