"""Numbers in a member's own file that would count what others did: the file numbers such rows by itself.

Our row ids go up with every row of anybody's. Two files of one member would tell how many rows were made in between: that
somebody who had been asked something pressed a button, say. Ties within the file stay, others are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models.tables.base import Base

# Tables that a silent answer of somebody else adds a row to.
COUNTING = ("delivery", "mute", "consent_decision")

Rows = Sequence[Mapping[str, Any]]


def renumber(tables: Mapping[str, Rows]) -> dict[str, list[dict[str, Any]]]:
    """The same rows by table, in the same order, with the ids of COUNTING tables from 1 on wherever they stand."""
    numbers = {name: {row["id"]: n for n, row in enumerate(tables.get(name, ()), start=1)} for name in COUNTING}
    return {name: [_renumbered_row(name, row, numbers) for row in rows] for name, rows in tables.items()}


def _renumbered_row(name: str, row: Mapping[str, Any], numbers: Mapping[str, Mapping[int, int]]) -> dict[str, Any]:
    columns = _counting_columns(name)
    changed_row = {key: numbers[columns[key]].get(value) if key in columns else value for key, value in row.items()}
    if changed_row.get("once_key", "") and str(changed_row["once_key"]).startswith("instead:"):
        # The one key that is made of such a number.
        changed_row["once_key"] = "instead"
    return changed_row


def _counting_columns(name: str) -> dict[str, str]:
    """Columns of a table that hold ids of COUNTING tables, with the table they are of."""
    table = Base.metadata.tables.get(name)
    if table is None:
        return {}
    keys = {key.parent.name: key.column.table.name for key in table.foreign_keys if key.column.table.name in COUNTING}
    return keys | ({"id": name} if name in COUNTING else {})
