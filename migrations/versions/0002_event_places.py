"""Where an event takes place on the map, and who may see it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import base

revision = "0002_event_places"
down_revision = "0001_first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both; events that are there keep being seen by their community."""
    op.add_column("event", sa.Column("position", base.EncryptedJson(), nullable=True))
    op.add_column(
        "event", sa.Column("visibility", sa.String(length=64), nullable=False, server_default=sa.text("'community'"))
    )


def downgrade() -> None:
    """Take both away. Not by a copy of the table, as Alembic's batches do on SQLite: answers would go with the old one."""
    op.drop_column("event", "visibility")
    op.drop_column("event", "position")
