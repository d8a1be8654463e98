"""A recommendation keeps the chance that the model gave it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_recommendation_probability"
down_revision = "0001_first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; of what was recommended before nobody knows it."""
    with op.batch_alter_table("recommendation") as batch_op:
        batch_op.add_column(sa.Column("probability", sa.Double(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("recommendation") as batch_op:
        batch_op.drop_column("probability")
