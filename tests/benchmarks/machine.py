"""What benchmarks share: a fresh PostgreSQL database, medians, seconds of clock and processor."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

POSTGRES = os.environ.get("KLATCH_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


@dataclass(frozen=True)
class Spent:
    """Seconds of the clock, and of our own processor."""

    wall: float
    cpu: float

    @classmethod
    def now(cls) -> Self:
        """Where both stand."""
        return cls(time.perf_counter(), time.process_time())

    def since(self) -> Spent:
        """What went by since both stood there."""
        return Spent(time.perf_counter() - self.wall, time.process_time() - self.cpu)


async def fresh_postgres(name: str) -> str:
    """The address of an empty database of this name; an old one is dropped."""
    admin = create_async_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await admin.dispose()
    return POSTGRES.rsplit("/", 1)[0] + f"/{name}"


def median(values: Sequence[float]) -> float:
    """The middle value; of an even number the mean of the two in the middle."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * len(ordered)))]
