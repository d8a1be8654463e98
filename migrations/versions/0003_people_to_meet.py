"""People to meet at an event, and introductions that begin there.

Batch mode copies a table and drops the old one, which on SQLite takes along the rows that hang on it. The tables of
introductions are still empty everywhere, so that is safe for them; recommendations get their column in place.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_people_to_meet"
down_revision = "0002_event_places"
branch_labels = None
depends_on = None


def _row_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add it."""
    with op.batch_alter_table("introduction") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=64), nullable=False))
        batch_op.add_column(sa.Column("event_id", _row_id(), nullable=True))
        batch_op.create_index(batch_op.f("ix_introduction_event_id"), ["event_id"])
        name = batch_op.f("fk_introduction_event_id_event")
        batch_op.create_foreign_key(name, "event", ["event_id"], ["id"], ondelete="SET NULL")
    with op.batch_alter_table("introduction_side") as batch_op:
        batch_op.add_column(sa.Column("about_member_id", _row_id(), nullable=True))
        batch_op.create_index(batch_op.f("ix_introduction_side_about_member_id"), ["about_member_id"])
        name = batch_op.f("fk_introduction_side_about_member_id_member")
        batch_op.create_foreign_key(name, "member", ["about_member_id"], ["id"], ondelete="CASCADE")
    op.add_column("recommendation", sa.Column("event_id", _row_id(), nullable=True))
    op.create_index(op.f("ix_recommendation_event_id"), "recommendation", ["event_id"])


def downgrade() -> None:
    """Take it back; introductions made meanwhile go, because the version before knows none."""
    op.drop_index(op.f("ix_recommendation_event_id"), table_name="recommendation")
    op.drop_column("recommendation", "event_id")
    op.execute("DELETE FROM introduction")
    with op.batch_alter_table("introduction_side") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_introduction_side_about_member_id_member"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_introduction_side_about_member_id"))
        batch_op.drop_column("about_member_id")
    with op.batch_alter_table("introduction") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_introduction_event_id_event"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_introduction_event_id"))
        batch_op.drop_column("event_id")
        batch_op.drop_column("kind")
