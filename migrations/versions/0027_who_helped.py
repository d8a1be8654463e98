"""Who helped is kept: with a need, by its author's word, and by introducing two, by the word of one of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import base

revision = "0027_who_helped"
down_revision = "0026_profiles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both."""
    op.add_column("introduction_side", sa.Column("helped_at", base.UtcDateTime(timezone=True), nullable=True))
    op.add_column("listing_answer", sa.Column("helped_at", base.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take both back."""
    op.drop_column("listing_answer", "helped_at")
    op.drop_column("introduction_side", "helped_at")
