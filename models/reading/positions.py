"""Where on the map an event takes place: a point the host sent, perhaps with the name of what is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any


@dataclass(frozen=True)
class Position:
    """A point in degrees, WGS 84. Raises ValueError for one that is not on this globe."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        """Refuse what no map shows."""
        if not (isfinite(self.latitude) and isfinite(self.longitude)):
            raise ValueError("a position has finite coordinates")
        if abs(self.latitude) > 90 or abs(self.longitude) > 180:
            raise ValueError("a position is within 90 degrees north or south and 180 east or west")

    def as_json(self) -> dict[str, float]:
        """The point as its row keeps it."""
        return {"latitude": self.latitude, "longitude": self.longitude}

    def __str__(self) -> str:
        """Latitude, longitude to about a metre."""
        return f"{self.latitude:.5f},{self.longitude:.5f}"


@dataclass(frozen=True)
class Spot:
    """What a member sent from the map; `name` is what they call it there, None for a bare point."""

    position: Position
    name: str | None = None


def position_of(row: Mapping[str, Any] | None) -> Position | None:
    """The point of a row."""
    return Position(float(row["latitude"]), float(row["longitude"])) if row else None


def name_of_venue(title: str, address: str) -> str | None:
    """A venue's title and address as one line, each said once; None when it has neither."""
    title, address = title.strip(), address.strip()
    if title and address.casefold().startswith(title.casefold()):
        return address
    return ", ".join(part for part in (title, address) if part) or None
