"""Forwards and lines about who came and went are found without reading the whole chat when a member of it is forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_others_in_messages"
down_revision = "0016_listing_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index; on a large installation this takes some seconds, once."""
    where = sa.text(
        "is_forward OR kind IN ('service:new_chat_members', 'service:left_chat_member', 'service:pinned_message')"
    )
    op.create_index("ix_message_shows_others", "message", ["chat_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_message_shows_others", table_name="message")
