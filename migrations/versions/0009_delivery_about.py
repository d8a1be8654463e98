"""What a delivery is about stands in columns; its key only keeps it from happening twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.database import UtcDateTime

revision = "0009_delivery_about"
down_revision = "0008_indexes_for_age"
branch_labels = None
depends_on = None

# Rows a statement: the first start after years of use has many to fill.
BATCH = 1_000

DELIVERY = sa.table(
    "delivery",
    sa.column("id", sa.BigInteger),
    sa.column("once_key", sa.String),
    sa.column("about_kind", sa.String),
    sa.column("about_id", sa.BigInteger),
    sa.column("what", sa.String),
    sa.column("about_at", UtcDateTime()),
)


def upgrade() -> None:
    """Add them, filled from what the keys of old rows say; the key of an introduction names what is said, too."""
    op.add_column("delivery", sa.Column("about_kind", sa.String(length=64), nullable=True))
    op.add_column(
        "delivery", sa.Column("about_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.add_column("delivery", sa.Column("what", sa.String(length=64), nullable=True))
    op.add_column("delivery", sa.Column("about_at", UtcDateTime(), nullable=True))
    for keys in _keyed("event:%", "introduction:%"):
        _write([{"row_id": row_id, **_about(key)} for row_id, key in keys])
    _fill_from_refused()
    where = sa.text("about_id IS NOT NULL")
    columns = ["about_kind", "about_id", "what"]
    op.create_index("ix_delivery_about", "delivery", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take them away; keys say it again."""
    for keys in _keyed("introduction:%"):
        shorter = sa.update(DELIVERY).where(DELIVERY.c.id == sa.bindparam("row_id"))
        rows = [{"row_id": row_id, "key": key.replace(":introduced:", ":")} for row_id, key in keys]
        op.get_bind().execute(shorter.values(once_key=sa.bindparam("key")), rows)
    op.drop_index("ix_delivery_about", table_name="delivery")
    for name in ("about_at", "what", "about_id", "about_kind"):
        op.drop_column("delivery", name)


def _keyed(*likes: str) -> Iterator[list[tuple[int, str]]]:
    """Ids and keys of the rows with such keys, in order, some at a time."""
    last_id = 0
    like = sa.or_(*(DELIVERY.c.once_key.like(one) for one in likes))
    query = sa.select(DELIVERY.c.id, DELIVERY.c.once_key).where(like).order_by(DELIVERY.c.id).limit(BATCH)
    while rows := [tuple(row) for row in op.get_bind().execute(query.where(DELIVERY.c.id > last_id))]:
        last_id = rows[-1][0]
        yield rows


def _about(key: str) -> dict[str, Any]:
    """The columns of a key: event:7:invite:1773162000:42, introduction:7:42."""
    kind, about_id, *rest = key.split(":")
    at = datetime.fromtimestamp(int(rest[1]), UTC) if kind == "event" else None
    what = rest[0] if kind == "event" else "introduced"
    new_key = key if kind == "event" else f"introduction:{about_id}:introduced:{rest[0]}"
    return {"kind": kind, "of": int(about_id), "said": what, "at": at, "key": new_key}


def _write(rows: list[dict[str, Any]]) -> None:
    values = {"about_kind": "kind", "about_id": "of", "what": "said", "about_at": "at", "once_key": "key"}
    change = sa.update(DELIVERY).where(DELIVERY.c.id == sa.bindparam("row_id"))
    bound = {name: sa.bindparam(parameter, type_=DELIVERY.c[name].type) for name, parameter in values.items()}
    op.get_bind().execute(change.values(bound), rows)


def _fill_from_refused() -> None:
    """What was said instead of something is about the same."""
    for keys in _keyed("instead:%"):
        for row_id, key in keys:
            refused = sa.select(DELIVERY).where(DELIVERY.c.id == int(key.removeprefix("instead:")))
            found = op.get_bind().execute(refused).mappings().first()
            if found is not None and found["about_id"] is not None:
                same = {name: found[name] for name in ("about_kind", "about_id", "what", "about_at")}
                op.get_bind().execute(sa.update(DELIVERY).where(DELIVERY.c.id == row_id).values(same))
