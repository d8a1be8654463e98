"""Alembic's entry: it runs on the connection that migrations.upgrade hands over, and compares with our tables."""

from __future__ import annotations

from alembic import context
from sqlalchemy.engine import Connection

import models.tables  # noqa: F401  # registers every table
from models.tables.base import Base


def run(connection: Connection) -> None:
    """Run the asked steps in one transaction.

    Written steps change a table in place: a batch copies it on SQLite and drops the old one, and with it all that hangs on it.
    """
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        user_module_prefix="base.",
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
