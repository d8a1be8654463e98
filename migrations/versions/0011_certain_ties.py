"""How surely a message belongs to its thread.

Of what was woven before, reply links are certain and everything else is probable. Columns are added in place: SQLite's way
of copying a table would take along what hangs on a message.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_certain_ties"
down_revision = "0010_interaction_chat"
branch_labels = None
depends_on = None

_ANSWERS = """
    UPDATE message SET answers_id = (
        SELECT parent.id FROM message AS parent WHERE parent.chat_id = message.chat_id
        AND parent.telegram_message_id = message.reply_to_telegram_id AND parent.thread_id = message.thread_id
        AND parent.id <> message.id
    ) WHERE thread_id IS NOT NULL AND reply_to_telegram_id IS NOT NULL
"""
_TIES = """
    UPDATE message SET tie = CASE WHEN answers_id IS NULL THEN 'probable' ELSE 'reply' END WHERE thread_id IS NOT NULL
"""
_HEADS = """
    UPDATE message SET tie = 'head', answers_id = NULL, is_certain = true WHERE id IN (
        SELECT id FROM (
            SELECT id, ROW_NUMBER() OVER (PARTITION BY thread_id ORDER BY sent_at, id) AS place
            FROM message WHERE thread_id IS NOT NULL
        ) AS numbered WHERE place = 1
    )
"""
_ONE_STEP_DOWN = """
    UPDATE message SET is_certain = true WHERE tie = 'reply' AND is_certain = false
    AND answers_id IN (SELECT id FROM message WHERE is_certain = true)
"""


def upgrade() -> None:
    """Add it, and tell it of what is there."""
    op.add_column("message", sa.Column("tie", sa.String(length=64), nullable=True))
    op.add_column("message", sa.Column("answers_id", sa.BigInteger(), nullable=True))
    op.add_column("message", sa.Column("is_certain", sa.Boolean(), nullable=False, server_default=sa.false()))
    for statement in (_ANSWERS, _TIES, _HEADS):
        op.execute(statement)
    # The trees become certain from their heads down, a step at a time until there is none.
    while op.get_bind().execute(sa.text(_ONE_STEP_DOWN)).rowcount:
        pass


def downgrade() -> None:
    """Take it away."""
    for column in ("is_certain", "answers_id", "tie"):
        op.drop_column("message", column)
