"""A thread keeps what it is found by; how many spoke, which kind it is and whether it was answered is told by its messages.

Those columns were written at every run and read by nobody. Dropped one by one, not by a new table: on SQLite that would take
the threads of all messages with the old one.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.database import UtcDateTime

revision = "0020_thread_found"
down_revision = "0019_listing_lines"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is lost that its messages do not say."""
    for name in ("opened_at", "n_messages", "n_members", "kind", "is_answered"):
        op.drop_column("thread", name)


def downgrade() -> None:
    """Empty values: the next weaving of before this step writes those of recent threads."""
    began = sa.Column(
        "opened_at", UtcDateTime(timezone=True), nullable=False, server_default="1970-01-01 00:00:00+00:00"
    )
    op.add_column("thread", began)
    op.execute("UPDATE thread SET opened_at = last_at")
    for name in ("n_messages", "n_members"):
        op.add_column("thread", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("thread", sa.Column("kind", sa.String(64), nullable=False, server_default="chatter"))
    op.add_column("thread", sa.Column("is_answered", sa.Boolean(), nullable=False, server_default=sa.false()))
