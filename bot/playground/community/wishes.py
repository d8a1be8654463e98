"""What the invented members need and offer, and the truth which offer meets which need. Data in wishes.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

NEED, OFFER = "need", "offer"


@dataclass(frozen=True)
class Wish:
    """A need or an offer: its words by language, and whether it is written as an ordinary message.

    `meets` names the needs that an offer truly meets, `near` those it only sounds like.
    """

    key: str
    kind: str
    topic: str
    words: Mapping[str, str]
    is_said: bool = False
    meets: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()


def meet(one: Wish, other: Wish) -> bool:
    """Whether one is an offer that truly meets the other, a need."""
    return other.key in one.meets or one.key in other.meets


@cache
def load_wishes() -> tuple[Wish, ...]:
    """All needs and offers, as wishes.toml tells."""
    tables = _tables()
    return tuple(_wish(kind, table) for kind in (NEED, OFFER) for table in tables[kind])


@cache
def load_searches() -> Mapping[str, Mapping[str, str]]:
    """What is looked for: {topic: {language: words}}."""
    searches: Mapping[str, Mapping[str, str]] = _tables()["find"]
    return searches


def _tables() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "wishes.toml").read_text(encoding="utf-8"))


def _wish(kind: str, table: Mapping[str, Any]) -> Wish:
    return Wish(
        key=table["key"],
        kind=kind,
        topic=table["topic"],
        words={language: table[language] for language in ("en", "zh")},
        is_said=table.get("said", False),
        meets=frozenset(table.get("meets", ())),
        near=frozenset(table.get("near", ())),
    )
