"""Key rotation: everything that stands sealed is sealed anew with the ring's first key.

The old key stays last in the ring: it opens no text any more, but the look-up hashes hang on it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import LargeBinary, Table, bindparam, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import Database
from models.tables.base import Base, EncryptedBytes, EncryptedJson, EncryptedText

# Rows per transaction: the host goes on working between two of them.
BATCH = 500


async def rotate(database: Database) -> dict[str, int]:
    """Reseal every row that an older key wrote; returns how many per table. Safe to stop and to repeat."""
    counts: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        names = [column.name for column in table.columns if isinstance(column.type, _SEALED)]
        if names:
            counts[table.name] = await _rotate_table(database, table, names)
    return counts


_SEALED = (EncryptedText, EncryptedJson, EncryptedBytes)


async def _rotate_table(database: Database, table: Table, names: list[str]) -> int:
    last_id, n_resealed = 0, 0
    while True:
        async with database.transaction() as session:
            rows = await _raw_rows(session, table, names, after=last_id)
            if not rows:
                return n_resealed
            last_id = rows[-1]["id"]
            changes = [_reseal(database, row, names) for row in rows if _is_old(database, row, names)]
            if changes:
                await session.execute(_reseal_statement(table, names), changes)
                n_resealed += len(changes)


async def _raw_rows(session: AsyncSession, table: Table, names: list[str], *, after: int) -> list[dict[str, Any]]:
    """Ciphertexts as they stand, without opening them."""
    columns = [table.c.id, *(type_coerce(table.c[name], LargeBinary).label(name) for name in names)]
    query = select(*columns).where(table.c.id > after).order_by(table.c.id).limit(BATCH)
    return [dict(row._mapping) for row in await session.execute(query)]


def _is_old(database: Database, row: dict[str, Any], names: list[str]) -> bool:
    return any(row[name] is not None and not database.keys.is_written_with_first_key(row[name]) for name in names)


def _reseal(database: Database, row: dict[str, Any], names: list[str]) -> dict[str, Any]:
    keys = database.keys
    values = {f"new_{name}": row[name] and keys.encrypt(keys.decrypt(row[name])) for name in names}
    return values | {"row_id": row["id"]}


def _reseal_statement(table: Table, names: list[str]) -> Any:
    values = {name: bindparam(f"new_{name}", type_=LargeBinary()) for name in names}
    return update(table).where(table.c.id == bindparam("row_id")).values(values)
