"""Digests as rows: one recommendation for each item, for many members at once, tied to the delivery that tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.database import insert_many, is_one_of, table_of
from models.domain.digests.items import Digest
from models.tables.recommendation import Recommendation


def rows_of(digest: Digest, *, now: datetime) -> list[Recommendation]:
    """The rows of a digest, in order; once they are written their ids go into its buttons, then their delivery follows."""
    return [
        Recommendation(
            community_id=digest.community_id,
            member_id=digest.member.id,
            item_kind=item.facts.kind,
            item_id=item.facts.id,
            source=item.source,
            position=position,
            score=item.score,
            propensity=item.propensity,
            reasons=[reason.as_json() for reason in item.reasons],
            model_id=None if digest.is_cold else digest.model_id,
            created_at=now,
        )
        for position, item in enumerate(digest.items)
    ]


async def write(session: AsyncSession, rows: Sequence[Recommendation]) -> None:
    """Insert rows of one community, at most one digest a member, in one statement; they get their ids."""
    if not rows:
        return
    values = [{name: getattr(row, name) for name in _WRITTEN} for row in rows]
    statement, parameters = insert_many(session, Recommendation, values)
    whose = (Recommendation.member_id, Recommendation.position, Recommendation.id)
    ids = {tuple(key): row_id for *key, row_id in await session.execute(statement.returning(*whose), parameters)}
    for row in rows:
        row.id = ids[row.member_id, row.position]


async def tie(session: AsyncSession, deliveries: Mapping[int, int | None]) -> None:
    """Rows, by id, go with their delivery; without one (it was sent today already) they never were."""
    table = table_of(Recommendation)
    tied_rows = [
        {"row_id": row_id, "delivery": delivery} for row_id, delivery in deliveries.items() if delivery is not None
    ]
    if tied_rows:
        change = update(table).where(table.c.id == bindparam("row_id")).values(delivery_id=bindparam("delivery"))
        await session.execute(change, tied_rows)
    if len(tied_rows) < len(deliveries):
        untied_ids = [row_id for row_id, delivery in deliveries.items() if delivery is None]
        await session.execute(delete(table).where(is_one_of(table.c.id, untied_ids)))


_WRITTEN = (
    "community_id", "member_id", "item_kind", "item_id", "source", "position", "score", "propensity", "reasons",
    "model_id", "created_at",
)  # fmt: skip
