"""Is every object the local Telegram emits, and every parameter it takes, as the Bot API specification says?

The specification is not in the repository (tests/outside.py); where it is absent the checks that need it are skipped, visibly.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest

from bot.playground.server import LocalTelegram
from tests.outside import BOTAPI, NO_BOTAPI

PRIMITIVES: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
}
ARRAY = "Array of "


@cache
def load_spec() -> dict[str, Any]:
    """The specification, or a skip that says why."""
    if not BOTAPI.exists():
        pytest.skip(NO_BOTAPI)
    spec: dict[str, Any] = json.loads(BOTAPI.read_text())
    return spec


def problems(types: list[str], value: Any, where: str = "") -> list[str]:
    """Everything wrong with `value` as one of these types; empty when it is right."""
    found = [_as_type(name, value, where) for name in types]
    return min(found, key=len, default=[])


def _as_type(name: str, value: Any, where: str) -> list[str]:
    if name.startswith(ARRAY):
        if not isinstance(value, list):
            return [f"{where}: {name} expected, got {value!r}"]
        inner = name.removeprefix(ARRAY)
        return [text for index, item in enumerate(value) for text in _as_type(inner, item, f"{where}[{index}]")]
    if name in PRIMITIVES:
        is_right = isinstance(value, PRIMITIVES[name]) and (name == "Boolean" or not isinstance(value, bool))
        return [] if is_right else [f"{where}: {name} expected, got {value!r}"]
    return _as_object(name, value, where)


def _as_object(name: str, value: Any, where: str) -> list[str]:
    kind = load_spec()["types"][name]
    if kind.get("subtypes"):
        return min((_as_type(one, value, where) for one in kind["subtypes"]), key=len)
    if not isinstance(value, dict):
        return [f"{where}: {name} expected, got {value!r}"]
    fields = {field["name"]: field for field in kind.get("fields", [])}
    missing = [field for field, about in fields.items() if about["required"] and field not in value]
    found = [f"{where}.{field}: missing in {name}" for field in missing]
    for field, item in value.items():
        path = f"{where}.{field}"
        if field not in fields:
            found.append(f"{path}: {name} has no such field")
        elif fields[field].get("const", item) != item:
            found.append(f"{path}: must be {fields[field]['const']!r}, is {item!r}")
        else:
            found += problems(fields[field]["types"], item, path)
    return found


@contextmanager
def checked(telegram: LocalTelegram) -> Iterator[LocalTelegram]:
    """Check everything this local Telegram emits inside the block; any test may use it. Looser without the spec."""
    checker = SpecChecker()
    if BOTAPI.exists():
        telegram.hooks.append(checker)
    yield telegram
    assert checker.wrong == []


class SpecChecker:
    """A hook for LocalTelegram.hooks that remembers everything wrong and how much it looked at."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.seen: set[str] = set()

    def __call__(self, spec_type: str, thing: Any) -> None:
        self.seen.add(spec_type)
        self.wrong += problems([spec_type], thing, spec_type)
