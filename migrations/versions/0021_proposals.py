"""Each side of an introduction reads why it was proposed to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import base

revision = "0021_proposals"
down_revision = "0020_thread_found"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those of before were told what the introduction itself says."""
    op.add_column("introduction_side", sa.Column("reasons", base.EncryptedJson(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("introduction_side", "reasons")
