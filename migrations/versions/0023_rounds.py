"""Rounds of introductions: who joined, and which rounds were made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import base

revision = "0023_rounds"
down_revision = "0022_inquiries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both."""
    op.create_table(
        "round",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("n_people", sa.Integer(), nullable=False),
        sa.Column("n_introduced", sa.Integer(), nullable=False),
        sa.Column("gap", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_round_community_id_community"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("community_id", "due_at", name=op.f("uq_round_community_id_due_at")),
    )
    op.create_table(
        "round_place",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("joined_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("n_silent", sa.Integer(), nullable=False),
        sa.Column("rested_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("left_out_at", base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_round_place_community_id_community"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_round_place_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_place")),
        sa.UniqueConstraint("community_id", "member_id", name=op.f("uq_round_place_community_id_member_id")),
    )
    op.create_index(op.f("ix_round_place_member_id"), "round_place", ["member_id"], unique=False)


def downgrade() -> None:
    """Take both away, the rounds and who joined them."""
    op.drop_index(op.f("ix_round_place_member_id"), table_name="round_place")
    op.drop_table("round_place")
    op.drop_table("round")
