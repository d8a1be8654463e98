"""One event of a series leads: the coming ones are made like it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_series_leader"
down_revision = "0005_recommendation_probability"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; of what is there none leads. In place: SQLite's way of copying a table would take its answers along."""
    op.add_column("event", sa.Column("leads_series", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("event", "leads_series")
