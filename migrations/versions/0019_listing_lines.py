"""The line of a need or an offer is kept as it was written, so that its author can change it without writing it anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import base

revision = "0019_listing_lines"
down_revision = "0018_listings_not_closed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those of before show what was read of theirs."""
    op.add_column("listing", sa.Column("line", base.EncryptedText(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("listing", "line")
