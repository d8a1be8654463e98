"""What a delivery is about: a row of ours, and what is said of it, so that it is said once and can be found again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_

from models.tables.delivery import Delivery, Subject


@dataclass(frozen=True)
class About:
    """What a delivery is about: a kind of row and its id, what is said of it, and, of an event, which start.

    It is said once to a member; what is taken back before it left may be said again.
    """

    kind: Subject
    id: int
    what: str
    at: datetime | None = None

    def once_key(self, member_id: int) -> str:
        """The same for everything that would say this twice."""
        start = () if self.at is None else (int(self.at.timestamp()),)
        return ":".join(str(part) for part in (self.kind, self.id, self.what, *start, member_id))

    def columns(self) -> dict[str, Any]:
        """As it stands in a delivery's row."""
        return {"about_kind": self.kind, "about_id": self.id, "what": self.what, "about_at": self.at}


def is_about(about: About) -> ColumnElement[bool]:
    """Deliveries that say this, to whomever; found by an index."""
    same = and_(Delivery.about_kind == about.kind, Delivery.about_id == about.id, Delivery.what == about.what)
    return same if about.at is None else and_(same, Delivery.about_at == about.at)


def about_of(delivery: Delivery) -> About | None:
    """What a delivery is about; None where it is about no row."""
    if delivery.about_kind is None or delivery.about_id is None or delivery.what is None:
        return None
    return About(delivery.about_kind, delivery.about_id, delivery.what, delivery.about_at)
