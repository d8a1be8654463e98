"""Lines that people write and that were once read wrong, each with what is right."""

from __future__ import annotations

import pytest

from tests.models.reading.rows import Row, rows_of


@pytest.mark.parametrize("row", rows_of("event_cases.txt"), ids=lambda row: row.line)
def test_a_line_is_read_right_or_asked_about(row: Row) -> None:
    read = row.read()

    assert row.faults(read) == [], read
