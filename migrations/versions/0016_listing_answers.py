"""Who can help with a need, or is interested in an offer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import base

revision = "0016_listing_answers"
down_revision = "0015_listings"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add it."""
    op.create_table(
        "listing_answer",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("listing_id", ROW_ID, nullable=False),
        sa.Column("member_id", ROW_ID, nullable=False),
        sa.Column("answered_at", base.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_answer_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_listing_answer_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_answer")),
        sa.UniqueConstraint("listing_id", "member_id", name=op.f("uq_listing_answer_listing_id_member_id")),
    )
    op.create_index(op.f("ix_listing_answer_member_id"), "listing_answer", ["member_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("listing_answer")
