"""Guards over every table: what is added later is checked without being listed here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from models.tables.base import Base

REFERENCES = [
    (table, key)
    for table in Base.metadata.sorted_tables
    # A set: workers that share the tests must see them in one order.
    for key in sorted(table.foreign_key_constraints, key=lambda key: key.column_keys)
]


def _columns_in_order(table: Table, key: ForeignKeyConstraint) -> Iterator[list[str]]:
    """What an index of the table finds by, as far as it holds every row that refers to something."""
    complete = {f"{column.name} IS NOT NULL" for column in key.columns}
    for index in table.indexes:
        if _condition(index) in {None, *complete}:
            yield [column.name for column in index.columns]
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint | PrimaryKeyConstraint):
            yield [column.name for column in rule.columns]


def _condition(index: Index) -> str | None:
    where = index.dialect_options["sqlite"]["where"]
    assert str(where) == str(index.dialect_options["postgresql"]["where"]), index.name
    return None if where is None else str(where)


@pytest.mark.parametrize(("table", "key"), REFERENCES, ids=lambda one: getattr(one, "name", ""))
def test_what_refers_to_a_row_is_found_by_an_index_when_that_row_goes(table: Table, key: ForeignKeyConstraint) -> None:
    wanted = [column.name for column in key.columns]

    assert any(found[: len(wanted)] == wanted for found in _columns_in_order(table, key)), (
        f"{table.name}.{', '.join(wanted)} has no index: whoever deletes from {key.referred_table.name} reads all of it"
    )
