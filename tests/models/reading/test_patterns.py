"""Patterns are made when they are looked for: a faulty one is found here, not by whoever writes the first line it reads."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest

import models.reading
from models.reading.patterns import LatePattern, pattern_of

MODULES = [name for _, name, _ in pkgutil.iter_modules(models.reading.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_every_pattern_of_a_module_can_be_made(name: str) -> None:
    module = importlib.import_module(f"models.reading.{name}")

    for pattern in _patterns(tuple(vars(module).values())):
        pattern.search("")


def _patterns(values: tuple[object, ...]) -> Iterator[Any]:
    """Those among these values, and in the rows of their tables."""
    for value in values:
        if isinstance(value, tuple):
            yield from _patterns(value)
        elif isinstance(value, re.Pattern | LatePattern):
            yield value


def test_it_does_what_a_pattern_does() -> None:
    late = pattern_of(r"(?P<n>\d+) desks?", re.IGNORECASE)

    assert late.pattern == r"(?P<n>\d+) desks?"
    match = late.search("2 Desks")
    assert match is not None
    assert (match["n"], late.sub("x", "3 desk"), late.groupindex["n"], late.groups) == ("2", "x", 1, 1)


def test_a_faulty_one_is_found_at_its_first_use() -> None:
    faulty = pattern_of("(")

    with pytest.raises(re.error):
        faulty.search("")
