"""Who lives in the invented community, and the truth about them: tastes, habits, friends, temper. Data in people.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

# What somebody cares for whose tastes do not name a topic.
INDIFFERENT = 0.05
# Small talk is everybody's.
EASY_TOPIC, EASY_TASTE = "talk", 0.35
SAYS_YES, SAYS_YES_LATER, SAYS_NO = "all", "later", "no"


@dataclass(frozen=True)
class Person:
    """One invented founder.

    `tastes` maps topics to 0..1, `hours` is (awake from, awake until) on their own clock, the latter up to 26; `active` is
    added to the log odds of everything they do in the group, `answers` is how often they write where others only react.
    `consents` is "all", "later", "no", or the purposes picked one by one.
    """

    name: str
    username: str
    language: str
    zone: ZoneInfo
    tastes: Mapping[str, float]
    hours: tuple[int, int]
    active: float
    answers: float
    friends: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    role: str = "member"
    consents: str | tuple[str, ...] = SAYS_YES
    project: str = ""
    # Where somebody new is, and whom or what they look for, in their own language.
    place: str = ""
    seeks: str = ""

    def taste(self, topic: str) -> float:
        """How much they care for a topic, 0 to 1."""
        return self.tastes.get(topic, EASY_TASTE if topic == EASY_TOPIC else INDIFFERENT)

    def reads(self, language: str) -> bool:
        """Whether they follow talk in this language."""
        return language == self.language or language in self.also

    @property
    def short_name(self) -> str:
        """What friends call them."""
        return self.name.split()[0]


@dataclass(frozen=True)
class Cast:
    """Those who are there from the beginning, and those who join week by week."""

    founders: tuple[Person, ...]
    newcomers: tuple[Person, ...] = field(default=())


def load_cast() -> Cast:
    """Everybody, as people.toml tells."""
    tables = tomllib.loads((files(__package__) / "people.toml").read_text(encoding="utf-8"))
    return Cast(tuple(map(_person, tables["person"])), tuple(map(_person, tables["newcomer"])))


def _person(table: dict[str, Any]) -> Person:
    consents = table.get("consents", SAYS_YES)
    return Person(
        **table
        | {
            "username": table.get("username") or table["name"].split()[0].lower(),
            "zone": ZoneInfo(table["zone"]),
            "hours": tuple(table["hours"]),
            "friends": tuple(table.get("friends", ())),
            "also": tuple(table.get("also", ())),
            "consents": consents if isinstance(consents, str) else tuple(consents),
        }
    )
