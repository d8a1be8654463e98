"""One event of a series leads: the coming ones are made like it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_series_leader"
down_revision = "0001_first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; of what is there none leads."""
    with op.batch_alter_table("event") as batch_op:
        batch_op.add_column(sa.Column("leads_series", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Our tables leave defaults to the code.
    with op.batch_alter_table("event") as batch_op:
        batch_op.alter_column("leads_series", server_default=None)


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("event") as batch_op:
        batch_op.drop_column("leads_series")
