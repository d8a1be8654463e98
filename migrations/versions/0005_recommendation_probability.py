"""A recommendation keeps the chance that the model gave it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_recommendation_probability"
down_revision = "0003_people_to_meet"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it, in place; of what was recommended before nobody knows it."""
    op.add_column("recommendation", sa.Column("probability", sa.Double(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("recommendation", "probability")
