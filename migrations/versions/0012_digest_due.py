"""Whose digest is due is found by an index: every yes to digests keeps when its member is to be looked at next."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from models.database import UtcDateTime

revision = "0012_digest_due"
down_revision = "0011_certain_ties"
branch_labels = None
depends_on = None

CONSENT = sa.table(
    "consent",
    sa.column("purpose", sa.String),
    sa.column("is_given", sa.Boolean),
    sa.column("digest_due_at", UtcDateTime()),
)


def upgrade() -> None:
    """Add it; the first look after this goes to everybody who said yes and works out when their next one is."""
    op.add_column("consent", sa.Column("digest_due_at", UtcDateTime(), nullable=True))
    said_yes = sa.and_(CONSENT.c.purpose == "digest", CONSENT.c.is_given.is_(True))
    op.execute(sa.update(CONSENT).where(said_yes).values(digest_due_at=datetime(1970, 1, 1, tzinfo=UTC)))
    where = sa.text("digest_due_at IS NOT NULL")
    columns = ["community_id", "digest_due_at", "id"]
    op.create_index("ix_consent_digest_due", "consent", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_consent_digest_due", table_name="consent")
    op.drop_column("consent", "digest_due_at")
