"""Who asked in private who knows something, whom that found, and a sentence on how an introduction went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import base

revision = "0022_inquiries"
down_revision = "0021_proposals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    op.create_table(
        "inquiry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question", base.EncryptedText(), nullable=False),
        sa.Column("asked_at", base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_inquiry_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
    )
    op.create_index(op.f("ix_inquiry_asked_at"), "inquiry", ["asked_at"], unique=False)
    op.create_index(op.f("ix_inquiry_member_id"), "inquiry", ["member_id"], unique=False)
    op.create_table(
        "inquiry_candidate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inquiry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("candidate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("facts", base.EncryptedJson(), nullable=False),
        sa.Column("introduction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["member.id"], name=op.f("fk_inquiry_candidate_candidate_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["community.id"],
            name=op.f("fk_inquiry_candidate_community_id_community"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiry.id"], name=op.f("fk_inquiry_candidate_inquiry_id_inquiry"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_inquiry_candidate_introduction_id_introduction"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_candidate")),
        sa.UniqueConstraint("inquiry_id", "position", name=op.f("uq_inquiry_candidate_inquiry_id_position")),
    )
    op.create_index(op.f("ix_inquiry_candidate_candidate_id"), "inquiry_candidate", ["candidate_id"], unique=False)
    op.create_index(op.f("ix_inquiry_candidate_community_id"), "inquiry_candidate", ["community_id"], unique=False)
    op.create_index(
        op.f("ix_inquiry_candidate_introduction_id"),
        "inquiry_candidate",
        ["introduction_id"],
        unique=False,
        sqlite_where=sa.text("introduction_id IS NOT NULL"),
        postgresql_where=sa.text("introduction_id IS NOT NULL"),
    )
    op.add_column("introduction_side", sa.Column("sentence", base.EncryptedText(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("introduction_side", "sentence")
    op.drop_index(
        op.f("ix_inquiry_candidate_introduction_id"),
        table_name="inquiry_candidate",
        sqlite_where=sa.text("introduction_id IS NOT NULL"),
        postgresql_where=sa.text("introduction_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_inquiry_candidate_community_id"), table_name="inquiry_candidate")
    op.drop_index(op.f("ix_inquiry_candidate_candidate_id"), table_name="inquiry_candidate")
    op.drop_table("inquiry_candidate")
    op.drop_index(op.f("ix_inquiry_member_id"), table_name="inquiry")
    op.drop_index(op.f("ix_inquiry_asked_at"), table_name="inquiry")
    op.drop_table("inquiry")
