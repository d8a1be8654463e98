"""What admins decide about introducing two members is kept: never, or together in the next round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import base

revision = "0025_pair_rules"
down_revision = "0024_listing_meanings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    op.create_table(
        "pair_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("one_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decision", sa.String(64), nullable=False),
        sa.Column("decided_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_pair_rule_community_id_community"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["one_id"], ["member.id"], name=op.f("fk_pair_rule_one_id_member"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["other_id"], ["member.id"], name=op.f("fk_pair_rule_other_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_rule")),
    )
    op.create_index(op.f("ix_pair_rule_community_id"), "pair_rule", ["community_id"], unique=False)
    op.create_index(op.f("ix_pair_rule_one_id"), "pair_rule", ["one_id"], unique=False)
    op.create_index(op.f("ix_pair_rule_other_id"), "pair_rule", ["other_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_pair_rule_other_id"), table_name="pair_rule")
    op.drop_index(op.f("ix_pair_rule_one_id"), table_name="pair_rule")
    op.drop_index(op.f("ix_pair_rule_community_id"), table_name="pair_rule")
    op.drop_table("pair_rule")
