from __future__ import annotations

from pathlib import Path

from tests.killing import survive


async def test_kill_9_at_random_instants_loses_nothing_and_counts_nothing_twice_on_sqlite(tmp_path: Path) -> None:
    there, expected = await survive(f"sqlite+aiosqlite:///{tmp_path / 'klatch.db'}", tmp_path, n_updates=800, n_kills=2)

    assert there == expected


async def test_kill_9_at_random_instants_loses_nothing_and_counts_nothing_twice_on_postgresql(
    tmp_path: Path, postgres_url: str
) -> None:
    there, expected = await survive(postgres_url, tmp_path, n_updates=800, n_kills=2)

    assert there == expected
