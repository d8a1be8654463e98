"""Whether a member can come when people meet in person; a time zone does not tell Madrid from Berlin."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_events_in_person"
down_revision = "0013_indexes_for_retention"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has been asked yet."""
    op.add_column("member", sa.Column("is_online_only", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("member", "is_online_only")
