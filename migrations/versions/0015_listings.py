"""Needs and offers are cards: what their line says in fields, where it was posted, and drafts before that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.tables import base

revision = "0015_listings"
down_revision = "0014_events_in_person"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Those of before are open to those who look, and have no card."""
    with op.batch_alter_table("listing") as batch:
        batch.add_column(sa.Column("chat_id", ROW_ID, nullable=True))
        batch.add_column(sa.Column("telegram_thread_id", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("card_id", ROW_ID, nullable=True))
        batch.add_column(sa.Column("quantity", base.EncryptedText(), nullable=True))
        batch.add_column(sa.Column("place", base.EncryptedText(), nullable=True))
        batch.add_column(sa.Column("audience", base.EncryptedText(), nullable=True))
        batch.add_column(sa.Column("until_at", base.UtcDateTime(), nullable=True))
        batch.add_column(sa.Column("until_has_time", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("posted_at", base.UtcDateTime(), nullable=True))
        for name, table in (("chat_id", "chat"), ("card_id", "delivery")):
            key = op.f(f"fk_listing_{name}_{table}")
            batch.create_foreign_key(key, table, [name], ["id"], ondelete="SET NULL")
    for name in ("card_id", "chat_id"):
        where = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            op.f(f"ix_listing_{name}"), "listing", [name], sqlite_where=where, postgresql_where=where, unique=False
        )
    op.execute("UPDATE listing SET posted_at = created_at")


def downgrade() -> None:
    """Take it back; drafts go, since nobody but their authors saw them."""
    op.execute("DELETE FROM listing WHERE posted_at IS NULL")
    for name in ("chat_id", "card_id"):
        op.drop_index(op.f(f"ix_listing_{name}"), table_name="listing")
    with op.batch_alter_table("listing") as batch:
        for name, table in (("card_id", "delivery"), ("chat_id", "chat")):
            batch.drop_constraint(op.f(f"fk_listing_{name}_{table}"), type_="foreignkey")
        for name in ("posted_at", "until_has_time", "until_at", "audience", "place", "quantity"):
            batch.drop_column(name)
        for name in ("card_id", "telegram_thread_id", "chat_id"):
            batch.drop_column(name)
