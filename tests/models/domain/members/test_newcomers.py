from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.domain.members.newcomers import is_new

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("joined_ago", "founded_ago", "expected"),
    [
        (3, 100, True),
        (44, 100, True),
        (46, 100, False),  # long enough to know people
        (10, 10, False),  # came with the founders
        (8, 10, True),  # came after them
        (3, None, True),
        (None, 100, False),  # was there before we could see who joins
    ],
)
def test_who_joined_lately_and_not_with_the_founders_is_new(
    joined_ago: int | None, founded_ago: int | None, expected: bool
) -> None:
    joined_at = NOW - joined_ago * DAY if joined_ago is not None else None
    founded_at = NOW - founded_ago * DAY if founded_ago is not None else None

    assert is_new(joined_at, founded_at, now=NOW) == expected
