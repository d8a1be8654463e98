"""A property that holds for most inputs, for tests/test_search.py: not collected unless it is named."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st


@given(st.integers(1, 40))
def test_that_chance_breaks(number: int) -> None:
    assert number != 13


@given(st.integers(1, 40))
def test_that_holds(number: int) -> None:
    assert number > 0
