"""What is old enough to be erased is found by an index, however much is not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_indexes_for_retention"
down_revision = "0012_digest_due"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them; on a large installation this takes some seconds, once."""
    op.create_index("ix_delivery_created_at", "delivery", ["created_at"])
    where = sa.text("payload IS NOT NULL")
    op.create_index("ix_delivery_in_words", "delivery", ["created_at"], sqlite_where=where, postgresql_where=where)
    op.create_index("ix_poll_answer_answered_at", "poll_answer", ["answered_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_poll_answer_answered_at", table_name="poll_answer")
    op.drop_index("ix_delivery_in_words", table_name="delivery")
    op.drop_index("ix_delivery_created_at", table_name="delivery")
