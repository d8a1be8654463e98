"""What is not closed is looked for every half hour: by an index, however many were closed over the years."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_listings_not_closed"
down_revision = "0017_others_in_messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    where = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_listing_not_closed", "listing", ["expires_at"], sqlite_where=where, postgresql_where=where, unique=False
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_listing_not_closed", table_name="listing")
