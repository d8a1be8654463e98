"""What is inferred about members, line by line, and what they said to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import base

revision = "0026_profiles"
down_revision = "0025_pair_rules"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add it."""
    op.create_table(
        "profile_fact",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("member_id", ROW_ID, nullable=False),
        sa.Column("community_id", ROW_ID, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("words", base.EncryptedText(), nullable=True),
        sa.Column("inferred_hash", sa.String(64), nullable=True),
        sa.Column("message_id", ROW_ID, nullable=True),
        sa.Column("source", base.EncryptedJson(), nullable=True),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("created_at", base.UtcDateTime(), nullable=False),
        sa.Column("decided_at", base.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_profile_fact_community_id_community"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_profile_fact_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_profile_fact_message_id_message"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_fact")),
    )
    op.create_index(op.f("ix_profile_fact_community_id_state"), "profile_fact", ["community_id", "state"], unique=False)
    op.create_index(op.f("ix_profile_fact_member_id"), "profile_fact", ["member_id"], unique=False)
    op.create_index(
        op.f("ix_profile_fact_message_id"),
        "profile_fact",
        ["message_id"],
        unique=False,
        sqlite_where=sa.text("message_id IS NOT NULL"),
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index(
        op.f("ix_profile_fact_message_id"),
        table_name="profile_fact",
        sqlite_where=sa.text("message_id IS NOT NULL"),
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_profile_fact_member_id"), table_name="profile_fact")
    op.drop_index(op.f("ix_profile_fact_community_id_state"), table_name="profile_fact")
    op.drop_table("profile_fact")
