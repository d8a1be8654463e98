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
        sealed = [column.name for column in table.columns if isinstance(column.type, _SEALED)]
        if sealed:
            counts[table.name] = await _rotate_table(database, table, sealed)
    return counts


_SEALED = (EncryptedText, EncryptedJson, EncryptedBytes)


async def _rotate_table(database: Database, table: Table, sealed: list[str]) -> int:
    last_id, n_resealed = 0, 0
    while True:
        async with database.transaction() as session:
            rows = await _raw_rows(session, table, sealed, after=last_id)
            if not rows:
                return n_resealed
            last_id = rows[-1]["id"]
            changes = [_resealed(database, row, sealed) for row in rows if _is_old(database, row, sealed)]
            if changes:
                await session.execute(_reseal_statement(table, sealed), changes)
                n_resealed += len(changes)


async def _raw_rows(session: AsyncSession, table: Table, sealed: list[str], *, after: int) -> list[dict[str, Any]]:
    """Ciphertexts as they stand, without opening them."""
    columns = [table.c.id, *(type_coerce(table.c[name], LargeBinary).label(name) for name in sealed)]
    query = select(*columns).where(table.c.id > after).order_by(table.c.id).limit(BATCH)
    return [dict(row._mapping) for row in await session.execute(query)]


def _is_old(database: Database, row: dict[str, Any], sealed: list[str]) -> bool:
    return any(row[name] is not None and not database.keys.is_written_with_first_key(row[name]) for name in sealed)


def _resealed(database: Database, row: dict[str, Any], sealed: list[str]) -> dict[str, Any]:
    keys = database.keys
    values = {f"new_{name}": row[name] and keys.encrypt(keys.decrypt(row[name])) for name in sealed}
    return values | {"row_id": row["id"]}


def _reseal_statement(table: Table, sealed: list[str]) -> Any:
    values = {name: bindparam(f"new_{name}", type_=LargeBinary()) for name in sealed}
    return update(table).where(table.c.id == bindparam("row_id")).values(values)
