"""Interactions are found by chat and member together: by chat alone an index finds nearly all of them."""

from __future__ import annotations

from alembic import op

revision = "0010_interaction_chat"
down_revision = "0009_delivery_about"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the wider index in the place of the narrow one."""
    op.drop_index("ix_interaction_chat_id", table_name="interaction")
    op.create_index("ix_interaction_chat_id_member_id", "interaction", ["chat_id", "member_id"])


def downgrade() -> None:
    """Put the narrow one back."""
    op.drop_index("ix_interaction_chat_id_member_id", table_name="interaction")
    op.create_index("ix_interaction_chat_id", "interaction", ["chat_id"])
