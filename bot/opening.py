"""Opening the installation's database: key, shape, and one plain sentence when something is wrong."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.config import Config
from migrations.upgrade import upgrade
from models.database import Database
from models.domain.installation.installation import check_key
from models.encryption import KeyProblem, KeyRing, read_or_create_key_file

log = logging.getLogger("klatch")


class CannotStart(Exception):
    """A command cannot begin or go on; the text says what to do."""


def key_ring(config: Config) -> KeyRing:
    """The keys of the configuration, else of the key file, which is made when it is missing. Raises CannotStart."""
    path = Path(config.privacy.key_file)
    is_new = not config.privacy.encryption_keys and not path.exists()
    try:
        ring = KeyRing(config.privacy.encryption_keys or read_or_create_key_file(path))
        if is_new:
            log.info("made a new key: %s (keep a copy apart from the database)", path.resolve())
        return ring
    except KeyProblem as problem:
        raise CannotStart(str(problem)) from None


async def open_existing(config: Config) -> Database:
    """The same for commands that only look: where there is no installation yet, none is made. Raises CannotStart."""
    if missing := _missing(config):
        raise CannotStart(missing)
    return await open_database(config)


def _missing(config: Config) -> str:
    """What an installation would need and is not there, as a sentence; "" when all is."""
    path, key_file = database_file(config), Path(config.privacy.key_file).resolve()
    if path is not None and not path.exists():
        return f"There is nothing to look at yet: no database at {path}. `klatch run` or an import makes one."
    if not config.privacy.encryption_keys and not key_file.exists():
        return f"The key is missing: there is no {key_file}. Put back the copy you kept of it."
    return ""


def database_file(config: Config) -> Path | None:
    """Where the rows are, as a whole path; None on a server or in memory."""
    url = make_url(config.database.url)
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)).resolve() if is_file else None


async def open_database(config: Config) -> Database:
    """The rows, brought to the newest shape, with the key that wrote them; made where there are none. Raises CannotStart."""
    path = database_file(config)
    is_new = path is not None and not path.exists()
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
        address = make_url(config.database.url).render_as_string(hide_password=True)
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise CannotStart(f"The database at {address} cannot be used: {reason}.") from None
    if is_new:
        log.info("made a new database: %s", path)
    return database
