"""What needs and offers mean is kept, so that those in two languages find each other without being read anew each time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import base

revision = "0024_listing_meanings"
down_revision = "0023_rounds"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add it; the next matching fills it."""
    op.create_table(
        "listing_meaning",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("listing_id", ROW_ID, nullable=False),
        sa.Column("encoder", sa.String(64), nullable=False),
        sa.Column("digest", base.EncryptedText(), nullable=False),
        sa.Column("vectors", base.EncryptedBytes(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_meaning_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_meaning")),
        sa.UniqueConstraint("listing_id", name=op.f("uq_listing_meaning_listing_id")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("listing_meaning")
